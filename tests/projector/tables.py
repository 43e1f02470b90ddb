"""Looking at the read tables, and running projectors until they have caught up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import asyncpg

from mesh_projector.follow import COMMITS_PER_BATCH, Projector
from meshcore.log import streams
from meshcore.log.counts import Counts
from meshcore.service import Shell

TABLES = (
    "users", "consents", "campaigns", "conversations", "figures", "messages", "outreach_queue",
    "reports",
)  # fmt: skip
_PATIENCE = 30.0
_JSON = {
    "extraction_schema", "opening", "limits", "outreach", "closed_cells", "dispositions", "cells",
    "extracted_data", "evidence", "breaches", "failures", "media",
    "report", "reasons",
}  # fmt: skip

Snapshot = dict[str, list[dict[str, Any]]]


@asynccontextmanager
async def projecting(
    shell: Shell,
    url: str,
    commits_per_batch: int = COMMITS_PER_BATCH,
    keep: timedelta | None = None,
) -> AsyncIterator[Projector]:
    """A projector that runs as long as the context lasts, and is then cut off wherever it is."""
    counts = Counts(await shell.bucket(streams.COUNTS))
    projector = Projector(shell.log, shell.wake_ups, counts, url, commits_per_batch, keep=keep)
    async with projector.running():
        yield projector


async def until(condition: Callable[[], Awaitable[object]], patience: float = _PATIENCE) -> None:
    """Waits until this is so, which another process decides."""
    async with asyncio.timeout(patience):
        while not await condition():  # noqa: ASYNC110 - another process sets no event of ours
            await asyncio.sleep(0.02)


async def reached(url: str, position: int) -> None:
    """Waits until the tables stand at this position at least."""

    async def is_reached() -> bool:
        return await checkpoint(url) >= position

    await until(is_reached)


async def checkpoint(url: str) -> int:
    """Where the tables stand; 0 while the database is away or has no tables."""
    with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return int(await ask(url, "SELECT coalesce(max(position), 0) FROM checkpoints"))
    return 0


async def ask(url: str, query: str, *arguments: object) -> Any:
    """The one value that a query gives."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query, *arguments)
    finally:
        await connection.close()


async def projected(shell: Shell, url: str, position: int) -> Snapshot:
    """The tables once one projector has brought them to this position."""
    async with projecting(shell, url):
        await reached(url, position)
    return await snapshot(url)


async def snapshot(url: str) -> Snapshot:
    """All rows of all tables, in the order of their keys."""
    connection = await asyncpg.connect(url)
    try:
        return {
            table: [_plain(row) for row in await connection.fetch(_ordered(table))]
            for table in TABLES
        }
    finally:
        await connection.close()


def _ordered(table: str) -> str:
    return f"SELECT * FROM {table} ORDER BY 1, 2"  # noqa: S608 - a constant


def _plain(row: asyncpg.Record) -> dict[str, Any]:
    return {
        name: json.loads(value) if name in _JSON and value is not None else value
        if not isinstance(value, asyncpg.pgproto.pgproto.UUID) else str(value)
        for name, value in row.items()
    }  # fmt: skip
