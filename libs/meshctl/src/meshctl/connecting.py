"""How the commands reach the log."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import nats
from nats.aio.client import Client
from nats.errors import Error as NatsError

from meshsim.children import WorldError

_TIMEOUT = 3


@asynccontextmanager
async def connected(nats_url: str) -> AsyncIterator[Client]:
    """A connection to NATS for one command.

    Raises:
        WorldError: nobody answers there.
    """
    try:
        client = await nats.connect(
            nats_url.split(","), connect_timeout=_TIMEOUT, allow_reconnect=False
        )
    except (NatsError, OSError, TimeoutError) as error:
        raise WorldError(
            f"NATS does not answer at {nats_url}; is MeshAI up, and is NATS_URL right?"
        ) from error
    try:
        yield client
    finally:
        await client.close()
