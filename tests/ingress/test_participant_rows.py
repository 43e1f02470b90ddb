"""Participants with what is known of them: rows of JSON and CSV, dry runs, attributes."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from meshcore.domain.events import OptOutSource, ParticipantOptedOut
from meshcore.ids import now
from meshcore.log import subjects
from meshcore.log.consents import append_consent
from meshcore.log.histories import campaigns
from tests.ingress.harness import Ground, create_campaign, new_phone, problem
from tests.ingress.test_participants import send_csv
from tests.ingress.test_studies import SID

PERSONAL = {
    "text": "Hi {{1}}! Got five minutes for a study on refuelling?",
    "template": {"content_sid": SID, "variables": {"1": "{first_name}"}},
}
CITIES = {"quota": {"attribute": "city", "targets": {"Dubai": 5}}}


async def enrolled(ground: Ground, campaign_id: str) -> list[tuple[Any, ...]]:
    """Who is enrolled, and what the log knows of them."""
    records = await ground.log.load(subjects.campaign(campaign_id))
    found: list[tuple[Any, ...]] = []
    for record in records:
        for event in record.commit.events:
            if event.wire_name == "participants_enrolled":
                told: Any = event
                nothing = (None,) * len(told.participants)
                found += zip(
                    told.participants,
                    told.languages or nothing,
                    told.timezones or nothing,
                    told.cells or nothing,
                    strict=True,
                )
    return found


async def post_rows(
    client: httpx.AsyncClient, campaign_id: str, *rows: Any, **query: str
) -> httpx.Response:
    """Posts participants as JSON."""
    path = f"/campaigns/{campaign_id}/participants"
    return await client.post(path, json={"participants": list(rows)}, params=query)


async def test_a_campaign_is_created_with_what_is_known_of_its_participants(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """Language, zone and the quota's cell are on the log, all attributes in the directory alone."""
    one, other = new_phone(), new_phone()
    rows = [
        {
            "phone": one,
            "language": "AR",
            "timezone": "europe/berlin",
            "attributes": {"first_name": " Mia\tM. ", "city": "Dubai", "age": 31, "note": ""},
        },
        {"phone": other, "attributes": {"first_name": "Om", "city": "Doha"}},
    ]
    created = await create_campaign(
        client, participants=rows, opening=PERSONAL, outreach=CITIES, timezone="Asia/Dubai"
    )
    first, second = (ground.directory.id_of(f"whatsapp:{phone}") for phone in (one, other))
    assert await enrolled(ground, created["id"]) == [
        (first, "ar", "Europe/Berlin", "Dubai"),
        (second, None, None, None),
    ]
    attributes = {"first_name": "Mia M.", "city": "Dubai", "age": "31"}
    assert await ground.directory.attributes(first, created["id"]) == attributes


async def test_a_number_tells_the_time_zone_where_nobody_else_does(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """Where it may be in several, the campaign's own is likelier than another."""
    berlin, london, moscow = "+4915112345678", "+447700900123", "+79161234567"
    rows = [{"phone": phone} for phone in (berlin, london, moscow)]
    created = await create_campaign(client, participants=rows, timezone="Europe/London")
    zones = [zone for _, _, zone, _ in await enrolled(ground, created["id"])]
    assert zones == ["Europe/Berlin", None, "Europe/Moscow"]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
async def test_every_further_column_of_a_csv_file_is_an_attribute(
    client: httpx.AsyncClient, ground: Ground, mark: str
) -> None:
    """Whatever mark separates the cells; names are kept as they are written."""
    created = await create_campaign(client)
    phone = new_phone()
    lines = [
        ["PHONE", "Language", "First Name", "Ort", ""],
        [phone, "de", '"Ä, ; \t""x"""', " ", ""],
    ]
    content = "\ufeff" + "\r\n".join(mark.join(line) for line in lines)
    answer = await send_csv(client, created["id"], content.encode())
    assert answer.json()["added"] == 1, answer.text
    participant = ground.directory.id_of(f"whatsapp:{phone}")
    assert await enrolled(ground, created["id"]) == [(participant, "de", "Asia/Dubai", None)]
    attributes = {"First Name": 'Ä, ; "x"'}
    assert await ground.directory.attributes(participant, created["id"]) == attributes


async def test_whoever_lacks_a_referred_attribute_is_refused_by_line(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """Of the opening, of a reminder, and the quota's; nothing is changed."""
    reminder = {
        "after_hours": 48,
        "text": "Still there, {{1}}?",
        "template": {"content_sid": SID, "variables": {"1": "{nick}"}},
    }
    outreach = {**CITIES, "reminders": [reminder]}
    created = await create_campaign(client, opening=PERSONAL, outreach=outreach)
    phones = [new_phone() for _ in range(4)]
    content = "phone,first_name,city,nick\n" + "\n".join(
        f"{phone},{cells}"
        for phone, cells in zip(phones, ("A,B,C", "A,B,", ",B,C", "A,,C"), strict=True)
    )
    answer = await send_csv(client, created["id"], content.encode())
    errors = problem(answer, 422, "invalid-request")["errors"]
    assert [(error["field"], error["reason"]) for error in errors] == [
        ("line 3", "lacks nick, to which the campaign refers"),
        ("line 4", "lacks first_name, to which the campaign refers"),
        ("line 5", "lacks city, to which the campaign refers"),
    ]
    assert all(error["fix"] for error in errors)
    assert not any(phone in answer.text for phone in phones)
    assert await enrolled(ground, created["id"]) == []
    participant = ground.directory.id_of(f"whatsapp:{phones[0]}")
    assert await ground.directory.addresses(participant) == []


async def test_values_that_make_a_message_too_long_are_refused(client: httpx.AsyncClient) -> None:
    """Twilio would refuse it, participant by participant."""
    opening = {
        "text": "Hi {{1}} {{2}} {{3}} {{4}}!",
        "template": {
            "content_sid": SID,
            "variables": {str(n): "{first_name}" for n in range(1, 5)},
        },
    }
    created = await create_campaign(client, opening=opening)
    row = {"phone": new_phone(), "attributes": {"first_name": "x" * 400}}
    [error] = problem(await post_rows(client, created["id"], row), 422, "invalid-request")["errors"]
    assert error["field"] == "participants[0]"
    assert "1600" in error["reason"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"phone": None}, "participants[0].phone"),
        ({"phone": "0501234567"}, "participants[0].phone"),
        ({"phone": 971501234567}, "participants[0].phone"),
        ({"language": "english"}, "participants[0].language"),
        ({"language": "\ud800"}, "participants[0].language"),
        ({"timezone": "Dubai"}, "participants[0].timezone"),
        ({"name": "x"}, "participants[0].name"),
        ({"attributes": {"a": "x" * 501}}, "participants[0].attributes.a"),
        ({"attributes": {"a": "\x00"}}, "participants[0].attributes.a"),
        ({"attributes": {"a": "\x1b[2J"}}, "participants[0].attributes.a"),
        ({"attributes": {"a": "\ud800"}}, "participants[0].attributes.a"),
        ({"attributes": {"a": ["x"]}}, "participants[0].attributes.a"),
        ({"attributes": {"a": True}}, "participants[0].attributes.a"),
        ({"attributes": {"{a}": "x"}}, "participants[0].attributes"),
        ({"attributes": {"": "x"}}, "participants[0].attributes"),
        ({"attributes": {"x" * 65: "x"}}, "participants[0].attributes"),
        ({"attributes": {"a\nb": "x"}}, "participants[0].attributes"),
        ({"attributes": {str(n): "x" for n in range(51)}}, "participants[0].attributes"),
        ({"attributes": ["x"]}, "participants[0].attributes"),
    ],
)
async def test_what_is_wrong_with_a_row_is_said_by_its_place(
    client: httpx.AsyncClient, change: dict[str, Any], field: str
) -> None:
    """With the reason and the fix; nothing that was sent is repeated."""
    created = await create_campaign(client)
    row = {"phone": new_phone(), **change}
    content = json.dumps({"participants": [row]})
    path = f"/campaigns/{created['id']}/participants"
    answer = await client.post(path, content=content, headers={"content-type": "application/json"})
    [error] = problem(answer, 422, "invalid-request")["errors"]
    assert error["field"] == field
    assert error["reason"]
    assert error["fix"]
    assert row["phone"] is None or str(row["phone"]) not in answer.text


@pytest.mark.parametrize("row", [None, "+971501234567", [], 7])
async def test_a_row_that_is_no_object_is_refused(client: httpx.AsyncClient, row: object) -> None:
    """By its place in the list."""
    created = await create_campaign(client)
    document = problem(await post_rows(client, created["id"], row), 422, "invalid-request")
    assert [error["field"] for error in document["errors"]] == ["participants[0]"]


@pytest.mark.parametrize(
    ("content", "field", "reason"),
    [
        ("phone,a,a\n", "line 1", "column 3"),
        ("phone,Phone\n", "line 1", "column 2"),
        ("phone,{a}\n", "line 1", "column 2"),
        ("phone," + "x" * 65 + "\n", "line 1", "column 2"),
        ("phone,language\n{},english\n", "line 2", "language: "),
        ("phone,timezone\n{},Mars\n", "line 2", "timezone: "),
        ("phone,a\n{},1,2\n", "line 2", "more cells"),
        ("phone,a\n{}," + "x" * 200_000 + "\n", "body", "field limit"),
        ("phone,a\n{}," + "x" * 501 + "\n", "line 2", "attributes.a: "),
    ],
)
async def test_what_is_wrong_with_a_file_is_said_by_its_line(
    client: httpx.AsyncClient, content: str, field: str, reason: str
) -> None:
    """A column is named by its number: without a header its name may be a person's."""
    created = await create_campaign(client)
    answer = await send_csv(client, created["id"], content.replace("{}", new_phone()).encode())
    [error] = problem(answer, 422, "invalid-request")["errors"]
    assert error["field"] == field
    assert reason in error["reason"]


async def test_a_dry_run_tells_every_bad_row_and_changes_nothing(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """And counts what would become of the good ones."""
    known, out, new = (new_phone() for _ in range(3))
    created = await create_campaign(client, known)
    participant = ground.directory.id_of(f"whatsapp:{out}")
    opted_out = ParticipantOptedOut(source=OptOutSource.KEYWORD, message_sid="SM1")
    await append_consent(ground.log, participant, opted_out, now())
    before = await ground.log.last_position()
    rows = [known, out, new, new, *("x" for _ in range(1_500))]
    content = "phone,first_name\n" + "\n".join(f"{phone},A" for phone in rows)
    path = f"/campaigns/{created['id']}/participants"
    answer = await client.post(
        path, content=content, headers={"content-type": "text/csv"}, params={"dry_run": "true"}
    )
    told = answer.json()
    assert answer.status_code == 200
    errors = told.pop("errors")
    assert [error["field"] for error in errors] == [f"line {n}" for n in range(6, 1_506)]
    assert told == {
        "dry_run": True,
        "valid": 3,
        "already_enrolled": 1,
        "suppressed": 1,
        "duplicates_merged": 1,
        "error_count": 1_500,
    }
    assert await ground.log.last_position() == before
    assert await ground.directory.addresses(ground.directory.id_of(f"whatsapp:{new}")) == []


async def test_attributes_told_again_are_replaced_for_whoever_is_enrolled_already(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """A list that was corrected can be sent again, also to a running campaign."""
    phone = new_phone()
    row = {"phone": phone, "attributes": {"first_name": "Mai"}}
    created = await create_campaign(client, participants=[row], opening=PERSONAL)
    await client.post(f"/campaigns/{created['id']}/launch")
    corrected = {"phone": phone, "attributes": {"first_name": "Mia"}}
    answer = await post_rows(client, created["id"], corrected)
    assert (answer.json()["added"], answer.json()["already_enrolled"]) == (0, 1)
    participant = ground.directory.id_of(f"whatsapp:{phone}")
    attributes = await ground.directory.attributes(participant, created["id"])
    assert attributes == {"first_name": "Mia"}
    assert (await campaigns(ground.log).load(created["id"])).state.enrolled_count == 1


async def test_of_a_number_that_is_listed_twice_the_first_row_counts(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """However it is written."""
    phone = new_phone()
    spaced = f"{phone[:4]} {phone[4:]}"
    created = await create_campaign(
        client,
        phone,
        participants=[{"phone": spaced, "attributes": {"a": "b"}}, {"phone": phone}],
    )
    assert created["duplicates_merged"] == 2
    assert created["counts"]["participants"] == 1
    participant = ground.directory.id_of(f"whatsapp:{phone}")
    assert await ground.directory.attributes(participant, created["id"]) == {}


async def test_long_lists_may_stand_anywhere_in_the_body(client: httpx.AsyncClient) -> None:
    """Also before what says how they are to be read."""
    row = {"phone": new_phone(), "attributes": {}}
    body = {
        "participants": [row],
        "phone_numbers": [],
        "name": "x",
        "research_brief": "x",
        "extraction_schema": {"a": {"type": "string", "description": "x"}},
        "opening": PERSONAL,
    }
    document = problem(await client.post("/campaigns", json=body), 422, "invalid-request")
    [error] = document["errors"]
    assert error["field"] == "participants[0]"
    assert "first_name" in error["reason"]


@pytest.mark.parametrize(
    "content",
    [
        b'{"participants": [{"phone": "+971501234567"}}',
        b'{"participants": [{"phone": "+971501234567"} {}]}',
        b'{"participants": [NaN]}',
        b'{"participants": []} x',
        b'{"participants" []}',
        b"{participants: []}",
        b'{"participants": [' + b"[" * 100_000,
        b'{"participants": [' + b"1" * 10_000 + b"]}",
        b'{"participants": [],}',
        b'"' + b"\xff" + b'"',
    ],
)
async def test_a_broken_list_is_a_malformed_body(client: httpx.AsyncClient, content: bytes) -> None:
    """Also where it breaks off in the middle; nothing of it is repeated."""
    created = await create_campaign(client)
    answer = await client.post(
        f"/campaigns/{created['id']}/participants",
        content=content,
        headers={"content-type": "application/json"},
    )
    problem(answer, 400, "malformed-json")
    assert "1234567" not in answer.text
