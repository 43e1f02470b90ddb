"""All conversations of a campaign as one readable document, handed on as it is read."""

from __future__ import annotations

import html
from collections.abc import AsyncIterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from mesh_ingress import problems, result_rows
from mesh_ingress.codebook import known_campaign
from mesh_ingress.problems import documented
from mesh_ingress.reasons import FieldError
from mesh_ingress.result_files import begun, file_name, streamed
from mesh_ingress.services import CaughtUp, behind_the_position
from meshcore.domain.conversation import ConversationStatus
from meshcore.replay import transcripts

if TYPE_CHECKING:
    from mesh_ingress.models import Campaign
    from mesh_ingress.services import Services

_NO_FORMAT = FieldError("format", "Input should be 'md' or 'html'", "send one of them")
_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
section{border-top:1px solid #999;padding:1rem 0}
.agent,.participant{padding:.5rem .8rem;border-radius:.6rem;margin:.4rem 0}
.agent{background:#eee;margin-left:15%}.participant{background:#dcf5dc;margin-right:15%}
time{color:#666;font-size:.8em}th{text-align:left;vertical-align:top;padding-right:1rem}
@media print{section{break-inside:avoid-page}}
"""

router = APIRouter()


class DocumentFormat(StrEnum):
    """How the document is wanted."""

    MD = "md"
    HTML = "html"


_MEDIA_TYPES = {
    DocumentFormat.MD: "text/markdown; charset=utf-8",
    DocumentFormat.HTML: "text/html; charset=utf-8",
}


@router.get(
    "/campaigns/{campaign_id}/transcripts",
    summary="Read all conversations",
    response_class=Response,
    responses={
        200: {
            "description": "The document.",
            "content": {
                "text/markdown": {"schema": {"type": "string"}, "example": "# Yas Island"},
                "text/html": {"schema": {"type": "string"}, "example": "<h1>Yas Island</h1>"},
            },
        },
        **documented(
            invalid=problems.invalid([_NO_FORMAT]),
            unknown=problems.unknown("campaign"),
            read_side_behind=behind_the_position(),
            read_side_unavailable=problems.read_side_unavailable(),
        ),
    },
)
async def all_transcripts(
    campaign_id: UUID,
    behind: CaughtUp,
    form: Annotated[
        DocumentFormat, Query(alias="format", description="Markdown or HTML.")
    ] = DocumentFormat.MD,
    status: Annotated[ConversationStatus | None, Query(description="Only these.")] = None,
) -> Response:
    """What was said in every conversation that was opened, with what was found, as a document."""
    campaign = await known_campaign(campaign_id, behind)
    chunks = await begun(_document(behind, campaign, form, status))
    name = file_name(campaign, "transcripts", form)
    response = streamed(chunks, _MEDIA_TYPES[form], name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response


async def _document(
    behind: Services, campaign: Campaign, form: DocumentFormat, status: ConversationStatus | None
) -> AsyncIterator[bytes]:
    render = transcripts.as_html if form is DocumentFormat.HTML else transcripts.as_markdown
    begin, end = _frame(campaign, form)
    yield begin.encode()
    async for page in result_rows.transcripts(behind.database, campaign.id, status):
        for transcript in page:
            yield render(transcript).encode(errors="replace")
    yield end.encode()


def _frame(campaign: Campaign, form: DocumentFormat) -> tuple[str, str]:
    """What stands before and behind the conversations."""
    if form is DocumentFormat.MD:
        return f"# {transcripts.escaped(campaign.name)}\n\nTimes are UTC.\n\n", ""
    name = html.escape(campaign.name)
    head = f'<meta charset="utf-8"><title>{name}</title><style>{_STYLE}</style>'
    top = f"<h1>{name}</h1>\n<p>Times are UTC.</p>\n"
    return (
        f"<!doctype html>\n<html><head>{head}</head><body>\n{top}",
        "</body></html>\n",
    )
