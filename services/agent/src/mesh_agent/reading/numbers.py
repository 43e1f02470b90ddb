"""The numbers that a text names, in digits of any script and in the words of some languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING

from text_to_num import find_numbers

from mesh_agent.reading.words import (
    AMOUNTS,
    ENDINGS,
    FALSE_FRIENDS,
    PLUS_HALF,
    TIMES,
    TIMES_A,
    Span,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGES = tuple(AMOUNTS)
"""Those whose number words can be read."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number and its place in the text.

    Attributes:
        start: where it starts.
        end: where it ends.
        spans: what it may mean: "1.500" is 1500 or 1.5, "30s" anything from 30 to 39.
        worded: whether it is written in words.
        unit_at: where its unit stands, if not behind it: "two hours and a half".
    """

    start: int
    end: int
    spans: tuple[Span, ...]
    worded: bool = False
    unit_at: int | None = None

    @property
    def value(self) -> float:
        """The first thing that it may mean."""
        return self.spans[0][0]


@lru_cache(maxsize=64)
def find(text: str, languages: tuple[str, ...]) -> tuple[Number, ...]:
    """The numbers of a plain text, in their order; words are read in these languages."""
    return _found(text, languages, ordinals=True)


@lru_cache(maxsize=64)
def find_foreign(text: str, languages: tuple[str, ...]) -> tuple[Number, ...]:
    """The number words of a text that may be in any language but for these.

    What is an everyday word elsewhere does not count, nor what is a part of a number in these.
    """
    others = tuple(language for language in LANGUAGES if language not in languages)
    own = find(text, languages)
    return tuple(
        number
        for number in _found(text, others, ordinals=False)
        if (word := text[number.start : number.end]) not in FALSE_FRIENDS
        and any(map(str.isalpha, word))
        and not any(n.start < number.end and number.start < n.end for n in own)
    )


def _found(text: str, languages: tuple[str, ...], *, ordinals: bool) -> tuple[Number, ...]:
    tokens = [_Token(m) for m in _TOKEN.finditer(text)]
    found = list(numerals(text))
    for language in languages:
        if language in AMOUNTS:
            found += _worded(tokens, language, ordinals=ordinals)
    return tuple(_combined(text, _distinct(found)))


# Digits -------------------------------------------------------------------------------------------

_NUMERAL = re.compile(
    r"(?P<whole>\d*?)(?P<top>\d)\u2044(?P<bottom>\d+)"
    r"|(?P<grouped>\d{1,3}(?: \d{3})+)(?![\d.,])"
    r"|(?P<digits>\d+(?:[.,']\d+)*)(?:"
    r"(?P<short>k|m|bn)(?![^\W\d_])"
    r"|\s?(?P<long>mn|mio|mrd|tsd|lakhs?|lacs?|crores?|cr)(?![^\W\d_])"
    r"|(?P<decade>'?s)(?![^\W\d_]))?"
)
_FACTORS = {
    "k": 1e3, "m": 1e6, "bn": 1e9, "mn": 1e6, "mio": 1e6, "mrd": 1e9, "tsd": 1e3, "lakh": 1e5,
    "lakhs": 1e5, "lac": 1e5, "lacs": 1e5, "crore": 1e7, "crores": 1e7, "cr": 1e7,
}  # fmt: skip


def numerals(text: str) -> Iterator[Number]:
    """The numbers in digits, with what is attached to them: 1,5k, 30s, 2½."""
    for match in _NUMERAL.finditer(text):
        spans = tuple(span for span in _spans(match) if isfinite(span[1]))
        if spans:
            yield Number(match.start(), match.end(), spans)


def _spans(match: re.Match[str]) -> Iterator[Span]:
    groups = match.groupdict()
    if groups["top"]:
        if bottom := float(groups["bottom"]):
            amount = float(groups["whole"] or 0) + float(groups["top"]) / bottom
            yield amount, amount
        return
    if groups["grouped"]:
        parts = groups["grouped"].split()
        for amount in (float("".join(parts)), *map(float, parts)):
            yield amount, amount
        return
    wide = 9 if groups["decade"] else 0
    attached = groups["short"] or groups["long"]
    for amount in _amounts(groups["digits"]):
        if attached in {None, "m"}:
            yield amount, amount + wide
        if attached:
            yield amount * _FACTORS[attached], amount * _FACTORS[attached]


def _amounts(digits: str) -> list[float]:
    """What the digits may mean, separators and all; several numbers if they are none together."""
    parts = re.split(r"[.,']", digits)
    marks = re.findall(r"[.,']", digits)
    whole, decimals = "".join(parts[:-1]), parts[-1]
    if not marks:
        return [float(digits)]
    if len(marks) == 1:
        decimal = float(f"{whole}.{decimals}")
        thousands = len(decimals) == _GROUP and not whole.startswith("0") and len(whole) <= _GROUP
        return [float(whole + decimals), decimal] if thousands else [decimal]
    if _are_groups(parts) and len(set(marks)) == 1:
        return [float("".join(parts))]
    if _are_groups(parts[:-1]) and len(set(marks[:-1])) == 1 and marks[-1] not in marks[:-1]:
        return [float(f"{whole}.{decimals}")]
    return [float(part) for part in parts]


_GROUP = 3


def _are_groups(parts: list[str]) -> bool:
    """Whether they are thousands, or lakhs and crores."""
    inner = {len(part) for part in parts[1:-1]}
    return len(parts[-1]) == _GROUP and (inner <= {_GROUP} or inner == {_GROUP - 1})


# Words --------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")


class _Token:
    """A word as the library wants it."""

    __slots__ = ("end", "start", "word")

    def __init__(self, match: re.Match[str]) -> None:
        self.word, self.start, self.end = match.group(), match.start(), match.end()

    def text(self) -> str:
        return self.word

    def nt_separated(self, previous: _Token) -> bool:  # noqa: ARG002 - the library asks
        return False

    def not_a_number_part(self) -> bool:
        return self.word[0].isdecimal()


def _worded(tokens: list[_Token], language: str, *, ordinals: bool) -> Iterator[Number]:
    for found in find_numbers(tokens, language, 0):
        if found.is_ordinal and not ordinals:
            continue
        start, end = tokens[found.start].start, tokens[found.end - 1].end
        yield Number(start, end, ((found.value, found.value),), worded=True)
    for token in tokens:
        if span := AMOUNTS[language].get(token.word) or _with_ending(token.word, language):
            yield Number(token.start, token.end, (span,), worded=True)


def _with_ending(word: str, language: str) -> Span | None:
    for ending, added in ENDINGS.get(language, ()):
        stem = word.removesuffix(ending)
        if stem and stem != word and (found := find_numbers([_Stem(stem)], language, 0)):
            return found[0].value + added, found[0].value + added
    return None


class _Stem(_Token):
    """The beginning of a word."""

    __slots__ = ()

    def __init__(self, word: str) -> None:
        self.word = word


# Together -----------------------------------------------------------------------------------------


def _distinct(found: list[Number]) -> list[Number]:
    """Each place once, with all that it may mean; none within another."""
    distinct: list[Number] = []
    for number in sorted(found, key=lambda n: (n.start, -n.end)):
        last = distinct[-1] if distinct else None
        if last and (number.start, number.end) == (last.start, last.end):
            spans = dict.fromkeys((*last.spans, *number.spans))
            distinct[-1] = Number(last.start, last.end, tuple(spans), worded=last.worded)
        elif last is None or number.start >= last.end:
            distinct.append(number)
    return distinct


def _combined(text: str, numbers: list[Number]) -> list[Number]:
    """Multiplies and adds what belongs together: "2 thousand", "half a dozen", "two and a half"."""
    combined: list[Number] = []
    for number in numbers:
        last = combined[-1] if combined else None
        both = _product(text, last, number) or _with_half(text, last, number) if last else None
        if both:
            combined[-1] = both
        else:
            combined.append(number)
    return combined


_SCALES = frozenset({12.0, 100.0, 1e3, 1e5, 1e6, 1e7, 1e9})


def _product(text: str, left: Number, right: Number) -> Number | None:
    if not right.worded or right.value not in _SCALES:
        return None
    gap = text[left.end : right.start]
    if not (TIMES.fullmatch(gap) or (left.worded and TIMES_A.fullmatch(gap))):
        return None
    spans = tuple((low * right.value, high * right.value) for low, high in left.spans)
    return Number(left.start, right.end, spans, worded=left.worded)


def _with_half(text: str, left: Number, right: Number) -> Number | None:
    if right.spans != ((0.5, 0.5),) or not PLUS_HALF.fullmatch(text[left.end : right.start]):
        return None
    spans = tuple((low + 0.5, high + 0.5) for low, high in left.spans)
    return Number(left.start, right.end, spans, worded=left.worded, unit_at=left.end)
