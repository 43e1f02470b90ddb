"""A real log and a real database for every test: servers once, a stream and a database each."""

from __future__ import annotations

import asyncio
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from pydantic import SecretStr

from mesh_projector.migrate import migrate
from meshcore.log import streams
from meshcore.service import Shell, connect
from meshcore.settings import CoreSettings
from meshsim.servers import NatsServer, Postgres

KEY = "a key that is for tests only"
WITH_TABLES = "template1"


@pytest.fixture(scope="session")
def nats_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    """A nats-server for all tests."""
    server = NatsServer(tmp_path_factory.mktemp("nats"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL for all tests, with the read tables in one of its templates.

    Its folder is not one of pytest's: those are root's alone, and PostgreSQL does not run as root.
    """
    with tempfile.TemporaryDirectory(
        prefix="mesh-projector-", ignore_cleanup_errors=True
    ) as folder:
        server = Postgres(Path(folder))
        server.start()
        asyncio.run(migrate(url_of(server, WITH_TABLES), patience=0))
        yield server
        server.stop()


@pytest_asyncio.fixture
async def shell(nats_server: NatsServer) -> AsyncIterator[Shell]:
    """What a service has in hand, and an empty log."""
    settings = CoreSettings(nats_url=nats_server.url, participant_key=SecretStr(KEY))
    async with connect("tests", settings) as connected:
        yield connected
        js = connected.nats.jetstream()
        for stream in (streams.MESH, streams.WORK):
            await js.delete_stream(stream)


@pytest_asyncio.fixture
async def bare_database(postgres: Postgres) -> str:
    """The URL of a database without any tables."""
    return await create_database(postgres)


@pytest_asyncio.fixture
async def database(postgres: Postgres) -> str:
    """The URL of a database with the read tables, all of them empty."""
    return await create_database(postgres, WITH_TABLES)


@pytest_asyncio.fixture
async def second_database(postgres: Postgres) -> str:
    """The URL of another such database."""
    return await create_database(postgres, WITH_TABLES)


async def create_database(postgres: Postgres, template: str = "template0") -> str:
    """Makes a database and returns its URL."""
    name = f"test_{uuid.uuid4().hex}"
    connection = await asyncpg.connect(postgres.url)
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    await connection.close()
    return url_of(postgres, name)


def url_of(postgres: Postgres, name: str) -> str:
    """The URL of a database of the server."""
    return postgres.url.replace("/postgres?", f"/{name}?")
