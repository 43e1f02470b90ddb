"""Contact hours: by the participant's own clock, through summer time and over midnight."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as holds_for
from hypothesis import settings
from hypothesis import strategies as st

from meshcore.domain.contact_hours import is_open, next_open
from meshcore.domain.outreach import ContactHours, Weekday

BERLIN, DUBAI, APIA = "Europe/Berlin", "Asia/Dubai", "Pacific/Apia"
OFFICE = ContactHours(
    days=(Weekday.MON, Weekday.TUE, Weekday.WED, Weekday.THU, Weekday.FRI),
    start=time(9),
    end=time(17),
)
NIGHT = ContactHours(days=(Weekday.FRI,), start=time(22), end=time(2))


def at(zone: str, text: str, fold: int = 0) -> datetime:
    """A moment by a zone's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def test_without_hours_it_is_always_open() -> None:
    """The next opening is now."""
    now = at(BERLIN, "2026-01-04T03:00")
    assert is_open(None, BERLIN, now)
    assert next_open(None, BERLIN, now) == now


@pytest.mark.parametrize(
    ("local", "is_so"),
    [
        ("2026-01-05T08:59:59", False),  # a Monday
        ("2026-01-05T09:00", True),
        ("2026-01-05T16:59:59.999", True),
        ("2026-01-05T17:00", False),
        ("2026-01-04T12:00", False),
    ],
)
def test_the_beginning_is_within_the_hours_and_the_end_is_not(local: str, is_so: bool) -> None:  # noqa: FBT001 - pytest's
    """By the clock of the participant, on the days named."""
    assert is_open(OFFICE, BERLIN, at(BERLIN, local)) is is_so


def test_each_zone_has_its_own_hours() -> None:
    """Nine in Dubai is six in Berlin."""
    now = at(DUBAI, "2026-01-05T09:00")
    assert is_open(OFFICE, DUBAI, now)
    assert next_open(OFFICE, BERLIN, now) == now + timedelta(hours=3)


def test_behind_the_last_day_comes_the_first_of_the_next_week() -> None:
    """Friday evening waits until Monday morning."""
    friday = at(BERLIN, "2026-01-09T17:00")
    assert next_open(OFFICE, BERLIN, friday) == at(BERLIN, "2026-01-12T09:00")


@pytest.mark.parametrize(
    ("local", "is_so"),
    [
        ("2026-01-09T21:59", False),
        ("2026-01-09T23:00", True),
        ("2026-01-10T01:59", True),
        ("2026-01-10T02:00", False),
        ("2026-01-09T01:00", False),  # that would be Thursday's
        ("2026-01-10T23:00", False),
    ],
)
def test_hours_that_end_before_they_begin_end_on_the_next_day(local: str, is_so: bool) -> None:  # noqa: FBT001 - pytest's
    """They belong to the day on which they begin."""
    assert is_open(NIGHT, BERLIN, at(BERLIN, local)) is is_so


def test_hours_that_end_when_they_begin_last_a_whole_day() -> None:
    """From nine to nine is always, on these days."""
    hours = ContactHours(days=(Weekday.MON,), start=time(9), end=time(9))
    assert is_open(hours, BERLIN, at(BERLIN, "2026-01-06T08:59"))
    assert not is_open(hours, BERLIN, at(BERLIN, "2026-01-06T09:00"))


def test_a_beginning_that_summer_time_leaves_out_is_the_jump() -> None:
    """There is no half past two in Berlin on the last Sunday of March."""
    hours = ContactHours(start=time(2, 30), end=time(4))
    night = at(BERLIN, "2026-03-29T00:00")
    assert next_open(hours, BERLIN, night) == at(BERLIN, "2026-03-29T03:00")


def test_hours_that_the_clock_leaves_out_altogether_come_the_next_day() -> None:
    """Between two and three nothing happens that night."""
    hours = ContactHours(start=time(2, 10), end=time(2, 50))
    night = at(BERLIN, "2026-03-29T00:00")
    assert next_open(hours, BERLIN, night) == at(BERLIN, "2026-03-30T02:10")


def test_an_hour_that_the_clock_shows_twice_counts_twice() -> None:
    """Until three means until the second three, or the hours would have a hole."""
    hours = ContactHours(start=time(2), end=time(2, 30))
    first, second = (at(BERLIN, "2026-10-25T02:15", fold=n) for n in (0, 1))
    assert second - first == timedelta(hours=1)
    assert is_open(hours, BERLIN, first)
    assert is_open(hours, BERLIN, second)
    assert is_open(hours, BERLIN, first + timedelta(minutes=30))


def test_a_day_that_a_zone_left_out_is_waited_past() -> None:
    """Samoa had no Friday in the last week of 2011."""
    hours = ContactHours(days=(Weekday.FRI,))
    thursday = at(APIA, "2011-12-29T21:00")
    assert next_open(hours, APIA, thursday) == at(APIA, "2012-01-06T09:00")


@holds_for(
    st.integers(1_700_000_000, 1_830_000_000).map(lambda s: datetime.fromtimestamp(s, UTC)),
    st.sampled_from(
        [BERLIN, DUBAI, "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"]
    ),
    st.sets(st.sampled_from(Weekday), min_size=1),
    st.times(),
    st.times(),
)
@settings(deadline=None)
def test_the_next_opening_is_open_and_nothing_before_it_is(
    now: datetime, zone: str, days: set[Weekday], start: time, end: time
) -> None:
    """Whatever the hours."""
    hours = ContactHours(days=tuple(days), start=start, end=end)
    opens = next_open(hours, zone, now)
    assert now <= opens <= now + timedelta(days=9)
    assert is_open(hours, zone, opens)
    if opens > now:
        assert not is_open(hours, zone, now)
        assert not is_open(hours, zone, now + (opens - now) * 0.999)
