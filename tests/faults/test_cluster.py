"""The log in three copies: whoever leads may die at any moment."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import nats
import pytest

from meshcore.ids import new_commit, new_id, now
from meshcore.log import streams, subjects
from meshcore.log.event_log import EventLog
from meshcore.log.subjects import ConversationRef, Lane
from meshsim.servers import NatsCluster, NatsServer
from tests.e2e.study import eventually
from tests.faults.lab import lab
from tests.support.facts import started


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[NatsCluster]:
    """Three servers on this machine."""
    servers = NatsCluster(tmp_path / "cluster")
    servers.start()
    yield servers
    servers.stop()


async def leader_of(cluster: NatsCluster) -> NatsServer:
    """The server that leads the log."""
    client = await nats.connect(cluster.url.split(","))
    info = await client.jetstream().stream_info(streams.MESH)
    await client.close()
    assert info.cluster
    return next(server for server in cluster.servers if server.name == info.cluster.leader)


async def test_a_message_repeated_at_the_same_time_is_appended_once(cluster: NatsCluster) -> None:
    """While the copies agree on the first, a repetition waits, and gets its position."""
    clients = [await nats.connect(server.url) for server in cluster.servers]
    await streams.declare(clients[0].jetstream(timeout=20), 3)
    lane = subjects.lane(ConversationRef(new_id(), new_id()), Lane.OUT)
    async with AsyncExitStack() as stack:
        logs = [await stack.enter_async_context(EventLog(client, "test")) for client in clients]
        positions = await asyncio.gather(
            *(log.append(lane, new_commit([started("m1")], now()), msg_id="SM1") for log in logs)
        )
        assert len(set(positions)) == 1
    for client in clients:
        await client.close()


def test_the_leader_of_the_log_may_die_in_the_middle_of_interviews(
    cluster: NatsCluster, tmp_path: Path
) -> None:
    """The others go on without it, it catches up, and nothing is lost or doubled."""
    settings = {"NATS_URL": cluster.url, "MESH_REPLICAS": "3"}
    with lab(tmp_path / "world", replicas=1, **settings) as found:
        campaign = found.launch([*found.people(8, "cooperative"), *found.people(2, "stops")])
        path = f"/campaigns/{campaign}"
        eventually(lambda: found.get(path)["counts"]["active"] > 2, "the interviews have begun")

        leader = asyncio.run(leader_of(cluster))
        leader.kill()
        time.sleep(3)
        leader.start()

        eventually(lambda: found.ended(campaign), "every interview ended", 90)
        found.expect_nothing_lost("the log's leader killed")
