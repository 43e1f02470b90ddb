"""A soak: interviews for minutes while everything is broken at random, and the judgement after.

`make soak MINUTES=5 SEED=7` or `python -m tests.faults.soak --help`.
"""

# ruff: noqa: T201 - it tells what it does

from __future__ import annotations

import heapq
import itertools
import json
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, assert_never

import httpx
import typer

from meshsim.children import Child
from tests.faults import checker
from tests.faults.checker import Findings
from tests.faults.history import handovers
from tests.faults.lab import Lab, lab
from tests.faults.soak_plan import REPLICAS, Planned, plan

WAVE = 10
"""Participants per campaign."""

_SETTLE = 120.0
_TRIES = 120


@dataclass(frozen=True)
class Recovery:
    """How long it took after a start until Twilio got the next message.

    Disturbed, if before that something else was broken, or came back only then.
    """

    what: str
    seconds: float
    disturbed: bool

    def __str__(self) -> str:
        note = ", with more breaking meanwhile" if self.disturbed else ""
        return f"first message {self.seconds:5.1f} s after the start of {self.what}{note}"


@dataclass
class Soak:
    """One soak of a lab.

    Attributes:
        lab: what is soaked; it is left healthy.
        seed: of the faults.
        seconds: how long things are broken.
        conversations: how many are begun meanwhile.
        every: seconds between faults.
        broken: when each fault struck, by the clock.
        restarts: when what was started again, by the clock.
    """

    lab: Lab
    seed: int
    seconds: float
    conversations: int
    every: float
    broken: list[float] = field(default_factory=list)
    restarts: list[tuple[float, str]] = field(default_factory=list)
    _agenda: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _order: itertools.count[int] = field(default_factory=itertools.count)
    _began: float = 0.0

    def run(self) -> Findings:
        """Breaks things, lets everything come to rest, and judges."""
        self._began = time.monotonic()
        for fault in plan(self.seed, self.seconds, self.every):
            self._at(fault.at, lambda fault=fault: self._break(fault))  # type: ignore[misc]  # mypy cannot infer defaults
        waves = max(1, self.conversations // WAVE)
        with ThreadPoolExecutor(16) as self._hands:
            for n in range(waves):
                self._at(self.seconds * n / waves, self._begin_a_campaign)
            self._work_off()
            self._say("everything is made whole again")
            self.lab.cure()
            self._restore()
        return self.lab.judge(f"soak with seed {self.seed}", _SETTLE)

    def recoveries(self) -> list[Recovery]:
        """How each start went for which Twilio got a message later."""
        taken = [h.accepted_at for h in handovers(self.lab.collector.entries())]
        disturbances = [*self.broken, *(at for at, _ in self.restarts)]
        return [
            Recovery(what, first - at, disturbed=any(at < d < first for d in disturbances))
            for at, what in self.restarts
            if (first := next((t for t in taken if t >= at), None)) is not None
        ]

    def _at(self, seconds: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (seconds, next(self._order), action))

    def _now(self) -> float:
        return time.monotonic() - self._began

    def _work_off(self) -> None:
        while self._agenda:
            due, _, action = heapq.heappop(self._agenda)
            time.sleep(max(0.0, due - self._now()))
            action()
        time.sleep(max(0.0, self.seconds - self._now()))

    def _say(self, what: str) -> None:
        print(f"  {self._now():6.1f} s  {what}", flush=True)

    def _break(self, fault: Planned) -> None:
        print(f"plan {fault}", flush=True)
        self.broken.append(time.time())
        match fault.kind:
            case "kill" | "terminate":
                self._end(fault)
            case "nats":
                nats = self.lab.world.nats
                assert nats
                nats.kill()
                self._later(fault.away, "nats", nats.start)
            case "postgres":
                postgres = self.lab.world.postgres
                assert postgres
                (postgres.kill if fault.how == "killed" else postgres.stop)()
                self._later(fault.away, "postgres", postgres.start)
            case "twilio":
                self.lab.whatsapp_fault(**fault.fault)
            case "model":
                self.lab.model_fault(**fault.fault)
            case "stop":
                self._stop_some(fault.lots)
            case _:
                assert_never(fault.kind)

    def _end(self, fault: Planned) -> None:
        children = [self.lab.world.services[name] for name in fault.targets]
        if fault.kind == "kill":
            for child in children:
                child.kill()
            self._later(fault.away, " ".join(fault.targets), lambda: _start(children))
        else:
            ends = [self._hands.submit(child.stop) for child in children]

            def start() -> None:
                for end in ends:
                    end.result()
                _start(children)

            self._later(fault.away, " ".join(fault.targets), start)

    def _later(self, seconds: float, what: str, start: Callable[[], None]) -> None:
        def back() -> None:
            start()
            self.restarts.append((time.time(), what))
            self._say(f"{what} is started again")

        self._at(self._now() + seconds, back)

    def _stop_some(self, lots: tuple[float, ...]) -> None:
        known = self.lab.opened_phones()
        for lot in lots:
            if known:
                phone = known[int(lot * len(known))]
                self._hands.submit(self.lab.says, phone, "stop")

    def _begin_a_campaign(self) -> None:
        phones = self.lab.mixed(WAVE)
        self._hands.submit(self._launch, phones)

    def _launch(self, phones: list[str]) -> None:
        """Creates and launches a campaign, however often it takes."""
        for _ in range(_TRIES):
            try:
                self.lab.launch(phones)
            except (httpx.HTTPError, AssertionError):
                time.sleep(0.5)
            else:
                return
        self._say("a campaign could not be launched")

    def _restore(self) -> None:
        """Starts whatever does not run."""
        world = self.lab.world
        assert world.nats
        assert world.postgres
        if not world.nats.child.alive:
            world.nats.start()
        world.postgres.start()
        _start(list(world.services.values()))
        world.wait_ready()


def _start(children: list[Child]) -> None:
    for child in children:
        if not child.alive:
            child.start()


def report(soak: Soak, findings: Findings) -> bool:
    """Prints recovery times and, last, one line of JSON; returns whether nothing was violated."""
    recoveries = soak.recoveries()
    for recovery in recoveries:
        print(f"  {recovery}")
    wrong = checker.violations(findings)
    entries = soak.lab.collector.entries()
    figures: dict[str, Any] = {
        "seed": soak.seed,
        "seconds": round(soak.seconds),
        "conversations": len({e["to"] for e in entries if e["kind"] == "create_accepted"}),
        "inbound": sum(e["kind"] == "inbound" for e in entries),
        "sent": sum(e["kind"] == "create_accepted" for e in entries),
        "slowest_recovery": round(
            max((r.seconds for r in recoveries if not r.disturbed), default=0.0), 1
        ),
        **checker.counters(findings),
    }
    print(json.dumps(figures, separators=(",", ":")))
    return not wrong


def main(
    minutes: Annotated[float, typer.Option(help="How long things are broken.")] = 5,
    seed: Annotated[int | None, typer.Option(help="Of the faults. [default: a new one]")] = None,
    conversations: Annotated[int, typer.Option(help="How many are begun meanwhile.")] = 500,
    every: Annotated[float, typer.Option(help="Seconds between faults.")] = 5,
    keep: Annotated[Path | None, typer.Option(help="Folder for data and logs, kept.")] = None,
) -> None:
    """Interview people while everything is broken at random, then count what went wrong.

    The same seed breaks the same things at the same times. Leaves with 1 if any counter is not 0.
    """
    chosen = random.SystemRandom().randrange(2**32) if seed is None else seed
    print(f"seed {chosen}", flush=True)
    folder = keep or Path(tempfile.mkdtemp(prefix="soak-"))
    with lab(folder, replicas=REPLICAS) as broken:
        soak = Soak(broken, chosen, minutes * 60, conversations, every)
        fine = report(soak, soak.run())
    if fine and keep is None:
        shutil.rmtree(folder, ignore_errors=True)
    if not fine:
        print(f"data and logs: {folder}", file=sys.stderr)
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
