"""The shell of every service."""

from __future__ import annotations

import asyncio

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
