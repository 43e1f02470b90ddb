"""The timetable against a real log: one rate for everybody, and nobody forgotten."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import pairwise

import pytest
from nats.js.kv import KeyValue

from mesh_outreach.plan_openings import LEAD, NOTICE, Planner
from meshcore.domain.campaign import CampaignStatus
from meshcore.domain.events import (
    CampaignCompleted,
)
from meshcore.handling import Busy
from meshcore.log import subjects
from meshcore.service import Shell
from tests.outreach.planning import (
    INTERVAL,
    SENDER,
    STRETCH,
    Clock,
    campaign_of,
    delivery,
    opening,
    planner_of,
    plans,
    scheduled,
    slots,
    told,
)
from tests.support.desk import Desk, shell_on


async def test_a_launch_gives_out_one_horizon_of_slots(
    shell: Shell, planner: Planner, clock: Clock
) -> None:
    """In the order of enrolment, not before now; told again, nothing more."""
    desk = await campaign_of(shell, 70)
    await told(planner, desk)
    await planner.plan(desk.campaign)
    [plan] = await plans(desk)
    assert plan.participants == tuple(desk.participants[:STRETCH])
    begins = clock() + NOTICE
    assert begins <= plan.slots[0] < begins + INTERVAL
    assert plan.slots[-1] == plan.slots[0] + (STRETCH - 1) * INTERVAL
    assert plan.sender == SENDER


async def test_slots_given_out_are_scheduled_and_so_is_the_next_planning(
    shell: Shell, planner: Planner, clock: Clock
) -> None:
    """A crash in between is mended: the redelivered `openings_planned` schedules."""
    desk = await campaign_of(shell, 2)
    await told(planner, desk)
    assert await scheduled(desk) == {}  # ... and the process dies
    for _ in range(2):
        await told(planner_of(shell, planner.timetable._bucket, clock), desk)
    found = await scheduled(desk)
    wake_ups = {wake_up(desk, n) for n in range(2) for wake_up in (opening, delivery)}
    assert set(found) == {*wake_ups, "plan.-"}
    position = (await desk.log.last(desk.lane) or pytest.fail("nothing planned")).position
    assert found[opening(desk, 0)] == {"participant": desk.participants[0], "plan": position}
    [plan] = await plans(desk)
    assert found[delivery(desk, 1)] == {"due": plan.slots[1].isoformat()}


async def test_the_rate_holds_over_two_campaigns_and_two_planners(
    shell: Shell, bucket: KeyValue, clock: Clock, nats_url: str
) -> None:
    """However they interleave, no two openings are closer than the rate allows."""
    desks = [await campaign_of(shell, 80), await campaign_of(shell, 80)]
    async with shell_on(nats_url, "outreach-2") as second:
        planners = [planner_of(s, bucket, clock) for s in (shell, second)]
        for _ in range(14):
            await asyncio.gather(
                *(p.plan(d.campaign) for p in planners for d in desks), return_exceptions=True
            )
            clock.time += timedelta(seconds=25)
    taken = await slots(*desks)
    assert len(taken) == 160
    apart = [after - before for before, after in pairwise(taken)]
    assert min(apart) >= INTERVAL
    for desk in desks:
        planned = [p for plan in await plans(desk) for p in plan.participants]
        assert planned == desk.participants


async def test_two_planners_of_one_campaign_make_one_plan(
    shell: Shell, bucket: KeyValue, clock: Clock
) -> None:
    """The log refuses the second, who is to look again."""
    desk = await campaign_of(shell, 5)
    planners = [planner_of(shell, bucket, clock) for _ in range(4)]
    done = await asyncio.gather(*(p.plan(desk.campaign) for p in planners), return_exceptions=True)
    assert {type(result) for result in done} <= {type(None), Busy}
    assert len(await plans(desk)) == 1


async def test_the_next_planning_goes_on_where_the_last_one_ended(
    shell: Shell, planner: Planner, clock: Clock
) -> None:
    """It comes before the slots run out, and leaves no gap."""
    desk = await campaign_of(shell, 70)
    await planner.plan(desk.campaign)
    clock.time += STRETCH * INTERVAL - LEAD
    await planner.on_planning(await desk.wake_up(subjects.planning_wake_up(desk.campaign)))
    first, second = await plans(desk)
    assert second.slots[0] == first.slots[-1] + INTERVAL
    assert second.participants == tuple(desk.participants[STRETCH:])


@pytest.mark.parametrize(("early", "planned"), [(1.5, 2), (20, 1)])
async def test_a_planner_woken_early_plans_all_the_same_or_is_woken_again(
    shell: Shell, planner: Planner, clock: Clock, early: float, planned: int
) -> None:
    """The server's clock decides when to wake; ahead of ours, it must not end the planning."""
    desk = await campaign_of(shell, 70)
    await planner.plan(desk.campaign)
    [plan] = await plans(desk)
    clock.time = plan.slots[-1] - LEAD - timedelta(seconds=early)
    await planner.on_planning(await desk.wake_up(subjects.planning_wake_up(desk.campaign)))
    assert len(await plans(desk)) == planned
    if planned == 1:
        assert "plan.-" in await scheduled(desk)


async def test_whoever_joins_an_active_campaign_gets_a_slot(
    shell: Shell, planner: Planner, clock: Clock
) -> None:
    """At once where the slots have run out, else with the next planning."""
    desk = await campaign_of(shell, 30)
    await told(planner, desk)
    await desk.enrol(1)
    await told(planner, desk)
    assert len(await plans(desk)) == 1
    clock.time += timedelta(seconds=30) - LEAD
    await planner.on_planning(await desk.wake_up(subjects.planning_wake_up(desk.campaign)))
    await desk.enrol(1)
    clock.time += timedelta(minutes=5)
    await told(planner, desk)
    assert [plan.participants for plan in (await plans(desk))[1:]] == [
        (desk.participants[30],), (desk.participants[31],),
    ]  # fmt: skip


@pytest.mark.parametrize("status", [CampaignStatus.DRAFT, CampaignStatus.COMPLETED])
async def test_only_an_active_campaign_is_planned(
    shell: Shell, planner: Planner, status: CampaignStatus
) -> None:
    """Neither before the launch nor after the end."""
    desk = Desk(shell)
    await desk.create(2)
    if status is CampaignStatus.COMPLETED:
        await desk.launch(planned=False)
        await desk.happen(desk.lane, CampaignCompleted())
    await told(planner, desk)
    assert await plans(desk) == []


async def test_whoever_finds_the_lease_taken_comes_back(shell: Shell, planner: Planner) -> None:
    """One plans at a time; the others are busy."""
    desk = await campaign_of(shell, 2)

    @asynccontextmanager
    async def planning() -> AsyncIterator[None]:
        async with shell.leases.hold(f"plan.{desk.campaign}"):
            yield

    async with planning():
        with pytest.raises(Busy):
            await told(planner, desk)
    await told(planner, desk)
    assert len(await plans(desk)) == 1


@pytest.mark.parametrize(("counted", "completed"), [(2, True), (1, False), (3, False)])
async def test_a_campaign_is_completed_only_if_the_hint_fits(
    shell: Shell,
    planner: Planner,
    counted: int,
    completed: bool,  # noqa: FBT001 - pytest's
) -> None:
    """Whoever joined since must be heard first; told twice, it is completed once."""
    desk = await campaign_of(shell, 2)
    subject = subjects.completion_wake_up(desk.campaign)
    hint = await desk.wake_up(subject, json.dumps({"participants": counted}).encode())
    for _ in range(2):
        await planner.on_completion(hint)
    events = await desk.campaign_events()
    assert sum(isinstance(e, CampaignCompleted) for e in events) == int(completed)
