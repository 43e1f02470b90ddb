"""Subscriptions through FastStream: what it needs to be told so that it loses nothing.

Deliveries are wake-ups and keep no order; order comes from the log. What becomes of each is decided
in `meshcore.handling`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from faststream import AckPolicy
from faststream.asgi import AsgiFastStream
from faststream.nats import JStream, NatsBroker, PullSub
from faststream.nats.annotations import NatsMessage
from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig

from meshcore.handling import Handling, Subscription
from meshcore.log import streams
from meshcore.service import Shell


@asynccontextmanager
async def subscribed(
    shell: Shell, subscriptions: Sequence[Subscription]
) -> AsyncIterator[AsgiFastStream]:
    """Takes wake-ups in as long as the context lasts; on leaving, finishes those in hand.

    Yields:
        The app that serves the AsyncAPI page under `/asyncapi`.
    """
    settings = shell.settings
    broker = NatsBroker(
        settings.nats_servers,
        name=f"mesh-{shell.name}-subscriptions",
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.25,  # type: ignore[arg-type]  # fractions are fine
        graceful_timeout=settings.drain_seconds,
        logger=None,
        apply_types=False,  # injection would take a thread for every delivery
    )
    for subscription in subscriptions:
        _subscribe(broker, shell, subscription)
    app = AsgiFastStream(broker, asyncapi_path="/asyncapi", logger=None)
    async with app.start_lifespan_context():
        yield app


def _subscribe(broker: NatsBroker, shell: Shell, subscription: Subscription) -> None:
    """Subscribes the handler, and subscribes it again to what it parked and is to try anew."""
    consumer, again = subscription.consumer, streams.retry_of(subscription.consumer)
    handling = Handling(subscription, shell.dead_letters)
    about = (subscription.handler.__doc__ or "").strip().partition("\n")[0]
    workers = subscription.workers
    _listen(broker, subscription.stream, consumer, handling.on_delivery, workers, about)
    _listen(broker, streams.WORK, again, handling.on_retry, 1, f"Again, after parking: {about}")


def _listen(  # noqa: PLR0913, PLR0917 - all that FastStream is told
    broker: NatsBroker,
    stream: str,
    consumer: ConsumerConfig,
    take: Callable[[Msg], Awaitable[None]],
    workers: int,
    description: str,
) -> None:
    async def on_delivery(message: Any) -> None:
        await take(message)

    broker.subscriber(
        consumer.filter_subject or "",
        stream=JStream(stream, declare=False),
        durable=consumer.durable_name,
        config=consumer,
        pull_sub=PullSub(batch_size=1, timeout=5.0),
        max_workers=workers,
        ack_policy=AckPolicy.MANUAL,
        decoder=_as_it_came,
        title=consumer.durable_name,
        description=description,
    )(on_delivery)


async def _as_it_came(message: NatsMessage) -> Msg:
    """The body is a commit or a hint; whoever wants it decodes it."""
    return message.raw_message
