"""Code decides what is true.

An extraction counts only with a value of the field's type and the participant's words.
"""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel

from mesh_agent.prompt import shown_messages, shown_text
from meshcore.domain.events import ExtractionRecorded, FieldState
from meshcore.domain.schema import Rejected, parse_value

if TYPE_CHECKING:
    from meshcore.domain.conversation import Conversation
    from meshcore.domain.schema import FieldSpec


class ClaimedExtraction(BaseModel):
    """What the model says it learned."""

    field: str
    state: Literal["extracted", "vague", "refused"] = "extracted"
    value: object = None
    quote: str = ""
    message: int = 0


def check(
    claim: ClaimedExtraction, schema: dict[str, FieldSpec], conversation: Conversation
) -> ExtractionRecorded | Rejected:
    """The fact that a claim amounts to, or why it is none.

    The named message must be the participant's and hold the quoted words (case, spaces and
    typographic variants aside); an extracted value must be one of the field's type.
    """
    spec = schema.get(claim.field)
    if spec is None:
        return Rejected(f"{json.dumps(claim.field[:40])} is not one of the fields")
    messages = shown_messages(conversation)
    if not 1 <= claim.message <= len(messages):
        return Rejected(f"{claim.field}: there is no message {claim.message}")
    message = messages[claim.message - 1]
    if message.sender != "participant":
        return Rejected(f"{claim.field}: message {claim.message} is yours, not the person's")
    quote = _plain(claim.quote)
    if not quote or quote not in _plain(shown_text(message)):
        return Rejected(f"{claim.field}: the quote is not in message {claim.message}")
    state = FieldState(claim.state)
    value = parse_value(spec, claim.value) if state is FieldState.EXTRACTED else None
    if isinstance(value, Rejected):
        return Rejected(f"{claim.field}: the value {value.reason}")
    return ExtractionRecorded(
        field=claim.field,
        state=state,
        value=value,
        quote=claim.quote.strip(),
        message_sid=message.id,
    )


_TYPOGRAPHY = str.maketrans("\u2018\u2019\u201c\u201d\u2010\u2011\u2013\u2014", "''\"\"----")


def _plain(text: str) -> str:
    """The text without what a faithful quotation may change."""
    unified = unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY)
    return " ".join(unified.casefold().split())
