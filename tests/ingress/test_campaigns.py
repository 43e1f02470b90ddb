"""Campaigns are created, launched and paused, and whatever is wrong is said field by field."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from meshcore.domain.campaign import CampaignStatus
from meshcore.ids import new_id
from meshcore.log.histories import campaigns
from meshcore.log.streams import DIRECTORY
from tests.ingress.harness import SCHEMA, Ground, create_campaign, new_phone, problem

BODY: dict[str, Any] = {
    "name": "Yas Island",
    "research_brief": "Refuelling habits of commuters.",
    "extraction_schema": SCHEMA,
    "phone_numbers": [],
}


async def test_a_created_campaign_is_a_draft_on_the_log(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """The answer tells what was written, and where it is."""
    first, second = new_phone(), new_phone()
    answer = await client.post("/campaigns", json={**BODY, "phone_numbers": [first, second]})
    created = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/campaigns/{created['id']}"
    history = await campaigns(ground.log).load(created["id"])
    assert answer.headers["mesh-position"] == str(history.position)
    assert history.state.status is CampaignStatus.DRAFT
    assert list(history.state.participants()) == [
        ground.directory.id_of(f"whatsapp:{phone}") for phone in (first, second)
    ]
    assert created.pop("created_at")
    assert created == {
        "id": history.state.id,
        "name": "Yas Island",
        "research_brief": "Refuelling habits of commuters.",
        "extraction_schema": SCHEMA,
        "system_prompt_override": None,
        "language": None,
        "timezone": "UTC",
        "opening": None,
        "support_text": None,
        "limits": {
            "probes_per_field": 2, "turns": None, "tokens": None, "cost_usd": None,
            "campaign_cost_usd": None,
        },
        "keep_media": False,
        "outreach": {
            "rate_per_minute": None,
            "contact_hours": None,
            "reminders": [],
            "expire_after_hours": 168.0,
            "target_completes": None,
            "quota": None,
        },
        "status": "draft",
        "launched_at": None,
        "completed_at": None,
        "duplicates_merged": 0,
        "suppressed": 0,
        "counts": {
            "participants": 2,
            "pending": 2,
            "outreach_sent": 0,
            "active": 0,
            "completed": 0,
            "abandoned": 0,
            "failed": 0,
        },
    }  # fmt: skip


async def test_participants_are_in_the_directory_before_anything_is_sent(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """Their addresses can be found, normalised."""
    phone = new_phone()
    await create_campaign(client, f"{phone[:4]} {phone[4:7]}-{phone[7:]}")
    participant = ground.directory.id_of(f"whatsapp:{phone}")
    assert await ground.directory.addresses(participant) == [f"whatsapp:{phone}"]


async def test_numbers_given_twice_are_merged_and_counted(client: httpx.AsyncClient) -> None:
    """Spelling does not matter."""
    phone = new_phone()
    created = await create_campaign(client, phone, f" {phone[:4]} {phone[4:]}", phone, new_phone())
    assert created["duplicates_merged"] == 2
    assert created["counts"]["participants"] == 2


async def test_the_prompt_override_and_a_rich_schema_come_back_as_given(
    client: httpx.AsyncClient,
) -> None:
    """Nothing is added to what the researcher wrote."""
    schema = {
        "satisfaction": {"type": "integer", "description": "1-10", "minimum": 1, "maximum": 10},
        "fuel": {"type": "enum", "description": "Fuel", "enum": ["petrol", "diesel"]},
        "age": {"type": "string", "description": "Age", "required": False},
    }
    created = await create_campaign(
        client, extraction_schema=schema, system_prompt_override="Be brief."
    )
    assert created["extraction_schema"] == schema
    assert created["system_prompt_override"] == "Be brief."


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": 7}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"research_brief": None}, "research_brief"),
        ({"research_brief": "x" * 20_001}, "research_brief"),
        ({"extraction_schema": {}}, "extraction_schema"),
        ({"extraction_schema": {"1 a": SCHEMA["age_range"]}}, "extraction_schema"),
        (
            {"extraction_schema": {"a": {"type": "text", "description": "x"}}},
            "extraction_schema.a.type",
        ),
        ({"extraction_schema": {"a": {"type": "string"}}}, "extraction_schema.a.description"),
        ({"extraction_schema": {"a": {"type": "enum", "description": "x"}}}, "extraction_schema.a"),
        (
            {"extraction_schema": {"a": {"type": "string", "description": "\x00"}}},
            "extraction_schema",
        ),
        ({"phone_numbers": "+971501234567"}, "phone_numbers"),
        ({"phone_numbers": [971501234567]}, "phone_numbers[0]"),
        ({"phone_numbers": ["+971501234567", ""]}, "phone_numbers[1]"),
        ({"phone_numbers": ["0501234567"]}, "phone_numbers[0]"),
        ({"phone_numbers": ["+9715"]}, "phone_numbers[0]"),
        ({"system_prompt_override": ""}, "system_prompt_override"),
        ({"system_prompt_overide": "x"}, "system_prompt_overide"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_said_by_field_with_the_fix(
    client: httpx.AsyncClient, change: dict[str, Any], field: str
) -> None:
    """Each error has its place, its reason and what to do."""
    answer = await client.post("/campaigns", json=BODY | change)
    document = problem(answer, 422, "invalid-request")
    (error,) = document["errors"]
    assert error["field"] == field
    assert error["reason"]
    assert error["fix"]
    assert document["error_count"] == 1


@pytest.mark.parametrize("field", ["name", "research_brief", "extraction_schema"])
async def test_a_missing_field_is_named(client: httpx.AsyncClient, field: str) -> None:
    """All but phone_numbers are needed."""
    body = {name: value for name, value in BODY.items() if name != field}
    document = problem(await client.post("/campaigns", json=body), 422, "invalid-request")
    assert document["errors"] == [
        {"field": field, "reason": "Field required", "fix": "add the field"}
    ]


async def test_one_bad_number_among_good_ones_leaves_no_trace(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """Nothing is created, nobody is registered, and no number is repeated in the answer."""
    good = new_phone()
    before = await ground.log.last_position()
    answer = await client.post("/campaigns", json={**BODY, "phone_numbers": [good, "+97150", "x"]})
    document = problem(answer, 422, "invalid-request")
    assert [error["field"] for error in document["errors"]] == [
        "phone_numbers[1]",
        "phone_numbers[2]",
    ]
    assert "+97150 " not in answer.text
    assert await ground.log.last_position() == before
    assert await ground.directory.addresses(ground.directory.id_of(f"whatsapp:{good}")) == []


async def test_a_thousand_errors_are_listed_and_all_are_counted(client: httpx.AsyncClient) -> None:
    """A wholly wrong list gives an answer of bounded size."""
    answer = await client.post("/campaigns", json={**BODY, "phone_numbers": ["nonsense"] * 2_500})
    document = problem(answer, 422, "invalid-request")
    assert document["error_count"] == 2_500
    assert len(document["errors"]) == 1_000


@pytest.mark.parametrize(
    ("content", "media_type", "status", "code"),
    [
        (b'{"name": ', "application/json", 400, "malformed-json"),
        (b'{"name": "\xff"}', "application/json", 400, "malformed-json"),
        (b'{"name": ' + b"[" * 100_000, "application/json", 400, "malformed-json"),
        (b"", "application/json", 422, "invalid-request"),
        (b"[]", "application/json", 422, "invalid-request"),
        (b'{"name": "\\ud800"}', "application/json", 422, "invalid-request"),
        (b"{}", "text/plain", 415, "unsupported-media-type"),
        (b"name=x", "application/x-www-form-urlencoded", 415, "unsupported-media-type"),
        (b" " * (33 * 1024 * 1024), "application/json", 413, "too-large"),
    ],
)
async def test_a_body_that_is_no_campaign_is_refused(
    client: httpx.AsyncClient, content: bytes, media_type: str, status: int, code: str
) -> None:
    """Not JSON, another media type, too large: each says so."""
    answer = await client.post("/campaigns", content=content, headers={"content-type": media_type})
    problem(answer, status, code)


async def test_launch_pause_and_launch_again(client: httpx.AsyncClient, ground: Ground) -> None:
    """Draft, active, paused, active; the time of the first launch is remembered."""
    created = await create_campaign(client, new_phone())
    base = f"/campaigns/{created['id']}"
    launched = await client.post(f"{base}/launch")
    paused = await client.post(f"{base}/pause")
    again = await client.post(f"{base}/launch")
    assert [a.status_code for a in (launched, paused, again)] == [200, 200, 200]
    assert [a.json()["status"] for a in (launched, paused, again)] == ["active", "paused", "active"]
    assert again.json()["launched_at"] == launched.json()["launched_at"]
    history = await campaigns(ground.log).load(created["id"])
    assert again.headers["mesh-position"] == str(history.position)


async def test_everything_done_to_a_campaign_is_one_chain_of_causes(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """All commits of its lane carry the correlation of the first."""
    created = await create_campaign(client, new_phone())
    await client.post(f"/campaigns/{created['id']}/launch")
    records = await ground.log.load(f"mesh.campaign.{created['id']}")
    assert [r.commit.events[0].wire_name for r in records] == [
        "campaign_created",
        "participants_enrolled",
        "campaign_launched",
    ]
    assert {r.commit.correlation for r in records} == {records[0].commit.id}


async def test_one_of_many_launches_at_once_wins(client: httpx.AsyncClient, ground: Ground) -> None:
    """The others are told that the campaign is active."""
    created = await create_campaign(client, new_phone())
    path = f"/campaigns/{created['id']}/launch"
    answers = await asyncio.gather(*(client.post(path) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    records = await ground.log.load(f"mesh.campaign.{created['id']}")
    assert sum(r.commit.events[0].wire_name == "campaign_launched" for r in records) == 1


@pytest.mark.parametrize("command", ["launch", "pause"])
async def test_a_command_in_the_wrong_state_is_a_409_that_says_why(
    client: httpx.AsyncClient, command: str
) -> None:
    """A draft without participants can be neither launched nor paused."""
    created = await create_campaign(client)
    document = problem(
        await client.post(f"/campaigns/{created['id']}/{command}"), 409, "wrong-state"
    )
    reason = {"launch": "no participants", "pause": "only an active campaign"}[command]
    assert reason in document["detail"].lower()


@pytest.mark.parametrize("command", ["launch", "pause", "participants"])
async def test_a_command_to_an_unknown_campaign_is_a_404(
    client: httpx.AsyncClient, command: str
) -> None:
    """A well-formed id that nobody gave out."""
    answer = await client.post(f"/campaigns/{new_id()}/{command}", json={"phone_numbers": []})
    problem(answer, 404, "unknown-campaign")


@pytest.mark.parametrize("campaign_id", ["1", "*", "%3E", "a.b", "00000000-0000-0000-0000"])
async def test_an_id_that_is_no_uuid_never_becomes_a_subject(
    client: httpx.AsyncClient, campaign_id: str
) -> None:
    """It is refused before anything is asked."""
    document = problem(
        await client.post(f"/campaigns/{campaign_id}/launch"), 422, "invalid-request"
    )
    assert document["errors"][0]["field"] == "campaign_id"


async def test_an_unknown_path_and_method_are_problems_too(client: httpx.AsyncClient) -> None:
    """404 and 405 look like all other errors."""
    problem(await client.get("/nothing/here"), 404, "not-found")
    answer = await client.delete("/campaigns")
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"]


async def test_no_number_is_kept_outside_the_directory(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """Neither subjects nor commits have it."""
    phone = new_phone()
    created = await create_campaign(client, phone)
    js = ground.nats.jetstream()
    info = await js.stream_info("MESH")
    for sequence in range(max(1, info.state.last_seq - 3), info.state.last_seq + 1):
        message = await js.get_msg("MESH", sequence)
        assert phone[1:].encode() not in (message.data or b"")
        assert phone[1:] not in f"{message.subject}{message.headers}"
    assert created["id"]
    entry = await (await js.key_value(DIRECTORY)).get(ground.directory.id_of(f"whatsapp:{phone}"))
    assert phone.encode() in (entry.value or b"")


@pytest.mark.parametrize(
    "change",
    [
        b'"name": " "',
        b'"research_brief": "\\n"',
        b'"extraction_schema": {"\\ud800": {"type": "string", "description": "d"}}',
        b'"extraction_schema": {"a": {"type": "enum", "description": "d", "enum": ["\\ud800"]}}',
    ],
)
async def test_blank_texts_and_half_characters_are_refused(
    client: httpx.AsyncClient, change: bytes
) -> None:
    """Neither means anything, and the second cannot be written to the log."""
    body = json.dumps(BODY).encode().removesuffix(b"}") + b", " + change + b"}"
    answer = await client.post(
        "/campaigns", content=body, headers={"Content-Type": "application/json"}
    )
    assert problem(answer, 422, "invalid-request")["error_count"] == 1
