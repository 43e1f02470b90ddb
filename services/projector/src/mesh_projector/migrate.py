"""Applies the migrations. Twice, or by two processes at the same time, does no harm."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import asyncpg
import structlog
from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from mesh_projector.database import open_connection
from mesh_projector.schema import MIGRATIONS, head

if TYPE_CHECKING:
    from sqlalchemy import Connection

logger = structlog.get_logger(__name__)

_LOCK = int.from_bytes(b"meshmigr")
_RETRY = 0.5


async def migrate(url: str, patience: float, schema: str | None = None) -> None:
    """Brings the schema to the head, all of it or nothing.

    Args:
        url: the database.
        patience: seconds to wait for the database.
        schema: where the tables are; None for where they are by default.

    Raises:
        OSError, TimeoutError, asyncpg.PostgresError: it was not there in time, or refuses.
    """
    await _wait_for(url, patience)
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: open_connection(url, schema),
        poolclass=NullPool,
    )
    async with engine.begin() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        await connection.run_sync(_upgrade)
    logger.info("the schema is at the head", version=head())


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


async def _wait_for(url: str, patience: float) -> None:
    until = time.monotonic() + patience
    while True:
        try:
            connection = await open_connection(url)
        except (OSError, TimeoutError, asyncpg.CannotConnectNowError) as error:
            if time.monotonic() > until:
                raise
            logger.warning("the database is not there yet; trying again", kind=type(error).__name__)
            await asyncio.sleep(_RETRY)
        else:
            await connection.close()
            return
