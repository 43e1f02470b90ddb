"""Slots on the sender's timetable."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given as holds_for
from hypothesis import strategies as st

from meshcore.domain.timetable import HORIZON, Slots, take_slots
from tests.support.story import BEGINNING as NOW


def test_an_empty_timetable_begins_now() -> None:
    """The first opening goes out at once."""
    assert take_slots(None, NOW, 3, 10) == Slots(NOW, timedelta(seconds=6), 3)


def test_slots_begin_where_the_last_run_ended() -> None:
    """Campaigns share one rate."""
    first = take_slots(None, NOW, 3, 10)
    second = take_slots(first.end_at, NOW, 2, 10)
    assert second.first_at == NOW + timedelta(seconds=18)


def test_no_slot_lies_in_the_past() -> None:
    """Slots that nobody took are lost, not made up for."""
    assert take_slots(NOW - timedelta(hours=1), NOW, 1, 10).first_at == NOW


def test_a_run_is_at_most_one_horizon() -> None:
    """So a pause wastes few slots, and other campaigns get theirs."""
    assert take_slots(None, NOW, 5_000, 10).count == 10


def test_a_slow_rate_gives_one_slot_at_a_time() -> None:
    """Though its interval is longer than the horizon."""
    slots = take_slots(None, NOW, 5, 0.25)
    assert (slots.count, slots.end_at) == (1, NOW + timedelta(minutes=4))


@pytest.mark.parametrize("rate", [0.5, 7, 10, 59, 600, 6_000])
def test_consecutive_runs_keep_the_rate(rate: float) -> None:
    """Over many horizons neither more nor much fewer than the rate go out."""
    free, count = NOW, 0
    while free < NOW + timedelta(minutes=20):
        slots = take_slots(free, NOW, 10_000, rate)
        free, count = slots.end_at, count + slots.count
    assert count / ((free - NOW) / timedelta(minutes=1)) == pytest.approx(rate, rel=0.001)


@holds_for(
    st.none() | st.timedeltas(timedelta(days=-2), timedelta(days=2)),
    st.integers(1, 10_000),
    st.floats(0.01, 6_000),
)
def test_every_run_has_a_slot_and_keeps_within_bounds(
    ahead: timedelta | None, wanted: int, rate: float
) -> None:
    """Whatever the timetable, the demand and the rate."""
    slots = take_slots(None if ahead is None else NOW + ahead, NOW, wanted, rate)
    assert 1 <= slots.count <= wanted
    assert slots.first_at >= NOW
    assert slots.count == 1 or slots.interval * slots.count <= HORIZON
