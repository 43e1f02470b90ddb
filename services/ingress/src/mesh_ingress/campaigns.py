"""The endpoints that change campaigns.

They need only NATS; PostgreSQL makes their answers richer.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from mesh_ingress import examples, problems
from mesh_ingress.bodies import (
    CSV,
    JSON,
    body_of,
    checked,
    media_type_of,
    read_json,
)
from mesh_ingress.body_docs import json_body, list_body
from mesh_ingress.commands import Written
from mesh_ingress.database import ReadSideUnavailableError
from mesh_ingress.models import Campaign, CreatedCampaign, Enrolment, Rehearsal, RowError
from mesh_ingress.participant_lists import ParticipantList, Rules, read_list
from mesh_ingress.problems import documented
from mesh_ingress.reasons import FieldError
from mesh_ingress.requests import CreateCampaign, EnrolParticipants
from mesh_ingress.services import Behind, Services
from mesh_ingress.tables import csv_entries
from meshcore.domain.schema import Rejected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh_ingress.bodies import Given

WRITE_SECONDS = 3.0
"""How long a write waits for the read side, so that its client sees it in the next read."""

router = APIRouter(tags=["Campaigns"])

T = TypeVar("T")


def _only_json(request: Request) -> None:
    if media_type_of(request) != JSON:
        raise problems.unsupported(JSON)


_BAD_NUMBER = problems.invalid(
    [
        FieldError(
            "phone_numbers[3]",
            "must start with + and the country code, for instance +971501234567",
            "write it in international form, for instance +971501234567",
        )
    ]
)
_POSITION: dict[str, Any] = {
    "Mesh-Position": {
        "description": "The log's position after the write, for a read's Mesh-Min-Position.",
        "schema": {"type": "integer"},
        "example": 4711,
    }
}
_LOCATION = {
    "Location": {
        "description": "Path of the campaign.",
        "schema": {"type": "string"},
        "example": f"/campaigns/{examples.CAMPAIGN_ID}",
    }
}
_WRITE_PROBLEMS = {
    "invalid": _BAD_NUMBER,
    "log_unavailable": problems.log_unavailable(),
}


@router.post(
    "/campaigns",
    status_code=HTTPStatus.CREATED,
    summary="Create a campaign",
    dependencies=[Depends(_only_json)],
    openapi_extra=json_body("CreateCampaign", examples.CREATE_CAMPAIGN),
    responses={
        201: {"headers": {**_POSITION, **_LOCATION}},
        **documented(
            malformed=problems.not_json("see character 17"),
            too_large=problems.too_large(),
            unsupported=problems.unsupported(JSON),
            **_WRITE_PROBLEMS,
        ),
    },
)
async def create(request: Request, behind: Behind, response: Response) -> CreatedCampaign:
    """Creates a draft: nothing is sent before it is launched.

    Participants may be given here, up to 200,000 at once, or added later. If any of them is not
    usable nothing is created, and the answer lists what is wrong with each.
    """
    body = await read_json(request)
    created = checked(CreateCampaign, body.rest).created()
    found = _usable(await read_list(body.entries(), Rules.of(created)))
    written = _accepted(await behind.commands.create(created, list(found.people.values())))
    response.headers["Location"] = f"/campaigns/{written.campaign.id}"
    campaign = await _as_seen(behind, written, response)
    return CreatedCampaign(
        **dict(campaign),
        duplicates_merged=found.duplicates_merged,
        suppressed=written.suppressed,
    )


@router.post(
    "/campaigns/{campaign_id}/participants",
    summary="Add participants",
    responses={
        200: {
            "headers": _POSITION,
            "content": {
                JSON: {
                    "examples": {
                        "added": {"value": examples.ENROLMENT},
                        "dry run": {"value": examples.REHEARSAL},
                    }
                }
            },
        },
        **documented(
            malformed=problems.not_json("see character 17"),
            unknown=problems.unknown("campaign"),
            completed=problems.conflict("the campaign is completed"),
            too_large=problems.too_large(),
            unsupported=problems.unsupported(f"{JSON} or {CSV}"),
            **_WRITE_PROBLEMS,
        ),
    },
    openapi_extra=list_body(
        "EnrolParticipants",
        examples.ENROL_PARTICIPANTS,
        examples.PARTICIPANTS_CSV,
        "UTF-8, split by commas, semicolons or tabs, with a header row: `phone`, if wanted "
        "`language` and `timezone`; every other column is an attribute.",
    ),
)
async def enrol(
    campaign_id: UUID,
    request: Request,
    behind: Behind,
    response: Response,
    dry_run: Annotated[  # noqa: FBT002 - a parameter of the query
        bool, Query(description="Only tell what would happen, with every bad row.")
    ] = False,
) -> Enrolment | Rehearsal:
    """Adds participants to a campaign that is not completed.

    Those of an active one are written to in their turn. Whoever is in the campaign already stays
    there, once, with the attributes told last. With `dry_run` nothing is changed.
    """
    campaign = await behind.commands.find(str(campaign_id))
    found = await read_list(await _entries(request), Rules.of(campaign))
    if dry_run:
        return await _rehearse(behind, campaign.id, found)
    people = list(_usable(found).people.values())
    written = _accepted(await behind.commands.enrol(campaign.id, people))
    return Enrolment(
        added=written.added,
        already_enrolled=len(people) - written.added,
        duplicates_merged=found.duplicates_merged,
        suppressed=written.suppressed,
        campaign=await _as_seen(behind, written, response),
    )


async def _rehearse(behind: Services, campaign_id: str, found: ParticipantList) -> Rehearsal:
    people = list(found.people.values())
    told = _accepted(await behind.commands.rehearse_enrolment(campaign_id, people))
    return Rehearsal(
        valid=len(people),
        already_enrolled=told.already_enrolled,
        suppressed=told.suppressed,
        duplicates_merged=found.duplicates_merged,
        error_count=len(found.errors),
        errors=[RowError(**error.document()) for error in found.errors],
    )


_STATE_CHANGE: dict[int | str, dict[str, Any]] = {
    200: {"headers": _POSITION},
    **documented(
        unknown=problems.unknown("campaign"),
        wrong_state=problems.conflict(
            "only a draft or paused campaign can be launched; this one is active"
        ),
        not_an_id=problems.invalid(
            [FieldError("campaign_id", "is not a UUID", "send the id as it was given out")]
        ),
        log_unavailable=problems.log_unavailable(),
    ),
}


@router.post("/campaigns/{campaign_id}/launch", summary="Launch", responses=_STATE_CHANGE)
async def launch(campaign_id: UUID, behind: Behind, response: Response) -> Campaign:
    """Starts the staggered outreach of a draft, or resumes that of a paused campaign."""
    written = _accepted(await behind.commands.launch(str(campaign_id)))
    return await _as_seen(behind, written, response)


@router.post("/campaigns/{campaign_id}/pause", summary="Pause", responses=_STATE_CHANGE)
async def pause(campaign_id: UUID, behind: Behind, response: Response) -> Campaign:
    """Pauses an active campaign: nobody new is written to, interviews under way go on."""
    written = _accepted(await behind.commands.pause(str(campaign_id)))
    return await _as_seen(behind, written, response)


async def _entries(request: Request) -> Iterator[Given | FieldError]:
    """The entries of the list that was sent, in either form."""
    match media_type_of(request):
        case "application/json":
            body = await read_json(request)
            checked(EnrolParticipants, body.rest)
            return body.entries()
        case "text/csv":
            return csv_entries(await body_of(request))
        case _:
            raise problems.unsupported(f"{JSON} or {CSV}")


def _usable(found: ParticipantList) -> ParticipantList:
    if found.errors:
        raise problems.invalid(found.errors)
    return found


def _accepted(outcome: T | Rejected) -> T:
    if isinstance(outcome, Rejected):
        raise problems.conflict(outcome.reason)
    return outcome


async def _as_seen(behind: Services, written: Written, response: Response) -> Campaign:
    """The campaign as the next read will show it.

    If the read side takes too long or is away, the campaign as the log tells it.
    """
    response.headers["Mesh-Position"] = str(written.position)
    try:
        if await behind.checkpoint.reaches(written.position, WRITE_SECONDS):
            campaign = await behind.read_model.campaign(written.campaign.id)
            if campaign:
                return campaign
    except ReadSideUnavailableError:
        pass  # the write is done; only its answer is poorer
    return Campaign.of(written.campaign)
