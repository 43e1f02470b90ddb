"""A hundred thousand participants in one request, with webhooks served all the while."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from meshcore.log.histories import campaigns
from meshsim.servers import NatsServer
from tests.ingress.harness import (
    NOWHERE,
    Ingress,
    create_campaign,
    ingress_process,
    message_form,
    new_phone,
    post_signed,
    standing_on,
)

PEOPLE = 100_000


@pytest.fixture
def server(tmp_path: Path) -> Iterator[NatsServer]:
    """A nats-server of its own, which syncs every write."""
    server = NatsServer(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def roomy_ingress(server: NatsServer, tmp_path: Path) -> Iterator[Ingress]:
    """An ingress of its own."""
    with ingress_process(server.url, NOWHERE, tmp_path) as running:
        yield running


async def test_a_hundred_thousand_participants_are_enrolled_and_webhooks_stay_fast(
    roomy_ingress: Ingress, server: NatsServer
) -> None:
    """The request is answered within 40 seconds; a message in between within a fraction of one."""
    phones = [f"+9715{number:08d}" for number in range(PEOPLE)]
    async with httpx.AsyncClient(base_url=roomy_ingress.url, timeout=60) as speaking:
        started = time.monotonic()
        creating = asyncio.create_task(create_campaign(speaking, *phones))
        delays = await _send_until_done(speaking, creating)
        created = await creating
        assert time.monotonic() - started < 40
    assert created["counts"]["participants"] == PEOPLE
    async with standing_on(server.url) as ground:
        state = (await campaigns(ground.log).load(created["id"])).state
        assert state.enrolled_count == PEOPLE
        last = ground.directory.id_of(f"whatsapp:{phones[-1]}")
        assert list(state.participants())[-1] == last
        assert await ground.directory.addresses(last) == [f"whatsapp:{phones[-1]}"]
    assert sorted(delays)[len(delays) // 2] < 0.2
    assert max(delays) < 2


async def _send_until_done(
    speaking: httpx.AsyncClient, creating: asyncio.Task[dict[str, object]]
) -> list[float]:
    """Sends messages while the campaign is created, and returns how long each took in seconds."""
    delays = []
    while not creating.done():
        form = message_form(f"whatsapp:{new_phone()}")
        started = time.monotonic()
        assert (await post_signed(speaking, "/twilio/inbound", form)).status_code == 200
        delays.append(time.monotonic() - started)
    return delays
