"""Webhooks and participants of the simulated messaging network, with a real receiver."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.sim.servers import (
    ACCOUNT,
    PERSON,
    PUBLIC,
    SENDER,
    TOKEN,
    Receiver,
    call,
    receiving,
    whatsapp,
)

INBOUND = "/twilio/inbound"
STATUS = "/twilio/status"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Run a receiver of webhooks."""
    async with receiving() as running:
        yield running


@pytest.fixture
async def base(receiver: Receiver) -> AsyncIterator[str]:
    """Run a network that delivers to the receiver."""
    with whatsapp("--speed", "100", deliver_to=receiver.base) as url:
        yield url


async def create(base: str, body: str, to: str = PERSON, **more: str) -> str:
    """Create a message as a client would, and return its sid."""
    form = {"To": to, "From": SENDER, "Body": body, **more}
    url = f"{base}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    async with httpx.AsyncClient(auth=(ACCOUNT, TOKEN)) as client:
        return str((await client.post(url, data=form)).raise_for_status().json()["sid"])


async def say(base: str, body: str, **more: object) -> dict[str, object]:
    """Let a person write."""
    order = {"from": PERSON, "body": body, **more}
    answer: dict[str, object] = await call(f"{base}/sim/inbound", "POST", json=order)
    return answer


async def test_inbound_webhooks_carry_the_parameters_and_a_valid_signature(
    base: str, receiver: Receiver
) -> None:
    """The signature is over the public address, wherever the request goes."""
    answer = await say(base, "Hello & good morning ✓", ExternalUserId="AE.x1", OptOutType="STOP")
    [hook] = receiver.hooks
    assert hook.genuine
    assert hook.form["Body"] == "Hello & good morning ✓"
    assert hook.form["MessageSid"] == hook.form["SmsSid"] == hook.form["SmsMessageSid"]
    assert (hook.form["From"], hook.form["To"], hook.form["WaId"]) == (
        PERSON,
        SENDER,
        "971501234567",
    )
    assert (hook.form["ExternalUserId"], hook.form["OptOutType"]) == ("AE.x1", "STOP")
    assert answer == {"sid": hook.form["MessageSid"], "http_status": 204, "attempts": 1}


async def test_media_location_and_buttons_have_parameters_of_their_own(
    base: str, receiver: Receiver
) -> None:
    """What is not text arrives as Twilio sends it."""
    media = [{"url": "https://example.com/a.ogg", "content_type": "audio/ogg"}]
    await say(base, "", media=media)
    await say(base, "", location={"latitude": 24.5, "longitude": 54.6, "label": "Yas"})
    await say(base, "Yes", button={"text": "Yes", "payload": "yes"})
    voice, place, button = (hook.form for hook in receiver.hooks)
    assert (voice["NumMedia"], voice["MediaContentType0"]) == ("1", "audio/ogg")
    assert voice["MessageType"] == "audio"
    assert (place["Latitude"], place["Label"], place["MessageType"]) == ("24.5", "Yas", "location")
    assert (button["ButtonPayload"], button["MessageType"]) == ("yes", "button")


async def test_a_refused_webhook_is_retried_with_the_same_identity(
    base: str, receiver: Receiver
) -> None:
    """Server errors are retried; sid and idempotency token stay, so that it can be recognised."""
    receiver.statuses = [500, 503]
    answer = await say(base, "Hello")
    assert (answer["http_status"], answer["attempts"]) == (204, 3)
    assert len({(hook.form["MessageSid"], hook.token) for hook in receiver.hooks}) == 1


async def test_a_webhook_refused_by_the_client_is_not_retried(
    base: str, receiver: Receiver
) -> None:
    """A 4xx is final."""
    receiver.statuses = [403]
    answer = await say(base, "Hello")
    assert (answer["http_status"], answer["attempts"]) == (403, 1)


async def test_messages_of_one_participant_arrive_in_order(base: str, receiver: Receiver) -> None:
    """A message waits for the one before it, even while that is being retried."""
    receiver.statuses = [500, 500]
    first = asyncio.create_task(say(base, "first"))
    await receiver.wait(INBOUND, 1)
    await say(base, "second")
    await first
    assert [hook.form["Body"] for hook in receiver.hooks] == ["first"] * 3 + ["second"]


async def test_duplicates_share_a_sid_and_come_at_once(base: str, receiver: Receiver) -> None:
    """Copies are asked for with a message, or of the next message by a fault."""
    receiver.seconds = 0.1
    sid = "SM" + "1" * 32
    await say(base, "Hello", copies=3, message_sid=sid)
    assert [hook.form["MessageSid"] for hook in receiver.hooks] == [sid] * 3
    await call(f"{base}/sim/faults", "POST", json={"kind": "duplicate_webhooks", "copies": 2})
    await say(base, "again")
    await say(base, "once")
    assert [hook.form["Body"] for hook in receiver.hooks[3:]] == ["again", "again", "once"]


async def test_status_callbacks_follow_a_create_and_sign_the_query(
    base: str, receiver: Receiver
) -> None:
    """Sent, delivered and read are called back at the address given, query included."""
    url = f"{PUBLIC}{STATUS}?conversation=c1"
    sid = await create(base, "Hello?", StatusCallback=url)
    hooks = await receiver.wait(STATUS, 3)
    assert [hook.form["MessageStatus"] for hook in hooks] == ["sent", "delivered", "read"]
    assert all(hook.genuine and hook.path.endswith("?conversation=c1") for hook in hooks)
    assert {hook.form["MessageSid"] for hook in hooks} == {sid}


@pytest.mark.parametrize(
    ("outcome", "statuses"), [("failed", ["failed"]), ("undelivered", ["sent", "undelivered"])]
)
async def test_a_message_may_fail_after_it_was_taken(
    base: str, receiver: Receiver, outcome: str, statuses: list[str]
) -> None:
    """An accepted message that fails says so in a callback with the error code."""
    fault = {"kind": "fail", "code": 63024, "outcome": outcome}
    await call(f"{base}/sim/faults", "POST", json=fault)
    await create(base, "Hello?", StatusCallback=f"{PUBLIC}{STATUS}")
    hooks = await receiver.wait(STATUS, len(statuses))
    assert [hook.form["MessageStatus"] for hook in hooks] == statuses
    assert hooks[-1].form["ErrorCode"] == "63024"


async def test_a_registered_participant_answers_the_question_from_his_facts(
    base: str, receiver: Receiver
) -> None:
    """A cooperative participant says what he was told to know, as an inbound webhook."""
    new = {"phone": "+971501234567", "personality": "cooperative", "facts": {"hobby": "Chess"}}
    made = await call(f"{base}/sim/participants", "POST", json=[new])
    assert made["participants"] == [{"phone": "+971501234567", "personality": "cooperative"}]
    await create(base, "Hi! What is your favourite hobby?")
    [hook] = await receiver.wait(INBOUND, 1)
    assert (hook.form["Body"], hook.form["From"], hook.genuine) == ("Chess", PERSON, True)
    await create(base, "Thank you so much, have a great day!")
    await asyncio.sleep(0.3)
    [person] = (await call(f"{base}/sim/participants"))["participants"]
    assert (person["got"], person["sent"], person["finished"]) == (2, 1, True)


async def test_participants_are_drawn_from_a_mix(base: str) -> None:
    """The same seed and mix give the same people."""
    wanted = {"count": 50, "seed": 3, "mix": {"terse": 1, "vague": 1}}
    first = await call(f"{base}/sim/participants", "POST", json=wanted)
    again = await call(f"{base}/sim/participants", "POST", json=wanted)
    assert first == again
    assert {p["personality"] for p in first["participants"]} == {"terse", "vague"}
    assert len({p["phone"] for p in first["participants"]}) == 50


async def test_an_order_that_makes_no_sense_is_refused(base: str) -> None:
    """The control API says what is wrong instead of guessing."""
    async with httpx.AsyncClient() as client:
        fault = await client.post(f"{base}/sim/faults", json={"kind": "earthquake"})
        person = {"phone": "+1", "personality": "imaginary"}
        people = await client.post(f"{base}/sim/participants", json=[person])
    assert (fault.status_code, people.status_code) == (422, 422)
