"""A sender's timetable: a grid of slots, one opening each, shared by all campaigns.

Slots are an interval apart that is a little longer than the rate asks for: as long as every opening
goes out within `DELTA` after its slot, no minute, wherever it begins, holds more than the rate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain, count, islice

from meshcore.domain.pace import Pace, Run, interval_of

HORIZON = timedelta(seconds=60)
"""How far ahead a campaign that is alone takes slots. Several share it."""

CLAIM = timedelta(seconds=30)
"""How long behind its last slot a campaign counts among those that share the sender."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a campaign holds of a timetable.

    Attributes:
        position: the end of its lane when it took slots last. What it took then is either on the
            lane behind this position, or nowhere, or about to be written there.
        slots: their numbers.
        claim: until when it counts among those that share the sender.
    """

    position: int
    slots: frozenset[int]
    claim: datetime


@dataclass(frozen=True, slots=True)
class Grid:
    """Slots that are taken, by number: the n-th is at `origin + n * interval`.

    Slots before the origin are past, and are never given out.

    Attributes:
        origin: the time of slot 0.
        interval: between two slots.
        held: what each campaign holds, by its plans.
        single: taken one by one, by whoever missed a slot.
        late: those among them, also past ones, of campaigns with a pace of their own; and until
            when they have to be remembered.
    """

    origin: datetime
    interval: timedelta
    held: Mapping[str, Held] = field(default_factory=dict)
    single: frozenset[int] = frozenset()
    late: Mapping[str, tuple[tuple[datetime, datetime], ...]] = field(default_factory=dict)

    def time_of(self, number: int) -> datetime:
        """When a slot is."""
        return self.origin + number * self.interval

    def number_of(self, slot: datetime) -> int | None:
        """The number of a slot; None if it is past, or of another grid."""
        number, rest = divmod(slot - self.origin, self.interval)
        return None if rest or number < 0 else number

    def first_from(self, at: datetime) -> int:
        """The number of the first slot that is not before a time."""
        return max(0, -((self.origin - at) // self.interval))

    @property
    def taken(self) -> set[int]:
        """The numbers of all slots that are taken."""
        return set(chain(self.single, *(held.slots for held in self.held.values())))

    def free_from(self, at: datetime) -> datetime:
        """The first free slot that is not before a time."""
        taken = self.taken
        return self.time_of(next(n for n in count(self.first_from(at)) if n not in taken))

    def settled(self, campaign: str, position: int, valid: Iterable[datetime]) -> Grid:
        """Gives back what a campaign holds and, by its lane, does not need.

        Args:
            campaign: whose slots.
            position: the end of its lane.
            valid: the slots that its lane, up to this position, says it needs. If it took slots at
                this very position, they may be about to be written there: nothing is given back.
        """
        held = self.held.get(campaign)
        if held is None or held.position >= position:
            return self
        return self._holding(
            campaign, replace(held, position=position, slots=held.slots & self._numbers(valid))
        )

    def taking(  # noqa: PLR0913 - all that a stretch depends on
        self,
        campaign: str,
        position: int,
        valid: Iterable[datetime],
        *,
        wanted: int,
        at: datetime,
        pace: Pace | None = None,
        spent: Iterable[datetime] = (),
    ) -> tuple[Grid, list[datetime]]:
        """Takes the next stretch of slots for a campaign.

        To be settled first. What it took at the same position before, in vain as it seems, is given
        to it again: of two plans for one position the log takes one.

        Args:
            campaign: for whom.
            position: the end of its lane; not before the one at which it took slots last.
            valid: the slots that its lane says it holds.
            wanted: how many it has use for, at least 1.
            at: from when on.
            pace: its own, if it is slower than the sender.
            spent: its slots, also past and also of other senders, that count for its pace.

        Returns:
            The grid, and the slots in order: at most its share of a horizon, and at least one.
        """
        held = self.held.get(campaign)
        planned = self._numbers(valid)
        mine = planned | (held.slots if held else frozenset())
        late = [slot for slot, _ in self.late.get(campaign, ())]
        run = pace.begun([*spent, *late]) if pace else None
        free = self._free(at, (self.taken | planned) - (mine - planned), run)
        share = self._share(campaign, at, pace)
        found = list(islice(free, min(wanted, share)))
        slots = [self.time_of(n) for n in found]
        claim = slots[-1] + CLAIM if wanted >= share else at  # else nobody is left to be planned
        return self._holding(campaign, Held(position, mine | set(found), claim)), slots

    def taking_one(
        self, at: datetime, pace: Pace | None = None, spent: Iterable[datetime] = ()
    ) -> tuple[Grid, datetime]:
        """Takes one free slot, not before a time, for somebody who missed his.

        Args:
            at: from when on.
            pace: that of his campaign, if it is slower than the sender.
            spent: the campaign's slots, also past ones, that count for its pace.
        """
        late = self.late.get(pace.campaign, ()) if pace else ()
        counted = {*spent, *(slot for slot, _ in late)}
        if pace:
            held = self.held.get(pace.campaign)
            counted.update(self.time_of(n) for n in (held.slots if held else ()))
        number = next(self._free(at, self.taken, pace.begun(counted) if pace else None))
        slot = self.time_of(number)
        grid = replace(self, single=self.single | {number})
        if pace:
            kept = (*late, (slot, slot + pace.span))
            grid = replace(grid, late={**self.late, pace.campaign: kept})
        return grid, slot

    def without(self, slots: Iterable[datetime]) -> Grid:
        """Gives back slots that were taken one by one."""
        gone = frozenset(slots)
        late = {
            campaign: tuple(entry for entry in kept if entry[0] not in gone)
            for campaign, kept in self.late.items()
        }
        return replace(self, single=self.single - self._numbers(gone), late=late)

    def _free(self, at: datetime, taken: set[int], pace: Run | None) -> Iterator[int]:
        """The numbers of the free slots from a time on that keep the pace."""
        number = self.first_from(at)
        while True:
            if pace:
                number = max(number, self.first_from(pace.goal))
            if number not in taken and (pace is None or pace.takes(self.time_of(number))):
                yield number
            number += 1

    def _share(self, campaign: str, at: datetime, pace: Pace | None) -> int:
        """How many slots a campaign takes at once: its share of a horizon, at least one."""
        others = sum(held.claim > at for name, held in self.held.items() if name != campaign)
        share = HORIZON // self.interval // (others + 1)
        return max(1, min(share, HORIZON // pace.interval) if pace else share)

    def _numbers(self, slots: Iterable[datetime]) -> frozenset[int]:
        return frozenset(n for slot in slots if (n := self.number_of(slot)) is not None)

    def _holding(self, campaign: str, held: Held) -> Grid:
        return replace(self, held={**self.held, campaign: held})


def current(grid: Grid | None, now: datetime, rate_per_minute: float) -> Grid:
    """The grid as it is now: without what is past, and with intervals that fit the rate.

    Args:
        grid: as it was; None if there is none yet.
        now: the present, timezone-aware. Whoever's clock is behind finds no slot twice: slots
            before the origin are not given out any more.
        rate_per_minute: openings per minute, above 0.
    """
    interval = interval_of(rate_per_minute)
    if grid is None:
        return Grid(now, interval)
    grid = _pruned(grid, now)
    if grid.interval != interval:
        return _regridded(grid, max(now, grid.origin), interval)
    if not grid.taken and now > grid.origin:
        return replace(grid, origin=now)  # the last slot taken is an interval past
    return grid


def _pruned(grid: Grid, now: datetime) -> Grid:
    past = max(0, (now - grid.origin) // grid.interval)
    held = {
        campaign: replace(one, slots=_moved(one.slots, past))
        for campaign, one in grid.held.items()
        if one.claim > now or any(n >= past for n in one.slots)
    }
    late = {
        campaign: still
        for campaign, kept in grid.late.items()
        if (still := tuple(entry for entry in kept if entry[1] > now))
    }
    single = _moved(grid.single, past)
    return Grid(grid.time_of(past), grid.interval, held, single, late)


def _moved(numbers: Iterable[int], past: int) -> frozenset[int]:
    return frozenset(n - past for n in numbers if n >= past)


def _regridded(grid: Grid, now: datetime, interval: timedelta) -> Grid:
    """The grid with another interval; what is close to a slot taken is taken.

    Slots of the old grid cannot be given back any more.
    """
    apart = max(interval, grid.interval)
    new = Grid(now + apart, interval, late=grid.late)
    taken: set[int] = set()
    for old in grid.taken:
        slot = grid.time_of(old)
        first = new.first_from(slot - apart + timedelta.resolution)
        taken.update(range(first, new.first_from(slot + apart)))
    claims = {c: replace(held, slots=frozenset()) for c, held in grid.held.items()}
    return replace(new, single=frozenset(taken), held=claims)
