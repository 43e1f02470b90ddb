"""Results as files: every format is read by another library than wrote it, and holds the same."""

from __future__ import annotations

import csv
import io
import json
import math
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import asyncpg
import duckdb
import httpx
import openpyxl
import pyreadstat
import pytest

from tests.ingress.harness import problem
from tests.ingress.tables import add_campaign, add_conversations, add_message

SCHEMA = {
    "station": {"type": "string", "description": "Where they refuel"},
    "fuel": {"type": "enum", "enum": ["petrol", "diesel"], "description": "What they refuel"},
    "visits": {"type": "integer", "description": "How often"},
    "price": {"type": "number", "description": "What they pay"},
    "loyal": {"type": "boolean", "description": "Whether they always go there"},
    "since": {"type": "date", "description": "Since when"},
    "brands": {"type": "list", "description": "Which they know"},
    "Station": {"type": "string", "description": "A name that differs in case only"},
    "_by": {"type": "string", "description": "A name that SPSS does not take"},
    "completed_at": {"type": "string", "description": "A name that is taken"},
}
NASTY = [
    '=HYPERLINK("http://evil.example","x")',
    "+971501234567",
    "-1+1",
    "@SUM(A1)",
    "\tTab first",
    "\rReturn first",
    "a;=1+1",
    'quotes " and , commas',
    "two\nlines",
    "😀 emoji",
    "مرحبا بالعالم",
    "é" * 4_000,
    "",
    "'quoted already",
]
FORMATS = ["csv", "jsonl", "parquet", "xlsx", "sav"]
NUMBERED = {"visits": 3, "price": 2.5, "loyal": True, "since": "2026-01-02", "fuel": "diesel"}


def data_of(text: str) -> dict[str, Any]:
    """What an interview found, with this text."""
    return {**NUMBERED, "station": text, "brands": ["ADNOC", text] if text else ["ADNOC"]}


@pytest.fixture
async def campaign(database: asyncpg.Connection) -> str:
    """A campaign with one completed interview for each nasty text, one that found nothing."""
    campaign = await add_campaign(
        database, name="Yas Island: =1+1", extraction_schema=json.dumps(SCHEMA)
    )
    for text in NASTY:
        await add_one(database, campaign, NASTY.index(text), data_of(text))
    await add_one(database, campaign, len(NASTY), {})
    await add_conversations(database, campaign, 1, status="active", ended_at=None)
    return campaign


async def add_one(
    database: asyncpg.Connection, campaign: str, place: int, data: dict[str, Any]
) -> None:
    """Adds a completed interview."""
    evidence = {
        name: {"state": "extracted", "value": value, "quote": f"={name}", "message_sid": "SM1"}
        for name, value in data.items()
    }
    at = datetime(2026, 1, 15, 9, 30, place, tzinfo=UTC)
    await add_conversations(
        database, campaign, 1, extracted_data=data, evidence=evidence, ended_at=at
    )


async def fetched(
    client: httpx.AsyncClient, campaign: str, tmp_path: Path, form: str, **more: Any
) -> Path:
    """The file that the API gives."""
    answer = await client.get(f"/campaigns/{campaign}/extractions", params={"format": form, **more})
    assert answer.status_code == httpx.codes.OK, answer.text
    path = tmp_path / f"results.{form}"
    path.write_bytes(answer.content)
    return path


async def expected(client: httpx.AsyncClient, campaign: str) -> list[dict[str, Any]]:
    """What the JSON says."""
    answer = (await client.get(f"/campaigns/{campaign}/extractions")).json()
    return [extraction["data"] for extraction in answer["extractions"]]


async def test_a_csv_holds_the_same_as_the_json(
    client: httpx.AsyncClient, campaign: str, tmp_path: Path
) -> None:
    """Numbers are numbers, and text comes back whole but for the quote before a formula."""
    path = await fetched(client, campaign, tmp_path, "csv")
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    for row, data in zip(rows, await expected(client, campaign), strict=True):
        station = data.get("station", "")
        guarded = f"'{station}" if station[:1] in set("=+-@\t\r") and station else station
        assert row["station"] == guarded
        assert row["price"] == str(data.get("price", ""))
        assert row["loyal"] == ("true" if data else "")
        assert row["brands"] == "; ".join(data.get("brands", []))
        assert row["completed_at_2"] == ""


async def test_every_text_of_a_csv_is_quoted(
    client: httpx.AsyncClient, campaign: str, tmp_path: Path
) -> None:
    """Where a program splits at semicolons, what follows one is still not a cell."""
    text = (await fetched(client, campaign, tmp_path, "csv")).read_text("utf-8-sig")
    assert '"a;=1+1"' in text


async def test_jsonl_and_parquet_are_read_by_duckdb(
    client: httpx.AsyncClient, campaign: str, tmp_path: Path
) -> None:
    """Typed, and nothing is changed."""
    wanted = await expected(client, campaign)
    columns = "station, fuel, visits, price, loyal, since, brands, Station_2"
    for form in ("jsonl", "parquet"):
        path = await fetched(client, campaign, tmp_path, form)
        found = duckdb.execute(f"SELECT {columns} FROM '{path}'").fetchall()  # noqa: S608 - our own
        for row, data in zip(found, wanted, strict=True):
            station, fuel, visits, price, loyal, since, brands, other = row
            assert (station, fuel) == (data.get("station"), data.get("fuel"))
            assert (visits, price, loyal) == tuple(map(data.get, ("visits", "price", "loyal")))
            assert since == (date(2026, 1, 2) if data else None)
            assert brands == data.get("brands")
            assert other is None


async def test_a_workbook_holds_text_as_text(
    client: httpx.AsyncClient, campaign: str, tmp_path: Path
) -> None:
    """No cell is a formula or a link; numbers, truths and dates are what they are."""
    sheet = openpyxl.load_workbook(await fetched(client, campaign, tmp_path, "xlsx")).active
    assert sheet is not None
    head, *rows = sheet.iter_rows()
    names = [cell.value for cell in head]
    for row, data in zip(rows, await expected(client, campaign), strict=True):
        cells = dict(zip(names, row, strict=True))
        assert all(cell.data_type != "f" and cell.hyperlink is None for cell in row)
        assert cells["station"].quotePrefix == (data.get("station", " ")[:1] in list("=+-@\t\r"))
        assert (cells["station"].value or "") == data.get("station", "").replace("\r", "\n")
        assert cells["price"].value == data.get("price")
        assert cells["visits"].value == data.get("visits")
        assert cells["loyal"].value is data.get("loyal")
        assert cells["since"].value == (datetime(2026, 1, 2) if data else None)  # noqa: DTZ001 - Excel has no zones
        assert cells["completed_at"].value.replace(second=0) == datetime(2026, 1, 15, 9, 30)  # noqa: DTZ001 - likewise


async def test_an_spss_file_has_labels_from_the_schema(
    client: httpx.AsyncClient, campaign: str, tmp_path: Path
) -> None:
    """Descriptions are variable labels, choices are numbers with value labels."""
    path = await fetched(client, campaign, tmp_path, "sav")
    table, meta = pyreadstat.read_sav(path)
    labels = meta.column_names_to_labels
    assert labels["fuel"] == "What they refuel"
    assert labels["v_by"] == "A name that SPSS does not take"
    assert meta.variable_value_labels["fuel"] == {1.0: "petrol", 2.0: "diesel"}
    assert meta.variable_value_labels["loyal"] == {0.0: "No", 1.0: "Yes"}
    assert meta.variable_measure["price"] == "scale"
    for row, data in zip(table.to_dict("records"), await expected(client, campaign), strict=True):
        assert row["station"] == data.get("station", "")
        if data:
            assert (row["fuel"], row["visits"], row["price"], row["loyal"]) == (2.0, 3.0, 2.5, 1.0)
            assert row["since"] == date(2026, 1, 2)
        else:
            assert math.isnan(row["price"])


@pytest.mark.parametrize("form", FORMATS)
async def test_the_file_has_its_name_and_media_type(
    client: httpx.AsyncClient, campaign: str, form: str
) -> None:
    """A browser saves it under a name that says what it is."""
    answer = await client.get(f"/campaigns/{campaign}/extractions", params={"format": form})
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="yas-island-1-1-{campaign[:8]}-extractions.{form}"'
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    beginning = {"csv": "text/csv", "jsonl": "application/jsonl"}.get(form, "application/")
    assert answer.headers["content-type"].startswith(beginning)


@pytest.mark.parametrize("form", FORMATS)
async def test_evidence_is_a_row_per_value(
    client: httpx.AsyncClient, campaign: str, tmp_path: Path, form: str
) -> None:
    """With the words and the message that say so."""
    path = await fetched(client, campaign, tmp_path, form, evidence="true")
    match form:
        case "xlsx":
            sheet = openpyxl.load_workbook(path).active
            assert sheet is not None
            names, *rows = sheet.iter_rows(values_only=True)
            found = [dict(zip(names, row, strict=True)) for row in rows]
        case "sav":
            found = pyreadstat.read_sav(path)[0].to_dict("records")
        case _:
            table = duckdb.execute(f"SELECT * FROM '{path}'")  # noqa: S608 - our own
            names = [column[0] for column in table.description or ()]
            found = [dict(zip(names, row, strict=True)) for row in table.fetchall()]
    assert len(found) == len(NASTY) * len(data_of("x"))
    first = found[0]
    guard = "'" if form == "csv" else ""
    assert (first["field"], first["state"]) == ("station", "extracted")
    assert first["value"] == guard + NASTY[0]
    assert (first["quote"], first["message_id"]) == (f"{guard}=station", "SM1")


@pytest.mark.parametrize("form", FORMATS)
async def test_a_campaign_without_results_gives_an_empty_table(
    client: httpx.AsyncClient, database: asyncpg.Connection, tmp_path: Path, form: str
) -> None:
    """Its columns are there all the same."""
    campaign = await add_campaign(database)
    path = await fetched(client, campaign, tmp_path, form)
    assert form == "jsonl" or b"age_range" in path.read_bytes() or form == "xlsx"


async def test_evidence_is_refused_with_json(client: httpx.AsyncClient, campaign: str) -> None:
    """The JSON is as it always was; conversations show their evidence."""
    answer = await client.get(f"/campaigns/{campaign}/extractions", params={"evidence": "true"})
    problem(answer, 422, "invalid-request")


async def test_files_of_an_unknown_campaign_are_not_found(client: httpx.AsyncClient) -> None:
    """Whatever is asked for."""
    nobody = "/campaigns/00000000-0000-4000-8000-000000000000"
    for path in ("extractions?format=csv", "codebook", "transcripts"):
        problem(await client.get(f"{nobody}/{path}"), 404, "unknown-campaign")


async def test_files_wait_for_postgres_with_a_problem(lonely_client: httpx.AsyncClient) -> None:
    """Nothing half is given out."""
    nobody = "/campaigns/00000000-0000-4000-8000-000000000000"
    answer = await lonely_client.get(f"{nobody}/extractions?format=xlsx")
    problem(answer, 503, "read-side-unavailable")


async def test_the_codebook_tells_every_column(client: httpx.AsyncClient, campaign: str) -> None:
    """Field, type, description, values, and the name that SPSS files use."""
    book = (await client.get(f"/campaigns/{campaign}/codebook")).json()
    by_column = {variable["column"]: variable for variable in book["variables"]}
    assert [v["field"] for v in book["variables"]] == [None, None, None, *SCHEMA]
    assert by_column["fuel"]["values"] == [
        {"code": 1, "value": "petrol"},
        {"code": 2, "value": "diesel"},
    ]
    assert by_column["_by"]["spss_variable"] == "v_by"
    assert by_column["completed_at_2"]["field"] == "completed_at"
    text = (await client.get(f"/campaigns/{campaign}/codebook?format=md")).text
    assert "| fuel | fuel | fuel | enum | What they refuel | yes | 1 = petrol; 2 = diesel |" in text
    table = (await client.get(f"/campaigns/{campaign}/codebook?format=csv")).content
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline="")))
    assert [row["column"] for row in rows] == list(by_column)


@pytest.mark.parametrize("form", ["md", "html"])
async def test_transcripts_are_a_document_in_which_nothing_is_markup(
    client: httpx.AsyncClient, database: asyncpg.Connection, form: str
) -> None:
    """What participants write cannot become a heading, a link or a script."""
    campaign = await add_campaign(database)
    [row] = await add_conversations(database, campaign, 1, evidence={})
    said = "<script>alert(1)</script>\n# Not a heading [link](javascript:x) 😀"
    await add_message(
        database, row, id="m1", ordinal=0, sender="participant", text=said, status="received"
    )
    answer = await client.get(f"/campaigns/{campaign}/transcripts", params={"format": form})
    assert answer.status_code == httpx.codes.OK
    assert "script-src" not in answer.headers["content-security-policy"]
    assert row.id.replace("-", "") in answer.text.replace("\\", "").replace("-", "")
    assert "😀" in answer.text
    assert "<script" not in answer.text
    assert "\n# Not" not in answer.text
    assert form == "html" or r"> \# Not a heading \[link\](javascript:x)" in answer.text
