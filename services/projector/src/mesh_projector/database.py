"""The projector's one connection to PostgreSQL: its lock and its checkpoint."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import asyncpg

from meshcore.errors import MeshError

if TYPE_CHECKING:
    from asyncpg import Connection

READ_TABLES = "read_tables"
"""The name of the projector's checkpoint."""

_LEADER = int.from_bytes(b"meshproj")
"""The advisory lock that the one writing projector holds."""
_CONNECT_TIMEOUT = 5.0
_COMMAND_TIMEOUT = 60.0

HEARTBEAT = 1.0
"""Seconds between signs of life of a connection; after eight without any it is ended."""

# The tables can be made again from the log, and rows and checkpoint are lost together if at all,
# so no commit waits for the disk. A frozen or unreachable leader must lose its session, and with it
# the lock, within seconds.
_SESSION = """
SET synchronous_commit = off;
SET idle_session_timeout = '8s';
SET idle_in_transaction_session_timeout = '8s';
SET tcp_keepalives_idle = 5;
SET tcp_keepalives_interval = 2;
SET tcp_keepalives_count = 3;
"""


class OvertakenError(MeshError):
    """The checkpoint is not where this process left it: somebody else has written since."""

    code = "overtaken"
    retryable = True


@asynccontextmanager
async def connect(url: str, schema: str | None = None) -> AsyncIterator[Connection[Any]]:
    """A session of its own, not from a pool: it carries the lock.

    Args:
        url: the database.
        schema: where the tables are; None for where they are by default.

    Raises:
        OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError: it cannot be reached.
    """
    connection = await open_connection(url, schema)
    try:
        await connection.execute(_SESSION)
        yield connection
    finally:
        connection.terminate()


async def open_connection(url: str, schema: str | None = None) -> Connection[Any]:
    """A connection as it comes. Arguments and errors are those of `connect`."""
    settings = {"application_name": "mesh-projector"}
    if schema is not None:
        settings["search_path"] = schema
    return await asyncpg.connect(
        url,
        timeout=_CONNECT_TIMEOUT,
        command_timeout=_COMMAND_TIMEOUT,
        server_settings=settings,
    )


async def take_lead(connection: Connection[Any]) -> bool:
    """Tries to become the one writer. It stays so until the session ends."""
    return bool(await connection.fetchval("SELECT pg_try_advisory_lock($1)", _LEADER))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far the tables are the fold of the log, and which tables.

    Attributes:
        position: of the log.
        tables: tells these tables from others of the same names that a rebuild puts in their place.
    """

    position: int
    tables: int


async def checkpoint(connection: Connection[Any]) -> Checkpoint:
    """The position up to which the tables are the fold of the log."""
    await connection.execute(
        "INSERT INTO checkpoints (name, position, updated_at) VALUES ($1, 0, now())"
        " ON CONFLICT DO NOTHING",
        READ_TABLES,
    )
    found = await _found(connection)
    if found is None:
        raise OvertakenError("the checkpoint is gone")
    return found


async def confirm(connection: Connection[Any], expected: Checkpoint) -> None:
    """Gives a sign of life, and makes sure that the checkpoint is where this process left it.

    Raises:
        OvertakenError: it is not.
    """
    if await _found(connection) != expected:
        raise OvertakenError(f"the checkpoint has left {expected.position}")


async def advance(connection: Connection[Any], expected: Checkpoint, position: int) -> Checkpoint:
    """Moves the checkpoint in the transaction that writes the rows, and locks it until its end.

    Raises:
        OvertakenError: it is not where it is expected.
    """
    done = await connection.execute(
        "UPDATE checkpoints SET position = $4, updated_at = now()"
        " WHERE name = $1 AND position = $2 AND tableoid = $3",
        READ_TABLES,
        expected.position,
        expected.tables,
        position,
    )
    if done != "UPDATE 1":
        raise OvertakenError(f"the checkpoint has left {expected.position}")
    return replace(expected, position=position)


async def _found(connection: Connection[Any]) -> Checkpoint | None:
    row = await connection.fetchrow(
        "SELECT position, tableoid FROM checkpoints WHERE name = $1", READ_TABLES
    )
    return row and Checkpoint(row["position"], row["tableoid"])
