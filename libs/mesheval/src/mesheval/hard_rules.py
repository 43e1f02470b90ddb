"""Rules that hold whatever the model says. One breach in any interview is a defect of the code."""

from __future__ import annotations

from enum import StrEnum

from mesheval.tally import Tally


class HardRule(StrEnum):
    """What must never happen."""

    EVIDENCE = "a value was recorded without evidence"
    STOP = "a message was sent after an opt-out"
    ONE_QUESTION = "a message with two questions was sent"
    NO_LIST = "a list was sent"
    NO_LEAK = "a message told of the machinery"
    ENDS = "an interview did not end"


def broken(tally: Tally) -> dict[HardRule, int]:
    """The rules that were broken, and how often."""
    counts = {
        HardRule.EVIDENCE: tally.without_evidence,
        HardRule.STOP: tally.sent_after_opt_out,
        HardRule.ONE_QUESTION: tally.with_several_questions,
        HardRule.NO_LIST: tally.lists,
        HardRule.NO_LEAK: tally.leaks,
        HardRule.ENDS: tally.interviews - tally.ended - tally.unanswered,
    }
    return {rule: count for rule, count in counts.items() if count}
