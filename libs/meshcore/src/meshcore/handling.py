"""What happens to a wake-up: done, handed back, or parked. It is never lost.

A delivery is acked after what it causes is durable, handed back with a delay when somebody else is
at work or when trying again can help, and parked as a dead letter when it has failed too often.
"""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import structlog
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.api import ConsumerConfig
from prometheus_client import Counter, Histogram

from meshcore.crash_points import crash_point
from meshcore.errors import MeshError
from meshcore.ids import now
from meshcore.log.dead_letters import DeadLetter, DeadLetters, decode
from meshcore.log.streams import ACK_WAIT

BUSY_DELAY = 0.5
"""Seconds until a wake-up is given again when its subject is being worked on."""

_FIRST_DELAY = 0.5
_LONGEST_DELAY = 30.0
_COUNTED = 10_000
_BEAT = ACK_WAIT / 3
_LONGEST = 300.0
"""Seconds after which a handler counts as hung, and its wake-up is given to another one."""

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
        body: the message's body; empty for a commit that is handled again after it was parked.
    """

    subject: str
    position: int
    headers: Mapping[str, str]
    body: bytes


Handler = Callable[[WakeUp], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Subscription:
    """What wakes a handler.

    Attributes:
        stream: the stream's name.
        consumer: the durable consumer, as declared by `meshcore.log.streams`.
        handler: what to do. It returns when everything it causes is durable. It raises `Busy` to be
            woken again shortly; any other exception wakes it again after a growing delay, as often
            as the exception's `patience` says.
        workers: how many deliveries are handled at once in this process.
    """

    stream: str
    consumer: ConsumerConfig
    handler: Handler
    workers: int

    @property
    def name(self) -> str:
        """The consumer's name."""
        return self.consumer.durable_name or ""


class Handling:
    """Handles the wake-ups of one subscription."""

    def __init__(self, subscription: Subscription, dead_letters: DeadLetters) -> None:
        self._subscription = subscription
        self._dead_letters = dead_letters
        self._failures: dict[int, int] = {}

    async def on_delivery(self, message: Msg) -> None:
        """Handles a wake-up that comes from its own stream."""
        position = message.metadata.sequence.stream
        headers = message.headers or {}
        wake_up = WakeUp(message.subject, position, headers, message.data)
        await self._handle(message, wake_up)

    async def on_retry(self, message: Msg) -> None:
        """Handles a wake-up again that was parked."""
        letter = decode(message.data)
        wake_up = WakeUp(
            letter.subject,
            letter.position,
            letter.headers,
            letter.hint.encode(),
        )
        await self._handle(message, wake_up)

    async def _handle(self, message: Msg, wake_up: WakeUp) -> None:
        name, started, outcome = self._subscription.name, time.perf_counter(), "done"
        try:
            async with _alive(message):
                await self._subscription.handler(wake_up)
        except Busy:
            outcome = "busy"
            await message.nak(delay=BUSY_DELAY)
        except Exception as error:  # noqa: BLE001 - whatever it is, the wake-up is kept
            outcome = await self._failed(message, wake_up, error)
        else:
            crash_point("wake_up.before_ack")
            self._failures.pop(wake_up.position, None)
            await message.ack()
        _HANDLED.labels(name, outcome).inc()
        _SECONDS.labels(name).observe(time.perf_counter() - started)

    async def _failed(self, message: Msg, wake_up: WakeUp, error: Exception) -> str:
        """Hands the wake-up back, or parks it if the error's patience is at its end."""
        failures = self._count(wake_up.position)
        patience = error.patience if isinstance(error, MeshError) else MeshError.patience
        parked = patience is not None and failures >= patience
        delay = _delay(error, failures)
        logger.log(
            40 if parked else 30,
            "a wake-up is parked" if parked else "a wake-up is handed back",
            consumer=self._subscription.name,
            subject=wake_up.subject,
            position=wake_up.position,
            code=code_of(error),
            failures=failures,
            delay=None if parked else delay,
            exc_info=None if isinstance(error, MeshError) else error,
        )
        if not parked:
            await message.nak(delay=delay)
            return "failed"
        await self._dead_letters.park(self._letter(wake_up, error, failures))
        self._failures.pop(wake_up.position, None)
        await message.ack()
        return "parked"

    def _count(self, position: int) -> int:
        """Counts a failure, in this process: after a restart patience begins anew."""
        if len(self._failures) > _COUNTED:
            self._failures.clear()
        self._failures[position] = self._failures.get(position, 0) + 1
        return self._failures[position]

    def _letter(self, wake_up: WakeUp, error: Exception, failures: int) -> DeadLetter:
        is_hint = wake_up.subject.startswith("mesh.work.")
        frames = traceback.extract_tb(error.__traceback__)
        return DeadLetter(
            consumer=self._subscription.name,
            stream=self._subscription.stream,
            position=wake_up.position,
            subject=wake_up.subject,
            code=code_of(error),
            where=f"{frames[-1].name}:{frames[-1].lineno}" if frames else "",
            failures=failures,
            parked_at=now().isoformat(),
            headers={k: v for k, v in wake_up.headers.items() if k.startswith("ce-")},
            hint=wake_up.body.decode() if is_hint else "",
        )


@asynccontextmanager
async def _alive(message: Msg) -> AsyncIterator[None]:
    """Tells the server that the handler lives, so that nobody else is given its wake-up."""
    loop = asyncio.get_running_loop()
    hung_at = loop.time() + _LONGEST
    timer: asyncio.TimerHandle
    beats: set[asyncio.Task[None]] = set()

    def beat() -> None:
        nonlocal timer
        task = loop.create_task(_beat(message))
        beats.add(task)
        task.add_done_callback(beats.discard)
        if loop.time() < hung_at:
            timer = loop.call_later(_BEAT, beat)

    timer = loop.call_later(_BEAT, beat)  # most handlers are done before, and cost no task
    try:
        yield
    finally:
        timer.cancel()
        for task in beats:
            task.cancel()


async def _beat(message: Msg) -> None:
    with suppress(NatsError, OSError):  # a beat that fails is followed by the next
        await message.in_progress()


def code_of(error: Exception) -> str:
    """The error's code, or its kind if it is not one of ours. Never its words."""
    return error.code if isinstance(error, MeshError) else type(error).__name__


def _delay(error: Exception, failures: int) -> float:
    """Seconds until the next try: what the error asks for, else doubling with every failure."""
    asked: Any = getattr(error, "retry_after", None)
    if asked:
        return float(asked)
    return min(_LONGEST_DELAY, _FIRST_DELAY * float(2 ** min(failures, 10)))
