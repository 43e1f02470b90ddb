"""One nats-server for all tests of this folder, started when first needed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from meshcore.service import Shell
from tests.support.desk import Desk, shell_on, started


@pytest.fixture(scope="session")
def nats_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A nats-server that syncs every write."""
    server = started(tmp_path_factory.mktemp("agent"))
    yield server.url
    server.stop()


@pytest.fixture
async def shell(nats_url: str) -> AsyncIterator[Shell]:
    """What the agent has in hand."""
    async with shell_on(nats_url, "agent") as connected:
        yield connected


@pytest.fixture
async def desk(shell: Shell) -> Desk:
    """A launched campaign with two participants."""
    made = Desk(shell)
    await made.create(participants=2)
    await made.launch()
    return made
