"""Reminders reach nobody at the wrong time, against a real log and the simulated WhatsApp."""

from __future__ import annotations

from datetime import datetime, timedelta

from meshcore.domain.events import (
    CampaignPaused,
    MessageKind,
    MessageSuppressed,
    ParticipantsEnrolled,
    SuppressionReason,
)
from meshcore.domain.outreach import ContactHours, Outreach
from meshcore.ids import now
from meshcore.log import streams, subjects
from meshcore.log.subjects import Lane
from tests.outreach.deliverers import deliverer, later
from tests.outreach.network import WhatsApp
from tests.support.desk import CREATED, Desk, new_address

REMINDER = "Whenever you have a moment, I would love to hear from you."


async def reminded(desk: Desk, hours: ContactHours | None = None) -> str:
    """A campaign with these contact hours, whose participant is to be reminded."""
    settings = CREATED.model_copy(update={"outreach": Outreach(contact_hours=hours)})
    await desk.happen(desk.lane, settings)
    desk.addresses = [new_address()]
    desk.participants = [await desk.shell.directory.register(desk.addresses[0])]
    await desk.happen(desk.lane, ParticipantsEnrolled(participants=tuple(desk.participants)))
    await desk.launch()
    await desk.open_and_send()
    sid = await desk.write("At the harbour")
    await desk.compose("And then?", answers=sid)
    await desk.happen_in(Lane.OUT, MessageSuppressed(
        message_id=(await desk.state()).messages[-1].id, reason=SuppressionReason.WINDOW_CLOSED
    ))  # fmt: skip
    return await desk.compose(REMINDER, MessageKind.REMINDER)


async def test_a_reminder_composed_in_time_is_not_sent_at_night(
    desk: Desk, whatsapp: WhatsApp
) -> None:
    """Outreach was away meanwhile; it goes out when the contact hours begin."""
    soon = (now() + timedelta(hours=2)).replace(second=0, microsecond=0)
    hours = ContactHours(start=soon.time(), end=(soon + timedelta(hours=1)).time())
    night = Desk(desk.shell)
    await reminded(night, hours)
    await deliverer(desk.shell, whatsapp).deliver(night.ref())
    assert await whatsapp.accepted(night.addresses[0]) == []
    schedule = subjects.schedule_of(subjects.failure_wake_up(night.ref()))
    found = await desk.shell.nats.jetstream().get_last_msg(streams.WORK, schedule)
    due = (found.headers or {})["Nats-Schedule"].removeprefix("@at ")
    assert datetime.fromisoformat(due) == soon
    await deliverer(desk.shell, whatsapp, later(timedelta(hours=2.5))).deliver(night.ref())
    assert await whatsapp.texts(night.addresses[0]) == [REMINDER]


async def test_an_answer_at_night_overtakes_the_reminder_that_waits(
    desk: Desk, whatsapp: WhatsApp
) -> None:
    """It is not sent in the morning, and holds up no reply."""
    soon = now() + timedelta(hours=2)
    hours = ContactHours(start=soon.time(), end=(soon + timedelta(hours=1)).time())
    night = Desk(desk.shell)
    await reminded(night, hours)
    await deliverer(desk.shell, whatsapp).deliver(night.ref())
    sid = await night.write("Sorry, I was away")
    await night.compose("No problem! And then?", answers=sid)
    await deliverer(desk.shell, whatsapp).deliver(night.ref())
    assert await whatsapp.texts(night.addresses[0]) == ["No problem! And then?"]


async def test_a_paused_campaign_sends_no_reminder(desk: Desk, whatsapp: WhatsApp) -> None:
    """It was composed just before the pause, and says why it never went out."""
    paused = Desk(desk.shell)
    message = await reminded(paused)
    await paused.happen(paused.lane, CampaignPaused())
    await deliverer(desk.shell, whatsapp).deliver(paused.ref())
    assert await whatsapp.accepted(paused.addresses[0]) == []
    why = MessageSuppressed(message_id=message, reason=SuppressionReason.CAMPAIGN_PAUSED)
    assert (await paused.commits(Lane.OUT))[-1] == (why,)
