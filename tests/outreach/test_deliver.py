"""Deliveries against a real log and the simulated WhatsApp: one send per decision."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from mesh_outreach.settling import HANDED_OVER_WITHIN, SETTLED_AFTER
from mesh_outreach.twilio import TwilioUnavailableError
from meshcore.domain.conversation import ConversationStatus
from meshcore.domain.events import (
    MessageSent,
    SendStarted,
)
from meshcore.handling import Busy
from meshcore.ids import now
from meshcore.log import subjects
from meshcore.log.subjects import Lane
from tests.outreach.deliverers import (
    POSTPONED,
    SENT,
    STARTED,
    EventfulLog,
    deliverer,
    later,
)
from tests.outreach.network import WhatsApp
from tests.support.desk import OPENING, Desk, shell_on


async def test_an_opening_is_sent_once_and_leads_replies_home(
    desk: Desk, whatsapp: WhatsApp
) -> None:
    """Started, sent, and the route stands before Twilio has the message."""
    await desk.open()
    wake_up = await desk.wake_up(subjects.lane(desk.ref(), Lane.TURN))
    for _ in range(3):
        await deliverer(desk.shell, whatsapp).on_turn(wake_up)
    [entry] = await whatsapp.accepted(desk.addresses[0])
    assert entry["body"] == OPENING
    assert await desk.names(Lane.OUT) == [STARTED, SENT]
    assert (await desk.shell.routes.find(desk.participants[0])).current == desk.ref()
    state = await desk.state()
    assert state.status is ConversationStatus.OUTREACH_SENT
    assert state.messages[0].sid == entry["sid"]


async def test_two_outreaches_and_many_wake_ups_send_once(
    desk: Desk, whatsapp: WhatsApp, nats_url: str
) -> None:
    """One wins the append; the others find it under way, and hand their wake-up back."""
    await desk.open()
    async with shell_on(nats_url, "outreach-2") as second:
        replicas = [deliverer(shell, whatsapp) for shell in (desk.shell, second)]
        done = await asyncio.gather(
            *(replica.deliver(desk.ref()) for replica in replicas for _ in range(5)),
            return_exceptions=True,
        )
    assert {type(result) for result in done} <= {type(None), Busy}
    assert len(await whatsapp.accepted(desk.addresses[0])) == 1
    assert (await desk.names(Lane.OUT)).count(SENT) == 1


async def test_messages_go_out_in_the_order_of_the_log(desk: Desk, whatsapp: WhatsApp) -> None:
    """A wake-up for the last one brings the earlier ones along."""
    await desk.open_and_send()
    await desk.write("At the harbour.")
    for text in ("One", "Two", "Three"):
        await desk.compose(text)
    await deliverer(desk.shell, whatsapp).deliver(desk.ref())
    assert await whatsapp.texts(desk.addresses[0]) == ["One", "Two", "Three"]


async def test_turns_without_a_message_wake_nobody(desk: Desk, whatsapp: WhatsApp) -> None:
    """Only what was composed is worth a look."""
    await desk.open()
    ended = await desk.wake_up(subjects.lane(desk.ref(), Lane.TURN))
    await deliverer(desk.shell, whatsapp).on_turn(replace(ended, headers={"ce-type": "turn_taken"}))
    assert await desk.names(Lane.OUT) == []


async def test_a_dead_process_that_had_sent_is_not_sent_again(
    desk: Desk, whatsapp: WhatsApp
) -> None:
    """Twilio knows the message: its SID is written down, and nothing is created."""
    message = await desk.open()
    await desk.happen_in(Lane.OUT, SendStarted(message_id=message))
    to = desk.addresses[0]
    await whatsapp.twilio.send(desk.ref(), message, to, OPENING)  # ... and the process dies
    await deliverer(desk.shell, whatsapp).deliver(desk.ref())
    [entry] = await whatsapp.accepted(to)
    last = (await desk.commits(Lane.OUT))[-1]
    assert last == (MessageSent(message_id=message, message_sid=entry["sid"]),)


async def test_an_earlier_message_with_the_same_words_is_no_proof(
    desk: Desk, whatsapp: WhatsApp
) -> None:
    """A SID that belongs to another message of the conversation does not count."""
    to, texts = desk.addresses[0], ["Hm, and?", "Hm, and?"]
    await desk.open_and_send()
    await desk.write("At the harbour.")
    agent = deliverer(desk.shell, whatsapp)
    await desk.compose(texts[0])
    await agent.deliver(desk.ref())
    second = await desk.compose(texts[1])
    await desk.happen_in(Lane.OUT, SendStarted(message_id=second))
    with pytest.raises(Busy):
        await agent.deliver(desk.ref())
    await replace(agent, clock=later(SETTLED_AFTER)).deliver(desk.ref())
    assert await whatsapp.texts(to) == texts


async def test_a_dead_process_that_had_not_sent_is_made_good(
    desk: Desk, whatsapp: WhatsApp
) -> None:
    """As long as it might still arrive, nobody sends; once it is settled, somebody does."""
    message = await desk.open()
    await desk.happen_in(Lane.OUT, SendStarted(message_id=message))
    agent = deliverer(desk.shell, whatsapp)
    with pytest.raises(Busy):
        await agent.deliver(desk.ref())
    almost = replace(agent, clock=later(SETTLED_AFTER - timedelta(seconds=2)))
    with pytest.raises(Busy):
        await almost.deliver(desk.ref())
    assert await whatsapp.accepted(desk.addresses[0]) == []
    await replace(agent, clock=later(SETTLED_AFTER)).deliver(desk.ref())
    assert await whatsapp.texts(desk.addresses[0]) == [OPENING]
    assert await desk.names(Lane.OUT) == [STARTED, POSTPONED, STARTED, SENT]


async def test_nothing_is_handed_over_late(desk: Desk, whatsapp: WhatsApp) -> None:
    """Whom a slow log delayed behind its `send_started` may be taken for dead by others."""
    await desk.open()
    delays = [timedelta()]

    async def slowly() -> None:
        delays[0] = HANDED_OVER_WITHIN * 2

    async with EventfulLog(desk.shell, slowly) as log:
        slow = deliverer(desk.shell, whatsapp, lambda: now() + delays[0])
        await replace(slow, log=log).deliver(desk.ref())
    assert await whatsapp.texts(desk.addresses[0]) == [OPENING]
    assert await desk.names(Lane.OUT) == [STARTED, POSTPONED, STARTED, SENT]


@pytest.mark.parametrize("fault", ["server_error", "hang"])
async def test_an_ambiguous_send_that_was_taken_is_not_repeated(
    desk: Desk, whatsapp: WhatsApp, fault: str
) -> None:
    """After an error behind the acceptance, Twilio is asked."""
    await desk.open()
    to = desk.addresses[0]
    more = {"seconds": 2} if fault == "hang" else {}
    await whatsapp.breaks(fault, to, when="after", **more)
    agent = deliverer(desk.shell, whatsapp)
    with pytest.raises(TwilioUnavailableError):
        await agent.deliver(desk.ref())
    assert await desk.names(Lane.OUT) == [STARTED]
    await agent.deliver(desk.ref())
    assert len(await whatsapp.accepted(to)) == 1
    assert await desk.names(Lane.OUT) == [STARTED, SENT]


async def test_an_ambiguous_send_that_was_not_taken_is_repeated_once_settled(
    desk: Desk, whatsapp: WhatsApp
) -> None:
    """It is sent once in the end."""
    await desk.open()
    await whatsapp.breaks("server_error", desk.addresses[0], when="before")
    agent = deliverer(desk.shell, whatsapp)
    with pytest.raises(TwilioUnavailableError):
        await agent.deliver(desk.ref())
    with pytest.raises(Busy):
        await agent.deliver(desk.ref())
    await replace(agent, clock=later(SETTLED_AFTER)).deliver(desk.ref())
    assert await whatsapp.texts(desk.addresses[0]) == [OPENING]
