"""One nats-server and one simulated WhatsApp for all tests of this folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest
from nats.js.api import KeyValueConfig
from nats.js.kv import KeyValue

from mesh_outreach.plan_openings import Planner
from mesh_outreach.timetable import Timetable
from meshcore.ids import new_id, now
from meshcore.service import Shell
from tests.outreach.network import FAST, WhatsApp, twilio_at
from tests.outreach.planning import Clock, planner_of
from tests.sim.servers import SENDER
from tests.sim.servers import whatsapp as simulated
from tests.support.desk import Desk, shell_on, started


@pytest.fixture(scope="session")
def nats_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A nats-server that syncs every write."""
    server = started(tmp_path_factory.mktemp("outreach"))
    yield server.url
    server.stop()


@pytest.fixture(scope="session")
def network() -> Iterator[str]:
    """The simulated WhatsApp, without a service behind it."""
    with simulated("--retries", "0") as url:
        yield url


@pytest.fixture
async def shell(nats_url: str) -> AsyncIterator[Shell]:
    """What outreach has in hand."""
    async with shell_on(nats_url, "outreach") as connected:
        yield connected


@pytest.fixture
async def desk(shell: Shell) -> Desk:
    """A launched campaign with two participants."""
    made = Desk(shell)
    await made.create(participants=2)
    await made.launch()
    return made


@pytest.fixture
async def whatsapp(network: str, bucket: KeyValue) -> AsyncIterator[WhatsApp]:
    """Twilio as outreach sees it, and the hand that breaks it; whole again afterwards."""
    twilio = twilio_at(network)
    made = WhatsApp(network, twilio, Timetable(bucket, FAST, (SENDER,)))
    yield made
    await made.mend()
    await twilio.aclose()


@pytest.fixture
async def bucket(shell: Shell) -> AsyncIterator[KeyValue]:
    """A timetable of the test's own."""
    js, name = shell.nats.jetstream(), f"timetable-{new_id()}"
    yield await js.create_key_value(KeyValueConfig(name))
    await js.delete_key_value(name)


@pytest.fixture
def clock() -> Clock:
    """An hour from now."""
    return Clock(now() + timedelta(hours=1))


@pytest.fixture
def planner(shell: Shell, bucket: KeyValue, clock: Clock) -> Planner:
    """Outreach's planner."""
    return planner_of(shell, bucket, clock)
