"""Child processes.

Started with a log file of their own, watched, stopped in order, killed on demand.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import httpx
import psutil

GRACE = 30.0
"""Seconds that a child has to stop after SIGTERM."""

_POLL = 0.05
_TAIL = 20


class WorldError(Exception):
    """The world cannot be started or has broken down. The message is meant for a person."""


def free_port() -> int:
    """A TCP port on loopback that is free at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether nobody listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def wait_until(ready: Callable[[], bool], seconds: float, what: str) -> None:
    """Waits until something is so.

    Raises:
        WorldError: it is not so in time.
    """
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise WorldError(f"{what} within {seconds:g} seconds")
        time.sleep(_POLL)


def answers(url: str) -> bool:
    """Whether a GET on the URL gives 200."""
    try:
        return httpx.get(url, timeout=1).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


class Child:
    """One child process.

    Its output goes to `<name>.log`; its pid stands in `<name>.pid` while it lives.
    """

    def __init__(
        self, name: str, command: Sequence[str], env: Mapping[str, str], folder: Path
    ) -> None:
        self.name = name
        self.command = list(command)
        self.env = dict(env)
        self.log = folder / f"{name}.log"
        self._pid_file = folder / f"{name}.pid"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id; 0 if it was never started."""
        return self._process.pid if self._process else 0

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def exit_status(self) -> int | None:
        """How it left; None while it runs."""
        return self._process.poll() if self._process else None

    def start(self) -> None:
        """Starts the process, after ending one that an earlier world left behind."""
        self._end_leftover()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own programs
                self.command,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the world, which then stops us in order
            )
        self._pid_file.write_text(str(self._process.pid))

    def stop(self, grace: float = GRACE) -> int | None:
        """Asks the process to stop, waits, and kills it after the grace period.

        Returns how it left.
        """
        if self._process is None:
            return None
        if self.alive:
            self._process.terminate()
            try:
                self._process.wait(grace)
            except subprocess.TimeoutExpired:
                self.kill()
        self._pid_file.unlink(missing_ok=True)
        return self._process.returncode

    def kill(self) -> None:
        """Kills the process at once, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def tail(self) -> str:
        """The last lines of its output."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-_TAIL:])

    def _end_leftover(self) -> None:
        """Ends the process that a killed world has left behind, if it is still the same program."""
        with suppress(FileNotFoundError, ValueError, psutil.Error):
            leftover = psutil.Process(int(self._pid_file.read_text()))
            if leftover.cmdline()[-len(self.command[1:]) :] == self.command[1:]:
                os.kill(leftover.pid, signal.SIGTERM)
                leftover.wait(GRACE)
