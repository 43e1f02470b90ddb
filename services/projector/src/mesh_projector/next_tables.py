"""The tables of a rebuild: a schema beside the one that serves, and how the two change places."""

# ruff: noqa: S608 - statements are put together from names of the database's own schemas and tables

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import asyncpg

from mesh_projector import database, schema
from mesh_projector.database import READ_TABLES, open_connection
from mesh_projector.migrate import migrate
from mesh_projector.projections import PROJECTIONS
from meshcore.errors import MeshError

if TYPE_CHECKING:
    from asyncpg import Connection

NEXT = "mesh_next"
"""The schema that a rebuild fills. Nobody else writes there."""

TABLES = tuple(sorted({projection.table.name for projection in PROJECTIONS}))

_PUT_OFF = f"{NEXT}.indexes_to_come"
_INDEXES = f"""
SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS statement
FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
WHERE c.relnamespace = '{NEXT}'::regnamespace AND NOT i.indisunique
"""
_PATIENCE = 3600.0

_REBUILD = int.from_bytes(b"meshrbld")
"""The advisory lock that the one rebuild holds."""

_LOCK_TIMEOUT = "500ms"
"""Less than PostgreSQL's own deadlock timeout: in doubt it is the rebuild that steps back."""
_RETRY = 0.2


class NoTablesError(MeshError):
    """The database has no read tables, or not those of this version."""

    code = "no_tables"


class RebuildRunningError(MeshError):
    """Another rebuild is under way on this database."""

    code = "rebuild_running"


async def take_turn(connection: Connection[Any]) -> None:
    """Becomes the one rebuild, until the session ends.

    Raises:
        RebuildRunningError: there is another.
    """
    if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _REBUILD):
        raise RebuildRunningError("another rebuild is running on this database")


async def serving(connection: Connection[Any]) -> str:
    """The schema whose tables serve.

    Raises:
        NoTablesError: there are no tables, or they are of another version.
    """
    found, wanted = await schema.version(connection), schema.head()
    if found != wanted:
        raise NoTablesError(
            f"the read tables are of version {found or 'none'}, not {wanted};"
            " run: mesh-projector migrate"
        )
    return str(await connection.fetchval("SELECT current_schema()"))


async def prepare(url: str, connection: Connection[Any]) -> int:
    """Makes the next tables, unless a rebuild has left some that it can go on with.

    Returns:
        The position up to which they are filled.
    """
    if await _left_version(connection) != schema.head():
        await connection.execute(f"DROP SCHEMA IF EXISTS {NEXT} CASCADE")
        await connection.execute(f"CREATE SCHEMA {NEXT}")
        await migrate(url, 0, NEXT)
        await _put_off_indexes(connection)
    async with database.connect(url, NEXT) as filling:
        return (await database.checkpoint(filling)).position


async def make_indexes(connection: Connection[Any]) -> None:
    """Makes the indexes that were put off until the tables are full, if it has not been done."""
    if await connection.fetchval(f"SELECT to_regclass('{_PUT_OFF}')") is None:
        return
    async with connection.transaction():
        for row in await connection.fetch(f"SELECT statement FROM {_PUT_OFF}"):
            await connection.execute(row["statement"], timeout=_PATIENCE)
        await connection.execute(f"DROP TABLE {_PUT_OFF}")


async def _put_off_indexes(connection: Connection[Any]) -> None:
    """Drops the indexes that are not needed to write, and keeps how they are made."""
    async with connection.transaction():
        await connection.execute(f"CREATE TABLE {_PUT_OFF} AS {_INDEXES}")
        for row in await connection.fetch(f"SELECT name FROM {_PUT_OFF}"):
            await connection.execute(f'DROP INDEX {NEXT}."{row["name"]}"')


async def discard(connection: Connection[Any]) -> None:
    """Drops what a rebuild has made so far."""
    await connection.execute(f"DROP SCHEMA IF EXISTS {NEXT} CASCADE")


async def lock(connection: Connection[Any], serves: str) -> int:
    """Keeps everybody from the tables that serve, until the transaction ends.

    Returns:
        The position up to which they are filled.

    Raises:
        asyncpg.LockNotAvailableError: somebody reads them at the moment.
    """
    await connection.execute(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'")
    # The projector writes to the checkpoint first of all, so it comes first here, too.
    names = ", ".join(f'"{serves}".{table}' for table in ("checkpoints", *TABLES))
    await connection.execute(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
    position = await connection.fetchval(
        f'SELECT position FROM "{serves}".checkpoints WHERE name = $1', READ_TABLES
    )
    return int(position or 0)


async def change_places(connection: Connection[Any], serves: str) -> None:
    """Puts the next tables where the others were, which are dropped. Within one transaction."""
    for table in ("checkpoints", *TABLES):
        await connection.execute(f'DROP TABLE "{serves}".{table}')
        await connection.execute(f'ALTER TABLE {NEXT}.{table} SET SCHEMA "{serves}"')
    await connection.execute(f"DROP SCHEMA {NEXT} CASCADE")


async def between_attempts() -> None:
    """Lets those pass who were in the way."""
    await asyncio.sleep(_RETRY)


async def _left_version(connection: Connection[Any]) -> str | None:
    """The version of the tables that an earlier rebuild left; None if it left none."""
    try:
        left = await connection.fetchval(f"SELECT version_num FROM {NEXT}.alembic_version")
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError):
        return None
    return str(left)


async def open_session(url: str) -> Connection[Any]:
    """A session that may be silent for as long as it likes. Raises like `open_connection`."""
    return await open_connection(url)
