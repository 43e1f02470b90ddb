"""The connection to PostgreSQL, which may be down for hours: then every question fails at once."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import asyncpg
import structlog

from meshcore.errors import MeshError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

MIN_CONNECTIONS = 2
MAX_CONNECTIONS = 10
_CONNECT_SECONDS = 2.0
_ANSWER_SECONDS = 10.0
_RETRY_SECONDS = 0.5
_CLOSE_SECONDS = 2.0
_CHECK_SECONDS = 2.0

_LOST = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, ConnectionError)
_UNUSABLE = (
    *_LOST,
    OSError,
    TimeoutError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.UndefinedTableError,
)
"""Errors that pass: the server is away, full, or not set up yet. Any other is a defect of ours."""

logger = structlog.get_logger(__name__)


class ReadSideUnavailableError(MeshError):
    """PostgreSQL does not answer. What is on the log is not affected."""

    code = "read_side_unavailable"
    retryable = True


class Database:
    """Answers questions over 2 to 10 connections, made as soon as the server is there."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None

    async def fetch(self, statement: str, *arguments: Any) -> list[asyncpg.Record]:
        """The rows that a statement gives.

        The statement must only read: after a lost connection it is repeated.

        Raises:
            ReadSideUnavailableError: the server is away, or not set up yet.
        """
        try:
            try:
                return await self._fetch(statement, arguments)
            except _LOST:
                return await self._fetch(statement, arguments)
        except _UNUSABLE as error:
            raise ReadSideUnavailableError(type(error).__name__) from error

    async def answers(self) -> bool:
        """Whether the server answers now."""
        try:
            async with asyncio.timeout(_CHECK_SECONDS):
                await self.fetch("SELECT 1")
        except (ReadSideUnavailableError, TimeoutError):
            return False
        return True

    async def _fetch(self, statement: str, arguments: tuple[Any, ...]) -> list[asyncpg.Record]:
        if self._pool is None:
            raise ReadSideUnavailableError("not connected")
        async with asyncio.timeout(_ANSWER_SECONDS):
            return await self._pool.fetch(statement, *arguments)

    async def _connect(self) -> None:
        warned = False
        while self._pool is None:
            try:
                self._pool = await asyncpg.create_pool(
                    self._dsn,
                    min_size=MIN_CONNECTIONS,
                    max_size=MAX_CONNECTIONS,
                    timeout=_CONNECT_SECONDS,
                    command_timeout=_ANSWER_SECONDS,
                    server_settings={"application_name": "mesh-ingress"},
                )
            except Exception as error:  # noqa: BLE001 - whatever it is, webhooks do not need PostgreSQL
                if not warned:
                    logger.warning("postgres is not there; trying again", kind=type(error).__name__)
                warned = True
                await asyncio.sleep(_RETRY_SECONDS)
        logger.info("postgres is there")

    async def _close(self) -> None:
        if self._pool is None:
            return
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()


@asynccontextmanager
async def open_database(dsn: str) -> AsyncIterator[Database]:
    """Connects in the background, as long as it takes, and disconnects in the end."""
    database = Database(dsn)
    connecting = asyncio.create_task(database._connect())  # noqa: SLF001 - the other half of the class
    try:
        yield database
    finally:
        connecting.cancel()
        await asyncio.gather(connecting, return_exceptions=True)
        await database._close()  # noqa: SLF001 - as above
