"""Empties the read tables and puts the checkpoint to the beginning of the log: the projector then makes them again."""

from __future__ import annotations

from mesh_projector import database
from mesh_projector.projections import PROJECTIONS


async def rebuild(url: str) -> None:
    """Empties everything, in one transaction. A projector that is writing finds itself overtaken and begins again.

    Raises:
        OSError, TimeoutError, asyncpg.PostgresError: the database does not answer, or has no tables yet.
    """
    tables = sorted({projection.table.name for projection in PROJECTIONS})
    async with database.connect(url) as connection, connection.transaction():
        position = await database.checkpoint(connection)
        await database.advance(connection, position, 0)
        await connection.execute(f"TRUNCATE {', '.join(tables)}")
