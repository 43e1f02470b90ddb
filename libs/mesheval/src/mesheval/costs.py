"""What interviews take, and what a campaign would."""

from __future__ import annotations

from dataclasses import dataclass

from mesheval.tally import Tally


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a campaign would take if all its interviews went like those counted.

    Attributes:
        participants: how many people it is for.
        tokens_each: per interview, of prompts and answers.
        dollars_each: US dollars per interview; None where the model's price is not known.
    """

    participants: int
    tokens_each: float
    dollars_each: float | None

    @property
    def tokens(self) -> float:
        """Of the whole campaign."""
        return self.participants * self.tokens_each

    @property
    def dollars(self) -> float | None:
        """Of the whole campaign, in US dollars."""
        return None if self.dollars_each is None else self.participants * self.dollars_each


def estimate(tally: Tally, participants: int) -> Estimate:
    """What `participants` interviews would take. WhatsApp's own fees are not in it."""
    count = max(1, tally.interviews)
    dollars = None if tally.unpriced_turns else tally.cost_usd / count
    return Estimate(participants, (tally.input_tokens + tally.output_tokens) / count, dollars)
