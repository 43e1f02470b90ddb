"""Slots on a sender's timetable: the rate holds in every minute, and no slot is given twice."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil

import pytest
from hypothesis import given as holds_for
from hypothesis import settings
from hypothesis import strategies as st

from meshcore.domain.pace import DELTA, MINUTE, Pace, interval_of
from meshcore.domain.timetable import HORIZON, Grid, current
from tests.support.story import BEGINNING as NOW

RATES = st.floats(0.05, 6_000) | st.sampled_from([0.5, 1, 7, 10, 59, 60, 600, 6_000])


def fresh(rate: float = 10) -> Grid:
    """Nothing is taken."""
    return current(None, NOW, rate)


def take(grid: Grid, campaign: str, wanted: int, **more: object) -> tuple[Grid, list[datetime]]:
    """Slots for a campaign whose lane ends at 1, and says nothing."""
    return grid.taking(campaign, 1, (), **{"wanted": wanted, "at": NOW, **more})  # type: ignore[arg-type]


def most_in_a_minute(times: Sequence[datetime], span: timedelta = timedelta(minutes=1)) -> int:
    """How many lie in the fullest minute, wherever it begins; its end does not count."""
    times = sorted(times)
    return max((bisect_left(times, at + span) - n for n, at in enumerate(times)), default=0)


def test_an_empty_timetable_begins_now() -> None:
    """Slots are as far apart as the rate wants, a little more."""
    _, slots = take(fresh(), "a", 3)
    assert slots == [NOW + n * interval_of(10) for n in range(3)]
    assert timedelta(seconds=6.1) < interval_of(10) < timedelta(seconds=6.1001)


def test_a_stretch_is_at_most_a_horizon_and_at_least_one_slot() -> None:
    """So a pause voids few slots, and a slow sender has one at all."""
    assert len(take(fresh(600), "a", 5_000)[1]) == HORIZON // interval_of(600)
    assert len(take(fresh(0.25), "a", 5)[1]) == 1


def test_campaigns_that_are_active_share_the_sender() -> None:
    """Each takes its share of a horizon; whoever has nobody left to plan claims none."""
    grid, _ = take(fresh(60), "a", 1_000)
    grid, second = take(grid, "b", 1_000)
    assert len(second) == 29
    grid, third = take(grid, "c", 2)
    assert len(third) == 2
    _, fourth = take(grid, "d", 1_000)
    assert len(fourth) == 19


def test_a_claim_ends_some_time_after_the_last_slot() -> None:
    """A campaign that plans no more does not hold the others back."""
    grid, _ = take(fresh(60), "a", 1_000)
    later = NOW + timedelta(minutes=2)
    grid = current(grid, later, 60)
    assert len(take(grid, "b", 1_000, at=later)[1]) == 59


def test_what_was_taken_for_a_plan_that_never_came_is_taken_again() -> None:
    """Its process died, or another was faster: at the same position the same slots."""
    grid, lost = take(fresh(), "a", 3)
    grid, again = take(grid, "a", 2)
    assert again == lost[:2]
    _, behind = grid.settled("a", 2, again).taking("a", 2, again, wanted=5, at=NOW)
    assert behind[0] == lost[2]


def test_what_a_pause_voids_is_free_for_all() -> None:
    """Also for other campaigns; given back once more, late, it takes nothing from anybody."""
    grid, void = take(fresh(), "a", 5)
    grid = grid.settled("a", 3, ())
    grid, others = grid.taking("b", 1, (), wanted=2, at=NOW)
    assert others == void[:2]
    grid, new = grid.taking("a", 4, (), wanted=2, at=NOW)
    assert new == void[2:4]
    late = grid.settled("a", 3, ())
    assert late.taken == grid.taken


def test_slots_that_may_be_on_their_way_to_the_log_are_not_given_back() -> None:
    """At the position at which they were taken nobody can tell yet."""
    grid, slots = take(fresh(), "a", 2)
    assert grid.settled("a", 1, ()).taking_one(NOW)[1] > slots[-1]


def test_a_slot_taken_by_itself_is_nobody_elses() -> None:
    """Until it is given back."""
    grid, slot = fresh().taking_one(NOW)
    assert take(grid, "a", 1)[1] == [slot + interval_of(10)]
    assert take(grid.without([slot]), "a", 1)[1] == [slot]


def test_a_lost_timetable_learns_from_the_log_what_is_taken() -> None:
    """A campaign's own plans count, though the grid knows nothing of them."""
    grid = fresh()
    mine = [grid.time_of(0), grid.time_of(2)]
    assert grid.taking("a", 9, mine, wanted=1, at=NOW)[1] == [grid.time_of(1)]


def test_a_clock_that_is_behind_gets_no_slot_twice() -> None:
    """Whoever is ahead has forgotten the past slots; they are not given out again."""
    grid, slots = take(fresh(60), "a", 10)
    ahead = current(grid, NOW + timedelta(seconds=30), 60)
    _, one = current(ahead, NOW, 60).taking_one(NOW)
    assert one >= NOW + timedelta(seconds=29)
    assert one not in slots


@pytest.mark.parametrize(("rate", "of"), [(5, 10), (7, 10), (8, 10), (1, 600), (100, 600)])
def test_a_slower_campaign_keeps_its_own_rate(rate: float, of: float) -> None:
    """In every minute; over an hour it loses little of it."""
    grid, pace, found = fresh(of), Pace("a", rate), [NOW]
    at, position = NOW, 1
    while at < NOW + timedelta(hours=1):
        grid = current(grid, at, of).settled("a", position, found)
        grid, slots = grid.taking("a", position, found, wanted=100, at=at, pace=pace, spent=found)
        found += slots
        at, position = slots[-1], position + 1
    assert most_in_a_minute(found, MINUTE) <= rate
    assert len(found) >= 60 * rate * 0.9


def test_late_slots_keep_the_campaigns_own_rate() -> None:
    """Whoever missed a slot does not make the campaign faster."""
    grid, pace, found = fresh(600), Pace("a", 6), list[datetime]()
    for _ in range(20):
        grid, slot = grid.taking_one(NOW, pace)
        found.append(slot)
    assert most_in_a_minute(found, MINUTE) == 6


def test_a_change_of_the_rate_keeps_off_the_slots_that_were_given_out() -> None:
    """The service was started again with another setting."""
    grid, slots = take(fresh(600), "a", 100)
    grid = current(grid, NOW + timedelta(seconds=5), 60)
    _, new = take(grid, "b", 10, at=NOW + timedelta(seconds=5))
    old = [slot for slot in slots if slot >= NOW + timedelta(seconds=4)]
    assert min(abs(one - other) for one in new for other in old) >= interval_of(60)


@holds_for(RATES, st.data())
@settings(deadline=None)
def test_no_minute_holds_more_than_the_rate(rate: float, data: st.DataObject) -> None:
    """If each opening goes out within DELTA after its slot, the server may pick the worst moments.

    Whole rates hold exactly; of others, as many as begin within a minute at an even pace.
    """
    interval = interval_of(rate)
    first = data.draw(st.integers(0, 1_000))
    late = data.draw(st.lists(st.floats(0, 1), min_size=2, max_size=200))
    sent = [NOW + (first + n) * interval + DELTA * delay for n, delay in enumerate(late)]
    assert most_in_a_minute(sent) <= ceil(rate)
    fullest = [NOW + DELTA] + [NOW + n * interval for n in range(1, ceil(rate) + 3)]
    assert most_in_a_minute(fullest) <= ceil(rate)


@holds_for(st.integers(0, 2**32), st.sampled_from([6.0, 60.0, 600.0]))
@settings(deadline=None, max_examples=60)
def test_no_slot_is_given_twice_and_none_is_lost(seed: int, rate: float) -> None:
    """Planners that race, die, pause and come late, on clocks that differ, against one log."""
    world = _World(random.Random(seed), rate)
    for _ in range(60):
        world.step()
    used = sorted(world.used)
    assert len(used) == len(set(used))
    assert all(b - a >= interval_of(rate) for a, b in pairwise(used))
    for campaign in world.lanes:
        world.lanes[campaign] += 1  # so nothing is on its way any more
        world.settle(campaign)
    free = world.now_grid()
    for slot in world.voided - set(used):
        if slot >= free.origin:
            assert free.number_of(slot) not in free.taken


class _World:
    """Three campaigns and their lanes, and the one timetable."""

    def __init__(self, chance: random.Random, rate: float) -> None:
        self.chance, self.rate = chance, rate
        self.at, self.grid = NOW, fresh(rate)
        self.lanes = dict.fromkeys("abc", 1)
        self.valid: dict[str, list[datetime]] = {c: [] for c in "abc"}
        self.flying: list[tuple[str, int, list[datetime]]] = []
        self.used: list[datetime] = []
        self.voided: set[datetime] = set()

    def now_grid(self) -> Grid:
        """The grid as somebody sees it whose clock is up to two seconds off."""
        off = timedelta(seconds=self.chance.uniform(-2, 2))
        return current(self.grid, self.at + off, self.rate)

    def step(self) -> None:
        """Something happens."""
        campaign = self.chance.choice("abc")
        self.at += timedelta(seconds=self.chance.expovariate(0.2))
        act = self.chance.choice([self.take, self.take, self.land, self.land, self.pause, self.one])
        act(campaign)

    def take(self, campaign: str) -> None:
        """A planner takes slots, and is about to append its plan."""
        position = self.lanes[campaign]
        valid, wanted = self.valid[campaign], self.chance.randint(1, 30)
        grid = self.now_grid().settled(campaign, position, valid)
        self.grid, slots = grid.taking(campaign, position, valid, wanted=wanted, at=self.at)
        self.flying.append((campaign, position, slots))

    def land(self, _: str) -> None:
        """A plan reaches the log, if its lane stands where it was."""
        if not self.flying:
            return
        campaign, position, slots = self.flying.pop(self.chance.randrange(len(self.flying)))
        if self.lanes[campaign] == position:
            self.lanes[campaign] += 1
            self.valid[campaign] += slots
            self.used += slots

    def pause(self, campaign: str) -> None:
        """Slots that are ahead become void, and go back now or later."""
        self.lanes[campaign] += 1
        ahead = {slot for slot in self.valid[campaign] if slot > self.at + timedelta(seconds=2)}
        self.valid[campaign] = [slot for slot in self.valid[campaign] if slot not in ahead]
        self.used = [slot for slot in self.used if slot not in ahead]
        self.voided |= ahead
        if self.chance.random() < 0.7:
            self.settle(campaign)

    def settle(self, campaign: str) -> None:
        """What the lane does not need goes back."""
        position = self.lanes[campaign]
        self.grid = self.now_grid().settled(campaign, position, self.valid[campaign])

    def one(self, _: str) -> None:
        """Somebody missed a slot."""
        self.grid, slot = self.now_grid().taking_one(self.at)
        self.used.append(slot)
