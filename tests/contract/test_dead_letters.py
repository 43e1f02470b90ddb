"""A wake-up that cannot be handled: parked with its reason, blocking nobody, and the commands."""

from __future__ import annotations

import asyncio
import json

import pytest
from nats.aio.client import Client
from typer.testing import CliRunner

from meshcore import handling
from meshcore.domain.events import CampaignPaused
from meshcore.errors import LogUnavailableError, UnknownCampaignError
from meshcore.handling import Handling, Subscription, WakeUp
from meshcore.ids import new_commit, new_id, now
from meshcore.log import streams, subjects
from meshcore.log.dead_letters import DeadLetters
from meshcore.log.event_log import EventLog
from meshctl.main import app
from tests.support.nats_server import NatsServer


class Poisoned:
    """A handler that one campaign makes fail, until it is cured."""

    def __init__(self, campaign: str, error: Exception) -> None:
        self.campaign = campaign
        self.error: Exception | None = error
        self.handled: list[str] = []

    async def __call__(self, wake_up: WakeUp) -> None:
        """Handles everybody but the poisoned one."""
        campaign = subjects.campaign_of(wake_up.subject) or ""
        if campaign == self.campaign and self.error:
            raise self.error
        self.handled.append(campaign)


class Bench:
    """The handling of one consumer, with its deliveries pulled by hand."""

    def __init__(self, client: Client, handler: Poisoned, dead_letters: DeadLetters) -> None:
        self._js = client.jetstream()
        consumer = streams.CAMPAIGNS_CONSUMER
        self.name = consumer.durable_name or ""
        self._handling = Handling(Subscription(streams.MESH, consumer, handler, 1), dead_letters)

    async def work(self, seconds: float, *, retries: bool = False) -> None:
        """Handles what comes for a while."""
        name, stream = (
            (f"{self.name}-retry", streams.WORK) if retries else (self.name, streams.MESH)
        )
        take = self._handling.on_retry if retries else self._handling.on_delivery
        sub = await self._js.pull_subscribe_bind(name, stream)
        deadline = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < deadline:
            try:
                for message in await sub.fetch(10, timeout=0.2):
                    await take(message)
            except TimeoutError:
                continue


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries again at once."""
    monkeypatch.setattr(handling, "_FIRST_DELAY", 0.01)


async def write(log: EventLog, campaign: str) -> None:
    """Something happens to a campaign."""
    await log.append(subjects.campaign(campaign), new_commit([CampaignPaused()], now()))


async def dead_letters_of(client: Client) -> DeadLetters:
    """The parked wake-ups of this server."""
    js = client.jetstream()
    return DeadLetters(js, await js.key_value(streams.DEAD_LETTERS))


@pytest.mark.usefixtures("hasty")
async def test_poison_is_parked_with_its_reason_and_blocks_nobody(
    client: Client, log: EventLog, server: NatsServer
) -> None:
    """Its neighbours are handled; it can be listed, shown, and handled again once it is cured."""
    poison, neighbour = new_id(), new_id()
    dead_letters = await dead_letters_of(client)
    handler = Poisoned(poison, UnknownCampaignError("nowhere"))
    bench = Bench(client, handler, dead_letters)
    await write(log, poison)
    await write(log, neighbour)

    await bench.work(2)
    assert neighbour in handler.handled
    [letter] = [letter for letter in await dead_letters.all() if poison in letter.subject]
    assert (letter.code, letter.failures) == ("unknown_campaign", 5)

    listed = await mesh(server, "list", "--json")
    assert poison in listed
    assert json.loads(await mesh(server, "show", letter.id))["code"] == "unknown_campaign"

    handler.error = None
    assert "1 handed back" in await mesh(server, "retry", letter.id)
    await bench.work(1, retries=True)
    assert poison in handler.handled
    assert poison not in await mesh(server, "list", "--json")


@pytest.mark.usefixtures("hasty")
async def test_what_fails_again_is_parked_again_and_can_be_discarded(
    client: Client, log: EventLog, server: NatsServer
) -> None:
    """A retry without a cure leads back to where it was."""
    poison = new_id()
    dead_letters = await dead_letters_of(client)
    handler = Poisoned(poison, UnknownCampaignError("nowhere"))
    bench = Bench(client, handler, dead_letters)
    await write(log, poison)
    await bench.work(2)
    [letter] = [letter for letter in await dead_letters.all() if poison in letter.subject]

    await mesh(server, "retry", letter.id)
    await bench.work(2, retries=True)
    assert await dead_letters.find(letter.id)

    assert "1 discarded" in await mesh(server, "discard", letter.id)
    assert await dead_letters.find(letter.id) is None


@pytest.mark.usefixtures("hasty")
async def test_an_outage_parks_nothing(client: Client, log: EventLog) -> None:
    """Where only waiting helps, a wake-up waits however often it fails."""
    campaign = new_id()
    dead_letters = await dead_letters_of(client)
    handler = Poisoned(campaign, LogUnavailableError("away"))
    bench = Bench(client, handler, dead_letters)
    await write(log, campaign)
    await bench.work(2)
    assert not [letter for letter in await dead_letters.all() if campaign in letter.subject]

    handler.error = None
    await bench.work(3)
    assert campaign in handler.handled


async def test_an_unknown_dead_letter_is_named_and_nothing_is_done(server: NatsServer) -> None:
    """The command says what there is no such thing as, and leaves with 1."""
    assert "there is no dead letter nonsense" in await mesh(server, "discard", "nonsense", status=1)
    assert "name the dead letters" in await mesh(server, "retry", status=1)


async def mesh(server: NatsServer, *words: str, status: int = 0) -> str:
    """Runs `mesh dead-letters` against the server; returns what it printed."""
    command = ["dead-letters", *words, "--nats-url", server.url]
    result = await asyncio.to_thread(CliRunner().invoke, app, command)
    assert result.exit_code == status, result.output
    return result.output
