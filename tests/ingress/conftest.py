"""One NATS, one PostgreSQL and one ingress for all tests here, started when first needed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import asyncpg
import httpx
import pytest

from meshsim.servers import NatsServer, Postgres
from tests.ingress.harness import NOWHERE, Ground, Ingress, ingress_process, standing_on
from tests.ingress.tables import FAR_AHEAD, migrate, set_checkpoint


@pytest.fixture(scope="session")
def nats_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A nats-server that syncs every write."""
    server = NatsServer(tmp_path_factory.mktemp("nats"))
    server.start()
    yield server.url
    server.stop()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A PostgreSQL server with the projector's tables."""
    server = Postgres(tmp_path_factory.mktemp("postgres"))
    server.start()
    migrate(server.url)
    asyncio.run(_go_far_ahead(server.url))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def ingress(
    nats_url: str, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ingress]:
    """Ingress with everything it can use."""
    with ingress_process(nats_url, postgres.url, tmp_path_factory.mktemp("ingress")) as running:
        yield running


@pytest.fixture(scope="session")
def lonely_ingress(nats_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ingress]:
    """Ingress whose PostgreSQL is away from the beginning."""
    with ingress_process(nats_url, NOWHERE, tmp_path_factory.mktemp("lonely")) as running:
        yield running


@pytest.fixture
async def client(ingress: Ingress) -> AsyncIterator[httpx.AsyncClient]:
    """Speaks to ingress."""
    async with httpx.AsyncClient(base_url=ingress.url, timeout=30) as speaking:
        yield speaking


@pytest.fixture
async def lonely_client(lonely_ingress: Ingress) -> AsyncIterator[httpx.AsyncClient]:
    """Speaks to the ingress that has no PostgreSQL."""
    async with httpx.AsyncClient(base_url=lonely_ingress.url, timeout=30) as speaking:
        yield speaking


@pytest.fixture
async def ground(ingress: Ingress, nats_url: str) -> AsyncIterator[Ground]:
    """The log, the directory and the routes that ingress uses."""
    assert ingress.child.alive
    async with standing_on(nats_url) as connected:
        yield connected


@pytest.fixture
async def database(postgres: Postgres) -> AsyncIterator[asyncpg.Connection]:
    """A connection to the read tables, whose checkpoint is far ahead again afterwards."""
    connection = await asyncpg.connect(postgres.url)
    yield connection
    await set_checkpoint(connection, FAR_AHEAD)
    await connection.close()


async def _go_far_ahead(database_url: str) -> None:
    """Lets writes be answered at once: the tests that are about waiting set another checkpoint."""
    connection = await asyncpg.connect(database_url)
    await set_checkpoint(connection, FAR_AHEAD)
    await connection.close()
