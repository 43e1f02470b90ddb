"""Campaigns and conversations as they stood, told from the log."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Query, Response
from pydantic import Field

from mesh_ingress import problems
from mesh_ingress.models import Campaign, ConversationDetail, Counts
from mesh_ingress.reasons import FieldError
from meshcore.domain.conversation import SendStatus
from meshcore.domain.disposition import disposition
from meshcore.domain.events import EndReason
from meshcore.log.histories import campaigns
from meshcore.log.subjects import ConversationRef
from meshcore.replay import past

if TYPE_CHECKING:
    from mesh_ingress.services import Services
    from meshcore.domain.campaign import Campaign as CampaignState
    from meshcore.domain.conversation import Conversation, Message
    from meshcore.replay.past import CampaignThen

_ONE_AT_A_TIME = asyncio.Semaphore(1)
"""A campaign's past is all of its log; webhooks are not to wait for several at once."""


def _moment(
    as_of: Annotated[
        str | None,
        Query(
            description="As it stood at this time (ISO 8601, UTC where it does not say) or log "
            "position: told from the log, campaigns with their counts but without figures."
        ),
    ] = None,
) -> datetime | int | None:
    if as_of is None:
        return None
    try:
        return past.moment(as_of.replace(" ", "+"))  # a plus sign that nobody escaped
    except ValueError as error:
        fix = "send a time such as 2026-11-22T14:30:00Z, or a log position"
        raise problems.invalid([FieldError("as_of", "is no moment", fix)]) from error


AsOf = Annotated[datetime | int | None, Depends(_moment)]


class PastCampaign(Campaign):
    """A campaign as it stood."""

    position: int = Field(description="The last log position that counted.")


async def campaign(campaign_id: str, as_of: datetime | int, behind: Services) -> Response:
    """The campaign as it stood, as JSON.

    Raises:
        Problem: it was not there.
        LogUnavailableError: no answer in time.
    """
    async with _ONE_AT_A_TIME:
        then = await past.campaign_at(behind.log, campaign_id, as_of)
    if then is None:
        raise problems.unknown("campaign")
    return Response(_campaign(then).model_dump_json(), media_type="application/json")


def _campaign(then: CampaignThen) -> PastCampaign:
    fields = Campaign.of(then.campaign).model_dump() | {"position": then.position}
    fields["counts"] = Counts(
        participants=then.campaign.enrolled_count,
        **{status.value: count for status, count in then.statuses.items()},
    )
    return PastCampaign(**fields)


async def conversation(
    conversation_id: str, as_of: datetime | int, behind: Services
) -> ConversationDetail:
    """The conversation as it stood, still without the phone.

    Raises:
        Problem: nothing had happened in it.
        LogUnavailableError: no answer in time.
    """
    ref = await past.find_conversation(behind.log, conversation_id)
    state = await past.conversation_at(behind.log, ref, as_of) if ref else None
    if ref is None or state is None or state.participant is None:
        raise problems.unknown("conversation")
    study = (await campaigns(behind.log).load(ref.campaign)).state  # as it was created
    return _conversation(ref, state, study)


def _conversation(
    ref: ConversationRef, state: Conversation, study: CampaignState
) -> ConversationDetail:
    return ConversationDetail.model_validate(
        {
            "id": ref.conversation,
            "campaign_id": ref.campaign,
            "participant_id": state.participant,
            "phone": None,
            "status": state.status,
            "disposition": disposition(state, study.extraction_schema, study.limits),
            "extracted_data": state.values,
            "end_reason": state.end_reason,
            "flag": state.flag,
            "failure": _failure(state),
            "turns": state.turns,
            "started_at": state.started_at,
            "last_message_at": state.messages[-1].at if state.messages else None,
            "ended_at": state.ended_at,
            "language": state.language,
            "tokens": state.tokens,
            "cost_usd": state.usage.cost_usd,
            "evidence": {
                name: {
                    "state": e.state,
                    "value": e.value,
                    "quote": e.quote,
                    "message_sid": e.message_sid,
                }
                for name, e in state.extractions.items()
            },
            "messages": list(map(_message, state.messages)),
        }
    )


def _failure(state: Conversation) -> str | None:
    """Why the conversation failed, in the words of the message that could not be sent."""
    if state.end_reason is not EndReason.SEND_FAILED:
        return None
    unsent = {SendStatus.FAILED, SendStatus.SUPPRESSED}
    return next((m.error for m in state.messages if m.status in unsent), None)


def _message(message: Message) -> dict[str, object]:
    return {
        "id": message.id,
        "sender": message.sender,
        "kind": message.kind,
        "text": message.text,
        "media": message.media,
        "transcript": message.transcript,
        "created_at": message.at,
        "status": message.status,
        "twilio_sid": message.sid,
        "error": message.error,
        "error_code": message.error_code,
    }
