"""Whether a value is borne out by the words that are quoted for it.

What cannot be read is believed; what can be read must agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import islice
from math import inf
from typing import TYPE_CHECKING, assert_never

from mesh_agent.injection import is_instruction
from mesh_agent.quoting import plain
from mesh_agent.reading import amounts, dates
from mesh_agent.reading.answers import bare_answer
from mesh_agent.reading.figures import Figure, answers, figure
from mesh_agent.reading.numbers import Number, numerals
from mesh_agent.reading.words import NOTHING, ONE
from meshcore.domain.schema import FieldType

if TYPE_CHECKING:
    from mesh_agent.quoting import Place
    from mesh_agent.reading.amounts import Amounts
    from mesh_agent.reading.dates import Period
    from mesh_agent.reading.words import Span
    from meshcore.domain.schema import FieldSpec, Value


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words and what is around them.

    Attributes:
        text: all that was said, as plain text.
        places: where the quoted words stand in it.
        day: the day on which it was said, where the researcher says the participant lives.
        languages: those that are likely, the participant's first.
    """

    text: str
    places: tuple[Place, ...]
    day: date
    languages: tuple[str, ...]

    @property
    def words(self) -> str:
        """The quoted words."""
        return " ".join(self.text[start:end] for start, end in self.places)

    def amounts(self) -> Amounts:
        """The amounts in the quoted words."""
        return amounts.read(self.text, self.places, self.languages)


def objection(spec: FieldSpec, value: Value, quoted: Quoted) -> str | None:
    """What in the quoted words speaks against the value; None if nothing does."""
    match spec.type:
        case FieldType.NUMBER | FieldType.INTEGER:
            return _to_number(spec, float(value), quoted)  # type: ignore[arg-type]  # it was parsed
        case FieldType.DATE:
            return _to_date(date.fromisoformat(str(value)), quoted)
        case FieldType.BOOLEAN:
            return _to_boolean(spec, bool(value), quoted)
        case FieldType.STRING | FieldType.LIST | FieldType.ENUM:
            items = value if isinstance(value, tuple) else (str(value),)
            written = None if spec.enum else _to_text(items, quoted)
            return written or _to_a_figure(spec, items, quoted)
        case _:
            assert_never(spec.type)


# Numbers ------------------------------------------------------------------------------------------

_HAN_NUMERALS = re.compile("[一二三四五六七八九十百千万亿億萬兆两兩零〇]")


def _to_number(spec: FieldSpec, value: float, quoted: Quoted) -> str | None:
    said = quoted.amounts()
    if said.bear_out(value, whole=spec.type is FieldType.INTEGER):
        return None
    if said.unread and _may_be_said(value, said, quoted.words):
        return None
    if not said.values:
        denied = "; it says which one it is not" if said.denied else ""
        return f"the quote holds no number{denied}"
    says = " and ".join(f"{v:.15g}" for v in said.values[:3])
    return f"the quote says {says}, not {value:.15g}"


def _may_be_said(value: float, said: Amounts, words: str) -> bool:
    """Whether words that nobody here can read may be the number, or a thousand behind a digit."""
    if not said.numbers or _HAN_NUMERALS.search(words):
        return True
    powers = {10.0**n for n in range(2, 10)}
    return any(n.value * power == value for n in said.numbers for power in powers)


# Dates --------------------------------------------------------------------------------------------


def _to_date(day: date, quoted: Quoted) -> str | None:
    said = dates.read(quoted.words, quoted.day, quoted.languages)
    if said.bear_out(day):
        return None
    if not said.datelike:
        return "the quote holds no date"
    read = " or ".join(_period(period) for period in islice(said.periods, 2))
    return f"said on {quoted.day}, the quote means {read}, not {day}"


def _period(period: Period) -> str:
    first, last = period
    return f"{first}" if first == last else f"{first} to {last}"


# Yes and no ---------------------------------------------------------------------------------------

_EITHER = re.compile(r"\byes ?(?:or|/) ?no\b")
_NEGATIVE = re.compile(r"\b(?:not|never|no|non|without|stopped|quit|lacks?|free of)\b|n't\b")


def _to_boolean(spec: FieldSpec, value: bool, quoted: Quoted) -> str | None:  # noqa: FBT001 - it is the value
    """A bare answer must be the value; unless the field asks for what is not so."""
    said = bare_answer(quoted.words, quoted.languages)
    asked = _EITHER.sub("", plain(spec.description))
    if said is None or said is value or _NEGATIVE.search(asked):
        return None
    return f"the quote says {'yes' if said else 'no'}"


# Text ---------------------------------------------------------------------------------------------

_OR_MORE = re.compile(r" ?(?:\+|or (?:more|older|above|over|longer)|and (?:more|older|above|over))")
_MORE_THAN = re.compile(r"(?:>=?|\b(?:over|above|more than|older than|at least|from)) ?$")
_LESS_THAN = re.compile(r"(?:<=?|\b(?:under|below|less than|younger than|up to|at most)) ?$")
_MARGIN = 60


def _to_text(items: tuple[str, ...], quoted: Quoted) -> str | None:
    """Words may be summed up and translated; but not grow, and no figures may appear in them."""
    if any(is_instruction(item) for item in items):
        return "the value is nothing that the person told"
    room = _MARGIN + 2 * len(quoted.text.encode())
    values = [plain(item) for item in items]
    if sum(len(value) for value in values) > room:
        return "the value says more than the person did"
    said = quoted.amounts()
    unreadable = said.unread and not said.numbers
    if unreadable or all(_has_its_figures(value, said) for value in values):
        return None
    return "the value has figures that the quote has not"


def _has_its_figures(value: str, said: Amounts) -> bool:
    """Whether each figure was said and meant, or bounds what was: "25-34" where 28 was said."""
    whole = amounts.read(value, [(0, len(value))], ())
    ranges = [span for span in whole.spans if span[0] < span[1] and said.overlap(span)]
    return all(
        any(said.overlap(span) for span in _open(value, number))
        or any(low <= number.value <= high for low, high in ranges)
        for number in numerals(value)
        if number not in whole.denied
    )


def _open(text: str, number: Number) -> list[Span]:
    """What a figure stands for: itself, or all above or below it."""
    if _OR_MORE.match(text, number.end) or _MORE_THAN.search(text, 0, number.start):
        return [(number.value, inf)]
    if _LESS_THAN.search(text, 0, number.start):
        return [(-inf, number.value)]
    return list(number.spans)


_BIRTH_YEARS = range(1900, 2100)


def _to_a_figure(spec: FieldSpec, items: tuple[str, ...], quoted: Quoted) -> str | None:
    """An answer that is nothing but a figure is put into other words only where one was asked for.

    So "weekly" is not to be had from "7 out of 10", nor a reason from a date.
    """
    kind = figure(quoted.words, quoted.languages)
    if kind is None:
        return None
    said = quoted.amounts()
    values = [plain(item) for item in items]
    if any(value in quoted.words or _shares_figures(value, said, quoted) for value in values):
        return None
    if kind is Figure.NUMBER and spec.enum and any(map(_has_figures, values)):
        born = any(number.value in _BIRTH_YEARS for number in said.numbers)
        return None if born else "the quote says another figure"
    if answers(kind, plain(spec.description)) or _named_by_place(spec, items, said):
        return None
    return "the quote is nothing but a figure, and says nothing of the value"


def _has_figures(value: str) -> bool:
    return any(True for _ in numerals(value))


def _shares_figures(value: str, said: Amounts, quoted: Quoted) -> bool:
    """Whether the value has a figure, or words for one, that was said; articles aside."""
    text = NOTHING.sub(" ", ONE.sub(" ", value))
    spans = [*amounts.read(text, [(0, len(text))], (*quoted.languages, "en")).spans]
    spans += [span for number in numerals(value) for span in _open(value, number)]
    return any(map(said.overlap, spans))


def _named_by_place(spec: FieldSpec, items: tuple[str, ...], said: Amounts) -> bool:
    """Whether a choice is called by its number among the choices."""
    numbered = {str(choice): place for place, choice in enumerate(spec.enum or (), 1)}
    return any(number.value == numbered.get(item) for number in said.numbers for item in items)
