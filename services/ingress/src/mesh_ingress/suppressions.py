"""The suppression list: everybody to whom nobody writes, whoever asked for it."""

from __future__ import annotations

from contextlib import suppress
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from mesh_ingress import examples, problems
from mesh_ingress.bodies import (
    CSV,
    JSON,
    body_of,
    checked,
    media_type_of,
    read_json,
)
from mesh_ingress.body_docs import list_body
from mesh_ingress.campaigns import WRITE_SECONDS
from mesh_ingress.database import ReadSideUnavailableError
from mesh_ingress.models import Suppression, SuppressionImport, SuppressionPage
from mesh_ingress.paging import cursor_of, word_in
from mesh_ingress.participant_lists import Rules, read_list
from mesh_ingress.problems import documented
from mesh_ingress.reasons import FieldError
from mesh_ingress.requests import ImportSuppressions
from mesh_ingress.results import Cursor, Limit
from mesh_ingress.services import Behind, CaughtUp, Services, behind_the_position
from mesh_ingress.tables import csv_entries
from meshcore.domain.participant import PREFIX, mask
from meshcore.log.batches import BATCH

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from mesh_ingress.bodies import Given

router = APIRouter(tags=["Suppressions"])


class Format(StrEnum):
    """How the list is handed out."""

    JSON = "json"
    CSV = "csv"


@router.post(
    "/suppressions",
    summary="Add to the suppression list",
    responses=documented(
        malformed=problems.not_json("see character 17"),
        too_large=problems.too_large(),
        unsupported=problems.unsupported(f"{JSON} or {CSV}"),
        invalid=problems.invalid(
            [FieldError("line 3", "is not a phone number", "write it like +971501234567")]
        ),
        log_unavailable=problems.log_unavailable(),
    ),
    openapi_extra=list_body(
        "ImportSuppressions",
        examples.PHONES,
        examples.PHONES_CSV,
        "UTF-8, with a header row that has a column `phone`; other columns do not matter.",
    ),
)
async def add(request: Request, behind: Behind, response: Response) -> SuppressionImport:
    """Opts these people out of every campaign, at once and for good: nobody writes to them.

    Interviews under way end. Only the participant can undo it, by writing START.
    """
    found = await read_list(await _entries(request), Rules())
    if found.errors:
        raise problems.invalid(found.errors)
    done = await behind.commands.suppress(list(found.people.values()))
    response.headers["Mesh-Position"] = str(done.position)
    await _seen(behind, done.position)
    return SuppressionImport(
        added=done.added,
        already_suppressed=done.already_suppressed,
        duplicates_merged=found.duplicates_merged,
    )


@router.get(
    "/suppressions",
    summary="Show or export the suppression list",
    response_model=SuppressionPage,
    responses={
        200: {"content": {CSV: {"schema": {"type": "string"}, "example": examples.PHONES_CSV}}},
        **documented(
            invalid=problems.invalid(
                [FieldError("format", "Input should be 'json' or 'csv'", "send one of them")]
            ),
            read_side_behind=behind_the_position(),
            read_side_unavailable=problems.read_side_unavailable(),
        ),
    },
)
async def show(
    behind: CaughtUp,
    limit: Limit = 50,
    cursor: Cursor = None,
    format: Annotated[  # noqa: A002 - the parameter's name in the query
        Format, Query(description="`csv`: all of it, with the full numbers, for other systems.")
    ] = Format.JSON,
) -> SuppressionPage | Response:
    """Everybody who has opted out or was opted out: a page with masked numbers, or a file of all.

    The file has the full numbers. Whoever may call the API may read them.
    """
    if format is Format.CSV:
        first = await behind.read_model.suppressed(BATCH, None)
        return StreamingResponse(_lines(behind, first), media_type=f"{CSV}; charset=utf-8")
    found = await behind.read_model.suppressed(limit + 1, word_in(cursor))
    page = found[:limit]
    phones = await _phones(behind, page)
    return SuppressionPage(
        suppressions=[
            Suppression(participant_id=each, phone=mask(phones[each][0]) if phones[each] else None)
            for each in page
        ],
        next_cursor=cursor_of(page[-1]) if len(found) > limit else None,
    )


async def _lines(behind: Services, page: list[str]) -> AsyncIterator[str]:
    yield "phone\r\n"
    while page:
        phones = await _phones(behind, page)
        yield "".join(f"{phone}\r\n" for each in page for phone in phones[each])
        page = await behind.read_model.suppressed(BATCH, page[-1])


async def _phones(behind: Services, participants: list[str]) -> dict[str, list[str]]:
    """The numbers of each of these. Other addresses mean nothing outside WhatsApp."""
    known = await behind.participants.addresses(participants) if participants else {}
    return {
        each: [a.removeprefix(PREFIX) for a in known.get(each, ()) if a.startswith(f"{PREFIX}+")]
        for each in participants
    }


async def _entries(request: Request) -> Iterator[Given | FieldError]:
    match media_type_of(request):
        case "application/json":
            body = await read_json(request)
            checked(ImportSuppressions, body.rest)
            return body.entries()
        case "text/csv":
            return csv_entries(await body_of(request), only_phones=True)
        case _:
            raise problems.unsupported(f"{JSON} or {CSV}")


async def _seen(behind: Services, position: int) -> None:
    """Waits until the next read shows what was written, unless that takes too long."""
    with suppress(ReadSideUnavailableError):  # the write is done
        await behind.checkpoint.reaches(position, WRITE_SECONDS)
