"""Openings are closed once a campaign has what it wants, and never planned on old counts."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from nats.js.kv import KeyValue

from mesh_outreach.plan_openings import Planner
from mesh_outreach.quotas import FRESH, LOOK_AGAIN, Targets, counts_are_fresh
from meshcore.domain.events import (
    CampaignCompleted,
    CampaignLaunched,
    CampaignPaused,
    OpeningsClosed,
    ParticipantsEnrolled,
)
from meshcore.domain.outreach import Outreach, Quota
from meshcore.domain.quotas import Completes
from meshcore.handling import Busy
from meshcore.ids import now
from meshcore.log import subjects
from meshcore.log.counts import Counts
from meshcore.log.histories import campaigns
from meshcore.service import Shell
from tests.outreach.planning import Clock, plans, scheduled, told
from tests.support.desk import CREATED, Desk

TWO = Outreach(target_completes=2)
BY_CITY = Outreach(quota=Quota(attribute="city", targets={"Dubai": 1, "Sharjah": 1}))


async def _campaign(shell: Shell, outreach: Outreach, participants: int = 3) -> Desk:
    desk = Desk(shell)
    await desk.happen(desk.lane, CREATED.model_copy(update={"outreach": outreach}))
    desk.participants = [f"{desk.campaign}-{n}" for n in range(participants)]
    cells = tuple(["Dubai", "Sharjah"][n % 2] for n in range(participants))
    enrolled = ParticipantsEnrolled(participants=tuple(desk.participants), cells=cells)
    await desk.happen(desk.lane, enrolled)
    await desk.happen(desk.lane, CampaignLaunched())
    return desk


async def _hinted(shell: Shell, desk: Desk, completes: Completes) -> None:
    body = {"completes": completes.total, "cells": dict(completes.cells)}
    hint = await desk.wake_up(subjects.counts_wake_up(desk.campaign), json.dumps(body).encode())
    await Targets(shell.log, campaigns(shell.log)).on_counts(hint)


async def _closed(desk: Desk) -> list[str | None]:
    return [e.cell for e in await desk.campaign_events() if isinstance(e, OpeningsClosed)]


@pytest.fixture
def counts(bucket: KeyValue) -> Counts:
    """What the projector says, in a bucket of the test's own."""
    return Counts(bucket)


async def test_a_target_that_is_reached_closes_the_campaign_once(shell: Shell) -> None:
    """However often the hint comes, and not before."""
    desk = await _campaign(shell, TWO)
    await _hinted(shell, desk, Completes(1))
    assert await _closed(desk) == []
    for _ in range(2):
        await _hinted(shell, desk, Completes(2))
    assert await _closed(desk) == [None]


async def test_each_full_cell_is_closed_for_itself(shell: Shell) -> None:
    """Two at once in one commit, and never again."""
    desk = await _campaign(shell, BY_CITY)
    await _hinted(shell, desk, Completes(1, {"Dubai": 1}))
    await _hinted(shell, desk, Completes(2, {"Dubai": 1, "Sharjah": 1}))
    assert await _closed(desk) == ["Dubai", "Sharjah"]


async def test_of_many_replicas_one_closes(shell: Shell) -> None:
    """The log refuses the others, who look again and find it done."""
    desk = await _campaign(shell, TWO)
    targets = [Targets(shell.log, campaigns(shell.log)) for _ in range(5)]
    done = await asyncio.gather(
        *(each.close(desk.campaign, Completes(2)) for each in targets), return_exceptions=True
    )
    assert {type(result) for result in done} <= {type(None), Busy}
    assert await _closed(desk) == [None]


async def test_a_paused_campaign_is_closed_too_but_no_completed_one(shell: Shell) -> None:
    """Interviews go on after a pause; after the end there is nothing to close."""
    paused, completed = [await _campaign(shell, TWO) for _ in range(2)]
    await paused.happen(paused.lane, CampaignPaused())
    await completed.happen(completed.lane, CampaignCompleted())
    for desk in (paused, completed):
        await _hinted(shell, desk, Completes(2))
    assert (await _closed(paused), await _closed(completed)) == ([None], [])


async def test_counts_are_fresh_for_a_minute(shell: Shell, counts: Counts) -> None:
    """By the time up to which the projector has counted; before it says anything they are not."""
    desk, at = await _campaign(shell, TWO), now()
    state = (await campaigns(shell.log).load(desk.campaign)).state
    assert not await counts_are_fresh(counts, state, at)
    await counts.tell(desk.campaign, Completes(1), at)
    assert await counts_are_fresh(counts, state, at + FRESH - timedelta(seconds=1))
    assert not await counts_are_fresh(counts, state, at + FRESH)


async def test_a_target_that_is_full_by_the_counts_needs_no_hint_to_hold_slots_back(
    shell: Shell, counts: Counts
) -> None:
    """The closing is on its way, or its hint was lost and will come again."""
    desk, at = await _campaign(shell, TWO), now()
    state = (await campaigns(shell.log).load(desk.campaign)).state
    await counts.tell(desk.campaign, Completes(2), at)
    assert not await counts_are_fresh(counts, state, at)
    full = replace(state, outreach=BY_CITY, closed_cells=frozenset({"Dubai"}))
    await counts.tell(desk.campaign, Completes(3, {"Dubai": 2}), at)
    assert await counts_are_fresh(counts, full, at)


async def test_whoever_has_no_targets_needs_no_counts(shell: Shell, counts: Counts) -> None:
    """A projector that is down does not hold such a campaign up."""
    desk = await _campaign(shell, Outreach())
    state = (await campaigns(shell.log).load(desk.campaign)).state
    assert await counts_are_fresh(counts, state, now())


async def test_a_campaign_with_targets_gets_no_slots_while_the_counts_are_old(
    shell: Shell, planner: Planner, counts: Counts, clock: Clock
) -> None:
    """The planner looks again soon, and goes on as soon as the projector does."""
    desk = await _campaign(shell, TWO)
    planner = replace(planner, counts=counts)
    await told(planner, desk)
    assert await plans(desk) == []
    assert "plan.-" in await scheduled(desk)
    await counts.tell(desk.campaign, Completes(1), clock())
    await planner.on_planning(await desk.wake_up(subjects.planning_wake_up(desk.campaign)))
    assert len(await plans(desk)) == 1
    assert timedelta(0) < LOOK_AGAIN < FRESH


async def test_nobody_in_a_closed_cell_gets_a_slot(
    shell: Shell, planner: Planner, counts: Counts, clock: Clock
) -> None:
    """The others do."""
    desk = await _campaign(shell, BY_CITY)
    await desk.happen(desk.lane, OpeningsClosed(cell="Dubai"))
    await counts.tell(desk.campaign, Completes(1, {"Dubai": 1}), clock())
    await told(replace(planner, counts=counts), desk)
    assert [plan.participants for plan in await plans(desk)] == [(desk.participants[1],)]
