"""The endpoint that erases a participant. Needs nothing but NATS."""

from __future__ import annotations

import re
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from mesh_ingress import examples, problems
from mesh_ingress.problems import Problem, documented
from mesh_ingress.services import Behind

_ID = re.compile(r"[0-9a-f]{32}")


class ErasedParticipant(BaseModel):
    """What was erased: it can be read by nobody any more."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "participant_id": examples.PARTICIPANT_ID,
                "campaigns": [examples.CAMPAIGN_ID],
            }
        }
    )

    participant_id: str
    campaigns: list[str] = Field(
        description="In which they had a conversation; reports of these are void."
    )


def no_participant_id() -> Problem:
    """What stands in the path is no participant's id."""
    detail = "There is no such participant: an id has 32 hex digits, as GET of a campaign shows it."
    return Problem(HTTPStatus.NOT_FOUND, "participant-not-found", detail)


# Described by hand: whatever else stands in the path is not found, so that it is never invalid.
_PARAMETER = {
    "name": "participant_id",
    "in": "path",
    "required": True,
    "description": "The participant's id.",
    "schema": {"type": "string", "pattern": f"^{_ID.pattern}$"},
    "example": examples.PARTICIPANT_ID,
}

router = APIRouter(tags=["Participants"])


@router.delete(
    "/participants/{participant_id}",  # noqa: FAST003 - read from the request: see _PARAMETER
    summary="Erase a participant",
    status_code=HTTPStatus.ACCEPTED,
    response_model=ErasedParticipant,
    responses={
        204: {"description": "Nothing is known of such a participant, so nothing was done."},
        **documented(
            no_participant_id=no_participant_id(), log_unavailable=problems.log_unavailable()
        ),
    },
    openapi_extra={"parameters": [_PARAMETER]},
)
async def erase(
    request: Request, behind: Behind, response: Response
) -> ErasedParticipant | Response:
    """Makes words, values, files, number and attributes of a participant unreadable, for good.

    Nobody writes to them any more, and running interviews end. Counts stay. On the log it is done
    when this answers; the read tables follow within moments: read with Mesh-Min-Position. Calling
    it again is harmless.
    """
    participant_id = request.path_params["participant_id"]
    if not _ID.fullmatch(participant_id):
        raise no_participant_id()
    done = await behind.eraser.erase(participant_id)
    if done is None:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    response.headers["Mesh-Position"] = str(done.position)
    return ErasedParticipant(participant_id=done.participant, campaigns=list(done.campaigns))
