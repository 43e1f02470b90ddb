"""The interviewer: asks the model for a turn, checks what comes back, and makes it a proposal."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from mesh_agent import evidence, reply_rules
from mesh_agent.evidence import ClaimedExtraction
from mesh_agent.prompt import opening_prompt, turn_prompt
from mesh_agent.reply_context import reply_context
from meshcore.domain.events import EndReason, ExtractionRecorded, TurnTaken
from meshcore.domain.schema import Rejected
from meshcore.domain.turns import Proposal, missing_fields
from meshcore.errors import ModelError

if TYPE_CHECKING:
    from mesh_agent.models.protocol import Answer, Model
    from meshcore.domain.campaign import Campaign
    from meshcore.domain.conversation import Conversation

OPT_OUT_GOODBYE = (
    "No problem at all, I won't message you again. Thanks for your time, and take care!"
)
GOODBYE = (
    "That's everything I wanted to ask. Thank you so much for your time, it was lovely chatting!"
)
CALM_GOODBYE = "Let's leave it here. Thank you for your time, and please take care of yourself."
FALLBACK = "Thanks for telling me! Could you say a little more about that?"

_ENDS: dict[str, EndReason] = {
    "complete": EndReason.COMPLETED,
    "opted_out": EndReason.OPTED_OUT,
    "declined": EndReason.DECLINED,
    "distress": EndReason.DISTRESS,
    "inappropriate": EndReason.INAPPROPRIATE,
}

_M = TypeVar("_M", bound=BaseModel)


class ModelOpening(BaseModel):
    """The model's answer to the task of opening a conversation."""

    reply: str
    asked: str | None = None


class ModelTurn(ModelOpening):
    """The model's answer to the task of taking a turn."""

    outcome: Literal["continue", "complete", "opted_out", "declined", "distress", "inappropriate"]
    extractions: list[ClaimedExtraction] = []


@dataclass(frozen=True, slots=True)
class _Draft:
    """A checked answer: what may be kept of it, and what was wrong with it."""

    proposal: Proposal
    problems: list[str] = field(default_factory=list)


class Interviewer:
    """Turns the state of a conversation into a proposal. Holds no state of its own."""

    def __init__(self, model: Model) -> None:
        self._model = model

    async def opening(self, campaign: Campaign, conversation: Conversation) -> Proposal:
        """The first message of a conversation.

        Raises:
            ModelError: the model gives no usable answer.
        """
        answer = await self._model.generate(opening_prompt(campaign, conversation))
        opening = _parse(ModelOpening, answer)
        context = reply_context(campaign, conversation, asked=opening.asked)
        reply = reply_rules.cleaned(opening.reply)
        if reply_rules.breaches(reply, context):
            reply = reply_rules.repair(reply, context)
        if problems := [b for b in reply_rules.breaches(reply, context) if b.rule.blocking]:
            raise ModelError(f"unusable opening: {problems[0].rule}")
        return Proposal(reply=reply, asked=_field_of(campaign, opening.asked), turn=_usage(answer))

    async def turn(self, campaign: Campaign, conversation: Conversation) -> Proposal:
        """The answer to everything that the participant wrote since the last turn.

        A breach of the rules is named to the model once; what is still wrong then is mended or left
        out.

        Raises:
            ModelError: the model gives no usable answer.
        """
        budget = _max_turns(campaign)
        draft = await self._draft(campaign, conversation, [])
        if draft.problems:
            first = draft.proposal.turn
            draft = await self._draft(campaign, conversation, draft.problems)
            draft = _Draft(replace(draft.proposal, turn=_sum(first, draft.proposal.turn)))
        proposal = _mended(draft.proposal, campaign, conversation)
        if not proposal.end and conversation.turns >= budget:
            return replace(proposal, reply=GOODBYE, end=EndReason.OUT_OF_BUDGET, asked=None)
        return proposal

    async def _draft(
        self, campaign: Campaign, conversation: Conversation, problems: list[str]
    ) -> _Draft:
        answer = await self._model.generate(turn_prompt(campaign, conversation, problems))
        turn = _parse(ModelTurn, answer)
        checked = [evidence.check(claim, campaign, conversation) for claim in turn.extractions]
        kept = tuple(c for c in checked if isinstance(c, ExtractionRecorded))
        found = [c.reason for c in checked if isinstance(c, Rejected)]
        usage = _usage(answer).model_copy(update={"rejected_extractions": len(found)})
        end = _ENDS.get(turn.outcome)
        if end is EndReason.COMPLETED and (missing := _still_missing(campaign, conversation, kept)):
            end = None
            found.append(f"the chat is not complete: nothing is known yet of {', '.join(missing)}")
        reply = reply_rules.cleaned(turn.reply)
        asked = _field_of(campaign, turn.asked)
        settled = [e.field for e in kept]
        context = reply_context(
            campaign, conversation, ending=end is not None, asked=asked, settled=settled
        )
        found += [breach.told for breach in reply_rules.breaches(reply, context)]
        return _Draft(Proposal(reply, kept, asked, end, usage), found)


def _still_missing(
    campaign: Campaign, conversation: Conversation, new: tuple[ExtractionRecorded, ...]
) -> list[str]:
    found = {e.field for e in new}
    return [
        n
        for n in missing_fields(conversation, campaign.extraction_schema, campaign.limits)
        if n not in found
    ]


def _mended(proposal: Proposal, campaign: Campaign, conversation: Conversation) -> Proposal:
    """The proposal with a reply that keeps the rules."""
    settled = [e.field for e in proposal.extractions]
    context = reply_context(
        campaign,
        conversation,
        ending=proposal.end is not None,
        asked=proposal.asked,
        settled=settled,
    )
    if not reply_rules.breaches(proposal.reply or "", context):
        return proposal
    reply = reply_rules.repair(proposal.reply or "", context)
    if any(breach.rule.blocking for breach in reply_rules.breaches(reply, context)):
        reply = _FAREWELLS.get(proposal.end, GOODBYE) if proposal.end else FALLBACK
    return replace(proposal, reply=reply)


_FAREWELLS = {
    EndReason.OPTED_OUT: OPT_OUT_GOODBYE,
    EndReason.DECLINED: OPT_OUT_GOODBYE,
    EndReason.DISTRESS: CALM_GOODBYE,
    EndReason.INAPPROPRIATE: CALM_GOODBYE,
}


def _max_turns(campaign: Campaign) -> int:
    """How many turns an interview may take: three per field, and some to spare."""
    return 3 * len(campaign.extraction_schema) + 6


def _field_of(campaign: Campaign, name: str | None) -> str | None:
    return name if name in campaign.extraction_schema else None


def _usage(answer: Answer) -> TurnTaken:
    return TurnTaken(
        answers=(),
        model=answer.model,
        model_calls=1,
        input_tokens=answer.input_tokens,
        output_tokens=answer.output_tokens,
    )


def _sum(first: TurnTaken, second: TurnTaken) -> TurnTaken:
    return second.model_copy(
        update={
            "model_calls": first.model_calls + second.model_calls,
            "input_tokens": first.input_tokens + second.input_tokens,
            "output_tokens": first.output_tokens + second.output_tokens,
            "rejected_extractions": first.rejected_extractions + second.rejected_extractions,
        }
    )


def _parse(model: type[_M], answer: Answer) -> _M:
    try:
        return model.model_validate_json(answer.text)
    except ValidationError as error:
        raise ModelError(f"the answer does not fit: {error.error_count()} errors") from None
