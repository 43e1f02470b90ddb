"""Openings go out at their slots: not before, hardly after, and late ones spread out again."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mesh_outreach.deliver import Deliverer
from meshcore.domain.conversation import ConversationStatus
from meshcore.domain.events import (
    CampaignCreated,
    CampaignLaunched,
    CampaignPaused,
    ConversationStarted,
    MessageComposed,
    MessageKind,
    MessageSuppressed,
    OpeningsClosed,
    OpeningsPlanned,
    SendPostponed,
    SendScheduled,
    SuppressionReason,
)
from meshcore.domain.outreach import ContactHours, Outreach
from meshcore.domain.pace import DELTA
from meshcore.handling import Busy
from meshcore.ids import new_id, now
from meshcore.log import subjects
from meshcore.log.subjects import Lane
from tests.outreach.deliverers import (
    POSTPONED,
    SCHEDULED,
    SENT,
    STARTED,
    SUPPRESSED,
    EventfulLog,
    deliverer,
)
from tests.outreach.network import FAST, WhatsApp
from tests.outreach.planning import Clock, scheduled
from tests.support.desk import CREATED, OPENING, Desk, shell_on

MOMENT = timedelta(milliseconds=1)


@pytest.fixture
async def unplanned(desk: Desk) -> Desk:
    """A launched campaign whose plans say nothing: the slots are those of the messages."""
    made = Desk(desk.shell, participants=desk.participants, addresses=desk.addresses)
    await made.happen(made.lane, CREATED)
    await made.launch(planned=False)
    return made


def gated(desk: Desk, whatsapp: WhatsApp, clock: Clock) -> Deliverer:
    """Outreach whose time stands still, but for what it sleeps."""

    async def sleep(seconds: float) -> None:
        clock.time += timedelta(seconds=seconds)

    return deliverer(desk.shell, whatsapp, clock, delta=DELTA, sleep=sleep)


async def slots_of(desk: Desk, n: int = 0) -> list[datetime]:
    """The slots that an opening was given after it missed its own."""
    commits = await desk.commits(Lane.OUT, n)
    return [e.due for events in commits for e in events if isinstance(e, SendScheduled)]


async def test_an_opening_that_is_too_early_waits_for_its_slot(
    unplanned: Desk, whatsapp: WhatsApp, clock: Clock
) -> None:
    """Nothing is handed over, and outreach is woken again at the slot."""
    due = clock.time + timedelta(seconds=15)
    await unplanned.open(due=due)
    await gated(unplanned, whatsapp, clock).deliver(unplanned.ref())
    assert await whatsapp.accepted(unplanned.addresses[0]) == []
    assert await unplanned.names(Lane.OUT) == []
    wake_up = f"delivery.-.{unplanned.ref().conversation}"
    assert await scheduled(unplanned) == {wake_up: {"due": due.isoformat()}}


@pytest.mark.parametrize("late", [timedelta(), MOMENT, DELTA])
async def test_an_opening_goes_out_at_its_slot(
    unplanned: Desk, whatsapp: WhatsApp, clock: Clock, late: timedelta
) -> None:
    """Or within a second behind it."""
    await unplanned.open(due=clock.time - late)
    await gated(unplanned, whatsapp, clock).deliver(unplanned.ref())
    assert await unplanned.names(Lane.OUT) == [STARTED, SENT]


async def test_a_wake_up_that_is_a_little_early_waits_here(
    unplanned: Desk, whatsapp: WhatsApp, clock: Clock
) -> None:
    """The clock of the server that woke us is ahead of ours."""
    due = clock.time + timedelta(seconds=1.5)
    await unplanned.open(due=due)
    await gated(unplanned, whatsapp, clock).deliver(unplanned.ref())
    assert await unplanned.names(Lane.OUT) == [STARTED, SENT]
    assert clock.time == due


async def test_an_opening_that_is_late_gets_another_slot_and_goes_out_there(
    unplanned: Desk, whatsapp: WhatsApp, clock: Clock
) -> None:
    """The service was down when its slot came."""
    await unplanned.open(due=clock.time - DELTA - MOMENT)
    await gated(unplanned, whatsapp, clock).deliver(unplanned.ref())
    assert await unplanned.names(Lane.OUT) == [SCHEDULED, STARTED, SENT]
    [slot] = await slots_of(unplanned)
    assert clock.time <= slot + DELTA
    for _ in range(3):
        await gated(unplanned, whatsapp, clock).deliver(unplanned.ref())
    assert await whatsapp.texts(unplanned.addresses[0]) == [OPENING]


async def test_an_opening_without_any_slot_gets_one(
    unplanned: Desk, whatsapp: WhatsApp, clock: Clock
) -> None:
    """It is never sent just like that."""
    opening = MessageComposed(message_id=new_id(), kind=MessageKind.OPENING, text=OPENING)
    begun = ConversationStarted(participant=unplanned.participants[0])
    await unplanned.happen_in(Lane.TURN, begun, opening)
    await gated(unplanned, whatsapp, clock).deliver(unplanned.ref())
    assert await unplanned.names(Lane.OUT) == [SCHEDULED, STARTED, SENT]


async def test_the_slot_of_a_later_plan_counts(
    unplanned: Desk, whatsapp: WhatsApp, clock: Clock
) -> None:
    """A pause has voided the slot that the opening was composed for."""
    await unplanned.open(due=clock.time - timedelta(hours=1))
    plan = OpeningsPlanned(slots=(clock.time,), participants=(unplanned.participants[0],))
    await unplanned.happen(unplanned.lane, plan)
    await gated(unplanned, whatsapp, clock).deliver(unplanned.ref())
    assert await unplanned.names(Lane.OUT) == [STARTED, SENT]


async def test_many_late_openings_are_spread_out_at_the_rate(
    desk: Desk, whatsapp: WhatsApp, clock: Clock
) -> None:
    """However many there are, and whoever handles them: no slot twice, none too close."""
    made = Desk(desk.shell)
    await made.create(participants=12)
    await made.launch(planned=False)
    for n in range(12):
        await made.open(n, due=clock.time - timedelta(minutes=5))
    begun = clock.time
    replicas = [
        deliverer(made.shell, whatsapp, lambda: begun, delta=DELTA, sleep=_never) for _ in range(2)
    ]
    tasks = (replicas[n % 2].deliver(made.ref(n)) for n in range(12))
    await asyncio.gather(*tasks, return_exceptions=True)
    slots = sorted([slot for n in range(12) for slot in await slots_of(made, n)])
    assert len(set(slots)) == 12
    interval = timedelta(seconds=60 / FAST)
    assert all(after - before >= interval for before, after in itertools.pairwise(slots))
    assert slots[0] >= begun


async def _never(_: float) -> None:
    raise Busy


async def test_two_replicas_give_one_late_opening_one_slot(
    unplanned: Desk, whatsapp: WhatsApp, clock: Clock, nats_url: str
) -> None:
    """The slot of the one that was slower goes back to the timetable."""
    await unplanned.open(due=clock.time - timedelta(minutes=5))
    async with shell_on(nats_url, "outreach-2") as second:
        both = [
            deliverer(shell, whatsapp, clock, delta=DELTA, sleep=_never)
            for shell in (unplanned.shell, second)
        ]
        tasks = (replica.deliver(unplanned.ref()) for replica in both)
        await asyncio.gather(*tasks, return_exceptions=True)
    [slot] = await slots_of(unplanned)
    following = await whatsapp.timetable.take_one(None, clock.time)
    assert abs(following - slot) < 1.5 * timedelta(seconds=61 / FAST)


async def test_an_opening_that_becomes_late_on_its_way_is_not_handed_over(
    unplanned: Desk, whatsapp: WhatsApp, clock: Clock
) -> None:
    """The slot is looked at again right before the call."""
    await unplanned.open(due=clock.time)

    async def slowly() -> None:
        clock.time += DELTA + MOMENT

    agent = gated(unplanned, whatsapp, clock)
    async with EventfulLog(unplanned.shell, slowly) as log:
        await replace(agent, log=log).deliver(unplanned.ref())
    expected = [STARTED, POSTPONED, SCHEDULED, STARTED, SENT]
    assert await unplanned.names(Lane.OUT) == expected


async def test_a_new_slot_is_inside_the_contact_hours(
    desk: Desk, whatsapp: WhatsApp, clock: Clock
) -> None:
    """Whoever was late in the evening is written to in the morning."""
    made = Desk(desk.shell, participants=desk.participants, addresses=desk.addresses)
    hours = ContactHours(start="09:00", end="17:00")  # type: ignore[arg-type]  # as researchers do
    created = CREATED.model_dump() | {"outreach": Outreach(contact_hours=hours)}
    await made.happen(made.lane, CampaignCreated.model_validate(created), CampaignLaunched())
    clock.time = (now() + timedelta(days=1)).replace(hour=18, minute=0)
    await made.open(due=clock.time - timedelta(hours=2))
    await gated(made, whatsapp, clock).deliver(made.ref())
    [slot] = await slots_of(made)
    assert (slot.hour, slot.date()) == (9, (clock.time + timedelta(days=1)).date())
    assert await whatsapp.accepted(made.addresses[0]) == []


async def test_a_pause_between_the_start_and_the_call_holds_the_opening(
    unplanned: Desk, whatsapp: WhatsApp, clock: Clock
) -> None:
    """What was not handed over stays, and goes out after the next launch, at a new slot."""
    await unplanned.open(due=clock.time)

    async def pause() -> None:
        await unplanned.happen(unplanned.lane, CampaignPaused())

    agent = gated(unplanned, whatsapp, clock)
    async with EventfulLog(unplanned.shell, pause) as log:
        await replace(agent, log=log).deliver(unplanned.ref())
    assert await whatsapp.accepted(unplanned.addresses[0]) == []
    [postponed] = (await unplanned.commits(Lane.OUT))[-1]
    assert isinstance(postponed, SendPostponed)
    assert postponed.reason == "the campaign was paused"
    assert (await unplanned.shell.routes.find(unplanned.participants[0])).current is None
    clock.time += timedelta(hours=1)
    await unplanned.happen(unplanned.lane, CampaignLaunched())
    await agent.deliver(unplanned.ref())
    assert (await unplanned.names(Lane.OUT))[2:] == [SCHEDULED, STARTED, SENT]


@pytest.mark.parametrize("between", [False, True])
async def test_a_closing_leaves_whoever_was_not_opened_uncontacted(
    unplanned: Desk,
    whatsapp: WhatsApp,
    clock: Clock,
    between: bool,  # noqa: FBT001 - pytest's
) -> None:
    """Before the send, or between its start and the call: suppressed, and nothing has failed."""
    message = await unplanned.open(due=clock.time)

    async def close() -> None:
        await unplanned.happen(unplanned.lane, OpeningsClosed())

    agent = gated(unplanned, whatsapp, clock)
    if between:
        async with EventfulLog(unplanned.shell, close) as log:
            await replace(agent, log=log).deliver(unplanned.ref())
    else:
        await close()
        await agent.deliver(unplanned.ref())
    assert await whatsapp.accepted(unplanned.addresses[0]) == []
    suppressed = MessageSuppressed(message_id=message, reason=SuppressionReason.OPENINGS_CLOSED)
    assert (await unplanned.commits(Lane.OUT))[-1] == (suppressed,)
    state = await unplanned.state()
    assert (state.status, state.reopenable) == (ConversationStatus.PENDING, False)
    assert (await unplanned.shell.routes.find(unplanned.participants[0])).current is None


@pytest.mark.parametrize("kind", [MessageKind.REPLY, MessageKind.REMINDER])
async def test_a_reminder_does_not_outlive_a_pause_and_a_reply_does(
    desk: Desk, whatsapp: WhatsApp, kind: MessageKind
) -> None:
    """Its moment is gone; the next one comes after the next launch."""
    await desk.open_and_send()
    wrote = await desk.write("At the harbour.")
    await desk.compose("And why?", answers=wrote)
    await deliverer(desk.shell, whatsapp).deliver(desk.ref())
    await desk.happen(desk.lane, CampaignPaused())
    await desk.compose("Are you still there?", kind)
    await deliverer(desk.shell, whatsapp).deliver(desk.ref())
    last = SENT if kind is MessageKind.REPLY else SUPPRESSED
    assert (await desk.names(Lane.OUT))[-1] == last


async def test_replies_wait_for_no_slot(desk: Desk, whatsapp: WhatsApp, clock: Clock) -> None:
    """Whoever writes is answered at once."""
    await desk.open_and_send()
    clock.time = now()
    wrote = await desk.write("At the harbour.")
    await desk.compose("And why?", answers=wrote)
    await gated(desk, whatsapp, clock).on_turn(
        await desk.wake_up(subjects.lane(desk.ref(), Lane.TURN))
    )
    assert await whatsapp.texts(desk.addresses[0]) == ["And why?"]


async def test_a_participant_who_writes_before_the_slot_overtakes_the_opening(
    unplanned: Desk, whatsapp: WhatsApp, clock: Clock
) -> None:
    """They get the reply, and no opening behind it."""
    clock.time = now()
    await unplanned.open(due=clock.time + timedelta(hours=1))
    wrote = await unplanned.write("Hello? Who is this?")
    await unplanned.compose("I am Mia.", answers=wrote)
    await gated(unplanned, whatsapp, clock).deliver(unplanned.ref())
    assert await whatsapp.texts(unplanned.addresses[0]) == ["I am Mia."]
