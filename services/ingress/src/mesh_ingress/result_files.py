"""Results as files for other programs: CSV and JSONL as they are read, the others once written."""

from __future__ import annotations

import asyncio
import io
import json
import re
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Query, Response
from starlette.responses import StreamingResponse

from mesh_ingress import problems, result_rows
from mesh_ingress.reasons import FieldError
from mesh_ingress.result_tables import Layout, Long, Wide
from meshcore.domain.schema import FieldSpec
from meshcore.errors import MeshError
from meshtables.formats import Format
from meshtables.table import Cell, as_json, column_as_json
from meshtables.text_files import CsvWriter, JsonlWriter

if TYPE_CHECKING:
    from mesh_ingress.models import Campaign
    from mesh_ingress.services import Services

_CHUNK = 1 << 20
_AT_ONCE = asyncio.Semaphore(2)
"""Files written at the same time, each by a process that may take all the memory of its table."""

Pages = AsyncIterator[list[list[Cell]]]


class ResultFormat(StrEnum):
    """How results are wanted."""

    JSON = "json"
    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    XLSX = "xlsx"
    SAV = "sav"


@dataclass(frozen=True, slots=True)
class FileWanted:
    """Which file is wanted; no format: none is."""

    form: Format | None
    evidence: bool


class FileNotWrittenError(MeshError):
    """The process that writes the file has failed."""

    code = "file_not_written"


def _file_wanted(
    form: Annotated[
        ResultFormat,
        Query(alias="format", description="A file of all results, or a page of JSON."),
    ] = ResultFormat.JSON,
    *,
    evidence: Annotated[
        bool,
        Query(description="In files: a row per value, with the words that say so."),
    ] = False,
) -> FileWanted:
    if form is not ResultFormat.JSON:
        return FileWanted(Format(form), evidence)
    if evidence:
        fix = "name a file format, or look at a conversation: its JSON has the evidence"
        raise problems.invalid([FieldError("evidence", "does not go with format=json", fix)])
    return FileWanted(None, evidence=False)


AFile = Annotated[FileWanted, Depends(_file_wanted)]

OR_A_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A page of results, or all of them as a file.",
        "content": {
            form.media_type: {
                "schema": {"type": "string", "format": "binary"},
                "example": "conversation_id,participant_id,completed_at,...",
            }
            for form in Format
        },
    }
}


async def respond(campaign: Campaign, wanted: FileWanted, behind: Services) -> Response:
    """All results of a campaign as a file.

    Raises:
        ReadSideUnavailableError: PostgreSQL does not answer.
        FileNotWrittenError: the file could not be written.
    """
    assert wanted.form is not None  # noqa: S101 - the caller knows that a file is wanted
    layout = (Long if wanted.evidence else Wide)(schema_of(campaign))
    name = file_name(campaign, "evidence" if wanted.evidence else "extractions", wanted.form)
    pages = _pages(behind, campaign, layout)
    if wanted.form in {Format.CSV, Format.JSONL}:
        return streamed(
            await begun(_text(wanted.form, layout, pages)), wanted.form.media_type, name
        )
    async with _AT_ONCE:
        file, size = await _written(wanted.form, layout, pages)
    response = streamed(_chunks(file), wanted.form.media_type, name)
    response.headers["Content-Length"] = str(size)
    return response


def schema_of(campaign: Campaign) -> dict[str, FieldSpec]:
    """The campaign's schema, with all defaults."""
    return {
        name: FieldSpec.model_validate(spec) for name, spec in campaign.extraction_schema.items()
    }


def file_name(campaign: Campaign, what: str, suffix: str) -> str:
    """What the file is called where it is saved; plain ASCII."""
    plain = re.sub(r"[^a-z0-9]+", "-", campaign.name.casefold()).strip("-")[:40].strip("-")
    return f"{plain or 'campaign'}-{campaign.id[:8]}-{what}.{suffix}"


def streamed(chunks: AsyncIterator[bytes], media_type: str, name: str) -> StreamingResponse:
    """The answer that hands chunks on as a file to be saved, and never to be run."""
    return StreamingResponse(
        chunks,
        headers={
            "Content-Type": media_type,
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


async def begun(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same chunks, the first of them fetched: what goes wrong before it can still be told."""
    first = await anext(chunks, b"")

    async def all_of_them() -> AsyncIterator[bytes]:
        yield first
        async for chunk in chunks:
            yield chunk

    return all_of_them()


async def _pages(behind: Services, campaign: Campaign, layout: Layout) -> Pages:
    async for interviews in result_rows.interviews(behind.database, campaign.id):
        yield [row for interview in interviews for row in layout.rows(interview)]


async def _text(form: Format, layout: Layout, pages: Pages) -> AsyncIterator[bytes]:
    sink = io.BytesIO()
    make = CsvWriter if form is Format.CSV else JsonlWriter
    table = make(sink, layout.columns)
    async for rows in pages:
        table.write(rows)
        table.flush()
        yield sink.getvalue()
        sink.seek(0)
        sink.truncate()
    table.close()
    yield sink.getvalue()


async def _written(form: Format, layout: Layout, pages: Pages) -> tuple[IO[bytes], int]:
    """The whole file, open at its beginning and without a name any more, and its length."""
    with tempfile.TemporaryDirectory(prefix="mesh-results-") as folder:
        path = Path(folder) / f"results.{form}"
        await _write(form, path, layout, pages)
        return path.open("rb"), path.stat().st_size


async def _write(form: Format, path: Path, layout: Layout, pages: Pages) -> None:
    """Writes the file in a process of its own, so that webhooks do not wait for it.

    Its errors are not passed on: they might quote a participant.
    """
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "meshtables.child", form, str(path)),
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        with suppress(ConnectionError):  # it has ended, and its exit status says why
            await _feed(child, layout, pages)
        if await child.wait():
            raise FileNotWrittenError(f"no {form} was written")
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()


async def _feed(child: asyncio.subprocess.Process, layout: Layout, pages: Pages) -> None:
    assert child.stdin  # noqa: S101 - it was asked for
    child.stdin.write(_line([column_as_json(column) for column in layout.columns]))
    async for rows in pages:
        child.stdin.write(b"".join(_line([as_json(cell) for cell in row]) for row in rows))
        await child.stdin.drain()
    child.stdin.write(_line(None))
    child.stdin.close()
    await child.stdin.wait_closed()


def _line(value: object) -> bytes:
    return json.dumps(value).encode() + b"\n"


async def _chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while chunk := await asyncio.to_thread(file.read, _CHUNK):
            yield chunk
