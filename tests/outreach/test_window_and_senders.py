"""WhatsApp's 24-hour window, and which of our numbers a message comes from."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from mesh_outreach.settling import SETTLED_AFTER
from meshcore.domain.conversation import ConversationStatus
from meshcore.domain.events import (
    MessageComposed,
    MessageKind,
    MessageReceived,
    MessageSuppressed,
    SendStarted,
    SuppressionReason,
)
from meshcore.domain.study import Template
from meshcore.handling import Busy
from meshcore.ids import new_id
from meshcore.log.subjects import Lane
from tests.outreach.deliverers import deliverer, later
from tests.outreach.network import WhatsApp
from tests.sim.servers import SENDER
from tests.support.desk import OPENING, Desk, new_sid

DAY = timedelta(days=1)
SECOND_NUMBER, SERVICE = "whatsapp:+14155550002", "MG" + "c" * 32


@pytest.mark.parametrize("kind", [MessageKind.REPLY, MessageKind.COURTESY, MessageKind.GOODBYE])
async def test_nothing_free_is_attempted_outside_the_window(
    desk: Desk, whatsapp: WhatsApp, kind: MessageKind
) -> None:
    """It is suppressed for that reason, and the conversation waits for the participant."""
    await desk.open_and_send()
    wrote = await desk.write("At the harbour.")
    message = await desk.compose("And why?", kind, answers=wrote)
    await deliverer(desk.shell, whatsapp, later(DAY)).deliver(desk.ref())
    suppressed = MessageSuppressed(message_id=message, reason=SuppressionReason.WINDOW_CLOSED)
    assert (await desk.commits(Lane.OUT))[-1] == (suppressed,)
    assert await whatsapp.record("create_refused", desk.addresses[0]) == []
    state = await desk.state()
    assert state.status is ConversationStatus.ACTIVE
    assert state.awaiting_since is not None
    wrote = await desk.write("Anybody there?")
    await desk.compose("Yes!", answers=wrote)
    await deliverer(desk.shell, whatsapp).deliver(desk.ref())
    assert await whatsapp.texts(desk.addresses[0]) == ["Yes!"]


@pytest.mark.parametrize("templated", [False, True])
async def test_a_reminder_outside_the_window_needs_a_template(
    desk: Desk, whatsapp: WhatsApp, *, templated: bool
) -> None:
    """With one it goes out; without, it is not attempted."""
    await desk.open_and_send()
    template = await whatsapp.template("Still there?", {}) if templated else None
    reminder = MessageComposed(
        message_id=new_id(), kind=MessageKind.REMINDER, text="Still there?", template=template
    )
    await desk.happen_in(Lane.TURN, reminder)
    await deliverer(desk.shell, whatsapp).deliver(desk.ref())
    expected = ["Still there?"] if templated else []
    assert await whatsapp.texts(desk.addresses[0]) == expected


async def test_a_free_opening_is_attempted_although_nobody_wrote(
    desk: Desk, whatsapp: WhatsApp
) -> None:
    """The sandbox takes it, and so does WhatsApp from whoever wrote first."""
    await desk.open()
    await deliverer(desk.shell, whatsapp).deliver(desk.ref())
    assert await whatsapp.texts(desk.addresses[0]) == [OPENING]


async def one(desk: Desk, whatsapp: WhatsApp) -> dict[str, Any]:
    """The one message that Twilio took."""
    [entry] = await whatsapp.accepted(desk.addresses[0])
    return entry


async def test_an_opening_comes_from_the_sender_of_its_plan(desk: Desk, whatsapp: WhatsApp) -> None:
    """One of several numbers."""
    await desk.open(sender=SECOND_NUMBER)
    await deliverer(desk.shell, whatsapp).deliver(desk.ref())
    entry = await one(desk, whatsapp)
    assert (entry["sender"], entry["service"]) == (SECOND_NUMBER, None)


async def test_an_opening_comes_through_the_messaging_service_of_its_plan(
    desk: Desk, whatsapp: WhatsApp
) -> None:
    """Twilio chooses the number."""
    await desk.open(sender=SERVICE)
    await deliverer(desk.shell, whatsapp).deliver(desk.ref())
    assert (await one(desk, whatsapp))["service"] == SERVICE


async def test_without_a_sender_the_configured_one_writes(desk: Desk, whatsapp: WhatsApp) -> None:
    """As long as there is only one."""
    await desk.open()
    await deliverer(desk.shell, whatsapp).deliver(desk.ref())
    entry = await one(desk, whatsapp)
    assert (entry["sender"], entry["service"]) == (SENDER, None)


async def test_a_reply_comes_from_the_number_that_the_participant_wrote_to(
    desk: Desk, whatsapp: WhatsApp
) -> None:
    """And not from another one of the service."""
    await desk.open(sender=SERVICE)
    await deliverer(desk.shell, whatsapp).deliver(desk.ref())
    received = MessageReceived(
        message_sid=new_sid(), participant=desk.participants[0], text="Hi", sender=SECOND_NUMBER
    )
    await desk.happen_in(Lane.IN, received)
    await desk.compose("And why?", answers=received.message_sid)
    await deliverer(desk.shell, whatsapp).deliver(desk.ref())
    entry = (await whatsapp.accepted(desk.addresses[0]))[-1]
    assert (entry["sender"], entry["service"]) == (SECOND_NUMBER, None)


@pytest.mark.parametrize("sender", [SECOND_NUMBER, SERVICE])
@pytest.mark.parametrize("taken", [False, True])
async def test_a_dead_process_is_followed_up_whatever_the_sender(
    desk: Desk,
    whatsapp: WhatsApp,
    sender: str,
    taken: bool,  # noqa: FBT001 - pytest's
) -> None:
    """Twilio is asked for what that sender wrote; of a service, for what any number wrote."""
    message = await desk.open(sender=sender)
    await desk.happen_in(Lane.OUT, SendStarted(message_id=message))
    if taken:
        await whatsapp.twilio.send(desk.ref(), message, desk.addresses[0], OPENING, sender)
    outreach = deliverer(desk.shell, whatsapp)
    if not taken:
        with pytest.raises(Busy):
            await outreach.deliver(desk.ref())
        outreach = replace(outreach, clock=later(SETTLED_AFTER))
    await outreach.deliver(desk.ref())
    entry = await one(desk, whatsapp)
    assert (await desk.state()).messages[0].sid == entry["sid"]


async def test_a_template_of_a_plan_with_a_sender_keeps_both(
    desk: Desk, whatsapp: WhatsApp
) -> None:
    """The sender is independent of what is said."""
    template: Template = await whatsapp.template("Hi!", {})
    await desk.open(text="Hi!", template=template, sender=SERVICE)
    await deliverer(desk.shell, whatsapp).deliver(desk.ref())
    entry = await one(desk, whatsapp)
    assert (entry["content_sid"], entry["service"]) == (template.content_sid, SERVICE)
