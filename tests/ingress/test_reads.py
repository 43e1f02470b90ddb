"""What the read tables tell reaches researchers as the brief describes it, page by page."""

from __future__ import annotations

import base64
import json
from typing import Any

import asyncpg
import httpx
import pytest

from meshcore.domain.conversation import ConversationStatus
from meshcore.ids import new_id
from tests.ingress.harness import SCHEMA, Ground, new_phone, problem
from tests.ingress.tables import add_campaign, add_conversations, add_message

CAMPAIGN_LISTS = ("", "/conversations", "/extractions")


async def test_extractions_have_the_shape_of_the_brief(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """Only completed conversations count, in the order of completion."""
    campaign = await add_campaign(database, completed=2)
    completed = await add_conversations(database, campaign, 2)
    await add_conversations(database, campaign, 2, status="active", ended_at=None)
    answer = await client.get(f"/campaigns/{campaign}/extractions")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {
        "campaign_id": campaign,
        "total_completed": 2,
        "extractions": [
            {
                "conversation_id": row.id,
                "participant_id": row.user_id,
                "data": {"age_range": "25-34"},
                "completed_at": at,
            }
            for row, at in zip(
                completed, ("2026-01-15T09:30:00Z", "2026-01-15T09:30:01Z"), strict=True
            )
        ],
        "next_cursor": None,
    }


async def test_extractions_of_every_type_pass_unchanged(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """Text in any script, numbers, booleans, lists."""
    data = {"a": 'ü "quoted" \\ 🛢️', "b": 7, "c": 7.5, "d": True, "e": ["x", "y"]}
    campaign = await add_campaign(database, completed=1)
    await add_conversations(database, campaign, 1, extracted_data=data)
    answer = await client.get(f"/campaigns/{campaign}/extractions")
    assert answer.json()["extractions"][0]["data"] == data


async def test_one_request_gives_ten_thousand_extractions(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """A plain curl has everything of a large campaign; the rest is a page further."""
    campaign = await add_campaign(database, completed=10_001)
    await add_conversations(database, campaign, 10_001)
    first = (await client.get(f"/campaigns/{campaign}/extractions")).json()
    assert first["total_completed"] == 10_001
    assert len(first["extractions"]) == 10_000
    following = {"cursor": first["next_cursor"]}
    rest = (await client.get(f"/campaigns/{campaign}/extractions", params=following)).json()
    assert len(rest["extractions"]) == 1
    assert rest["next_cursor"] is None


async def test_paging_extractions_gives_each_once(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """Conversations that ended in the same moment are not lost between pages."""
    campaign = await add_campaign(database, completed=6)
    rows = await add_conversations(database, campaign, 3)
    rows += await add_conversations(database, campaign, 3)
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        params = {"limit": "2", **cursor}
        page = (await client.get(f"/campaigns/{campaign}/extractions", params=params)).json()
        found += [one["conversation_id"] for one in page["extractions"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert sorted(found) == sorted(row.id for row in rows)


async def test_a_campaign_without_conversations_has_empty_lists(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """Empty is not unknown."""
    campaign = await add_campaign(database)
    extractions = (await client.get(f"/campaigns/{campaign}/extractions")).json()
    conversations = (await client.get(f"/campaigns/{campaign}/conversations")).json()
    assert (extractions["total_completed"], extractions["extractions"]) == (0, [])
    assert conversations == {"conversations": [], "next_cursor": None}


@pytest.mark.parametrize("path", CAMPAIGN_LISTS)
async def test_an_unknown_campaign_is_a_404(client: httpx.AsyncClient, path: str) -> None:
    """Neither the tables nor the log have it."""
    problem(await client.get(f"/campaigns/{new_id()}{path}"), 404, "unknown-campaign")


@pytest.mark.parametrize(
    "path",
    ["/campaigns/x", "/campaigns/x/conversations", "/campaigns/x/extractions", "/conversations/x"],
)
async def test_an_id_that_is_no_uuid_is_refused(client: httpx.AsyncClient, path: str) -> None:
    """And the answer says which."""
    document = problem(await client.get(path), 422, "invalid-request")
    assert document["errors"][0]["field"].endswith("_id")


async def test_an_unknown_conversation_is_a_404(client: httpx.AsyncClient) -> None:
    """The tables do not have it."""
    problem(await client.get(f"/conversations/{new_id()}"), 404, "unknown-conversation")


async def test_campaigns_are_listed_newest_first_page_by_page(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """A campaign created in the meantime does not shift the pages."""
    created = [await add_campaign(database) for _ in range(5)]
    first = (await client.get("/campaigns", params={"limit": 3})).json()
    await add_campaign(database)
    params = {"limit": 2, "cursor": first["next_cursor"]}
    second = (await client.get("/campaigns", params=params)).json()
    listed = [one["id"] for one in first["campaigns"] + second["campaigns"]]
    assert listed == list(reversed(created))


async def test_a_campaign_is_shown_with_its_counts_and_figures(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """Messages that were suppressed or failed do not count as sent."""
    campaign = await add_campaign(
        database, participants=3, active=1, completed=2, system_prompt_override="Be brief."
    )
    taken = {"messages_accepted": 1, "messages_read": 1, "messages_failed": 1}
    await add_conversations(database, campaign, 1, turns=4, messages_received=1, **taken)
    await add_conversations(database, campaign, 1, turns=5)
    shown = (await client.get(f"/campaigns/{campaign}")).json()
    assert shown["extraction_schema"] == SCHEMA
    assert shown["system_prompt_override"] == "Be brief."
    assert shown["counts"] == {
        "participants": 3,
        "pending": 0,
        "outreach_sent": 0,
        "active": 1,
        "completed": 2,
        "abandoned": 0,
        "failed": 0,
    }
    stats = shown["stats"]
    assert (stats["messages_sent"], stats["messages_received"]) == (2, 1)
    assert stats["median_turns"] == 4.5
    assert stats["deliveries"] == {
        "accepted": 1, "queued": 0, "sent": 0, "delivered": 0, "read": 1, "failed": 1,
    }  # fmt: skip


async def test_a_campaign_is_shown_with_what_its_interviews_took(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """Sums over all conversations, however they ended; the cost as far as it is known."""
    campaign = await add_campaign(database)
    took = {"input_tokens": 2**62, "output_tokens": 9, "cost_usd": 0.1, "fallbacks": 1}
    await add_conversations(database, campaign, 3, breaches={"length": 2}, **took)
    more = {"unpriced": 4, "status": "abandoned", "breaches": {"length": 1, "lists": 1}}
    await add_conversations(database, campaign, 1, **more)
    stats = (await client.get(f"/campaigns/{campaign}")).json()["stats"]
    assert stats["tokens"] == 3 * (2**62 + 9)
    assert (stats["cost_usd"], stats["unpriced"]) == (0.3, 4)
    assert (stats["breaches"], stats["fallbacks"]) == ({"length": 7, "lists": 1}, 3)


async def test_a_campaign_without_conversations_has_taken_nothing(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """Nothing is known of a cost."""
    shown = (await client.get(f"/campaigns/{await add_campaign(database)}")).json()["stats"]
    assert (shown["tokens"], shown["cost_usd"], shown["breaches"]) == (0, None, {})
    assert shown["median_turns"] is None


async def test_conversations_come_in_the_order_of_enrolment_page_by_page(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """Each once."""
    campaign = await add_campaign(database)
    rows = await add_conversations(database, campaign, 5)
    path = f"/campaigns/{campaign}/conversations"
    first = (await client.get(path, params={"limit": 3})).json()
    params = {"limit": 3, "cursor": first["next_cursor"]}
    second = (await client.get(path, params=params)).json()
    listed = [one["id"] for one in first["conversations"] + second["conversations"]]
    assert listed == [row.id for row in rows]
    assert second["next_cursor"] is None


@pytest.mark.parametrize("status", list(ConversationStatus))
async def test_conversations_can_be_narrowed_down_to_a_status(
    client: httpx.AsyncClient, database: asyncpg.Connection, status: ConversationStatus
) -> None:
    """Only these are listed."""
    campaign = await add_campaign(database)
    for each in ConversationStatus:
        await add_conversations(database, campaign, 1, status=each.value)
    path = f"/campaigns/{campaign}/conversations"
    page = (await client.get(path, params={"status": status.value})).json()
    assert [one["status"] for one in page["conversations"]] == [status.value]


@pytest.mark.parametrize(
    ("params", "wanted"),
    [
        ({"flag": "distress"}, [1, 3]),
        ({"flag": "inappropriate"}, [2]),
        ({"flag": "distress", "status": "completed"}, [3]),
        ({"flag": "inappropriate", "status": "completed"}, []),
        ({}, [0, 1, 2, 3]),
    ],
)
async def test_conversations_can_be_narrowed_down_to_a_flag(
    client: httpx.AsyncClient,
    database: asyncpg.Connection,
    params: dict[str, str],
    wanted: list[int],
) -> None:
    """Only what somebody should look at, page by page; with a status, what has both."""
    campaign = await add_campaign(database)
    rows = []
    for n, (flag, status) in enumerate(
        [
            (None, "completed"),
            ("distress", "abandoned"),
            ("inappropriate", "abandoned"),
            ("distress", "completed"),
        ]
    ):
        [row] = await add_conversations(database, campaign, 1, flag=flag, status=status)
        await database.execute("UPDATE conversations SET ordinal = $1 WHERE id = $2", n, row.id)
        rows.append(row)
    path, found = f"/campaigns/{campaign}/conversations", []
    page = (await client.get(path, params={"limit": 1, **params})).json()
    found += page["conversations"]
    while page["next_cursor"]:
        more = {"limit": 1, "cursor": page["next_cursor"], **params}
        page = (await client.get(path, params=more)).json()
        found += page["conversations"]
    assert [one["id"] for one in found] == [rows[n].id for n in wanted]
    assert [one["flag"] for one in found] == [rows[n].flag for n in wanted]


async def test_phones_are_shown_masked_where_the_directory_knows_them(
    client: httpx.AsyncClient, database: asyncpg.Connection, ground: Ground
) -> None:
    """A phone is preferred to a user id; an unknown participant has none."""
    phone = new_phone()
    user_id = f"whatsapp:AE.{phone[1:]}"
    participant = await ground.directory.register(user_id)
    await ground.directory.link(participant, f"whatsapp:{phone}")
    campaign = await add_campaign(database)
    (known,) = await add_conversations(database, campaign, 1, user_id=participant)
    await add_conversations(database, campaign, 1)
    answer = await client.get(f"/campaigns/{campaign}/conversations")
    phones = [one["phone"] for one in answer.json()["conversations"]]
    assert sorted(phones, key=bool) == [None, f"{phone[:5]}•••{phone[-4:]}"]
    assert phone not in answer.text
    shown = (await client.get(f"/conversations/{known.id}")).json()
    assert shown["phone"] == f"{phone[:5]}•••{phone[-4:]}"


async def test_a_conversation_is_shown_with_its_messages_and_evidence(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """In the order of the conversation, whatever the order of the rows."""
    campaign = await add_campaign(database)
    evidence = {
        "state": "extracted",
        "value": "25-34",
        "quote": "I'm 30",
        "message_sid": "SM1",
    }
    took = {"input_tokens": 100, "output_tokens": 10, "cost_usd": 0.25, "language": "en"}
    (row,) = await add_conversations(
        database, campaign, 1, evidence={"age_range": evidence}, flag="distress", **took
    )
    media = json.dumps([{"content_type": "audio/ogg", "url": "https://api.twilio.com/m/0"}])
    await add_message(
        database, row, id="SM1", ordinal=1, sender="participant", text="I'm 30", status="received",
        twilio_sid="SM1", media=media, transcript="I'm thirty",
    )  # fmt: skip
    await add_message(
        database, row, id="m1", ordinal=0, sender="agent", kind="opening", text="Hi!",
        status="failed", error="Twilio reported failed", error_code=63016,
    )  # fmt: skip
    await add_message(
        database, row, id="m2", ordinal=2, sender="agent", kind="courtesy", text="You're welcome!",
        status="read",
    )  # fmt: skip
    shown = (await client.get(f"/conversations/{row.id}")).json()
    messages = shown.pop("messages")
    assert shown == {
        "id": row.id,
        "campaign_id": campaign,
        "participant_id": row.user_id,
        "phone": None,
        "status": "completed",
        "disposition": "completed",
        "extracted_data": {"age_range": "25-34"},
        "evidence": {"age_range": evidence},
        "end_reason": "completed",
        "flag": "distress",
        "failure": None,
        "turns": 3,
        "language": "en",
        "tokens": 110,
        "cost_usd": 0.25,
        "started_at": "2026-01-15T09:30:00Z",
        "last_message_at": "2026-01-15T09:30:00Z",
        "ended_at": "2026-01-15T09:30:00Z",
    }
    assert messages.pop()["kind"] == "courtesy"
    assert messages == [
        {
            "id": "m1",
            "sender": "agent",
            "kind": "opening",
            "text": "Hi!",
            "media": [],
            "transcript": None,
            "created_at": "2026-01-15T09:30:00Z",
            "status": "failed",
            "twilio_sid": None,
            "error": "Twilio reported failed",
            "error_code": 63016,
        },
        {
            "id": "SM1",
            "sender": "participant",
            "kind": None,
            "text": "I'm 30",
            "media": json.loads(media),
            "transcript": "I'm thirty",
            "created_at": "2026-01-15T09:30:00Z",
            "status": "received",
            "twilio_sid": "SM1",
            "error": None,
            "error_code": None,
        },
    ]


@pytest.mark.parametrize(
    ("path", "params", "field"),
    [
        ("/campaigns", {"limit": "0"}, "limit"),
        ("/campaigns", {"limit": "201"}, "limit"),
        ("/campaigns", {"limit": "many"}, "limit"),
        ("/campaigns", {"cursor": "x"}, "cursor"),
        ("/campaigns", {"cursor": "ü"}, "cursor"),
        ("/campaigns", {"cursor": "W10="}, "cursor"),
        ("/campaigns", {"cursor": "WyJ4Il0="}, "cursor"),
        ("/campaigns/{id}/conversations", {"status": "lost"}, "status"),
        ("/campaigns/{id}/conversations", {"flag": "completed"}, "flag"),
        ("/campaigns/{id}/conversations", {"limit": "201"}, "limit"),
        ("/campaigns/{id}/conversations", {"cursor": "WyJ4Il0="}, "cursor"),
        ("/campaigns/{id}/extractions", {"limit": "10001"}, "limit"),
        ("/campaigns/{id}/extractions", {"cursor": "WyJ4IiwieSJd"}, "cursor"),
    ],
)
async def test_parameters_out_of_range_are_refused(
    client: httpx.AsyncClient, path: str, params: dict[str, str], field: str
) -> None:
    """Each says which, why, and what to do."""
    answer = await client.get(path.replace("{id}", new_id()), params=params)
    (error,) = problem(answer, 422, "invalid-request")["errors"]
    assert error["field"] == field
    assert error["fix"]


async def test_a_cursor_of_another_list_or_with_absurd_values_is_refused(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """Whatever a client makes up, it is a 422."""
    campaign = await add_campaign(database)
    made_up: list[Any] = [
        ["9" * 30, campaign],
        ["-1e9", campaign],
        ["2026-01-15T09:30:00", campaign],
        ["0001-01-01T00:00:00+23:59", campaign],
        ["9999-12-31T23:59:59-23:59", campaign],
        ["0", "0"],
        [campaign],
        {},
        7,
    ]
    for parts in made_up:
        cursor = base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()
        for path in ("conversations", "extractions"):
            answer = await client.get(f"/campaigns/{campaign}/{path}", params={"cursor": cursor})
            problem(answer, 422, "invalid-request")
