"""The endpoints that show what is there.

They ask the read tables, and answer 503 while those are away.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from mesh_ingress import codebook, past, problems, result_files, transcript_files
from mesh_ingress.models import (
    CampaignDetail,
    CampaignPage,
    ConversationDetail,
    ConversationPage,
    ConversationSummary,
    Extractions,
    Flag,
)
from mesh_ingress.problems import documented
from mesh_ingress.read_model import Only
from mesh_ingress.reasons import FieldError
from mesh_ingress.services import CaughtUp, Services, behind_the_position
from meshcore.domain.conversation import ConversationStatus
from meshcore.domain.disposition import Disposition
from meshcore.domain.participant import PREFIX, mask
from meshcore.log import subjects

if TYPE_CHECKING:
    from meshcore.directory import Directory

MAX_EXTRACTIONS = 10_000

Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
Cursor = Annotated[str | None, Query(description="The next_cursor of the previous page.")]


def _only(
    status: Annotated[ConversationStatus | None, Query(description="Only these.")] = None,
    flag: Annotated[Flag | None, Query(description="Only those flagged with it.")] = None,
    disposition: Annotated[Disposition | None, Query(description="Only these.")] = None,
) -> Only:
    return Only(status, flag, disposition)


OnlyThese = Annotated[Only, Depends(_only)]

_READ_PROBLEMS = {
    "invalid": problems.invalid(
        [FieldError("limit", "Input should be less than or equal to 200", "send a smaller number")]
    ),
    "read_side_behind": behind_the_position(),
    "read_side_unavailable": problems.read_side_unavailable(),
}
_LIST = documented(**_READ_PROBLEMS)
_OF_CAMPAIGN = documented(unknown=problems.unknown("campaign"), **_READ_PROBLEMS)

router = APIRouter(tags=["Results"])

T = TypeVar("T")


@router.get("/campaigns", summary="List campaigns", responses=_LIST)
async def campaigns(behind: CaughtUp, limit: Limit = 50, cursor: Cursor = None) -> CampaignPage:
    """All campaigns, the newest first."""
    return await behind.read_model.campaigns(limit, cursor)


@router.get(
    "/campaigns/{campaign_id}",
    summary="Show a campaign",
    response_model=CampaignDetail,
    responses=_OF_CAMPAIGN,
)
async def campaign(
    campaign_id: UUID, behind: CaughtUp, as_of: past.AsOf = None
) -> CampaignDetail | Response:
    """A campaign, its conversations by status, and how they go."""
    if as_of is not None:
        return await past.campaign(str(campaign_id), as_of, behind)
    found = await behind.read_model.campaign_detail(str(campaign_id))
    return await _known(found, campaign_id, behind)


@router.get(
    "/campaigns/{campaign_id}/conversations", summary="List conversations", responses=_OF_CAMPAIGN
)
async def conversations(
    campaign_id: UUID,
    behind: CaughtUp,
    only: OnlyThese,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ConversationPage:
    """A campaign's conversations and their statuses, in the order of enrolment."""
    found = await behind.read_model.conversations(str(campaign_id), only, limit, cursor)
    page = await _known(found, campaign_id, behind)
    await _show_phones(page.conversations, behind.directory)
    return page


@router.get(
    "/conversations/{conversation_id}",
    summary="Show a conversation",
    responses=documented(unknown=problems.unknown("conversation"), **_READ_PROBLEMS),
)
async def conversation(
    conversation_id: UUID, behind: CaughtUp, as_of: past.AsOf = None
) -> ConversationDetail:
    """A conversation with its messages and, field by field, the evidence for what was extracted."""
    found = (
        await past.conversation(str(conversation_id), as_of, behind)
        if as_of is not None
        else await behind.read_model.conversation(str(conversation_id))
    )
    if found is None:
        raise problems.unknown("conversation")
    await _show_phones([found], behind.directory)
    return found


@router.get(
    "/campaigns/{campaign_id}/extractions",
    summary="Show what the interviews found",
    response_model=Extractions,
    responses={**result_files.OR_A_FILE, **_OF_CAMPAIGN},
)
async def extractions(
    *,
    campaign_id: UUID,
    behind: CaughtUp,
    limit: Annotated[
        int, Query(ge=1, le=MAX_EXTRACTIONS, description="How many at most.")
    ] = MAX_EXTRACTIONS,
    cursor: Cursor = None,
    wanted: result_files.AFile,
) -> Response:
    """The data of all completed interviews, in the order of completion.

    Up to 10,000 at once as JSON; all of them in a file, where `limit` and `cursor` mean nothing.
    """
    if wanted.form:
        known = await codebook.known_campaign(campaign_id, behind)
        return await result_files.respond(known, wanted, behind)
    found = await behind.read_model.extractions(str(campaign_id), limit, cursor)
    body = await _known(found, campaign_id, behind)
    return Response(body, media_type="application/json")


router.include_router(codebook.router)
router.include_router(transcript_files.router)


async def _known(found: T | None, campaign_id: UUID, behind: Services) -> T:
    """What was found. If nothing was, the campaign is unknown, or the read side is behind."""
    if found is not None:
        return found
    if await behind.log.last(subjects.campaign(str(campaign_id))):
        raise behind_the_position()
    raise problems.unknown("campaign")


async def _show_phones(shown: list[ConversationSummary], directory: Directory) -> None:
    """Fills the masked phones in. They stand in the directory only."""

    async def show(one: ConversationSummary) -> None:
        addresses = await directory.addresses(one.participant_id)
        phones = [address for address in addresses if address.startswith(f"{PREFIX}+")]
        one.phone = mask((phones or addresses)[0]) if addresses else None

    await asyncio.gather(*map(show, shown))
