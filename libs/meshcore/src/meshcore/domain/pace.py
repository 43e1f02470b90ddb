"""How fast openings may follow each other."""

from __future__ import annotations

from bisect import bisect, insort
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

DELTA = timedelta(seconds=1)
"""How long after its slot an opening may still go out; later, it needs another slot."""

MINUTE = timedelta(minutes=1) + DELTA
"""The slots of a minute's sends: what goes out in a minute has its slot in that, or `DELTA` before.

Slots that are a rate-th of it apart keep the rate in every minute.
"""


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def interval_of(rate_per_minute: float) -> timedelta:
    """The time between two slots at so many openings per minute, rounded up."""
    return timedelta(microseconds=int(MINUTE / timedelta.resolution / rate_per_minute) + 1)


@dataclass(frozen=True, slots=True)
class Pace:
    """The rate of one campaign on a sender that is faster.

    Attributes:
        campaign: whose.
        rate_per_minute: its openings per minute, above 0.
    """

    campaign: str
    rate_per_minute: float

    @property
    def interval(self) -> timedelta:
        """What its slots are apart on average."""
        return interval_of(self.rate_per_minute)

    @property
    def most(self) -> int:
        """How many slots any stretch as long as `span` may hold."""
        return ceil(self.rate_per_minute)

    @property
    def span(self) -> timedelta:
        """The stretch of time that its slots are counted in."""
        return max(MINUTE, self.interval)

    def begun(self, spent: Iterable[datetime]) -> Run:
        """The pace of a campaign that has taken these slots already, in any order."""
        return Run(self, sorted(spent))


class Run:
    """A pace as it goes on.

    Attributes:
        goal: no slot before this time is wanted.
    """

    def __init__(self, pace: Pace, spent: list[datetime]) -> None:
        self._pace = pace
        self._spent = spent
        self.goal = spent[-1] + pace.interval if spent else _LONG_AGO

    def takes(self, slot: datetime) -> bool:
        """Takes the slot, if the pace allows it."""
        if slot < self.goal or not self._allows(slot):
            return False
        interval = self._pace.interval
        begins = slot if self.goal is _LONG_AGO else max(self.goal, slot - interval)
        insort(self._spent, slot)
        self.goal = begins + interval  # of a slot that came late, the next one makes up for a part
        return True

    def _allows(self, slot: datetime) -> bool:
        """Whether no stretch with it holds too many."""
        spent, most, span = self._spent, self._pace.most, self._pace.span
        n = bisect(spent, slot)
        if n == len(spent):  # as in most cases
            return n < most or slot - spent[-most] >= span
        around = [*spent[max(0, n - most) : n], slot, *spent[n : n + most]]
        return all(
            after - before >= span for before, after in zip(around, around[most:], strict=False)
        )
