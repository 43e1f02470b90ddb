"""Empties the read tables, so that the projector makes them again from the beginning of the log."""

from __future__ import annotations

from mesh_projector import database
from mesh_projector.projections import PROJECTIONS


async def rebuild(url: str) -> None:
    """Empties everything in one transaction. The projector finds itself overtaken and starts over.

    Raises:
        OSError, TimeoutError, asyncpg.PostgresError: it does not answer, or has no tables yet.
    """
    tables = sorted({projection.table.name for projection in PROJECTIONS})
    async with database.connect(url) as connection, connection.transaction():
        position = await database.checkpoint(connection)
        await database.advance(connection, position, 0)
        await connection.execute(f"TRUNCATE {', '.join(tables)}")
