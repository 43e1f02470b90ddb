"""A server for all tests, one to be killed for some, and clients."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, suppress

import nats
import pytest
from nats.aio.client import Client

from meshcore.log import event_log, streams
from meshcore.log.event_log import EventLog
from tests.support.nats_server import NatsServer

Connect = Callable[..., Awaitable[Client]]


async def _ignore(_: Exception) -> None:
    """Lost connections are the point of some of these tests."""


async def _connect(url: str) -> Client:
    return await nats.connect(
        url, max_reconnect_attempts=-1, reconnect_time_wait=0.05, error_cb=_ignore
    )


async def _close(client: Client) -> None:
    with suppress(OSError):  # where the server is dead, its last words cannot be sent
        await client.close()


async def _declare(url: str) -> None:
    client = await _connect(url)
    await streams.declare(client.jetstream(), 1)
    await client.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    """One server for every test that leaves it alone, with everything declared."""
    server = NatsServer(tmp_path_factory.mktemp("nats"))
    server.start()
    asyncio.run(_declare(server.url))
    yield server
    server.kill()


@pytest.fixture
def empty_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    """A server of this test alone, with nothing declared."""
    server = NatsServer(tmp_path_factory.mktemp("nats"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
async def mortal_server(empty_server: NatsServer) -> NatsServer:
    """A server of this test alone, to be killed, with everything declared."""
    await _declare(empty_server.url)
    return empty_server


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Connects clients that are closed after the test."""
    async with AsyncExitStack() as stack:

        async def connected(url: str) -> Client:
            client = await _connect(url)
            stack.push_async_callback(_close, client)
            return client

        yield connected


@pytest.fixture
async def client(server: NatsServer, connect: Connect) -> Client:
    """A client of the common server."""
    return await connect(server.url)


@pytest.fixture
async def log(client: Client) -> AsyncIterator[EventLog]:
    """The log on the common server."""
    async with EventLog(client, "test") as log:
        yield log


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers of the log are awaited for half a second only."""
    monkeypatch.setattr(event_log, "_TIMEOUT", 0.5)
