"""Running one simulated server as a process: the port, its announcement, the end."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

if TYPE_CHECKING:
    from starlette.applications import Starlette

_BACKLOG = 2048
_SECONDS_TO_FINISH = 1


class _Server(uvicorn.Server):
    """A server that ends with exit code 0 on SIGTERM and SIGINT."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        yield

    def _stop(self) -> None:
        logging.getLogger("uvicorn.error").disabled = True  # what is cut short now is no error
        self.should_exit = True


def serve(app: Starlette, host: str, port: int) -> None:
    """Serve `app` until SIGTERM; returns within about a second of it.

    The first line on stdout is `listening on http://HOST:PORT`, written when connections are
    already taken. Port 0 picks a free one.

    Raises:
        OSError: when the port is in use.
    """
    listener = socket.create_server((host, port), backlog=_BACKLOG)
    bound = listener.getsockname()[1]
    print(f"listening on http://{host}:{bound}", flush=True)  # noqa: T201 - the promised line
    config = uvicorn.Config(
        app,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=_SECONDS_TO_FINISH,
        backlog=_BACKLOG,
    )
    server = _Server(config)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(server.serve(sockets=[listener]))
