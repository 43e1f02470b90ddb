"""Leases: one holder at a time, and nobody for long after a death."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time

import pytest

from meshcore.ids import new_id
from meshcore.log import streams
from meshcore.log.leases import Leases
from meshcore.log.streams import LEASE_SECONDS
from tests.contract.conftest import Connect
from tests.support.nats_server import NatsServer

HOLDER = """
import asyncio, sys, nats
from meshcore.log import streams
from meshcore.log.leases import Leases

async def main():
    client = await nats.connect(sys.argv[1])
    leases = Leases(await client.jetstream().key_value(streams.LEASES))
    async with leases.hold(sys.argv[2]) as free:
        print(free, flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


async def leases_of(connect: Connect, server: NatsServer) -> Leases:
    """The leases as one replica sees them."""
    client = await connect(server.url)
    return Leases(await client.jetstream().key_value(streams.LEASES))


async def is_free(leases: Leases, name: str) -> bool:
    """Whether the lease can be had; if so it is given back at once."""
    async with leases.hold(name) as free:
        return free


async def test_a_lease_has_one_holder(server: NatsServer, connect: Connect) -> None:
    """Among replicas, and among the tasks of one replica."""
    one, other = await leases_of(connect, server), await leases_of(connect, server)
    name = new_id()
    async with one.hold(name) as free:
        assert free
        assert not await is_free(other, name)
        assert not await is_free(one, name)
        assert await is_free(other, new_id())


async def test_of_many_who_try_at_once_one_gets_it(server: NatsServer, connect: Connect) -> None:
    """Nobody else does, as long as it is held."""
    replicas = [await leases_of(connect, server) for _ in range(5)]
    name, done = new_id(), asyncio.Event()

    async def try_once(leases: Leases) -> bool:
        async with leases.hold(name) as free:
            if free:
                await done.wait()
            return free

    tries = [asyncio.create_task(try_once(leases)) for leases in replicas]
    ends = asyncio.as_completed(tries)
    assert [await next(ends) for _ in range(4)] == [False] * 4
    done.set()
    assert await next(ends)


async def test_a_lease_given_back_is_free_at_once(server: NatsServer, connect: Connect) -> None:
    """Also when the work failed, and again and again."""
    one, other = await leases_of(connect, server), await leases_of(connect, server)
    name = new_id()
    for leases in (one, other, one):
        assert await is_free(leases, name)
    with pytest.raises(RuntimeError):
        async with one.hold(name):
            raise RuntimeError
    assert await is_free(other, name)


async def test_a_lease_outlives_its_term_only_with_its_holder(
    server: NatsServer, connect: Connect
) -> None:
    """The living renew theirs; what a killed process held expires by itself."""
    mine, other = await leases_of(connect, server), await leases_of(connect, server)
    living, orphaned = new_id(), new_id()
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, server.url, orphaned, stdout=asyncio.subprocess.PIPE
    )
    assert holder.stdout
    assert await holder.stdout.readline() == b"True\n"
    async with mine.hold(living) as free:
        assert free
        begun = time.monotonic()
        os.kill(holder.pid, signal.SIGKILL)
        await holder.wait()
        assert not await is_free(other, orphaned)
        while not await is_free(other, orphaned):  # noqa: ASYNC110 - the bucket tells nobody
            await asyncio.sleep(0.1)
        waited = time.monotonic() - begun
        assert waited < LEASE_SECONDS + 2
        await asyncio.sleep(max(0.0, LEASE_SECONDS + 1 - waited))
        assert not await is_free(other, living)
    assert await is_free(other, living)
