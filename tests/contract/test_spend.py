"""Spending: counted once, over all replicas, and read in one request."""

from __future__ import annotations

import asyncio
from pathlib import Path

import nats
import pytest
from structlog.testing import capture_logs

from meshcore.errors import LogUnavailableError
from meshcore.ids import new_id
from meshcore.log import spend as spend_module
from meshcore.log import streams
from meshcore.log.spend import Spend
from meshsim.servers import NatsCluster
from tests.contract.conftest import Connect
from tests.support.nats_server import NatsServer


async def spend_of(connect: Connect, server: NatsServer) -> Spend:
    """The counters as one replica sees them."""
    return Spend((await connect(server.url)).jetstream(timeout=0.5))


async def test_a_campaign_that_has_cost_nothing_is_at_zero(
    server: NatsServer, connect: Connect
) -> None:
    """Also after a turn that cost nothing."""
    spend, campaign = await spend_of(connect, server), new_id()
    await spend.add(campaign, 0.0, new_id())
    assert await spend.total(campaign) == 0.0


async def test_replicas_count_together(server: NatsServer, connect: Connect) -> None:
    """Whoever asks hears the sum of all, for one campaign apart from the others."""
    one, other = await spend_of(connect, server), await spend_of(connect, server)
    campaign, another = new_id(), new_id()
    adding = [who.add(campaign, 0.0012, new_id()) for who in (one, other) for _ in range(50)]
    await asyncio.gather(*adding, one.add(another, 7.0, new_id()))
    assert await one.total(campaign) == await other.total(campaign) == pytest.approx(0.12)


async def test_a_turn_is_counted_once(server: NatsServer, connect: Connect) -> None:
    """However often, and by however many, it is told."""
    one, other = await spend_of(connect, server), await spend_of(connect, server)
    campaign, turn = new_id(), new_id()
    await asyncio.gather(*(who.add(campaign, 0.5, turn) for who in (one, other) for _ in range(5)))
    assert await one.total(campaign) == 0.5


async def test_the_smallest_cost_counts(server: NatsServer, connect: Connect) -> None:
    """A brake errs on the side of braking: parts of a millionth of a dollar count as one."""
    spend, campaign = await spend_of(connect, server), new_id()
    await spend.add(campaign, 0.000_000_1, new_id())
    assert await spend.total(campaign) == 0.000_001


async def test_the_count_survives_the_server(mortal_server: NatsServer, connect: Connect) -> None:
    """And goes on where it stood, though everything is declared again."""
    spend, campaign = await spend_of(connect, mortal_server), new_id()
    await spend.add(campaign, 1.25, new_id())
    mortal_server.kill()
    mortal_server.start()
    client = await connect(mortal_server.url)
    await streams.declare(client.jetstream(), 1)
    again = Spend(client.jetstream())
    await again.add(campaign, 0.25, new_id())
    assert await again.total(campaign) == 1.5


async def test_what_cannot_be_counted_is_left_out_and_told(
    mortal_server: NatsServer, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A turn that is taken must not fail afterwards; asking for the total says that it cannot."""
    monkeypatch.setattr(spend_module, "_PATIENCE", 0.5)
    spend = await spend_of(connect, mortal_server)
    mortal_server.kill()
    with capture_logs() as logs:
        await spend.add("c1", 0.5, new_id())
    assert logs[-1]["event"] == "spending is left out"
    assert logs[-1]["usd"] == 0.5
    with pytest.raises(LogUnavailableError):
        await spend.total("c1")


async def test_copies_count_alike_and_survive_their_leader(tmp_path: Path) -> None:
    """On three servers, told at the same time through all of them, with the leader killed."""
    cluster = NatsCluster(tmp_path)
    await asyncio.to_thread(cluster.start)
    clients = [await nats.connect(server.url) for server in cluster.servers]
    try:
        contexts = [client.jetstream(timeout=10) for client in clients]
        await streams.declare(contexts[0], 3)
        counters = [Spend(js) for js in contexts]
        campaign, turns = new_id(), [new_id() for _ in range(20)]
        await asyncio.gather(*(c.add(campaign, 0.01, turn) for turn in turns for c in counters))

        info = await contexts[0].stream_info(streams.SPEND)
        assert info.config.num_replicas == 3
        assert info.cluster
        leader = next(s for s in cluster.servers if s.name == info.cluster.leader)
        leader.kill()
        survivor = counters[next(i for i, s in enumerate(cluster.servers) if s is not leader)]
        await survivor.add(campaign, 0.8, new_id())
        async with asyncio.timeout(10):
            while await survivor.total(campaign) < 1.0:  # noqa: ASYNC110 - a copy may lag
                await asyncio.sleep(0.1)
        assert await survivor.total(campaign) == 1.0
    finally:
        await asyncio.gather(*(client.close() for client in clients), return_exceptions=True)
        cluster.stop()
