"""The shell of every service."""

from __future__ import annotations

import asyncio
from pathlib import Path

from pydantic import SecretStr

from meshcore.service import connect
from meshcore.settings import CoreSettings
from tests.support.nats_server import NatsServer


async def test_a_service_leaves_in_peace_when_its_server_is_dead(empty_server: NatsServer) -> None:
    """Whoever stops everything may stop the server first."""
    settings = CoreSettings(
        nats_url=empty_server.url, participant_key=SecretStr("a key of the tests")
    )
    async with connect("test", settings) as shell:
        assert await shell.unready_because() == []
        empty_server.kill()
        for _ in range(3):
            await shell.nats.publish("last.words", b"")
            await asyncio.sleep(0.2)


async def test_a_service_that_starts_waits_for_servers_that_do_not_serve_yet(
    tmp_path: Path,
) -> None:
    """A cluster greets before it has chosen who leads its streams; nobody may die of that."""
    server, configuration = NatsServer(tmp_path), tmp_path / "nats.conf"
    complete = configuration.read_text(encoding="utf-8")
    configuration.write_text(complete.partition("jetstream")[0], encoding="utf-8")
    server.start()
    settings = CoreSettings(nats_url=server.url, participant_key=SecretStr("a key of the tests"))

    async def start() -> None:
        async with connect("test", settings) as shell:
            assert await shell.unready_because() == []

    starting = asyncio.create_task(start())
    try:
        await asyncio.sleep(1)
        assert not starting.done()
        server.kill()
        configuration.write_text(complete, encoding="utf-8")
        server.start()
        await asyncio.wait_for(starting, 20)
    finally:
        starting.cancel()
        server.kill()
