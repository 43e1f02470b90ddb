"""Declaring streams, buckets and consumers."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from nats.js import JetStreamContext
from nats.js.api import RetentionPolicy, StorageType

from meshcore.log import streams
from meshcore.log.event_log import EventLog
from tests.contract.conftest import Connect
from tests.contract.test_event_log import commit, fresh
from tests.support.nats_server import NatsServer


async def check(js: JetStreamContext) -> None:
    """Everything is there as it is written down."""
    log, work = await js.stream_info(streams.MESH), await js.stream_info(streams.WORK)
    assert (log.config.retention, log.config.allow_direct) == (RetentionPolicy.LIMITS, True)
    assert work.config.retention == RetentionPolicy.WORK_QUEUE
    assert work.config.allow_msg_schedules
    for stream, consumer in streams.CONSUMERS:
        info = await js.consumer_info(stream, consumer.durable_name or "")
        assert info.config.filter_subject == consumer.filter_subject
        assert info.config.max_ack_pending == consumer.max_ack_pending
        assert info.config.ack_wait == consumer.ack_wait
    for bucket in streams.buckets(1):
        status = await (await js.key_value(bucket.bucket)).status()
        assert (status.ttl or None) == bucket.ttl
    assert (await (await js.object_store(streams.MEDIA)).status()).storage_type == StorageType.FILE


async def test_everything_is_declared_by_whoever_comes_first(
    empty_server: NatsServer, connect: Connect
) -> None:
    """All services start at the same time, on a server that has nothing yet."""
    contexts = [(await connect(empty_server.url)).jetstream() for _ in range(6)]
    await asyncio.gather(*(streams.declare(js, 1) for js in contexts))
    await check(contexts[0])


async def test_declaring_again_keeps_what_is_there(
    mortal_server: NatsServer, connect: Connect
) -> None:
    """Also when it is done by many at once, and after a restart."""
    client = await connect(mortal_server.url)
    js = client.jetstream()
    async with EventLog(client, "test") as log:
        position = await log.append(fresh(), commit())
        await asyncio.gather(*(streams.declare(js, 1) for _ in range(4)))
        await check(js)
        assert await log.last_position() == position


async def test_a_consumer_that_drifted_is_brought_back(
    mortal_server: NatsServer, connect: Connect
) -> None:
    """A new release may change it."""
    js = (await connect(mortal_server.url)).jetstream()
    await js.add_consumer(streams.MESH, replace(streams.INBOUND_CONSUMER, max_ack_pending=5))
    await streams.declare(js, 1)
    await check(js)
