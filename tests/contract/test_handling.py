"""A wake-up belongs to its handler as long as the handler lives, and no longer."""

from __future__ import annotations

import asyncio

from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig

from meshcore.handling import Handling, Subscription, WakeUp
from meshcore.log import streams
from meshcore.log.dead_letters import DeadLetters
from meshcore.log.streams import ACK_WAIT
from meshcore.log.wake_ups import WakeUps


async def test_a_wake_up_is_not_given_away_while_its_handler_works(client: Client) -> None:
    """A handler that takes longer than the ack wait keeps its wake-up, and acks it in the end."""
    js = client.jetstream()
    consumer = ConsumerConfig(
        durable_name="slow",
        filter_subject="mesh.work.slow.*",
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT,
    )
    await js.add_consumer(streams.WORK, consumer)
    began = []

    async def work(wake_up: WakeUp) -> None:
        began.append(wake_up.position)
        await asyncio.sleep(ACK_WAIT + 1)

    dead_letters = DeadLetters(js, await js.key_value(streams.DEAD_LETTERS))
    handling = Handling(Subscription(streams.WORK, consumer, work, 1), dead_letters)
    await WakeUps(js).now("mesh.work.slow.one", {})
    puller = await js.pull_subscribe_bind("slow", streams.WORK)
    [message] = await puller.fetch(1, timeout=2)
    handled = asyncio.create_task(handling.on_delivery(message))

    try:
        again = await puller.fetch(1, timeout=ACK_WAIT + 2)
    except TimeoutError:
        again = []
    await handled

    assert not again
    assert len(began) == 1
    info = await js.consumer_info(streams.WORK, "slow")
    assert (info.num_ack_pending, info.num_pending) == (0, 0)
    await js.delete_consumer(streams.WORK, "slow")
