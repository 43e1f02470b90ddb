"""What models took and cost, summed up over a conversation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meshcore.domain.events import MediaTranscribed, TurnTaken


@dataclass(frozen=True, slots=True)
class Usage:
    """What the turns and the listening to voice notes took.

    Attributes:
        cost_usd: what they cost, as far as prices are known; None as long as none is.
        unpriced: how many turns and voice notes took a model whose price is not known.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None
    unpriced: int = 0

    @property
    def tokens(self) -> int:
        """What was read and what was written, together."""
        return self.input_tokens + self.output_tokens

    def plus(self, event: TurnTaken | MediaTranscribed) -> Usage:
        """The usage with this event's."""
        known = self.cost_usd
        if event.cost_usd is not None:
            known = (known or 0.0) + event.cost_usd
        return Usage(
            self.input_tokens + event.input_tokens,
            self.output_tokens + event.output_tokens,
            known,
            self.unpriced + (event.model is not None and event.cost_usd is None),
        )
