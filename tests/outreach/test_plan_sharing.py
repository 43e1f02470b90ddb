"""Slots among campaigns, senders, hours and pauses: fair, at the rate, and none in vain."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from nats.js.kv import KeyValue

from mesh_outreach.plan_openings import NOTICE, Planner
from meshcore.domain.contact_hours import is_open
from meshcore.domain.events import CampaignPaused, OpeningsClosed, ParticipantsEnrolled
from meshcore.domain.outreach import ContactHours, Outreach
from meshcore.domain.pace import MINUTE
from meshcore.handling import Busy
from meshcore.log import subjects
from meshcore.service import Shell
from tests.outreach.planning import (
    INTERVAL,
    STRETCH,
    Clock,
    campaign_of,
    planner_of,
    plans,
    scheduled,
    slots,
    told,
)
from tests.support.desk import CREATED, Desk, shell_on

SENDERS = ("whatsapp:+14155238886", "whatsapp:+14155238887", "whatsapp:+14155238888")


async def campaign_with(shell: Shell, outreach: Outreach, participants: int = 0) -> Desk:
    """A launched campaign with settings of its own."""
    desk = Desk(shell)
    await desk.happen(desk.lane, CREATED.model_copy(update={"outreach": outreach}))
    await desk.enrol(participants)
    await desk.launch(planned=False)
    return desk


async def run(
    planner: Planner, clock: Clock, *desks: Desk, minutes: float, step: float = 10
) -> None:
    """Time goes on, and the planners are woken as they wish, or more often."""
    end = clock.time + timedelta(minutes=minutes)
    while clock.time < end:
        for desk in desks:
            await planner.plan(desk.campaign)
        clock.time += timedelta(seconds=step)


async def test_two_campaigns_share_the_sender_fairly(
    shell: Shell, planner: Planner, clock: Clock
) -> None:
    """Whoever came first has no more than its half once the other is there, and no slot is idle."""
    desks = [await campaign_of(shell, 400), await campaign_of(shell, 400)]
    await planner.plan(desks[0].campaign)
    await run(planner, clock, *desks, minutes=5)
    taken = await slots(*desks)
    begin = taken[0] + timedelta(minutes=1)
    shares = [
        sum(begin <= slot < begin + timedelta(minutes=4) for slot in await slots(desk))
        for desk in desks
    ]
    assert abs(shares[0] - shares[1]) <= 30
    assert taken == [taken[0] + n * INTERVAL for n in range(len(taken))]


async def test_a_campaign_may_be_slower_than_the_sender(
    shell: Shell, planner: Planner, clock: Clock
) -> None:
    """It takes every n-th slot, the other campaign all the rest."""
    slow = await campaign_with(shell, Outreach(rate_per_minute=6), 40)
    fast = await campaign_of(shell, 400)
    await run(planner, clock, slow, fast, minutes=4)
    mine, both = await slots(slow), await slots(slow, fast)
    assert all(b - a >= MINUTE for a, b in zip(mine, mine[6:], strict=False))
    assert 20 <= len([slot for slot in mine if slot < mine[0] + timedelta(minutes=4)]) <= 24
    assert len(both) == len(set(both))
    assert len(both) > 3.5 * STRETCH


async def test_a_pause_gives_its_slots_to_the_others(
    shell: Shell, planner: Planner, clock: Clock
) -> None:
    """At once; the launch behind it goes on with the rest at new slots."""
    paused, other = await campaign_of(shell, 100), await campaign_of(shell, 100)
    await told(planner, paused)
    [void] = await plans(paused)
    clock.time = void.slots[10]
    await paused.happen(paused.lane, CampaignPaused())
    for _ in range(2):
        await told(planner, paused)
    await told(planner, other)
    [plan] = await plans(other)
    assert plan.slots[0] == void.slots[12]
    await paused.launch(planned=False)
    await told(planner, paused)
    again = (await plans(paused))[-1]
    assert not {*again.slots} & {*plan.slots}
    assert again.participants[0] == void.participants[0]  # nobody was opened yet


async def test_slots_taken_by_a_planner_that_died_are_used_by_the_next(
    shell: Shell, bucket: KeyValue, clock: Clock
) -> None:
    """Between taking slots and saying so nothing is lost."""
    desk = await campaign_of(shell, 5)
    dying = planner_of(shell, bucket, clock)
    history = await dying.campaigns.load(desk.campaign)
    stand = dying.timetable.stand(history.state, history.end_of(desk.lane), clock())
    lost = await dying.timetable.take(None, stand, 5, clock() + NOTICE)
    await planner_of(shell, bucket, clock).plan(desk.campaign)
    assert (await plans(desk))[0].slots == tuple(lost)


async def test_four_planners_and_two_campaigns_use_each_slot_once(
    shell: Shell, bucket: KeyValue, clock: Clock, nats_url: str
) -> None:
    """In processes of their own, with pauses in between: none twice, and the rate holds."""
    desks = [await campaign_of(shell, 150), await campaign_of(shell, 150)]
    void = set[datetime]()
    async with shell_on(nats_url, "outreach-2") as second:
        planners = [planner_of(s, bucket, clock) for s in (shell, second) for _ in range(2)]
        for n in range(12):
            await asyncio.gather(
                *(p.plan(d.campaign) for p in planners for d in desks), return_exceptions=True
            )
            if n == 5:
                await desks[0].happen(desks[0].lane, CampaignPaused())
                await asyncio.gather(*(told(p, desks[0]) for p in planners))
                void = {s for plan in await plans(desks[0]) for s in plan.slots if s > clock()}
                await desks[0].launch(planned=False)
            clock.time += timedelta(seconds=20)
    taken = Counter([slot for desk in desks for slot in await slots(desk)])
    assert {slot for slot, times in taken.items() if times > 1} <= void
    assert min(b - a for a, b in pairwise(sorted(taken))) >= INTERVAL


async def test_openings_keep_to_the_hours_of_each_participant(
    shell: Shell, planner: Planner, clock: Clock
) -> None:
    """Nobody is written to outside them; the next planning is when they begin for anybody."""
    clock.time = datetime(2027, 3, 1, 3, tzinfo=ZoneInfo("UTC"))  # 7 in Dubai, 4 in Berlin
    hours = ContactHours(start=time(9), end=time(10))
    desk = await campaign_with(shell, Outreach(contact_hours=hours))
    zones = ("Europe/Berlin", "Asia/Dubai", None)
    people = [f"{n}{desk.campaign[-12:]}" for n in range(6)]
    await desk.happen(
        desk.lane,
        ParticipantsEnrolled(participants=tuple(people), timezones=zones * 2),
    )
    await told(planner, desk)
    assert await plans(desk) == []
    [due] = await _planning_due(desk)
    assert due == datetime(2027, 3, 1, 5, tzinfo=ZoneInfo("UTC")) - NOTICE
    for hour in (5, 8, 9):
        clock.time = datetime(2027, 3, 1, hour, tzinfo=ZoneInfo("UTC")) - NOTICE
        await planner.plan(desk.campaign)
    found = [
        (p, s)
        for plan in await plans(desk)
        for p, s in zip(plan.participants, plan.slots, strict=True)
    ]
    assert [p for p, _ in found] == [people[n] for n in (1, 4, 0, 3, 2, 5)]
    for participant, slot in found:
        zone = zones[people.index(participant) % 3] or "UTC"
        assert is_open(hours, zone, slot)


async def test_hours_that_end_soon_take_no_more_slots_than_they_have(
    shell: Shell, planner: Planner, clock: Clock
) -> None:
    """The rest waits for the next day, and the slots stay free for others."""
    clock.time = datetime(2027, 3, 1, 9, 59, 30, tzinfo=ZoneInfo("UTC"))
    hours = ContactHours(start=time(9), end=time(10))
    desk = await campaign_with(shell, Outreach(contact_hours=hours), 100)
    await told(planner, desk)
    [plan] = await plans(desk)
    end = datetime(2027, 3, 1, 10, tzinfo=ZoneInfo("UTC"))
    assert plan.slots[-1] < end <= plan.slots[-1] + INTERVAL
    other = await campaign_of(shell, 1)
    await planner.plan(other.campaign)
    assert (await slots(other))[0] == plan.slots[-1] + INTERVAL
    clock.time = plan.slots[-1]
    await planner.plan(desk.campaign)
    assert len(await plans(desk)) == 1
    assert await _planning_due(desk) == [datetime(2027, 3, 2, 9, tzinfo=ZoneInfo("UTC")) - NOTICE]


async def test_nobody_is_planned_whose_cell_is_closed(
    shell: Shell, planner: Planner, clock: Clock
) -> None:
    """Slots that they had go back; once all is closed, nobody is planned."""
    desk = await campaign_with(shell, Outreach())
    people = [f"{n}{desk.campaign[-12:]}" for n in range(200)]
    cells = tuple("a" if n % 2 else "b" for n in range(200))
    await desk.happen(desk.lane, ParticipantsEnrolled(participants=tuple(people), cells=cells))
    await told(planner, desk)
    [plan] = await plans(desk)
    await desk.happen(desk.lane, OpeningsClosed(cell="a"))
    await told(planner, desk)
    other = await campaign_of(shell, 1)
    await planner.plan(other.campaign)
    assert (await slots(other))[0] == plan.slots[1]
    clock.time += timedelta(minutes=2)
    await planner.plan(desk.campaign)
    assert {int(p[:-12]) % 2 for p in (await plans(desk))[-1].participants} == {0}
    await desk.happen(desk.lane, OpeningsClosed())
    clock.time += timedelta(minutes=2)
    await told(planner, desk)
    assert len(await plans(desk)) == 2


async def test_several_senders_write_at_once_and_each_keeps_its_people(
    shell: Shell, bucket: KeyValue, clock: Clock
) -> None:
    """Three senders are three times as fast; who saw one first stays with it in other campaigns."""
    planner = planner_of(shell, bucket, clock, SENDERS)
    first = await campaign_of(shell, 90)
    await planner.plan(first.campaign)
    sender_of = {p: plan.sender for plan in await plans(first) for p in plan.participants}
    assert Counter(sender_of.values()) == dict.fromkeys(SENDERS, 30)
    again = await campaign_with(shell, Outreach())
    await again.happen(
        again.lane, ParticipantsEnrolled(participants=tuple(reversed(first.participants)))
    )
    clock.time += timedelta(minutes=2)
    await planner.plan(again.campaign)
    assert {p: plan.sender for plan in await plans(again) for p in plan.participants} == sender_of


async def test_whoever_had_a_sender_that_is_gone_gets_another(
    shell: Shell, bucket: KeyValue, clock: Clock
) -> None:
    """And keeps that one."""
    desk = await campaign_of(shell, 4)
    await planner_of(shell, bucket, clock, SENDERS[:1]).plan(desk.campaign)
    found = []
    for senders in (SENDERS[1:], SENDERS):
        again = await campaign_with(shell, Outreach())
        await again.happen(again.lane, ParticipantsEnrolled(participants=tuple(desk.participants)))
        await planner_of(shell, bucket, clock, senders).plan(again.campaign)
        found.append({p: plan.sender for plan in await plans(again) for p in plan.participants})
    assert len(found[0]) == 4
    assert SENDERS[0] not in found[0].values()
    assert found[0] == found[1]


async def test_late_openings_are_spread_out_over_all_replicas(
    shell: Shell, bucket: KeyValue, clock: Clock
) -> None:
    """Fifty at once, in two processes: each has a slot of its own, at the rate."""
    timetables = [planner_of(shell, bucket, clock).timetable for _ in range(2)]
    taken = await asyncio.gather(*(timetables[n % 2].take_one(None, clock()) for n in range(50)))
    assert sorted(taken) == [clock() + n * INTERVAL for n in range(50)]


async def test_pauses_cost_a_slow_campaign_no_more_than_the_slots_that_it_used(
    shell: Shell, planner: Planner, clock: Clock
) -> None:
    """Slots that a pause voided before their time do not count for the campaign's own rate."""
    slow = await campaign_with(shell, Outreach(rate_per_minute=4), 40)
    for _ in range(4):
        await planner.plan(slow.campaign)
        await slow.happen(slow.lane, CampaignPaused(), at=clock.time)
        await slow.launch(planned=False)
    await planner.plan(slow.campaign)
    first = (await plans(slow))[-1].slots[0]
    assert first <= clock.time + NOTICE + timedelta(seconds=16)


async def test_a_late_opening_counts_those_that_went_out_lately(
    shell: Shell, planner: Planner, clock: Clock
) -> None:
    """Also where the campaign has given out its last slots: its own rate holds in every minute."""
    slow = await campaign_with(shell, Outreach(rate_per_minute=4), 4)
    await planner.plan(slow.campaign)
    given = await slots(slow)
    clock.time = given[-1] + timedelta(seconds=1)
    state = (await planner.campaigns.load(slow.campaign)).state
    late = [await planner.timetable.take_one(None, clock(), state) for _ in range(3)]
    taken = [*given, *late]
    assert all(b - a >= MINUTE for a, b in zip(taken, taken[4:], strict=False))


async def test_a_planner_that_knows_less_than_the_timetable_looks_again(
    shell: Shell, planner: Planner, clock: Clock
) -> None:
    """Its lane has moved on, and somebody took slots for what stands there."""
    desk = await campaign_of(shell, 2)
    history = await planner.campaigns.load(desk.campaign)
    stand = planner.timetable.stand(history.state, history.position, clock())
    await planner.timetable.take(None, stand, 1, clock())
    old = planner.timetable.stand(history.state, history.position - 1, clock())
    try:
        await planner.timetable.take(None, old, 1, clock())
    except Busy:
        return
    raise AssertionError("it took slots all the same")


async def _planning_due(desk: Desk) -> list[datetime]:
    """When the planner is to be woken again."""
    assert "plan.-" in await scheduled(desk)
    js = desk.shell.nats.jetstream()
    subject = subjects.schedule_of(subjects.planning_wake_up(desk.campaign))
    message = await js.get_last_msg("MESH_WORK", subject)
    return [datetime.fromisoformat((message.headers or {})["Nats-Schedule"].removeprefix("@at "))]
