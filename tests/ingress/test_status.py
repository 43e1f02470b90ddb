"""What Twilio says of our messages reaches the conversation that the callback's query names."""

from __future__ import annotations

import asyncio
import json
from urllib.parse import urlencode

import httpx
import pytest
from nats.js.errors import NotFoundError

from meshcore.domain.events import DeliveryStatus, DeliveryStatusChanged
from meshcore.ids import new_id
from meshcore.log import streams, subjects
from meshcore.log.subjects import ConversationRef, Lane
from tests.ingress.harness import ACCOUNT_SID, Ground, new_sid, post_signed, problem, signed


def callback(ref: ConversationRef, message: str) -> str:
    """The path that outreach gives Twilio with a message."""
    ids = {"campaign": ref.campaign, "conversation": ref.conversation, "message": message}
    return f"/twilio/status?{urlencode(ids)}"


def report(status: str, **fields: str) -> dict[str, str]:
    """The form of a status callback."""
    return {
        "MessageSid": new_sid(),
        "AccountSid": ACCOUNT_SID,
        "MessageStatus": status,
        "ErrorCode": "",
        **fields,
    }


async def reported(ground: Ground, ref: ConversationRef) -> list[DeliveryStatusChanged]:
    """What the conversation's lane says of deliveries."""
    records = await ground.log.load(subjects.lane(ref, Lane.RECEIPT))
    return [
        event
        for record in records
        for event in record.commit.events
        if isinstance(event, DeliveryStatusChanged)
    ]


@pytest.mark.parametrize("status", list(DeliveryStatus))
async def test_a_status_is_on_the_log_when_twilio_is_answered(
    client: httpx.AsyncClient, ground: Ground, status: DeliveryStatus
) -> None:
    """Every status that tells something is kept, with the message that the query names."""
    ref, message = ConversationRef(new_id(), new_id()), new_id()
    form = report(status)
    assert (await post_signed(client, callback(ref, message), form)).status_code == 204
    assert await reported(ground, ref) == [
        DeliveryStatusChanged(message_id=message, message_sid=form["MessageSid"], status=status)
    ]


async def test_the_error_code_is_kept(client: httpx.AsyncClient, ground: Ground) -> None:
    """It says why a message failed."""
    ref = ConversationRef(new_id(), new_id())
    form = report("undelivered", ErrorCode="63016")
    await post_signed(client, callback(ref, new_id()), form)
    (event,) = await reported(ground, ref)
    assert event.error_code == 63016


async def test_a_repeated_status_is_one_fact(client: httpx.AsyncClient, ground: Ground) -> None:
    """Repetitions of one status are dropped, another status of the same message is not."""
    ref, message = ConversationRef(new_id(), new_id()), new_id()
    form = report("sent")
    path = callback(ref, message)
    answers = await asyncio.gather(*(post_signed(client, path, form) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {204}
    await post_signed(client, path, {**form, "MessageStatus": "delivered"})
    assert [event.status for event in await reported(ground, ref)] == ["sent", "delivered"]


@pytest.mark.parametrize("status", ["accepted", "sending", "receiving", "scheduled", "new"])
async def test_a_status_that_tells_nothing_is_answered_and_forgotten(
    client: httpx.AsyncClient, ground: Ground, status: str
) -> None:
    """Twilio need not repeat it."""
    ref = ConversationRef(new_id(), new_id())
    answer = await post_signed(client, callback(ref, new_id()), report(status))
    assert answer.status_code == 204
    assert await reported(ground, ref) == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?campaign={id}&conversation={id}",
        "?campaign={id}&conversation={id}&message=",
        "?campaign=*&conversation={id}&message={id}",
        "?campaign={id}&conversation=a.b&message={id}",
        "?campaign={id}&conversation={id}&message=%3E",
        "?campaign={id}&conversation={id}&message={id}%0d%0aNats-Rollup:all",
    ],
)
async def test_a_query_without_three_ids_is_a_400(client: httpx.AsyncClient, query: str) -> None:
    """Ids become subjects, so that nothing but a UUID passes, signed or not."""
    path = "/twilio/status" + query.replace("{id}", new_id())
    problem(await post_signed(client, path, report("sent")), 400, "malformed-webhook")


@pytest.mark.parametrize(
    "change", [{"MessageSid": "x"}, {"MessageStatus": ""}, {"AccountSid": "AC" + "f" * 32}]
)
async def test_a_malformed_report_is_a_400(
    client: httpx.AsyncClient, change: dict[str, str]
) -> None:
    """It must be about a message of our account and say something."""
    path = callback(ConversationRef(new_id(), new_id()), new_id())
    problem(await post_signed(client, path, report("sent") | change), 400, "malformed-webhook")


async def test_ids_in_another_spelling_reach_the_same_conversation(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """A UUID has one spelling on the log."""
    ref = ConversationRef(new_id(), new_id())
    shouted = ConversationRef(ref.campaign.upper(), ref.conversation.upper())
    await post_signed(client, callback(shouted, new_id()), report("read"))
    assert len(await reported(ground, ref)) == 1


async def test_a_forged_report_is_refused(client: httpx.AsyncClient, ground: Ground) -> None:
    """The query is part of what is signed: a report cannot be turned to another message."""
    ref, form = ConversationRef(new_id(), new_id()), report("failed")
    headers = signed(callback(ConversationRef(new_id(), new_id()), new_id()), form)
    answer = await client.post(callback(ref, new_id()), data=form, headers=headers)
    problem(answer, 403, "forged-webhook")
    assert await reported(ground, ref) == []


async def woken(ground: Ground, ref: ConversationRef) -> dict[str, int] | None:
    """What outreach is woken with for a failed message of the conversation, if it is."""
    js = ground.nats.jetstream()
    try:
        hint = await js.get_last_msg(streams.WORK, subjects.failure_wake_up(ref))
    except NotFoundError:
        return None
    found: dict[str, int] = json.loads(hint.data or b"")
    return found


@pytest.mark.parametrize("status", list(DeliveryStatus))
async def test_a_failure_wakes_outreach_when_twilio_is_answered_and_nothing_else_does(
    client: httpx.AsyncClient, ground: Ground, status: DeliveryStatus
) -> None:
    """The hint says where the report stands, so that a replica that lags is waited for."""
    ref, message = ConversationRef(new_id(), new_id()), new_id()
    await post_signed(client, callback(ref, message), report(status))
    last = await ground.log.last(subjects.lane(ref, Lane.RECEIPT))
    assert last
    failed = status in {DeliveryStatus.FAILED, DeliveryStatus.UNDELIVERED}
    assert await woken(ground, ref) == ({"position": last.position} if failed else None)


async def test_a_message_that_fails_twice_is_two_facts(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """It was handed over again after the first, under another SID."""
    ref, message = ConversationRef(new_id(), new_id()), new_id()
    for _ in range(2):
        await post_signed(client, callback(ref, message), report("failed", ErrorCode="63018"))
    assert len({event.message_sid for event in await reported(ground, ref)}) == 2
