"""The endpoint that hands out files of participants, where their campaign wants them kept.

Whoever sent them may have put anything into them, so no browser is to open them by itself.
"""

from __future__ import annotations

import mimetypes
import re
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Response

from mesh_ingress import examples, problems
from mesh_ingress.problems import Problem, documented
from mesh_ingress.reasons import FieldError
from mesh_ingress.services import Behind
from meshcore.log.media_store import FileKey

_MOST = 10
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")
_UNKNOWN = "application/octet-stream"


def not_kept() -> Problem:
    """There is no such file here."""
    detail = (
        "No such file is kept. Files are kept only if their campaign says keep_media, "
        "and contact cards never."
    )
    return Problem(HTTPStatus.NOT_FOUND, "media-not-kept", detail)


_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file as it was sent, of its own media type.",
        "content": {
            _UNKNOWN: {
                "schema": {"type": "string", "format": "binary"},
                "example": "(the bytes of a photo)",
            }
        },
    },
    **documented(
        not_kept=not_kept(),
        invalid=problems.invalid(
            [FieldError("index", "Input should be less than 10", "send a smaller number")]
        ),
        log_unavailable=problems.log_unavailable(),
    ),
}

router = APIRouter(tags=["Results"])


@router.get(
    "/conversations/{conversation_id}/media/{message_sid}/{index}",
    summary="Fetch a file that a participant sent",
    response_class=Response,
    responses=_FILE,
)
async def kept_file(
    conversation_id: UUID,
    message_sid: Annotated[
        str,
        Path(
            pattern=r"^[A-Za-z]{2}[0-9A-Fa-f]{32}$",
            description="The message's id.",
            examples=[examples.MESSAGE_SID],
        ),
    ],
    index: Annotated[int, Path(ge=0, lt=_MOST, description="Its place in `media`, from 0.")],
    behind: Behind,
) -> Response:
    """A photo, a voice note or another file, if the conversation's campaign keeps media."""
    found = await behind.media.get(FileKey(str(conversation_id), message_sid, index))
    if found is None:
        raise not_kept()
    kind = found.content_type if _MEDIA_TYPE.fullmatch(found.content_type) else _UNKNOWN
    name = f"{message_sid}-{index}{mimetypes.guess_extension(kind) or ''}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return Response(found.data, media_type=kind, headers=headers)
