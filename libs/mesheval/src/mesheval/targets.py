"""What the figures are called, and what they should be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mesheval.tally import Figures

Unit = Literal["share", "count", "number", "dollars"]


@dataclass(frozen=True, slots=True)
class Shown:
    """How a figure is shown.

    Attributes:
        name: in `Figures`.
        label: for people.
        unit: what its number is.
        at_least: the target, if more is better.
        at_most: the target, if less is better.
    """

    name: str
    label: str
    unit: Unit
    at_least: float | None = None
    at_most: float | None = None

    def of(self, figures: Figures) -> float | None:
        """The figure."""
        value: float | None = getattr(figures, self.name)
        return value

    def met(self, figures: Figures) -> bool | None:
        """Whether the target is met; None if there is none, or nothing to compare with it."""
        value = self.of(figures)
        if value is None or (self.at_least is None and self.at_most is None):
            return None
        high = self.at_least is None or value >= self.at_least
        return high and (self.at_most is None or value <= self.at_most)

    @property
    def target(self) -> str:
        """The target in words, empty if there is none."""
        if self.at_least is not None:
            return f">= {shown(self.at_least, self.unit)}"
        if self.at_most is None:
            return ""
        return f"<= {shown(self.at_most, self.unit)}" if self.at_most else "0"


FIGURES = (
    Shown("completion", "completed, of those who stayed", "share"),
    Shown("coverage", "fields found, of those who stayed", "share"),
    Shown("precision", "precision of what was recorded", "share"),
    Shown("recall", "recall of what was told", "share"),
    Shown("f1", "F1", "number", at_least=0.9),
    Shown("values_without_evidence", "values without evidence", "count", at_most=0),
    Shown("questions_per_message", "questions per message", "number"),
    Shown("most_questions", "most questions in a message", "count"),
    Shown("several_questions", "messages with several questions", "share", at_most=0.02),
    Shown("asked_again", "questions about what was recorded", "share", at_most=0.03),
    Shown("asked_what_was_told", "questions about what was told", "share", at_most=0.03),
    Shown("breaches_before", "breaches per turn, as the model wrote it", "number"),
    Shown("breaches_after", "breaches per message, as it was sent", "number"),
    Shown("fallbacks", "replies that are ours", "share"),
    Shown("lists_and_leaks", "lists and leaks", "count", at_most=0),
    Shown("leading_or_judging", "leading or judging messages", "share", at_most=0.02),
    Shown("turns", "turns per interview", "number"),
    Shown("words_per_answer", "words per answer", "number"),
    Shown("natural_endings", "natural endings", "share", at_least=0.95),
    Shown("not_ended", "interviews that did not end", "count", at_most=0),
    Shown("opt_out_recall", "opt-outs obeyed", "share", at_least=0.98),
    Shown("opt_out_false_alarms", "opt-outs that nobody asked for", "share", at_most=0.02),
    Shown("sent_after_opt_out", "messages after an opt-out", "count", at_most=0),
    Shown("tokens", "tokens per interview", "count"),
    Shown("cost_usd", "US dollars per interview", "dollars"),
)


def shown(value: float | None, unit: Unit) -> str:
    """A figure as people read it."""
    if value is None:
        return "-"
    match unit:
        case "share":
            return f"{100 * value:.4g} %"
        case "count":
            return f"{value:,.0f}"
        case "number":
            return f"{value:.2f}"
        case "dollars":
            return f"{value:.5f}"


def missed(figures: Figures) -> Iterator[Shown]:
    """The figures whose target is missed."""
    return (each for each in FIGURES if each.met(figures) is False)
