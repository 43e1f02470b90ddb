"""The figures of a report, counted from interviews one by one: no model has a hand in them."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from meshcore.domain.conversation import ConversationStatus
from meshcore.domain.disposition import Disposition, disposition
from meshcore.domain.events import FieldState
from meshcore.domain.report import FieldFigures, ValueCount
from meshcore.domain.schema import FieldType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from meshcore.domain.conversation import Conversation, Extraction
    from meshcore.domain.schema import FieldSpec, Value
    from meshcore.domain.study import Limits

MOST_VALUES = 10
"""Values of a field that are listed; the rest is counted together."""

_MOST_DISTINCT = 5_000
"""Different values of a field that are told apart while counting."""

_MOST_CHARACTERS = 80
_NUMERIC = frozenset({FieldType.NUMBER, FieldType.INTEGER})


@dataclass(frozen=True, slots=True)
class Interview:
    """What a report needs of a conversation.

    Attributes:
        conversation: its id.
        disposition: what became of it.
        completed: whether it counts: the interview was held to its end.
        quotable: whether its words may be quoted: nobody asked to hear nothing more.
        extractions: what it found, by field.
    """

    conversation: str
    disposition: Disposition
    completed: bool
    quotable: bool
    extractions: Mapping[str, Extraction]


def interview_of(
    conversation: str, state: Conversation, schema: Mapping[str, FieldSpec], limits: Limits
) -> Interview:
    """A conversation as a report sees it."""
    return Interview(
        conversation,
        disposition(state, schema, limits),
        state.status is ConversationStatus.COMPLETED,
        not state.opted_out,
        state.extractions,
    )


@dataclass
class FieldTally:
    """What is counted of one field. Takes memory for each number, and for each different text."""

    spec: FieldSpec
    interviews: int = 0
    states: Counter[FieldState] = field(default_factory=Counter)
    numbers: list[float] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    values: Counter[str] = field(default_factory=Counter)
    shown: dict[str, str] = field(default_factory=dict)

    def add(self, extraction: Extraction | None) -> None:
        """Counts what one interview says of the field."""
        self.interviews += 1
        if extraction is None:
            return
        if extraction.state is not FieldState.EXTRACTED:
            self.states[extraction.state] += 1
        elif extraction.value is not None:
            self.states[FieldState.EXTRACTED] += 1
            self._count(extraction.value)

    def _count(self, value: Value) -> None:
        if self.spec.type in _NUMERIC and isinstance(value, int | float):
            self.numbers.append(float(value))
        if self.spec.type is FieldType.DATE:
            self.dates = [min([*self.dates, str(value)]), max([*self.dates, str(value)])]
        for item in value if isinstance(value, tuple) else (value,):
            text = shown(item)[:_MOST_CHARACTERS]
            key = " ".join(text.casefold().split())
            if key in self.values or len(self.values) < _MOST_DISTINCT:
                self.values[key] += 1
                self.shown.setdefault(key, text)

    def figures(self, name: str) -> FieldFigures:
        """The field's figures."""
        n = self.states[FieldState.EXTRACTED]
        vague, refused = self.states[FieldState.VAGUE], self.states[FieldState.REFUSED]
        listed = self._listed(n)
        figures = FieldFigures(
            name=name,
            description=self.spec.description,
            type=self.spec.type,
            n=n,
            missing=self.interviews - n - vague - refused,
            vague=vague,
            refused=refused,
            counts=listed,
            other=sum(self.values.values()) - sum(count.n for count in listed),
        )
        return figures.model_copy(update=self._spread())

    def _listed(self, n: int) -> tuple[ValueCount, ...]:
        if self.spec.enum:  # what nobody chose is a result, too
            for choice in self.spec.enum:
                key = " ".join(choice.casefold().split())[:_MOST_CHARACTERS]
                self.values[key] += 0
                self.shown.setdefault(key, choice[:_MOST_CHARACTERS])
        ranked = sorted(self.values.items(), key=lambda item: (-item[1], item[0]))
        return tuple(
            ValueCount(value=self.shown[key], n=count, share=_share(count, n))
            for key, count in ranked[:MOST_VALUES]
        )

    def _spread(self) -> dict[str, float | str | None]:
        if self.dates:
            return {"min": self.dates[0], "max": self.dates[-1]}
        if not self.numbers:
            return {}
        q1, median, q3 = _quartiles(self.numbers)
        return {
            "mean": _rounded(statistics.fmean(self.numbers)),
            "median": median,
            "q1": q1,
            "q3": q3,
            "min": min(self.numbers),
            "max": max(self.numbers),
        }


class Tally:
    """Counts interviews, one after the other."""

    def __init__(self, schema: Mapping[str, FieldSpec]) -> None:
        self._fields = {name: FieldTally(spec) for name, spec in schema.items()}
        self._dispositions: Counter[Disposition] = Counter()
        self.interviews = 0

    def add(self, interview: Interview) -> None:
        """Counts one more."""
        self._dispositions[interview.disposition] += 1
        if not interview.completed:
            return
        self.interviews += 1
        for name, tally in self._fields.items():
            tally.add(interview.extractions.get(name))

    def fields(self) -> tuple[FieldFigures, ...]:
        """The figures of each field, in the schema's order."""
        return tuple(tally.figures(name) for name, tally in self._fields.items())

    def statuses(self, participants: int) -> tuple[ValueCount, ...]:
        """What became of everybody enrolled; whoever has no conversation yet was not contacted."""
        found = Counter(self._dispositions)
        found[Disposition.NOT_CONTACTED] += max(participants - found.total(), 0)
        return tuple(
            ValueCount(value=which.value, n=found[which], share=_share(found[which], found.total()))
            for which in Disposition
            if found[which]
        )


def figures_of(
    schema: Mapping[str, FieldSpec], interviews: Iterable[Interview]
) -> tuple[FieldFigures, ...]:
    """The figures of each field over the interviews that were completed."""
    tally = Tally(schema)
    for interview in interviews:
        tally.add(interview)
    return tally.fields()


def shown(value: object) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number_shown(value)
    return str(value)


def number_shown(number: float) -> str:
    """A number as people read it: whole, or with as many decimals as say something."""
    if float(number).is_integer():
        return f"{number:.0f}"
    return f"{number:.1f}" if abs(number) >= 10 else f"{number:.2f}".rstrip("0").rstrip(".")  # noqa: PLR2004 - a matter of taste


def _share(n: int, of: int) -> float:
    return round(n / of, 4) if of else 0.0


def _quartiles(numbers: list[float]) -> tuple[float, float, float]:
    """The quartiles, between the numbers where need be; of one number that number."""
    if len(numbers) == 1:
        return numbers[0], numbers[0], numbers[0]
    q1, median, q3 = statistics.quantiles(numbers, n=4, method="inclusive")
    return _rounded(q1), _rounded(median), _rounded(q3)


def _rounded(number: float) -> float:
    """To six significant digits: sums of fractions differ in the last."""
    return float(f"{number:.6g}")
