"""Which dates somebody's words may mean, said on a given day.

The library reads them. It is asked in every way that the words leave open: day or month first, the
last one or the next, this Friday or the one after.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Literal

from dateparser.date import DateDataParser

from mesh_agent.reading import calendar_words as words
from mesh_agent.reading.numbers import LANGUAGES, find

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Period = tuple[date, date]
"""The first and the last day that may be meant."""

Preference = Literal["past", "future", "current_period"]
_PREFERENCES: tuple[Preference, ...] = ("past", "future", "current_period")
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_LONGEST = 200
"""Characters of a quotation that can be read: it takes milliseconds, and more for long ones."""

_FAR = timedelta(days=60 * 365)
"""How far ahead no two-digit year reaches."""


@dataclass(frozen=True, slots=True)
class Dates:
    """What words say of dates.

    Attributes:
        periods: everything that they may mean, as far as it can be read.
        certain: whether it is one of these and nothing else.
        datelike: whether they say anything of a date at all.
    """

    periods: tuple[Period, ...]
    certain: bool
    datelike: bool

    def bear_out(self, day: date) -> bool:
        """Whether the day may be claimed."""
        if any(first <= day <= last for first, last in self.periods):
            return True
        return self.datelike and not self.certain


def read(text: str, today: date, languages: tuple[str, ...]) -> Dates:
    """The dates in a plain text.

    Args:
        text: what is quoted.
        today: the day on which it was written, where the writer lives.
        languages: those that are likely, the writer's first; at least one.
    """
    if len(text) > _LONGEST:
        return Dates((), certain=False, datelike=bool(words.DATELIKE.search(text)))
    text = words.POINTED.sub(r"\1/\2", text.strip(" .,;:!?"))
    likely = _supported((*languages, *_of_its_script(text)))
    plain = not words.MOVED.search(text)
    for wording in dict.fromkeys((text, _in_digits(text, languages))):
        if whole := _Reading(wording, today, likely).periods():
            return Dates(tuple(whole), certain=plain and _is_clear(wording, likely), datelike=True)
    part = _Reading(text, today, likely, part=True).periods()
    if part:
        certain = plain and languages[0] == "en" and _is_clear(text, likely)
        return Dates(tuple(part), certain=certain, datelike=True)
    foreign = _Reading(text, today, _supported(LANGUAGES)).periods()
    datelike = bool(foreign) or _is_datelike(text, likely) or languages[0] not in LANGUAGES
    return Dates((), certain=False, datelike=datelike)


@dataclass(frozen=True, slots=True)
class _Found:
    """What the library made of a text: a day, and what of it was said."""

    day: date
    period: str
    parts: tuple[str, ...]


class _Reading:
    """One wording, read in some languages, in every way that it leaves open.

    With `part` the library may leave out what stands around a date.
    """

    def __init__(
        self, text: str, today: date, languages: Sequence[str], *, part: bool = False
    ) -> None:
        self._text, self._today, self._languages, self._part = text, today, languages, part

    def periods(self) -> list[Period]:
        """What it may mean; nothing if it is no date."""
        orders = ("DMY", "MDY") if any(c.isdecimal() for c in self._text) else ("DMY",)
        ways = list(product(orders, _PREFERENCES))
        first = self._data(self._text, self._today, *ways[0])
        if first is None:
            return []
        data = [first, *(self._data(self._text, self._today, *way) for way in ways[1:])]
        found = dict.fromkeys(p for d in data if d for p in self._meant(d))
        periods = [*found, *self._weeks_around(list(found), first), *self._short_years()]
        return [p for p in periods if p[0] - self._today < _FAR]

    def _data(self, text: str, today: date, order: str, preference: Preference) -> _Found | None:
        """What the library makes of a text; None if nothing, or only a number."""
        settings = {
            "DATE_ORDER": order,
            "PREFER_DATES_FROM": preference,
            "RELATIVE_BASE": datetime.combine(today, time(12)),
            "IGNORE_SURROUNDING_TEXT": self._part,
            "USE_GIVEN_LANGUAGE_ORDER": True,
        }
        parser = DateDataParser(languages=list(self._languages), settings=settings)
        found = _found(parser, text)
        counted = found and found.parts == ("day",) and not words.A_DAY_OF_A_MONTH.search(text)
        return None if counted else found

    def _meant(self, found: _Found) -> Iterator[Period]:
        day = found.day
        match found.period:
            case "year" | "quarter":
                yield date(day.year, 1, 1), date(day.year, 12, 31)
            case "month" if self._counts_beside_a_year():
                yield date(day.year, 1, 1), date(day.year, 12, 31)
            case "month":
                yield _month(day)
            case "week":
                yield day - 6 * _DAY, day + 6 * _DAY
            case _ if found.parts == ("day",):
                yield from _in_every_month(day, self._today)
            case _:
                yield day, day

    def _counts_beside_a_year(self) -> bool:
        """Whether a number was taken for the month of a year: "was 5 in 2019"."""
        text = self._text
        return bool(
            words.YEAR_AND_MORE.search(text)
            and not words.NUMERIC_MONTH.search(text)
            and not any(d.parts == ("month",) for d in self._single_words())
        )

    def _single_words(self) -> Iterator[_Found]:
        yield from _single_words(self._text, self._languages)

    def _weeks_around(self, periods: list[Period], first: _Found) -> Iterator[Period]:
        """The same weekday a week on: people differ about which one is the next."""
        if first.period != "day" or any(c.isdecimal() for c in self._text):
            return
        later = self._data(self._text, self._today + _DAY, "DMY", "past")
        if later is None or later.day - first.day == _DAY:
            return
        days = [day for day, _ in periods]
        for day in (min(days) - _WEEK, max(days) + _WEEK):
            bare = len(days) > 1
            if bare or (day > self._today) == (days[0] > self._today):
                yield day, day

    def _short_years(self) -> Iterator[Period]:
        if written := words.MONTH_AND_SHORT_YEAR.fullmatch(self._text):
            text = f"{written[1]} 20{written[2]}".replace("/ ", "/")
            data = self._data(text, self._today, "DMY", "past")
            if data and data.period == "month":
                yield _month(data.day)


def _found(parser: DateDataParser, text: str) -> _Found | None:
    data = parser.get_date_data(text)
    if data.date_obj is None:
        return None
    return _Found(data.date_obj.date(), data.period or "day", tuple(data.parts))


def _month(day: date) -> Period:
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _in_every_month(day: date, today: date) -> Iterator[Period]:
    """The same day of the months of last year, this year and next year."""
    for year, month in product(range(today.year - 1, today.year + 2), range(1, 13)):
        if day.day <= calendar.monthrange(year, month)[1]:
            yield date(year, month, day.day), date(year, month, day.day)


def _is_clear(text: str, languages: Sequence[str]) -> bool:
    """Whether nothing in the text is a time of day, or a day of no month."""
    if words.A_DAY_OF_A_MONTH.search(text) and not words.A_DAY_OF_A_MONTH.fullmatch(text):
        return any(True for _ in _single_words(text, languages))
    return not re.search(r"\d ?(?:am|pm|h|uhr|o'clock)\b|\d:\d", text)


def _single_words(text: str, languages: Sequence[str]) -> Iterator[_Found]:
    """What the words of a text mean that are a date by themselves: weekdays, months, yesterday."""
    if not languages:
        return
    parser = DateDataParser(languages=list(languages))
    for word in re.findall(r"[^\W\d_]{3,}", text):
        found = _found(parser, word)
        if found and found.parts != ("day",):
            yield found


def _is_datelike(text: str, languages: Sequence[str]) -> bool:
    if words.DATELIKE.search(text) or any(True for _ in _single_words(text, languages)):
        return True
    return not all(unicodedata.name(c, "").startswith("LATIN") for c in text if c.isalpha())


def _in_digits(text: str, languages: tuple[str, ...]) -> str:
    """The text with its number words in digits."""
    for number in reversed(find(text, languages)):
        if number.worded and float(number.value).is_integer():
            text = f"{text[: number.start]}{number.value:.0f}{text[number.end :]}"
    return text


def _of_its_script(text: str) -> Iterator[str]:
    for script in dict.fromkeys(unicodedata.name(c, "").split()[0] for c in text if c.isalpha()):
        yield from words.LANGUAGES_OF_SCRIPTS.get(script, ())


def _supported(languages: Iterable[str]) -> tuple[str, ...]:
    codes = (words.OTHER_CODES.get(language, language) for language in languages)
    return tuple(dict.fromkeys(code for code in codes if _is_supported(code)))


@cache
def _is_supported(language: str) -> bool:
    try:
        DateDataParser(languages=[language])
    except ValueError:
        return False
    return True
