"""Which schema the code reads and writes, and which one the database has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asyncpg import Connection

MIGRATIONS = Path(__file__).parent / "migrations"


def head() -> str:
    """The last migration: the number that its file's name begins with.

    Alembic would say the same, but it takes longer to import than all the rest of the service.
    """
    return max(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


async def version(connection: Connection[Any]) -> str | None:
    """The last migration applied; None if there was none."""
    if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
        return None
    applied: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    return applied
