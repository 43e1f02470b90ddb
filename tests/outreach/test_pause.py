"""Pauses and new launches against a real log: void slots stay void, and nobody is forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from mesh_outreach.plan_openings import Planner
from meshcore.domain.events import (
    CampaignPaused,
    SendPostponed,
    SendStarted,
)
from meshcore.log.subjects import Lane
from meshcore.service import Shell
from tests.outreach.planning import (
    Clock,
    campaign_of,
    delivery,
    opening,
    plans,
    scheduled,
    told,
)


async def test_a_pause_cancels_and_a_new_launch_plans_whoever_is_left(
    shell: Shell, planner: Planner, clock: Clock
) -> None:
    """Handed over: no slot. Composed but held, or put off by Twilio: sent. Else: opened."""
    desk = await campaign_of(shell, 4)
    await told(planner, desk)
    await told(planner, desk)
    await desk.open_and_send(0)
    await desk.open(1)
    put_off = await desk.open(2)
    await desk.happen_in(Lane.OUT, SendStarted(message_id=put_off), n=2)
    await desk.happen_in(Lane.OUT, SendPostponed(message_id=put_off, reason="slow down"), n=2)
    await desk.happen(desk.lane, CampaignPaused())
    await told(planner, desk)
    assert await scheduled(desk) == {}
    await planner.plan(desk.campaign)
    assert len(await plans(desk)) == 1
    await desk.launch(planned=False)
    clock.time += timedelta(minutes=1)
    await told(planner, desk)
    await told(planner, desk)
    assert (await plans(desk))[-1].participants == tuple(desk.participants[1:])
    left = {wake_up(desk, n) for n in (1, 2, 3) for wake_up in (opening, delivery)}
    assert set(await scheduled(desk)) == {*left, "plan.-"}


async def test_a_pause_told_again_after_the_next_launch_cancels_nothing(
    shell: Shell, planner: Planner
) -> None:
    """Wake-ups keep no order: a redelivered pause must not undo the launch behind it."""
    desk = await campaign_of(shell, 2)
    await told(planner, desk)
    await desk.happen(desk.lane, CampaignPaused())
    pause = await desk.wake_up(desk.lane)
    await desk.launch(planned=False)
    await told(planner, desk)
    await told(planner, desk)
    before = await scheduled(desk)
    await planner.on_campaign(pause)
    assert await scheduled(desk) == before
    assert len(before) == 5


async def test_a_void_plan_scheduled_late_does_not_replace_the_one_that_holds(
    shell: Shell, planner: Planner
) -> None:
    """A handler that was overtaken by pause and launch leaves the new wake-ups standing."""
    desk = await campaign_of(shell, 2)
    await told(planner, desk)
    late = await desk.wake_up(desk.lane)

    class Overtaken(type(planner.wake_ups)):  # type: ignore[misc]
        """Wake-ups whose first one takes as long as a pause and a launch."""

        overtaken = False

        async def at(self, *order: Any) -> None:
            """Lets the campaign go on before it writes."""
            if not self.overtaken:
                self.overtaken = True
                await desk.happen(desk.lane, CampaignPaused())
                await told(planner, desk)
                await desk.launch(planned=False)
                await told(planner, desk)
                await told(planner, desk)
            await super().at(*order)

    slow = Overtaken(shell.nats.jetstream())
    await replace(planner, wake_ups=slow).on_campaign(late)
    position = (await desk.log.last(desk.lane) or pytest.fail("nothing planned")).position
    found = await scheduled(desk)
    assert [found[opening(desk, n)]["plan"] for n in range(2)] == [position] * 2


async def test_a_plan_that_is_void_is_not_scheduled(shell: Shell, planner: Planner) -> None:
    """A redelivered `openings_planned` behind a pause schedules nothing."""
    desk = await campaign_of(shell, 2)
    await told(planner, desk)
    planned = await desk.wake_up(desk.lane)
    await desk.happen(desk.lane, CampaignPaused())
    await planner.on_campaign(planned)
    assert await scheduled(desk) == {}
