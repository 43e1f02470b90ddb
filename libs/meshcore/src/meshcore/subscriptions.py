"""Wake-ups taken in: FastStream subscriptions that lose nothing.

A delivery is only a wake-up. It is acked after what it causes is durable, handed back with a delay
when somebody else is at work or when trying again can help, and renewed while its handler lives.
Deliveries keep no order; order comes from the log.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from faststream import AckPolicy
from faststream.asgi import AsgiFastStream
from faststream.nats import JStream, NatsBroker, PullSub
from faststream.nats.annotations import NatsMessage
from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig
from prometheus_client import Counter, Histogram

from meshcore.errors import MeshError
from meshcore.service import Shell

BUSY_DELAY = 0.5
"""Seconds until a wake-up is given again when its subject is being worked on."""

_LONGEST_DELAY = 30.0

_HANDLED = Counter("mesh_wake_ups_total", "Wake-ups handled", ["consumer", "outcome"])
_SECONDS = Histogram("mesh_wake_up_seconds", "Time from taking a wake-up to its end", ["consumer"])

logger = structlog.get_logger(__name__)


class Busy(Exception):  # noqa: N818 - not an error: somebody else is at it
    """Somebody else works on the same thing: hand the wake-up back."""


@dataclass(frozen=True, slots=True)
class WakeUp:
    """One delivery.

    Attributes:
        subject: what was written to.
        position: where it stands in its stream.
        headers: the message's headers.
        body: the message's body.
        beat: tells the server that the handler still lives.
    """

    subject: str
    position: int
    headers: Mapping[str, str]
    body: bytes
    beat: Callable[[], Awaitable[None]]


Handler = Callable[[WakeUp], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Subscription:
    """What wakes a handler.

    Attributes:
        stream: the stream's name.
        consumer: the durable consumer, as declared by `meshcore.log.streams`.
        handler: what to do. It returns when everything it causes is durable. It raises `Busy` to be
            woken again shortly; any other exception wakes it again after a growing delay.
        workers: how many deliveries are handled at once in this process.
    """

    stream: str
    consumer: ConsumerConfig
    handler: Handler
    workers: int


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
    )
    for subscription in subscriptions:
        _subscribe(broker, subscription)
    app = AsgiFastStream(broker, asyncapi_path="/asyncapi", logger=None)
    async with app.start_lifespan_context():
        yield app


def _subscribe(broker: NatsBroker, subscription: Subscription) -> None:
    name = subscription.consumer.durable_name or ""
    handler = subscription.handler

    async def on_delivery(message: NatsMessage) -> None:
        await _handle(name, handler, message.raw_message)

    broker.subscriber(
        subscription.consumer.filter_subject or "",
        stream=JStream(subscription.stream, declare=False),
        durable=name,
        config=subscription.consumer,
        pull_sub=PullSub(batch_size=1, timeout=5.0),
        max_workers=subscription.workers,
        ack_policy=AckPolicy.MANUAL,
        decoder=_leave_undecoded,
        title=name,
        description=(handler.__doc__ or "").strip().partition("\n")[0],
    )(on_delivery)


async def _leave_undecoded(_: NatsMessage) -> None:
    """The body is a commit or a hint; whoever wants it decodes it."""


async def _handle(name: str, handler: Handler, message: Msg) -> None:
    started = time.perf_counter()
    wake_up = WakeUp(
        message.subject,
        message.metadata.sequence.stream,
        message.headers or {},
        message.data,
        message.in_progress,
    )
    outcome = "done"
    try:
        await handler(wake_up)
    except Busy:
        outcome = "busy"
        await message.nak(delay=BUSY_DELAY)
    except Exception as error:
        outcome = "failed"
        delay = _delay(message, error)
        logger.warning(
            "a wake-up is handed back",
            consumer=name,
            subject=message.subject,
            code=getattr(error, "code", type(error).__name__),
            delay=delay,
            exc_info=None if isinstance(error, MeshError) else error,
        )
        await message.nak(delay=delay)
    else:
        await message.ack()
    _HANDLED.labels(name, outcome).inc()
    _SECONDS.labels(name).observe(time.perf_counter() - started)


def _delay(message: Msg, error: Exception) -> float:
    """Seconds until the next try: what the error asks for, else doubling with every delivery."""
    asked: Any = getattr(error, "retry_after", None)
    if asked:
        return float(asked)
    doublings = min(message.metadata.num_delivered or 0, 10)
    return min(_LONGEST_DELAY, 0.5 * float(2**doublings))
