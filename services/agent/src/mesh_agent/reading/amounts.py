"""Which amounts somebody's words bear out: the numbers named, and what lies between and in them."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from mesh_agent.reading import words
from mesh_agent.reading.numbers import LANGUAGES, Number, find, find_foreign

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mesh_agent.quoting import Place
    from mesh_agent.reading.words import Span


@dataclass(frozen=True, slots=True)
class Amounts:
    """What the words at some places of a text say.

    Attributes:
        numbers: those named and meant, in their order.
        denied: those named and not meant: the 25 of "30, not 25".
        spans: everything that may be claimed.
        values: the first things that may be claimed, for telling.
        unread: whether there may be number words that cannot be read.
    """

    numbers: tuple[Number, ...]
    denied: tuple[Number, ...]
    spans: tuple[Span, ...]
    values: tuple[float, ...]
    unread: bool

    def bear_out(self, value: float, *, whole: bool = False) -> bool:
        """Whether the value may be claimed; a whole one may be a number rounded either way."""
        rounded = [
            (math.floor(low), math.ceil(high))
            for number in (self.numbers if whole else ())
            for low, high in number.spans
        ]
        return any(_holds(span, value) for span in (*self.spans, *rounded))

    def overlap(self, span: Span) -> bool:
        """Whether anything of this span may be claimed."""
        return any(low <= span[1] and span[0] <= high for low, high in self.spans)


def read(text: str, places: Sequence[Place], languages: tuple[str, ...]) -> Amounts:
    """The amounts at these places of a plain text.

    Args:
        text: all that was said. What stands around the places counts too: it may deny a number, or
            be the rest of one.
        places: what is quoted of it.
        languages: those that are likely, the speaker's first. Number words of any other that can
            be read are taken where they fit.
    """
    likely = _Reading(text, places, find(text, languages), languages)
    foreign = _Reading(text, places, find_foreign(text, languages), LANGUAGES)
    quoted = " ".join(text[start:end] for start, end in places)
    spans = [*likely.spans()]
    if not (likely.inside or foreign.inside):
        spans += _unnumbered(quoted)
    values = [n.value for n in likely.named] or [low for low, _ in spans]
    spans += foreign.spans()
    return Amounts(
        numbers=tuple(likely.named),
        denied=tuple(likely.denied),
        spans=tuple(dict.fromkeys(spans)),
        values=tuple(dict.fromkeys(values)),
        unread=_may_be_unread(quoted, languages),
    )


class _Reading:
    """The numbers of a text in some languages, and what they amount to."""

    def __init__(
        self,
        text: str,
        places: Sequence[Place],
        found: Sequence[Number],
        languages: tuple[str, ...],
    ) -> None:
        self._text, self._places, self._languages = text, places, languages
        self.inside = [n for n in found if any(a <= n.start and n.end <= z for a, z in places)]
        denied = _denied(text, found)
        self.denied = [n for n in self.inside if n in denied]
        self._meant = [n for n in self.inside if n not in self.denied]
        self._scales = {b for a, b in pairwise(self._meant) if self._is_scale(a, b)}
        self.named = [n for n in self._meant if n not in self._scales]

    def spans(self) -> Iterator[Span]:
        """Everything that may be claimed."""
        for number in self.named:
            yield from number.spans
            yield from self._signed(number)
            for span in number.spans:
                yield from _in_other_units(self._text, number.unit_at or number.end, span)
        yield from self._shares()
        yield from self._ranges()
        yield from self._sums()
        yield from self._durations()
        yield from self._phrases()

    def _is_scale(self, left: Number, right: Number) -> bool:
        """Whether the right one is what a mark is out of: the second 10 of "10/10"."""
        gap = self._text[left.end : right.start]
        if gap == " of " and self._languages[:1] == ("nl",):
            return False
        return right.value in {5, 10, 20, 100} and bool(words.OUT_OF.fullmatch(gap))

    def _signed(self, number: Number) -> Iterator[Span]:
        if words.MINUS.search(self._text, max(0, number.start - 12), number.start):
            yield from ((-high, -low) for low, high in number.spans)

    def _shares(self) -> Iterator[Span]:
        """Percentages and fractions as parts of one."""
        for number in self.named:
            if words.PERCENT.match(self._text, number.end):
                yield number.value / 100, number.value / 100
        for left, right in pairwise(self._meant):
            slash = self._text[left.end : right.start].strip() == "/"
            if (slash or right in self._scales) and right.value:
                yield left.value / right.value, left.value / right.value

    def _ranges(self) -> Iterator[Span]:
        for left, right in pairwise(self.named):
            gap = self._text[left.end : right.start]
            either = words.OR.fullmatch(gap)
            span = (left.spans[0][0], right.spans[0][1])
            if (either or self._is_between(left, gap)) and span[0] < span[1]:
                yield span
                yield from _in_other_units(self._text, right.end, span)

    def _is_between(self, left: Number, gap: str) -> bool:
        before = words.BETWEEN.search(self._text, max(0, left.start - 16), left.start)
        return bool(before and words.OR_BETWEEN.fullmatch(gap))

    def _sums(self) -> Iterator[Span]:
        """What numbers make that are strung together: "2 boys and a girl" are 3."""
        total, count = 0.0, 0
        for left, right in pairwise([*self.named, None]):
            if left is None:
                return
            total, count = total + left.value, count + 1
            if right is None and words.PLUS_ONE.match(self._text, left.end):
                total, count = total + 1, count + 1
            gap = self._text[left.end : right.start] if right else ""
            if words.PLUS.fullmatch(gap) and not self._is_between(left, gap):
                continue
            if count > 1:
                yield total, total
            total, count = 0.0, 0

    def _durations(self) -> Iterator[Span]:
        """Hours and minutes together: "1 hour 30", "1h30"."""
        for left, right in pairwise(self.named):
            unit = words.minutes_after(self._text, left.end)
            smaller = words.minutes_after(self._text, right.end) or 1.0
            if unit and smaller < unit and right.start - left.end < _FAR:
                total = left.value * unit + right.value * smaller
                yield from ((total / u, total / u) for u in (1.0, unit))

    def _phrases(self) -> Iterator[Span]:
        quoted = " ".join(self._text[start:end] for start, end in self._places)
        for language in self._languages:
            for phrase, amounts in words.PHRASES.get(language, ()):
                if phrase.search(quoted):
                    yield from ((amount, amount) for amount in amounts)
        for match in words.ONE_AND_A_HALF.finditer(quoted):
            yield 1.5, 1.5
            yield from _in_other_units(quoted, match.end(), (1.5, 1.5))


_FAR = 20
"""Characters between two numbers that cannot be of one duration."""


def _holds(span: Span, value: float) -> bool:
    slack = 1e-6 * max(1.0, abs(value))
    return span[0] - slack <= value <= span[1] + slack


def _denied(text: str, found: Sequence[Number]) -> set[Number]:
    """The numbers that are not meant, with what is joined to them: "not 25 or 26"."""
    denied = {number for number in found if _is_denied(text, number, found)}
    for left, right in pairwise(found):
        if left in denied and words.OR.fullmatch(text[left.end : right.start]):
            denied.add(right)
    return denied


def _is_denied(text: str, number: Number, found: Sequence[Number]) -> bool:
    """Whether a denial stands before it. A bare "no" is one only where there is another number."""
    before = words.DENIAL.search(text, max(0, number.start - 24), number.start)
    if before is None:
        return False
    return not before.group().startswith("no ") or len(found) > 1


def _in_other_units(text: str, end: int, span: Span) -> Iterator[Span]:
    """Amounts of time in other units: a field may want minutes where people speak of hours."""
    unit = words.minutes_after(text, end)
    for factor in words.CONVERSIONS[unit] if unit else ():
        yield span[0] * factor, span[1] * factor


def _unnumbered(quoted: str) -> Iterator[Span]:
    """Nought and one, which people rarely call by name: "no kids", "a car", "an hour"."""
    if words.NOTHING.search(quoted) and not words.UNSURE.search(quoted):
        yield 0.0, 0.0
    for match in words.ONE.finditer(quoted):
        yield 1.0, 1.0
        yield from _in_other_units(quoted, match.end(), (1.0, 1.0))


def _may_be_unread(quoted: str, languages: tuple[str, ...]) -> bool:
    """Whether words may name numbers in a way that nobody here can read.

    So it is with other scripts, and where a language is spoken that is not one of ours.
    """
    letters = [c for c in quoted if c.isalpha()]
    if any(not unicodedata.name(c, "").startswith("LATIN") for c in letters):
        return True
    return bool(letters and languages) and languages[0] not in LANGUAGES
