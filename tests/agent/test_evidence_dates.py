"""A date counts if the quoted words may mean it, said when and where they were."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.agent.claims import DATE, reason, recorded, told


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("2024-05-01", "en", "2024-05-01"),
        ("on 5 March 2024", "en", "2024-03-05"),
        ("March 5th, 2024", "en", "2024-03-05"),
        ("first of May 2024", "en", "2024-05-01"),
        ("yesterday", "en", "2026-03-10"),
        ("3 days ago", "en", "2026-03-08"),
        ("in three days", "en", "2026-03-14"),
        ("I moved here on 5 March 2024", "en", "2024-03-05"),
        ("ayer", "es-AR", "2026-03-10"),
        ("hace tres días", "es", "2026-03-08"),
        ("gestern", "de", "2026-03-10"),
        ("vor drei Tagen", "de", "2026-03-08"),
        ("le 5 mars 2024", "fr", "2024-03-05"),
        ("5 de março de 2024", "pt", "2024-03-05"),
        ("أمس", "ar", "2026-03-10"),
        ("вчера", "ru", "2026-03-10"),
        ("2024年3月5日", "zh", "2024-03-05"),
        ("昨天", "en", "2026-03-10"),
        ("kahapon", "tl", "2026-03-10"),
    ],
)
def test_a_date_is_what_was_said_on_that_day(text: str, language: str, day: str) -> None:
    """In the participant's language; another date is refused, and the model told what was read."""
    assert recorded(told(text, DATE, day, language=language)).value == day
    assert f"means {day}" in reason(told(text, DATE, "2020-02-02", language=language))


@pytest.mark.parametrize(
    ("text", "fits", "does_not"),
    [
        ("in March 2025", ("2025-03-01", "2025-03-31"), ("2025-04-01", "2024-03-15")),
        ("I moved here in March 2025", ("2025-03-15",), ("2025-02-28",)),
        ("2019", ("2019-01-01", "2019-12-31"), ("2020-01-01",)),
        ("last month", ("2026-02-01", "2026-02-28"), ("2026-03-01", "2026-01-31")),
        ("last week", ("2026-03-02", "2026-03-04", "2026-03-08"), ("2026-03-12", "2026-02-20")),
        ("3 years ago", ("2023-01-01", "2023-03-11"), ("2022-03-11",)),
        ("end of March", ("2026-03-31", "2027-03-31"), ("2026-04-30",)),
        ("05/2024", ("2024-05-01",), ("2024-06-01",)),
    ],
)
def test_of_a_period_any_day_may_be_claimed(
    text: str, fits: tuple[str, ...], does_not: tuple[str, ...]
) -> None:
    """A field takes a day where people name a month or a year."""
    for day in fits:
        assert recorded(told(text, DATE, day)).value == day
    for day in does_not:
        assert " to " in reason(told(text, DATE, day))


@pytest.mark.parametrize(
    ("text", "language", "fits", "does_not"),
    [
        ("next Friday", "en", ("2026-03-13", "2026-03-20"), ("2026-03-14", "2026-03-06")),
        ("last Friday", "en", ("2026-03-06", "2026-02-27"), ("2026-03-13",)),
        ("on Friday", "en", ("2026-03-06", "2026-03-13"), ("2026-03-12",)),
        ("Wednesday", "en", ("2026-03-11", "2026-03-04", "2026-03-18"), ("2026-03-10",)),
        ("viernes", "es", ("2026-03-06", "2026-03-13"), ("2026-03-12",)),
        ("12/3", "en", ("2026-03-12", "2025-03-12", "2025-12-03", "2026-12-03"), ("2026-03-11",)),
        ("12/3/25", "en", ("2025-03-12", "2025-12-03"), ("2025-03-13",)),
        ("3.12.", "de", ("2025-12-03", "2026-12-03"), ("2026-05-01",)),
        ("May 21", "en", ("2025-05-21", "2026-05-21", "2021-05-01"), ("2026-06-21",)),
        ("5/24", "en", ("2026-05-24", "2024-05-01"), ("2023-01-01",)),
        ("March 5", "en", ("2026-03-05", "2027-03-05"), ("2026-03-06",)),
        ("2 days", "en", ("2026-03-09", "2026-03-13"), ("2026-03-10",)),
        ("the 5th", "en", ("2026-03-05", "2026-04-05"), ("2026-03-06",)),
    ],
)
def test_where_words_are_open_every_reading_is_right(
    text: str, language: str, fits: tuple[str, ...], does_not: tuple[str, ...]
) -> None:
    """Day or month first, this Friday or the one after, the last or the next March."""
    for day in fits:
        assert recorded(told(text, DATE, day, language=language)).value == day
    for day in does_not:
        assert "means" in reason(told(text, DATE, day, language=language))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("before 2020", "en"),
        ("about 3 days ago", "en"),
        ("a couple of days ago", "en"),
        ("in the week after 3 May 2024", "en"),
        ("from May to July 2021", "en"),
        ("10-12 May 2024", "en"),
        ("not in March 2025", "en"),
        ("last summer", "en"),
        ("around Christmas", "en"),
        ("two weeks ago, on a Friday", "en"),
        ("antes de 2020", "es"),
        ("en navidad", "es"),
        ("letzten Sommer", "de"),
        ("قبل ثلاثة أيام", "ar"),
        ("bayramda", "tr"),
    ],
)
def test_what_cannot_be_read_for_certain_is_believed(text: str, language: str) -> None:
    """As long as it speaks of a date, or is in words that nobody here can judge."""
    assert recorded(told(text, DATE, "2022-02-02", language=language)).value == "2022-02-02"


@pytest.mark.parametrize(
    ("text", "language"),
    [("I don't know", "en"), ("a lot", "en"), ("no lo sé", "es"), ("keine Ahnung", "de")],
)
def test_words_without_a_date_prove_none(text: str, language: str) -> None:
    """Where the language is known well enough to tell."""
    assert "holds no date" in reason(told(text, DATE, "2026-03-10", language=language))


def test_the_day_is_that_of_the_campaigns_time_zone() -> None:
    """At nine in the evening in London it is tomorrow in Dubai."""
    late = datetime(2026, 3, 11, 21, tzinfo=UTC)
    for timezone, day in (("Europe/London", "2026-03-11"), ("Asia/Dubai", "2026-03-12")):
        found = told("today", DATE, day, timezone=timezone, at=late)
        assert recorded(found).value == day
    assert reason(told("today", DATE, "2026-03-11", timezone="Asia/Dubai", at=late)) == (
        "f: said on 2026-03-12, the quote means 2026-03-12, not 2026-03-11"
    )


def test_a_date_is_not_sought_in_a_whole_story() -> None:
    """It would take long to read; the model may quote the words that matter."""
    assert recorded(told("We moved in May. " * 200, DATE, "2022-02-02")).value == "2022-02-02"
    assert "holds no date" in reason(told("Oh well, " * 400, DATE, "2022-02-02"))


@pytest.mark.parametrize(
    "text", ["99999999999 years ago", "31/31/31", "30.02.2024", "1" * 4_000, "31 Feb", "0000"]
)
def test_impossible_dates_do_no_harm(text: str) -> None:
    """Whatever people send is looked at, and raises nothing."""
    told(text, DATE, "2026-03-10")
