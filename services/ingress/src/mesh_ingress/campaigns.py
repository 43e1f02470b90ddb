"""The endpoints that change campaigns.

They need only NATS; PostgreSQL makes their answers richer.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError

from mesh_ingress import examples, problems
from mesh_ingress.commands import Written
from mesh_ingress.database import ReadSideUnavailableError
from mesh_ingress.models import Campaign, CreatedCampaign, Enrolment
from mesh_ingress.phone_lists import Addresses, read_csv, read_list
from mesh_ingress.problems import documented
from mesh_ingress.reasons import FieldError, errors_of
from mesh_ingress.requests import CreateCampaign, EnrolParticipants
from mesh_ingress.services import Behind, Services
from meshcore.domain.schema import Rejected

WRITE_SECONDS = 3.0
"""How long a write waits for the read side, so that its client sees it in the next read."""

JSON, CSV = "application/json", "text/csv"

router = APIRouter(tags=["Campaigns"])


def media_type_of(request: Request) -> str:
    """The media type of the body, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


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
async def create(body: CreateCampaign, behind: Behind, response: Response) -> CreatedCampaign:
    """Creates a draft: nothing is sent before it is launched.

    Participants may be given here, up to some hundred thousand at once, or added later. If any
    phone number is not usable nothing is created, and the answer lists each one.
    """
    numbers = _usable(await read_list(body.phone_numbers, "phone_numbers"))
    written = _accepted(await behind.commands.create(body.created(), numbers.addresses))
    response.headers["Location"] = f"/campaigns/{written.campaign.id}"
    campaign = await _as_seen(behind, written, response)
    return CreatedCampaign(**dict(campaign), duplicates_merged=numbers.duplicates_merged)


@router.post(
    "/campaigns/{campaign_id}/participants",
    summary="Add participants",
    responses={
        200: {"headers": _POSITION},
        **documented(
            malformed=problems.not_json("see character 17"),
            unknown=problems.unknown("campaign"),
            completed=problems.conflict("the campaign is completed"),
            too_large=problems.too_large(),
            unsupported=problems.unsupported(f"{JSON} or {CSV}"),
            **_WRITE_PROBLEMS,
        ),
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                JSON: {
                    "schema": {"$ref": "#/components/schemas/EnrolParticipants"},
                    "example": examples.ENROL_PARTICIPANTS,
                },
                CSV: {
                    "schema": {
                        "type": "string",
                        "description": "UTF-8, with a header row that has a column `phone`.",
                    },
                    "example": examples.PARTICIPANTS_CSV,
                },
            },
        }
    },
)
async def enrol(
    campaign_id: UUID, request: Request, behind: Behind, response: Response
) -> Enrolment:
    """Adds participants to a campaign that is not completed.

    Those of an active one are written to in their turn. Whoever is in the campaign already stays
    there, once.
    """
    numbers = _usable(await _read_numbers(request))
    written = _accepted(await behind.commands.enrol(str(campaign_id), numbers.addresses))
    return Enrolment(
        added=written.added,
        already_enrolled=len(numbers.addresses) - written.added,
        duplicates_merged=numbers.duplicates_merged,
        campaign=await _as_seen(behind, written, response),
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


async def _read_numbers(request: Request) -> Addresses | list[FieldError]:
    match media_type_of(request):
        case "application/json":
            try:
                body = EnrolParticipants.model_validate_json(await request.body())
            except ValidationError as error:
                found = error.errors(include_input=False, include_url=False)
                if found[0]["type"] == "json_invalid":
                    raise problems.not_json(found[0]["ctx"]["error"]) from None
                return errors_of(found)
            return await read_list(body.phone_numbers, "phone_numbers")
        case "text/csv":
            return await read_csv(await request.body())
        case _:
            raise problems.unsupported(f"{JSON} or {CSV}")


def _usable(numbers: Addresses | list[FieldError]) -> Addresses:
    if isinstance(numbers, list):
        raise problems.invalid(numbers)
    return numbers


def _accepted(outcome: Written | Rejected) -> Written:
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
