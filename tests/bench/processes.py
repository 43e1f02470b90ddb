"""CPU time of processes, and helpers that are told when to begin."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import psutil

Spent = dict[str, float]
"""Seconds of CPU by the name of the process."""


def cpu_seconds(pid: int) -> float:
    """User and system time that a process has used since its start."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def spent(pids: Mapping[str, int]) -> Spent:
    """What each of these processes has used since its start."""
    return {name: cpu_seconds(pid) for name, pid in pids.items()}


def since(before: Spent, after: Spent) -> Spent:
    """What was used in between."""
    return {name: after[name] - before[name] for name in after}


class Errand:
    """A Python module run as a process: it prepares, waits to be told, and reports as JSON.

    It prints a line when it is prepared, begins on a line of input, and prints its report.
    """

    def __init__(self, module: str, options: Mapping[str, object]) -> None:
        words = [str(word) for option in options.items() for word in option]
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", module, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._line()

    def begin(self) -> None:
        """Lets it begin."""
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def report(self) -> dict[str, Any]:
        """Waits for what it has to report."""
        found: dict[str, Any] = json.loads(self._line())
        self._process.wait()
        return found

    def _line(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._process.args!r} left with {self._process.wait()}")
        return line


def wait_to_be_told() -> None:
    """The errand's side: says that it is prepared, and waits."""
    print("prepared", flush=True)
    sys.stdin.readline()


def median(values: Iterable[float]) -> float:
    """The middle one; the lower of two."""
    ordered = sorted(values)
    return ordered[(len(ordered) - 1) // 2]
