"""The sender's one timetable: when the next openings may go out, at one rate for all campaigns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

HORIZON = timedelta(seconds=60)
"""How far ahead a campaign takes slots.

Short, so that a pause wastes few and campaigns share the sender fairly.
"""


@dataclass(frozen=True, slots=True)
class Slots:
    """A run of slots: the n-th is at `first_at + n * interval`."""

    first_at: datetime
    interval: timedelta
    count: int

    @property
    def times(self) -> tuple[datetime, ...]:
        """Each slot."""
        return tuple(self.first_at + n * self.interval for n in range(self.count))

    @property
    def end_at(self) -> datetime:
        """When the next slot after this run may be."""
        return self.first_at + self.interval * self.count


def take_slots(
    free_from: datetime | None, now: datetime, wanted: int, rate_per_minute: float
) -> Slots:
    """The next run of free slots.

    Args:
        free_from: the first free slot of the timetable; None if nothing was ever taken.
        now: the present, timezone-aware.
        wanted: how many openings are waiting, at least 1.
        rate_per_minute: openings per minute, above 0.

    Returns:
        At most one horizon's worth of slots, at least one, none of them in the past.
    """
    interval = timedelta(minutes=1) / rate_per_minute
    count = min(wanted, max(1, int(HORIZON / interval)))
    return Slots(max(now, free_from or now), interval, count)
