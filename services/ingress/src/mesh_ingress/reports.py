"""The endpoints for reports: ask for one, and look at the latest."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from mesh_ingress import problems
from mesh_ingress.problems import documented
from mesh_ingress.reasons import FieldError
from mesh_ingress.report_models import REQUESTED, CampaignReport, RequestedReport
from mesh_ingress.report_pages import HEADERS, page_of
from mesh_ingress.services import Behind, CaughtUp, behind_the_position
from meshcore.log import subjects

RETRY_SECONDS = "5"
"""When it is worth a look again, while a report is being written."""

_HTML = "text/html"
_NOT_AN_ID = problems.invalid(
    [FieldError("campaign_id", "is not a UUID", "send the id as it was given out")]
)
_NO_REPORT = problems.Problem(
    HTTPStatus.NOT_FOUND,
    "no-report",
    "Nobody has asked for a report of this campaign yet. POST to this path asks for one.",
)
_RETRY: dict[str, Any] = {
    "Retry-After": {
        "description": "When to look again, in seconds.",
        "schema": {"type": "integer"},
        "example": int(RETRY_SECONDS),
    }
}
_POSITION: dict[str, Any] = {
    "Mesh-Position": {
        "description": "The log's position of the request, for a read's Mesh-Min-Position.",
        "schema": {"type": "integer"},
        "example": 4711,
    },
    "Location": {
        "description": "Where the report will be.",
        "schema": {"type": "string"},
        "example": f"/campaigns/{REQUESTED['campaign_id']}/report",
    },
}
_PAGE = {_HTML: {"schema": {"type": "string"}, "example": "<!doctype html>..."}}

router = APIRouter(tags=["Results"])


@router.post(
    "/campaigns/{campaign_id}/report",
    status_code=HTTPStatus.ACCEPTED,
    summary="Ask for a report",
    responses={
        202: {"headers": _POSITION},
        **documented(
            unknown=problems.unknown("campaign"),
            not_an_id=_NOT_AN_ID,
            log_unavailable=problems.log_unavailable(),
        ),
    },
)
async def ask(campaign_id: UUID, behind: Behind, response: Response) -> RequestedReport:
    """Lets the agent write a report over the interviews that are completed by now.

    While one is to be written, no second one is begun: the answer names that one.
    """
    asked = await behind.reports.ask(str(campaign_id))
    response.headers["Mesh-Position"] = str(asked.position)
    response.headers["Location"] = f"/campaigns/{campaign_id}/report"
    return RequestedReport(
        id=asked.report_id, campaign_id=str(campaign_id), requested_at=asked.requested_at
    )


@router.get(
    "/campaigns/{campaign_id}/report",
    summary="Show the latest report",
    response_model=CampaignReport,
    responses={
        200: {"content": _PAGE},
        202: {
            "description": "It is still to be written.",
            "headers": _RETRY,
            "model": CampaignReport,
            "content": {"application/json": {"example": REQUESTED}, **_PAGE},
        },
        **documented(
            no_report=_NO_REPORT,
            unknown=problems.unknown("campaign"),
            not_an_id=_NOT_AN_ID,
            read_side_behind=behind_the_position(),
            read_side_unavailable=problems.read_side_unavailable(),
        ),
    },
)
async def latest(
    campaign_id: UUID,
    behind: CaughtUp,
    format_: Annotated[
        Literal["json", "html"],
        Query(alias="format", description="`html` gives a page without scripts."),
    ] = "json",
) -> Response:
    """The report that was asked for last: findings, figures, quotations and a React component.

    Everything in it was counted or said by participants, but for the words of the findings. Run the
    component in a sandboxed frame all the same.
    """
    found = await behind.read_model.report(str(campaign_id))
    if found is None:
        raise await _nothing(campaign_id, behind)
    waiting = found.status == "requested"
    status = HTTPStatus.ACCEPTED if waiting else HTTPStatus.OK
    headers = {"Retry-After": RETRY_SECONDS} if waiting else {}
    if format_ == "html":
        return Response(
            page_of(found), status, headers | HEADERS, media_type=f"{_HTML}; charset=utf-8"
        )
    return Response(found.model_dump_json(), status, headers, media_type="application/json")


async def _nothing(campaign_id: UUID, behind: Behind) -> problems.Problem:
    """Why there is no report: nobody asked for one, or there is no such campaign."""
    if await behind.log.last(subjects.campaign(str(campaign_id))):
        return _NO_REPORT
    return problems.unknown("campaign")
