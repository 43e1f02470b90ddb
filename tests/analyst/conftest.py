"""A server with two campaigns on its log, and something that is no commit between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import nats
import pytest

from meshcore import Log, open_log
from meshcore.log import streams
from meshcore.log.event_log import EventLog
from tests.analyst.history import Story, write
from tests.support.nats_server import NatsServer


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    """One server for every test, whose log nobody changes but the fixture below."""
    server = NatsServer(tmp_path_factory.mktemp("nats"))
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def stories(server: NatsServer) -> list[Story]:
    """What is on the log."""
    return asyncio.run(_written(server.url))


@pytest.fixture
async def log(server: NatsServer, stories: list[Story]) -> AsyncIterator[Log]:
    """The log, as analysts open it."""
    assert stories
    async with open_log(server.url) as log:
        yield log


async def _written(url: str) -> list[Story]:
    client = await nats.connect(url)
    await streams.declare(client.jetstream(), 1)
    async with EventLog(client, "test") as log:
        first = await write(log)
        await client.jetstream().publish("mesh.participant.nobody.unrouted", b"no commit")
        stories = [first, await write(log)]
    await client.close()
    return stories
