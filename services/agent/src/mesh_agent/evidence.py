"""Code decides what is true.

An extraction counts only with a value of the field's type and the participant's words, and only if
the words bear the value out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from mesh_agent.injection import GAP, spoken_part
from mesh_agent.plain_answers import likely_languages, only_answers
from mesh_agent.prompt import shown_messages
from mesh_agent.quoting import places, plain
from mesh_agent.unwilling import sounds_unwilling
from mesh_agent.values import Quoted, objection
from meshcore.domain.events import ExtractionRecorded, FieldState
from meshcore.domain.schema import Rejected, Value, parse_value

if TYPE_CHECKING:
    from meshcore.domain.campaign import Campaign
    from meshcore.domain.conversation import Conversation, Extraction, Message
    from meshcore.domain.schema import FieldSpec

ASKED_ENOUGH = 2
"""A field is vague once the question and a probe have brought nothing better."""

_WAYS = 8
"""In how many places the same words are looked at."""


class ClaimedExtraction(BaseModel):
    """What the model says it learned."""

    field: str
    state: Literal["extracted", "vague", "refused"] = "extracted"
    value: object = None
    quote: str = ""
    message: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """Nothing new is told, and nothing is wrong with it."""


def check(
    claim: ClaimedExtraction,
    campaign: Campaign,
    conversation: Conversation,
    *,
    insisted: bool = False,
) -> ExtractionRecorded | Rejected | Known:
    """The fact that a claim amounts to, or why it is none, in words for the model.

    The named message must be the participant's and hold the quoted words (case, spaces, typography
    aside; an ellipsis may leave some out), outside of what only pretends to be said. An extracted
    value must be one of the field's type, and be what the words say as far as they can be read. A
    refusal without a word that sounds like one must be claimed again (`insisted`) once it was
    doubted, and what plainly answers the question is none.
    """
    spec = campaign.extraction_schema.get(claim.field)
    if spec is None:
        return Rejected(f"{json.dumps(claim.field[:40])} is not one of the fields")
    state = FieldState(claim.state)
    value = parse_value(spec, claim.value) if state is FieldState.EXTRACTED else None
    if not isinstance(value, Rejected) and _is_known(
        claim.field, state, value, campaign, conversation
    ):
        return Known()
    evidence = _evidence(claim, campaign, conversation)
    if isinstance(evidence, Rejected):
        return Rejected(f"{claim.field}: {evidence.reason}")
    if isinstance(value, Rejected):
        return Rejected(f"{claim.field}: the value {value.reason}")
    refused = state is FieldState.REFUSED
    wrong = (
        _no_refusal(claim, campaign, conversation, insisted=insisted)
        if refused
        else _objection(spec, value, evidence.ways)
    )
    if wrong:
        return Rejected(f"{claim.field}: {wrong}")
    return ExtractionRecorded(
        field=claim.field,
        state=state,
        value=value,
        quote=evidence.quote,
        message_sid=evidence.message_sid,
    )


# What is on record --------------------------------------------------------------------------------


def _is_known(
    field: str,
    state: FieldState,
    value: Value | None,
    campaign: Campaign,
    conversation: Conversation,
) -> bool:
    """Whether the claim adds nothing to the record.

    A value stays when somebody will not or cannot repeat it, and a refusal is taken once. What is
    vague is to be asked about again before it is taken down as such.
    """
    record = conversation.extractions.get(field)
    known = record.state if record else FieldState.PENDING
    match state:
        case FieldState.EXTRACTED:
            return known is state and _is_same(value, record)
        case FieldState.REFUSED:
            return known in {FieldState.EXTRACTED, FieldState.REFUSED}
        case _:
            return known is not FieldState.PENDING or not _asked_enough(
                field, campaign, conversation
            )


DOUBTED_REFUSAL = "read the quote again; if it is no refusal, it is an answer"
"""How the model is told that it may claim a refusal again."""


def _no_refusal(
    claim: ClaimedExtraction, campaign: Campaign, conversation: Conversation, *, insisted: bool
) -> str | None:
    """Why the claim is no refusal: nobody refuses what they tell, or what nobody has asked for."""
    if sounds_unwilling(claim.quote):
        return None
    if claim.value is not None and claim.value not in ("", [], {}):
        return "what has a value is not refused"
    spoken_of = claim.field in conversation.extractions
    if not spoken_of and not _times_asked(claim.field, conversation):
        return "nobody refuses what was not asked; leave it pending"
    spec = campaign.extraction_schema[claim.field]
    if only_answers(spec, claim.quote, likely_languages(campaign, conversation)):
        return "that is an answer, and no refusal"
    return None if insisted else DOUBTED_REFUSAL


def _is_same(value: Value | None, record: Extraction | None) -> bool:
    known = record.value if record else None
    if isinstance(value, str) and isinstance(known, str):
        return plain(value) == plain(known)
    if isinstance(value, tuple) and isinstance(known, tuple):
        return {plain(v) for v in value} == {plain(v) for v in known}
    return value == known


def _asked_enough(field: str, campaign: Campaign, conversation: Conversation) -> bool:
    enough = min(ASKED_ENOUGH, 1 + campaign.limits.probes_per_field)
    return _times_asked(field, conversation) >= enough


def _times_asked(field: str, conversation: Conversation) -> int:
    return sum(m.asked == field for m in conversation.messages if m.sender == "agent")


# Where it was said --------------------------------------------------------------------------------


def _message(claim: ClaimedExtraction, conversation: Conversation) -> Message | Rejected:
    """The participant's message that the claim names."""
    messages = shown_messages(conversation)
    if not 1 <= claim.message <= len(messages):
        return Rejected(f"there is no message {claim.message}")
    message = messages[claim.message - 1]
    if message.sender != "participant":
        return Rejected(f"message {claim.message} is yours, not the person's")
    if _is_outdated(claim, messages, conversation):
        return Rejected(f"message {claim.message} is older than what is known")
    return message


def _is_outdated(
    claim: ClaimedExtraction, messages: list[Message], conversation: Conversation
) -> bool:
    """Whether a message that is dealt with is to overrule what was said after it."""
    record = conversation.extractions.get(claim.field)
    if record is None or record.state is not FieldState.EXTRACTED:
        return False
    later = (m.id for m in messages[claim.message :])
    return messages[claim.message - 1].answered and record.message_sid in later


@dataclass(frozen=True, slots=True)
class _Evidence:
    """A quotation and each place where its words stand in the message."""

    message_sid: str
    quote: str
    ways: list[Quoted]


def _evidence(
    claim: ClaimedExtraction, campaign: Campaign, conversation: Conversation
) -> _Evidence | Rejected:
    """The words that the claim quotes, if they stand in the message that it names.

    Of a quotation that takes in what only pretends to be said, the rest counts.
    """
    message = _message(claim, conversation)
    if isinstance(message, Rejected):
        return message
    said = _spoken_part(message.words)
    day = message.at.astimezone(ZoneInfo(campaign.timezone)).date()
    languages = likely_languages(campaign, conversation)
    text = plain(said)
    for quote in (claim.quote.strip(), _spoken_part(claim.quote).replace(GAP, " ... ").strip()):
        if ways := places(quote, said):
            quoted = [Quoted(text, way, day, languages) for way in islice(ways, _WAYS)]
            return _Evidence(message.id, quote, quoted)
    return Rejected(f"the quote is not in message {claim.message}")


_spoken_part = lru_cache(maxsize=64)(spoken_part)
"""Several claims come from one message."""


def _objection(spec: FieldSpec, value: Value | None, ways: list[Quoted]) -> str | None:
    """What speaks against the value wherever its words stand; None if they bear it out in one."""
    if value is None:
        return None
    objections = [objection(spec, value, quoted) for quoted in ways]
    return None if None in objections else objections[-1]
