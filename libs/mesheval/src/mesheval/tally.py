"""What is counted in interviews, and the figures that the counts amount to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict, Field


class Tally(BaseModel):
    """Counts over any number of interviews. Tallies can be added."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    interviews: int = 0
    ended: int = 0
    natural_endings: int = 0
    completed: int = 0
    stayed: int = Field(default=0, description="Participants who were there to the end.")
    unanswered: int = Field(default=0, description="Open because the participant fell silent.")
    failed: int = Field(default=0, description="Broken down: the model could not be used.")
    reasons: dict[str, int] = Field(default_factory=dict, description="Why they ended.")

    fields: int = Field(default=0, description="Of those who stayed.")
    fields_found: int = 0
    recorded: int = 0
    recorded_true: int = 0
    told: int = 0
    told_found: int = 0
    without_evidence: int = 0
    rejected_extractions: int = 0

    turns: int = 0
    fallbacks: int = 0
    breaches_before: dict[str, int] = Field(default_factory=dict, description="By rule.")
    breaches_after: dict[str, int] = Field(default_factory=dict, description="By rule.")

    messages: int = Field(default=0, description="Sent, and worded by the agent.")
    questions: int = 0
    most_questions: int = 0
    with_several_questions: int = 0
    lists: int = 0
    leaks: int = 0
    leading: int = 0
    judging: int = 0
    asking: int = Field(default=0, description="Messages known to ask about a field.")
    asking_again: int = 0
    asking_what_was_told: int = Field(default=0, description="As participants noticed.")

    answers: int = Field(default=0, description="Messages of participants.")
    answer_words: int = 0

    stops_wanted: int = 0
    stops_obeyed: int = 0
    stops_unwanted: int = 0
    sent_after_opt_out: int = 0

    model_calls: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0
    unpriced_turns: int = 0

    def __add__(self, other: Self) -> Self:
        """Both together."""
        mine, theirs = self.model_dump(), other.model_dump()
        summed = {name: _sum(name, mine[name], theirs[name]) for name in mine}
        return self.model_copy(update=summed)


def total(tallies: Iterable[Tally]) -> Tally:
    """All of them together."""
    return sum(tallies, Tally())


class Figures(BaseModel):
    """What the counts amount to. Shares are between 0 and 1; None where there was nothing to share.

    `docs/evaluation.md` says what each of them means.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    completion: float | None
    coverage: float | None
    precision: float | None
    recall: float | None
    f1: float | None
    values_without_evidence: int
    questions_per_message: float | None
    most_questions: int
    several_questions: float | None
    asked_again: float | None
    asked_what_was_told: float | None
    breaches_before: float | None
    breaches_after: float | None
    fallbacks: float | None
    lists_and_leaks: int
    leading_or_judging: float | None
    turns: float | None
    words_per_answer: float | None
    natural_endings: float | None
    not_ended: int
    opt_out_recall: float | None
    opt_out_false_alarms: float | None
    sent_after_opt_out: int
    tokens: float | None
    cost_usd: float | None


def figures(tally: Tally) -> Figures:
    """The figures of a tally; turns, tokens and cost are per interview."""
    precision = _share(tally.recorded_true, tally.recorded)
    recall = _share(tally.told_found, tally.told)
    priced = not tally.unpriced_turns
    return Figures(
        completion=_share(tally.completed, tally.stayed),
        coverage=_share(tally.fields_found, tally.fields),
        precision=precision,
        recall=recall,
        f1=f1_of(precision, recall),
        values_without_evidence=tally.without_evidence,
        questions_per_message=_share(tally.questions, tally.messages),
        most_questions=tally.most_questions,
        several_questions=_share(tally.with_several_questions, tally.messages),
        asked_again=_share(tally.asking_again, tally.asking),
        asked_what_was_told=_share(tally.asking_what_was_told, tally.asking),
        breaches_before=_share(sum(tally.breaches_before.values()), tally.turns),
        breaches_after=_share(sum(tally.breaches_after.values()), tally.messages),
        fallbacks=_share(tally.fallbacks, tally.turns),
        lists_and_leaks=tally.lists + tally.leaks,
        leading_or_judging=_share(tally.leading + tally.judging, tally.messages),
        turns=_share(tally.turns, tally.interviews),
        words_per_answer=_share(tally.answer_words, tally.answers),
        natural_endings=_share(tally.natural_endings, tally.interviews - tally.unanswered),
        not_ended=tally.interviews - tally.ended - tally.unanswered,
        opt_out_recall=_share(tally.stops_obeyed, tally.stops_wanted),
        opt_out_false_alarms=_share(tally.stops_unwanted, tally.interviews - tally.stops_wanted),
        sent_after_opt_out=tally.sent_after_opt_out,
        tokens=_share(tally.input_tokens + tally.output_tokens, tally.interviews),
        cost_usd=_share(tally.cost_usd, tally.interviews) if priced else None,
    )


def f1_of(precision: float | None, recall: float | None) -> float | None:
    """The harmonic mean; None if nothing was told and nothing recorded."""
    if precision is None and recall is None:
        return None
    both = (precision or 0.0) + (recall or 0.0)
    return 2 * (precision or 0.0) * (recall or 0.0) / both if both else 0.0


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _sum(name: str, mine: object, theirs: object) -> object:
    match mine, theirs:
        case Mapping(), Mapping():
            return dict(Counter(mine) + Counter(theirs))
        case (int() | float()) as left, (int() | float()) as right:
            return max(left, right) if name == "most_questions" else left + right
        case _:
            raise AssertionError(f"{name} cannot be added")
