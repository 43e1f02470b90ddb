"""When somebody may be written to first: by the days and hours of a campaign, where they are."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from meshcore.domain.outreach import Weekday

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshcore.domain.outreach import ContactHours

_DAY = timedelta(days=1)
_DAYS = tuple(Weekday)
_DAYS_AHEAD = 16
"""Days to look at. One of the next week's may be missing, where a zone crosses the date line."""


def is_open(hours: ContactHours | None, zone: str, at: datetime) -> bool:
    """Whether the hours allow it now.

    Args:
        hours: when it is allowed; None for always.
        zone: the IANA name of the zone whose clock counts.
        at: the present, timezone-aware.
    """
    return hours is None or next_open(hours, zone, at) <= at


def next_open(hours: ContactHours | None, zone: str, at: datetime) -> datetime:
    """When the hours allow it next: `at` itself, in its own time zone, if they do so now.

    Otherwise in UTC. Arguments as of `is_open`. A beginning that the clock leaves out (summer time)
    is the moment at which it jumps; an hour that it shows twice counts twice.
    """
    if hours is None:
        return at
    begins, _ = next(stretches(hours, zone, at))
    return max(at, begins)


def stretches(
    hours: ContactHours, zone: str, at: datetime, days: int = _DAYS_AHEAD
) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of time that the hours allow, from the one that is not over at `at`.

    Each with its first moment and the first one behind it, in UTC. They may touch or, where hours
    are those of a night without end, overlap.

    Args:
        hours: when it is allowed.
        zone: the IANA name of the zone whose clock counts.
        at: from when on, timezone-aware.
        days: how many days to look ahead.
    """
    today = at.astimezone(_zone(zone)).date()
    for n in range(-1, days):
        day = today + n * _DAY
        if _DAYS[day.weekday()] in hours.days:
            begins, ends = _stretch(hours, zone, day)
            if max(at, begins) < ends:
                yield begins, ends


def _stretch(hours: ContactHours, zone: str, day: date) -> tuple[datetime, datetime]:
    """The stretch that begins on a day: its first moment, and the first one behind it, in UTC."""
    overnight = hours.end <= hours.start
    begins = _moment(zone, day, hours.start, fold=0)
    ends = _moment(zone, day + overnight * _DAY, hours.end, fold=1)
    return begins, ends


def _moment(zone: str, day: date, clock: time, *, fold: int) -> datetime:
    """When the clock shows this time on a day: of two such moments, the one that `fold` says.

    If it never does, the moment at which it jumps past it.
    """
    there = _zone(zone)
    moment = datetime.combine(day, clock, there).replace(fold=fold).astimezone(UTC)
    if moment.astimezone(there).replace(tzinfo=None) == datetime.combine(day, clock):
        return moment
    early, late = (
        datetime.combine(day, clock, there).replace(fold=f).astimezone(UTC) for f in (1, 0)
    )
    return _jump(there, early, late)


def _jump(there: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The moment in between at which the clock jumps, to the second."""
    offset = before.astimezone(there).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(there).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
