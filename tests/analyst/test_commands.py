"""`mesh events`, `mesh transcript` and `mesh campaign`, run as people run them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from meshcore import EventRow
from meshcore.errors import LogUnavailableError
from meshcore.replay import catalogue
from meshcore.replay.log import Log
from meshctl.event_columns import COLUMNS
from meshctl.main import app
from meshsim.servers import program
from tests.analyst.history import NASTY, Story
from tests.support.nats_server import NatsServer

RUN = CliRunner()
FORMATS = ["jsonl", "csv", "parquet"]
NOBODY = "00000000-0000-4000-8000-000000000000"


def mesh(server: NatsServer, *arguments: str) -> str:
    """What the command says; it must succeed."""
    done = RUN.invoke(app, [*arguments, "--nats-url", server.url])
    assert done.exit_code == 0, done.output
    return done.stdout


def read(path: Path) -> list[tuple[Any, ...]]:
    """An export, by another library than wrote it."""
    columns = "position, ordinal, time, type, lane, campaign, conversation, data::JSON::VARCHAR"
    source = f"read_json('{path}', columns={_JSON})" if path.suffix == ".jsonl" else f"'{path}'"
    return duckdb.execute(f"SELECT {columns} FROM {source} ORDER BY ALL").fetchall()  # noqa: S608 - our own


_JSON = (
    "{position: 'BIGINT', ordinal: 'INT', time: 'TIMESTAMPTZ', type: 'VARCHAR', lane: 'VARCHAR', "
    "campaign: 'VARCHAR', conversation: 'VARCHAR', data: 'JSON'}"
)


@pytest.mark.parametrize("form", FORMATS)
async def test_an_export_holds_every_event_whatever_was_written(
    log: Log, server: NatsServer, tmp_path: Path, form: str
) -> None:
    """Formulas, quotes, line ends, NUL, emoji and right-to-left text come back as they were."""
    rows = [row async for row in log.events()]
    path = tmp_path / f"events.{form}"
    subprocess.run(  # noqa: S603, ASYNC221 - our own program, and nothing else runs
        [program("mesh"), "events", "export", str(path), "--nats-url", server.url], check=True
    )
    found = read(path)
    assert [(p, o, t, n, lane) for p, o, t, n, lane, *_ in found] == [
        (row.position, row.ordinal, row.time, row.type, row.lane) for row in rows
    ]
    assert [json.loads(data) for *_, data in found] == [row.payload for row in rows]
    assert NASTY in [json.loads(data).get("text") for *_, data in found]


def test_an_export_can_be_narrowed_down(
    server: NatsServer, stories: list[Story], tmp_path: Path
) -> None:
    """By campaign, conversation, type and time."""
    path = tmp_path / "some.parquet"
    story = stories[1]
    options = ["--campaign", story.campaign, "--type", "message_sent", "--type", "turn_taken"]
    mesh(server, "events", "export", str(path), *options)
    assert [row[3] for row in read(path)] == ["message_sent", "turn_taken"]
    window = ["--from", "2026-03-01T09:00:07", "--until", "2026-03-01T09:00:08Z"]
    mesh(server, "events", "export", str(path), "--conversation", story.talkative, *window)
    assert [row[3] for row in read(path)] == ["message_received"]


def test_an_export_that_fails_leaves_the_old_file(
    server: NatsServer,
    stories: list[Story],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And nothing beside it."""
    assert stories
    path = tmp_path / "events.csv"
    path.write_text("the old one")

    async def broken(*_: object) -> None:
        raise LogUnavailableError("no answer to a read")

    monkeypatch.setattr(Log, "_batch", broken)
    done = RUN.invoke(app, ["events", "export", str(path), "--nats-url", server.url])
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    assert [found.name for found in tmp_path.iterdir()] == ["events.csv"]
    assert path.read_text() == "the old one"


def test_stats_count_what_is_there(server: NatsServer, stories: list[Story]) -> None:
    """By type, and tell what cannot be read."""
    counts = json.loads(mesh(server, "events", "stats", "--json"))
    assert counts["types"]["message_received"] == len(stories)
    assert counts["unreadable"] == 1
    shown = mesh(server, "events", "stats", "--campaign", stories[0].campaign)
    assert "conversation_ended" in shown
    assert "participant_opted_out" not in shown


def test_tail_shows_the_last_events(server: NatsServer, stories: list[Story]) -> None:
    """As many as were asked for, one to a line, fit for a terminal."""
    everything = mesh(server, "events", "tail", "--no-follow", "-n", "100000").splitlines()
    assert len(everything) == json.loads(mesh(server, "events", "stats", "--json"))["events"]
    for wanted in (1, 2, 7):
        lines = mesh(server, "events", "tail", "--no-follow", "-n", str(wanted)).splitlines()
        assert lines == everything[-wanted:]
    only = ["--type", "message_received", "--conversation", stories[0].talkative]
    [line] = mesh(server, "events", "tail", "--no-follow", "--json", *only).split("\n")[:-1]
    assert json.loads(line)["data"]["text"] == NASTY


def test_a_transcript_is_readable_and_safe_in_a_terminal(
    server: NatsServer, stories: list[Story]
) -> None:
    """In three forms; control characters do not get through."""
    text = mesh(server, "transcript", stories[0].talkative)
    assert "Agent (opening): Hi! Where to?" in text
    assert 'station = =1+1  "=1+1"' in text
    assert "😀 مرحبا" in text
    assert "\x00" not in text
    markdown = mesh(server, "transcript", stories[0].talkative, "--format", "markdown")
    assert r"> \=1+1" in markdown
    document = json.loads(mesh(server, "transcript", stories[0].talkative, "--format", "json"))
    assert document["lines"][1]["text"] == NASTY


def test_the_past_is_shown_as_it_was(server: NatsServer, stories: list[Story]) -> None:
    """By time or by position."""
    story = stories[0]
    text = mesh(server, "transcript", story.talkative, "--as-of", "2026-03-01T09:00:06")
    assert ("outreach_sent" in text, "Participant" in text) == (True, False)
    as_of = ["--as-of", str(story.positions[1]), "--json"]
    assert json.loads(mesh(server, "campaign", story.campaign, *as_of))["status"] == "draft"
    now = json.loads(mesh(server, "campaign", story.campaign, "--json"))
    assert (now["status"], now["counts"]["completed"]) == ("active", 1)
    assert "outreach sent" in mesh(server, "campaign", story.campaign)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["transcript", NOBODY], 1),
        (["campaign", NOBODY], 1),
        (["transcript", "mesh.>"], 2),
        (["campaign", NOBODY, "--as-of", "yesterday"], 2),
        (["events", "stats", "--type", "nonsense"], 2),
        (["events", "stats", "--from", "12"], 2),
        (["events", "export", "events.docx"], 2),
        (["events", "export", "/nowhere/events.csv"], 1),
    ],
)
def test_what_makes_no_sense_is_explained(
    server: NatsServer, stories: list[Story], arguments: list[str], status: int
) -> None:
    """With 1 for what is not there and 2 for what was asked wrongly, never with a traceback."""
    assert stories
    done = RUN.invoke(app, [*arguments, "--nats-url", server.url])
    assert done.exit_code == status, done.output
    assert not isinstance(done.exception, AssertionError)


def test_the_columns_are_those_of_the_rows_and_of_the_documentation() -> None:
    """A column is named once and kept."""
    assert tuple(column.name for column in COLUMNS) == EventRow._fields
    assert tuple(catalogue.columns_described()) == EventRow._fields


def test_the_documented_events_are_those_of_the_catalogue() -> None:
    """If not: python -m meshcore.replay.catalogue > docs/events.md."""
    page = Path(__file__).parents[2] / "docs" / "events.md"
    assert page.read_text(encoding="utf-8") == catalogue.document()
