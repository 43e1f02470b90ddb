"""The shell of every service: connect, be ready, serve its health, and drain when told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import stamina
import structlog
import uvicorn
import uvloop
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError
from nats.js.errors import ServiceUnavailableError
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from meshcore.directory import Directory, Routes
from meshcore.log import streams
from meshcore.log.dead_letters import DeadLetters
from meshcore.log.event_log import EventLog
from meshcore.log.leases import Leases
from meshcore.log.media_store import MediaStore
from meshcore.log.spend import Spend
from meshcore.log.wake_ups import WakeUps
from meshcore.telemetry import configure_logging

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
    from collections.abc import Set as AbstractSet
    from contextlib import AbstractAsyncContextManager

    from nats.js import JetStreamContext
    from nats.js.kv import KeyValue
    from starlette.requests import Request
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Receive, Scope, Send

    from meshcore.settings import CoreSettings

logger = structlog.get_logger(__name__)

_CONNECT_RETRY = 0.5
_CONNECT_TIMEOUT = 2
_NOT_READY = (TimeoutError, NoRespondersError, ServiceUnavailableError)
"""What servers answer that are starting, or choosing among themselves who leads a stream."""

T = TypeVar("T")


@dataclass
class Shell:
    """What a running service has in hand."""

    name: str
    settings: CoreSettings
    nats: Client
    log: EventLog
    wake_ups: WakeUps
    leases: Leases
    spend: Spend
    directory: Directory
    routes: Routes
    dead_letters: DeadLetters
    media: MediaStore
    draining: bool = False
    checks: dict[str, Callable[[], Awaitable[bool]]] = field(default_factory=dict)

    async def bucket(self, name: str) -> KeyValue:
        """A key-value bucket declared in `meshcore.log.streams`."""
        return await _patiently(lambda: self.nats.jetstream().key_value(name))

    async def unready_because(self) -> list[str]:
        """Why the service cannot do its work at the moment; empty if it can."""
        reasons = ["draining"] if self.draining else []
        if not self.nats.is_connected:
            reasons.append("nats")
        return reasons + [name for name, check in self.checks.items() if not await check()]


@asynccontextmanager
async def connect(name: str, settings: CoreSettings) -> AsyncIterator[Shell]:
    """Connects to NATS, waiting for it if need be, and disconnects in the end.

    Declares the streams, buckets and consumers that are missing there.
    """
    back = asyncio.Event()
    client = await _connect(name, settings, back)
    try:
        js = client.jetstream(timeout=5)

        async def bucket(bucket_name: str) -> KeyValue:
            return await _patiently(lambda: js.key_value(bucket_name))

        async with _declared(js, settings.replicas, back), EventLog(client, name) as log:
            yield Shell(
                name=name,
                settings=settings,
                nats=client,
                log=log,
                wake_ups=WakeUps(js),
                leases=Leases(await bucket(streams.LEASES)),
                spend=Spend(js),
                directory=Directory(
                    await bucket(streams.DIRECTORY),
                    settings.participant_key.get_secret_value().encode(),
                ),
                routes=Routes(await bucket(streams.ROUTES)),
                dead_letters=DeadLetters(js, await bucket(streams.DEAD_LETTERS)),
                media=MediaStore(
                    await _patiently(lambda: js.object_store(streams.MEDIA)), log.keys
                ),
            )
    finally:
        with suppress(OSError):  # a dead server does not take the last words
            await client.close()


@asynccontextmanager
async def _declared(
    js: JetStreamContext, replicas: int, back: asyncio.Event
) -> AsyncIterator[None]:
    """Declares what is missing, now and whenever NATS is back.

    A server that was restarted has lost the buckets that it had in memory.
    """

    async def declare_again() -> None:
        while True:
            await back.wait()
            back.clear()
            try:
                await streams.declare(js, replicas)
            except (NatsError, TimeoutError) as error:
                logger.warning("nats is not ready yet", kind=type(error).__name__)
                await asyncio.sleep(_CONNECT_RETRY)
                back.set()

    await _patiently(lambda: streams.declare(js, replicas))
    declaring = asyncio.create_task(declare_again())
    try:
        yield
    finally:
        declaring.cancel()


async def _patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """Asks until the servers are ready to answer."""
    async for attempt in stamina.retry_context(
        on=_NOT_READY, attempts=None, timeout=None, wait_initial=_CONNECT_RETRY, wait_max=2.0
    ):
        with attempt:
            return await ask()
    raise AssertionError("unreachable: the loop returns or raises")


def run(
    name: str,
    settings: CoreSettings,
    port: int,
    build: Callable[[Shell], AbstractAsyncContextManager[Sequence[BaseRoute] | ASGIApp]],
) -> None:
    """Runs a service until SIGTERM or SIGINT, then drains it.

    Args:
        name: the service's name in logs and events.
        settings: its settings.
        port: where its HTTP is served; 0 for any free port.
        build: starts the service's work, yields what it serves besides its health, and finishes
            the work on leaving.
    """
    configure_logging(name, settings.log_level)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(name, settings, port, build))
    logger.info("stopped")


async def _serve(
    name: str,
    settings: CoreSettings,
    port: int,
    build: Callable[[Shell], AbstractAsyncContextManager[Sequence[BaseRoute] | ASGIApp]],
) -> None:
    async with AsyncExitStack() as stack:
        shell = await stack.enter_async_context(connect(name, settings))
        served = await stack.enter_async_context(build(shell))
        config = uvicorn.Config(
            _application(shell, served),
            host=settings.host,
            port=port,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=int(settings.drain_seconds),
        )
        logger.info("ready", port=port, pid=os.getpid())
        await _Server(config, shell).serve()


def _application(shell: Shell, served: Sequence[BaseRoute] | ASGIApp) -> ASGIApp:
    async def livez(_: Request) -> JSONResponse:
        return JSONResponse({"status": "alive", "service": shell.name})

    async def readyz(_: Request) -> JSONResponse:
        reasons = await shell.unready_because()
        body: dict[str, Any] = {"status": "unready" if reasons else "ready", "service": shell.name}
        if reasons:
            body["because"] = reasons
        return JSONResponse(body, status_code=503 if reasons else 200)

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    health = [
        Route("/livez", livez),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
    ]
    if callable(served):
        return _Front(Starlette(routes=health), {route.path for route in health}, served)
    return Starlette(routes=[*health, *served])


class _Front:
    """Hands the service's own requests to it directly: Starlette's layers cost each of them."""

    def __init__(self, health: ASGIApp, paths: AbstractSet[str], served: ASGIApp) -> None:
        self._health = health
        self._paths = paths
        self._served = served

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._health if scope["path"] in self._paths else self._served
        await app(scope, receive, send)


class _Server(uvicorn.Server):
    """uvicorn, except that the service says that it is unready as soon as it is told to stop."""

    def __init__(self, config: uvicorn.Config, shell: Shell) -> None:
        super().__init__(config)
        self._shell = shell

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Catches what tells the service to stop; uvicorn itself would die of it in the end."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._drain)
        yield

    def _drain(self) -> None:
        logger.info("draining")
        self._shell.draining = True
        self.should_exit = True


async def _connect(name: str, settings: CoreSettings, back: asyncio.Event) -> Client:
    async def on_error(error: Exception) -> None:
        logger.warning("nats error", kind=type(error).__name__)

    async def on_disconnect() -> None:
        if not client.is_closed:
            logger.warning("nats is gone; reconnecting")

    async def on_reconnect() -> None:
        logger.info("nats is back")
        back.set()

    while True:
        client = Client()
        try:
            await client.connect(
                servers=settings.nats_servers,
                name=f"mesh-{name}",
                max_reconnect_attempts=-1,
                reconnect_time_wait=0.25,  # type: ignore[arg-type]  # fractions are fine
                connect_timeout=_CONNECT_TIMEOUT,
                allow_reconnect=True,
                error_cb=on_error,
                disconnected_cb=on_disconnect,
                reconnected_cb=on_reconnect,
            )
        except (NatsError, OSError, TimeoutError) as error:
            logger.warning("nats is not there yet; trying again", kind=type(error).__name__)
            await asyncio.sleep(_CONNECT_RETRY)
        else:
            return client
