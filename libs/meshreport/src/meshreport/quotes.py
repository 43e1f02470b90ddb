"""Which of the participants' words the model may choose from: a few for each field, by lot."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import TYPE_CHECKING

from meshcore.domain.events import FieldState
from meshcore.domain.report import Quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from meshcore.domain.conversation import Extraction
    from meshreport.figures import Interview

_MOST = 60
_MOST_PER_FIELD = 8
_SHORTEST, _LONGEST = 8, 300
_PRIVATE = re.compile(r"@\w|https?:|www\.|\d(?:[\s().-]*\d){6,}")
"""An address, a link, or digits enough for a phone number."""


@dataclass
class QuoteSample:
    """A sample of bounded size: those whose hashes are the smallest, so that order plays no part.

    Args:
        fields: the schema's fields.
        is_fit: what else must hold for words that a model is to read.
    """

    fields: Iterable[str]
    is_fit: Callable[[str], bool] = lambda _: True
    _kept: dict[str, dict[str, tuple[str, Quote]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._kept = {name: {} for name in self.fields}
        self._most = max(1, min(_MOST_PER_FIELD, _MOST // max(len(self._kept), 1)))

    def add(self, interview: Interview) -> None:
        """Lets an interview have its say, if its words may be quoted."""
        if not (interview.completed and interview.quotable):
            return
        for name, extraction in interview.extractions.items():
            if name in self._kept and self._is_quotable(extraction):
                self._keep(name, extraction, interview.conversation)

    def quotes(self) -> dict[str, Quote]:
        """What was chosen, by ids that the model may name."""
        chosen = [
            quote for kept in self._kept.values() for _, quote in sorted(kept.values(), key=_rank)
        ]
        return {f"q{n}": quote for n, quote in enumerate(chosen[:_MOST], 1)}

    def _is_quotable(self, extraction: Extraction) -> bool:
        text = extraction.quote
        return (
            extraction.state is FieldState.EXTRACTED
            and _SHORTEST <= len(text) <= _LONGEST
            and not _PRIVATE.search(text)
            and self.is_fit(text)
        )

    def _keep(self, name: str, extraction: Extraction, conversation: str) -> None:
        rank = hashlib.sha256(f"{conversation}/{name}".encode()).hexdigest()
        quote = Quote(
            text=extraction.quote,
            field=name,
            conversation_id=conversation,
            message_sid=extraction.message_sid,
        )
        kept = self._kept[name] | {extraction.quote.casefold(): (rank, quote)}
        self._kept[name] = dict(nsmallest(self._most, kept.items(), key=lambda item: item[1][0]))


def _rank(kept: tuple[str, Quote]) -> str:
    return kept[0]
