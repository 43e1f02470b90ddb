"""A draft: one answer of the model, read and checked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ValidationError

from mesh_agent import evidence, reply_rules
from mesh_agent.evidence import DOUBTED_REFUSAL, ClaimedExtraction, Known
from mesh_agent.manners.asking import asking
from mesh_agent.manners.sentences import sentences
from mesh_agent.outcomes import Because, Outcome, check_outcome
from mesh_agent.plain_answers import is_answered_only
from mesh_agent.reply_context import reply_context
from meshcore.domain.events import EndReason, ExtractionRecorded, TurnTaken
from meshcore.domain.schema import Rejected
from meshcore.domain.turns import missing_fields, settled_fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh_agent.models.protocol import Answer
    from mesh_agent.reply_rules import Breach, ReplyContext
    from meshcore.domain.campaign import Campaign
    from meshcore.domain.conversation import Conversation

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_M = TypeVar("_M", bound=BaseModel)


def _as_because(given: object) -> object:
    """Some models quote without saying where."""
    return {"quote": given} if isinstance(given, str) else given


class ModelOpening(BaseModel):
    """The model's answer to the task of opening a conversation."""

    reply: str | None = None
    asked: str | None = None
    language: str | None = None


class ModelCourtesy(BaseModel):
    """The model's answer to what comes after the end."""

    outcome: Outcome
    reply: str | None = None
    because: Annotated[Because | None, BeforeValidator(_as_because)] = None
    language: str | None = None


class ModelTurn(ModelCourtesy):
    """The model's answer to the task of taking a turn."""

    asked: str | None = None
    extractions: list[object] = []  # each is read by itself: one bad one costs no other


@dataclass(frozen=True, slots=True)
class Draft:
    """What may be kept of an answer, and what was wrong with it.

    Attributes:
        reply: the model's words, cleaned; not yet fit to be sent if there are `breaches`.
        goes_on: whether the words lead on; those of a refused goodbye do not.
        end: why the interview ends, if it does and the words bear that out.
        doubted: the outcome that the model was told to think about again.
        usage: what the answer took.
        breaches: the rules that the reply breaks.
        objections: what else the model is told.
    """

    reply: str = ""
    extractions: tuple[ExtractionRecorded, ...] = ()
    asked: str | None = None
    end: EndReason | None = None
    goes_on: bool = False
    language: str | None = None
    doubted: Outcome | None = None
    usage: TurnTaken = field(default_factory=lambda: TurnTaken(answers=()))
    breaches: tuple[Breach, ...] = ()
    objections: tuple[str, ...] = ()

    @property
    def told(self) -> list[str]:
        """Everything that was wrong, in words that a model understands."""
        return [*self.objections, *(breach.told for breach in self.breaches)]

    @property
    def may_be_sent(self) -> bool:
        """Whether the reply keeps the rules."""
        return bool(self.reply) and not any(breach.rule.blocking for breach in self.breaches)


UNREADABLE = Draft(objections=("it could not be read: answer with the JSON asked for",))


def draft_of_opening(answer: Answer, campaign: Campaign, conversation: Conversation) -> Draft:
    """The first message as the model wrote it, checked."""
    read = _read(ModelOpening, answer)
    if read is None:
        return _unreadable(answer)
    reply, language = reply_rules.cleaned(read.reply or ""), _language(read.language)
    leads_on = _leads_on(reply, language)
    draft = Draft(
        reply=reply,
        asked=_field_of(campaign, read.asked),
        goes_on=leads_on,
        language=language,
        usage=_usage(answer),
        objections=() if leads_on else (_ASKS_NOTHING,),
    )
    return _with_breaches(draft, campaign, conversation)


def draft_of_courtesy(
    answer: Answer, campaign: Campaign, conversation: Conversation, earlier: Sequence[Draft] = ()
) -> Draft:
    """The answer to what came after the end, checked. Arguments as of `draft_of_turn`."""
    read = _read(ModelCourtesy, answer)
    if read is None:
        return _unreadable(answer)
    end = _end(read, conversation, earlier)
    draft = Draft(
        reply=reply_rules.cleaned(read.reply or ""),
        end=end if isinstance(end, EndReason) else None,
        goes_on=read.outcome == "continue",
        language=_language(read.language),
        doubted=read.outcome if isinstance(end, Rejected) else None,
        usage=_usage(answer),
        objections=(end.reason,) if isinstance(end, Rejected) else (),
    )
    return _with_breaches(draft, campaign, conversation, ending=True)


def draft_of_turn(
    answer: Answer,
    campaign: Campaign,
    conversation: Conversation,
    earlier: Sequence[Draft] = (),
) -> Draft:
    """A turn as the model wants it, checked.

    Args:
        answer: what the model said.
        campaign: whose schema holds.
        conversation: how far the chat has come.
        earlier: the drafts of the same turn, of which the model has been told.
    """
    read = _read(ModelTurn, answer)
    if read is None:
        return _unreadable(answer)
    language = _language(read.language)
    told_now = replace(conversation, language=language or conversation.language)
    insisted = bool(earlier) and any(DOUBTED_REFUSAL in told for told in earlier[-1].objections)
    checked = [_checked(item, campaign, told_now, insisted) for item in read.extractions]
    kept = tuple(c for c in checked if isinstance(c, ExtractionRecorded))
    refused = [c.reason for c in checked if isinstance(c, Rejected)]
    end = _end(read, told_now, earlier, campaign)
    doubted = read.outcome if isinstance(end, Rejected) else None
    if not isinstance(end, Rejected):
        found = {e.field for draft in earlier for e in draft.extractions} | {e.field for e in kept}
        end = _complete_or_not(end, read.asked, found, campaign, conversation)
    reply = reply_rules.cleaned(read.reply or "")
    goes_on = read.outcome == "continue" and _leads_on(reply, language)
    objections = [*refused, *([end.reason] if isinstance(end, Rejected) else [])]
    if read.outcome == "continue" and not goes_on:
        objections.append(_ASKS_NOTHING)
    draft = Draft(
        reply=reply,
        extractions=kept,
        asked=_field_of(campaign, read.asked),
        end=end if isinstance(end, EndReason) else None,
        goes_on=goes_on,
        language=language,
        doubted=doubted,
        usage=_usage(answer).model_copy(update={"rejected_extractions": len(refused)}),
        objections=tuple(objections),
    )
    return _with_breaches(draft, campaign, conversation, ending=draft.end is not None)


def _checked(
    item: object,
    campaign: Campaign,
    conversation: Conversation,
    insisted: bool,  # noqa: FBT001 - a fact about the draft before
) -> ExtractionRecorded | Rejected | Known:
    try:
        claim = ClaimedExtraction.model_validate(item)
    except ValidationError:
        return Rejected("an extraction does not have the form asked for")
    return evidence.check(claim, campaign, conversation, insisted=insisted)


def _end(
    read: ModelCourtesy,
    conversation: Conversation,
    earlier: Sequence[Draft],
    campaign: Campaign | None = None,
) -> EndReason | Rejected | None:
    if (
        read.outcome not in _NEED_NO_GROUND
        and campaign
        and is_answered_only(campaign, conversation)
    ):
        return Rejected(f'outcome "{read.outcome}": the person only answers what you asked')
    told = any(draft.doubted == read.outcome for draft in earlier)
    return check_outcome(read.outcome, read.because, conversation, told=told)


_NEED_NO_GROUND = ("continue", "complete")


def pending_fields(
    campaign: Campaign, conversation: Conversation, found: set[str]
) -> tuple[list[str], list[str]]:
    """The fields still to be asked about, once `found` are settled: required ones, and all."""
    schema, limits = campaign.extraction_schema, campaign.limits
    settled = settled_fields(conversation, limits) | found
    required = [n for n in missing_fields(conversation, schema, limits) if n not in found]
    return required, [name for name in schema if name not in settled]


def _complete_or_not(
    end: EndReason | None,
    asked: str | None,
    found: set[str],
    campaign: Campaign,
    conversation: Conversation,
) -> EndReason | Rejected | None:
    """Code decides when everything is known, not the model."""
    required, pending = pending_fields(campaign, conversation, found)
    if end is EndReason.COMPLETED and required:
        names = ", ".join(required)
        return Rejected(f"the chat is not complete: nothing is known yet of {names}")
    if end is None and not required and asked not in pending:
        return Rejected('everything is known: end the chat with outcome "complete"')
    return end


def context_of(
    draft: Draft, campaign: Campaign, conversation: Conversation, *, ending: bool
) -> ReplyContext:
    """What the draft's reply is checked against; what the draft settles is not asked about."""
    settled = [extraction.field for extraction in draft.extractions]
    return reply_context(
        campaign,
        conversation,
        ending=ending,
        asked=draft.asked,
        settled=settled,
        language=draft.language,
    )


_ASKS_NOTHING = "the reply asks nothing: lead the chat on to what is still pending"


def _leads_on(reply: str, language: str | None) -> bool:
    """Whether the participant is asked something: else they would not know what to write."""
    return bool(asking(sentences(reply, language)))


def _with_breaches(
    draft: Draft, campaign: Campaign, conversation: Conversation, *, ending: bool = False
) -> Draft:
    context = context_of(draft, campaign, conversation, ending=ending)
    return replace(draft, breaches=tuple(reply_rules.breaches(draft.reply, context)))


def _field_of(campaign: Campaign, name: str | None) -> str | None:
    return name if name in campaign.extraction_schema else None


def _language(tag: str | None) -> str | None:
    """The tag, if it is one."""
    return tag if tag and _LANGUAGE.fullmatch(tag) else None


def _usage(answer: Answer) -> TurnTaken:
    return TurnTaken(
        answers=(),
        model=answer.model,
        model_calls=1,
        input_tokens=answer.input_tokens,
        output_tokens=answer.output_tokens,
        cached_tokens=answer.cached_tokens,
        cost_usd=answer.cost_usd,
    )


def _read(model: type[_M], answer: Answer) -> _M | None:
    try:
        return model.model_validate_json(answer.text)
    except ValidationError:
        return None


def _unreadable(answer: Answer) -> Draft:
    return replace(UNREADABLE, usage=_usage(answer))
