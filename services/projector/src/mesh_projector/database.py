"""The projector's one connection to PostgreSQL: its lock and its checkpoint."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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
async def connect(url: str) -> AsyncIterator[Connection[Any]]:
    """A session of its own, not from a pool: it carries the lock.

    Raises:
        OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError: it cannot be reached.
    """
    connection = await open_connection(url)
    try:
        await connection.execute(_SESSION)
        yield connection
    finally:
        connection.terminate()


async def open_connection(url: str) -> Connection[Any]:
    """A connection as it comes. Raises like `connect`."""
    return await asyncpg.connect(
        url,
        timeout=_CONNECT_TIMEOUT,
        command_timeout=_COMMAND_TIMEOUT,
        server_settings={"application_name": "mesh-projector"},
    )


async def take_lead(connection: Connection[Any]) -> bool:
    """Tries to become the one writer. It stays so until the session ends."""
    return bool(await connection.fetchval("SELECT pg_try_advisory_lock($1)", _LEADER))


async def checkpoint(connection: Connection[Any]) -> int:
    """The position up to which the tables are the fold of the log."""
    await connection.execute(
        "INSERT INTO checkpoints (name, position, updated_at) VALUES ($1, 0, now())"
        " ON CONFLICT DO NOTHING",
        READ_TABLES,
    )
    return await _position(connection)


async def confirm(connection: Connection[Any], expected: int) -> None:
    """Gives a sign of life, and makes sure that the checkpoint is where this process left it.

    Raises:
        OvertakenError: it is not.
    """
    if await _position(connection) != expected:
        raise OvertakenError(f"the checkpoint has left {expected}")


async def advance(connection: Connection[Any], expected: int, position: int) -> None:
    """Moves the checkpoint in the transaction that writes the rows, and locks it until its end.

    Raises:
        OvertakenError: it is not where it is expected.
    """
    done = await connection.execute(
        "UPDATE checkpoints SET position = $3, updated_at = now()"
        " WHERE name = $1 AND position = $2",
        READ_TABLES,
        expected,
        position,
    )
    if done != "UPDATE 1":
        raise OvertakenError(f"the checkpoint has left {expected}")


async def _position(connection: Connection[Any]) -> int:
    position = await connection.fetchval(
        "SELECT position FROM checkpoints WHERE name = $1", READ_TABLES
    )
    return int(position or 0)
