"""Figures are counted from what the interviews found, and from nothing else."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshcore.domain.disposition import Disposition
from meshcore.domain.events import FieldState
from meshcore.domain.report import FieldFigures
from meshcore.domain.schema import Value
from meshreport.figures import Interview, Tally, figures_of, number_shown
from tests.report.interviews import SCHEMA, interview, told, untold


def of_field(name: str, *interviews: Interview) -> FieldFigures:
    """The figures of one field."""
    return next(figures for figures in figures_of(SCHEMA, interviews) if figures.name == name)


def values(name: str, *found: Value) -> list[Interview]:
    """An interview for each value of a field."""
    return [interview(n, {name: told(value)}) for n, value in enumerate(found)]


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=60))
def test_numbers_have_mean_median_quartiles_and_ends(numbers: list[int]) -> None:
    """As the statistics module counts them."""
    found = of_field("satisfaction", *values("satisfaction", *numbers))
    assert found.mean == pytest.approx(statistics.fmean(numbers), rel=1e-4, abs=1e-4)
    assert found.median == pytest.approx(statistics.median(numbers), rel=1e-4)
    quartiles = statistics.quantiles(numbers, n=4, method="inclusive")
    assert (found.q1, found.q3) == pytest.approx((quartiles[0], quartiles[2]), rel=1e-4, abs=1e-4)
    assert (found.min, found.max) == (min(numbers), max(numbers))


def test_a_field_without_numbers_has_no_mean() -> None:
    """Nothing is said where nothing is known."""
    found = of_field("satisfaction", interview())
    assert (found.n, found.missing, found.mean, found.counts) == (0, 1, None, ())


@given(st.lists(st.sampled_from([*FieldState, None]), max_size=20))
def test_every_interview_is_counted_once_for_each_field(states: list[FieldState | None]) -> None:
    """With a value, vague, refused, or missing."""
    interviews = [
        interview() if state is None
        else interview(drives=told(True) if state is FieldState.EXTRACTED else untold(state))  # noqa: FBT003 - the value
        for state in states
    ]  # fmt: skip
    found = of_field("drives", *interviews)
    assert found.n + found.missing + found.vague + found.refused == len(states)
    assert found.n == states.count(FieldState.EXTRACTED)
    assert found.refused == states.count(FieldState.REFUSED)


def test_interviews_that_broke_off_do_not_count() -> None:
    """A report is about the same interviews as the extractions."""
    found = of_field(
        "drives", interview(drives=told(value=True)), interview(completed=False, drives=told(False))  # noqa: FBT003 - the value
    )  # fmt: skip
    assert [(count.value, count.n) for count in found.counts] == [("yes", 1)]


def test_values_that_differ_only_in_case_and_spaces_are_one() -> None:
    """The first spelling is shown."""
    found = of_field("age_range", *values("age_range", "25-34", "Old  enough", "old enough"))
    assert [(c.value, c.n, c.share) for c in found.counts] == [
        ("Old  enough", 2, 0.6667),
        ("25-34", 1, 0.3333),
    ]


def test_choices_that_nobody_made_are_listed() -> None:
    """They are a result, too."""
    found = of_field("fuel", *values("fuel", "diesel"))
    assert [(count.value, count.n) for count in found.counts] == [
        ("diesel", 1), ("gas", 0), ("petrol", 0),
    ]  # fmt: skip


def test_items_of_lists_are_counted_by_themselves() -> None:
    """Their shares are of the interviews with a list."""
    found = of_field("brands", *values("brands", ("ENOC", "ADNOC"), ("ADNOC",)))
    assert [(c.value, c.n, c.share) for c in found.counts] == [("ADNOC", 2, 1.0), ("ENOC", 1, 0.5)]


def test_dates_have_a_first_and_a_last() -> None:
    """In the order of time."""
    found = of_field("moved", *values("moved", "2024-05-01", "2019-01-31", "2021-07-07"))
    assert (found.min, found.max) == ("2019-01-31", "2024-05-01")


def test_rare_values_are_counted_together() -> None:
    """A report does not list hundreds of answers."""
    found = of_field("age_range", *values("age_range", *(f"answer {n}" for n in range(25))))
    assert (len(found.counts), found.other) == (10, 15)


def test_whoever_has_no_conversation_was_not_contacted() -> None:
    """The dispositions add up to everybody enrolled."""
    tally = Tally(SCHEMA)
    tally.add(interview())
    assert [(s.value, s.n) for s in tally.statuses(4)] == [
        (Disposition.NOT_CONTACTED, 3),
        (Disposition.COMPLETED, 1),
    ]


@pytest.mark.parametrize(
    ("number", "text"), [(7.0, "7"), (7.5, "7.5"), (7.333333, "7.33"), (1234.56, "1234.6")]
)
def test_numbers_are_shown_with_as_many_decimals_as_say_something(number: float, text: str) -> None:
    """Whole numbers without any."""
    assert number_shown(number) == text
