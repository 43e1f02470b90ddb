"""A server with a campaign of scripted interviews on its log."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nats
import pytest

from meshcore.log import streams
from meshcore.log.event_log import EventLog
from mesheval.interview import Interview
from meshsim.world import is_setting
from tests.rerun.logged import interviews, write
from tests.support.nats_server import NatsServer


@dataclass(frozen=True)
class Scripted:
    """Where the log is, and what stands on it."""

    url: str
    campaign: str
    unanswered: str
    held: list[Interview]


@pytest.fixture(scope="session")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scripted]:
    """A campaign with answers, and one in which nobody has answered yet."""
    server = NatsServer(tmp_path_factory.mktemp("nats"))
    server.start()
    yield asyncio.run(_written(server.url))
    server.kill()


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nobody's credentials are used, and nobody's .env."""
    for name in filter(is_setting, list(os.environ)):
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


async def _written(url: str) -> Scripted:
    held = await interviews()
    client = await nats.connect(url)
    await streams.declare(client.jetstream(), 1)
    async with EventLog(client, "test") as log:
        campaign = await write(log, held)
        unanswered = await write(log, held[-1:])
    await client.close()
    return Scripted(url, campaign, unanswered, held)
