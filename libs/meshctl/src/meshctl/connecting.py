"""How the commands reach the log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import nats
from nats.aio.client import Client
from nats.errors import Error as NatsError

from meshsim.children import WorldError

_TIMEOUT = 3


async def _unmentioned(_: Exception) -> None:
    """What goes wrong is told once, by the error in the end, not by nats-py's own log."""


@asynccontextmanager
async def connected(nats_url: str) -> AsyncIterator[Client]:
    """A connection to NATS for one command.

    Raises:
        WorldError: nobody answers there.
    """
    try:
        async with asyncio.timeout(_TIMEOUT):  # nats-py itself tries for two minutes
            client = await nats.connect(
                nats_url.split(","), allow_reconnect=False, error_cb=_unmentioned
            )
    except (NatsError, OSError, TimeoutError) as error:
        raise WorldError(
            f"NATS does not answer at {nats_url}; is MeshAI up, and is NATS_URL right?"
        ) from error
    try:
        yield client
    finally:
        await client.close()
