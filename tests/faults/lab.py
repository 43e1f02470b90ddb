"""A world to break: a researcher's hands on it, and its judgement when it has come to rest."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from meshsim.children import Child
from meshsim.world import SERVICES, Plan, World, running
from tests.e2e.study import Study
from tests.faults import checker
from tests.faults.checker import Findings
from tests.faults.collect import Collector
from tests.faults.history import facts_of

QUIET = 1.2
"""Seconds without anything new after which a world with nothing left to do has come to rest."""

_PATIENCE = 60.0


class Lab(Study):
    """A running world, the calls of a researcher and a participant, and ways to break it."""

    def __init__(self, world: World, api: httpx.Client) -> None:
        super().__init__(world, api)
        self.collector = Collector(world)

    def replicas(self, service: str) -> list[Child]:
        """The processes of a service."""
        return [
            child for name, child in self.world.services.items() if name.split("-")[0] == service
        ]

    def kill(self, *services: str) -> None:
        """Kills all processes of these services, as a power cut would, and starts them again."""
        for service in services:
            for child in self.replicas(service):
                child.kill()
        for service in services:
            for child in self.replicas(service):
                child.start()

    def cure(self) -> None:
        """Ends all faults of the messaging network and the model."""
        for base in (self.world.env["MESH_TWILIO_URL"], self.world.env["MESH_GEMINI_URL"]):
            httpx.delete(f"{base}/sim/faults", timeout=30).raise_for_status()

    def settle(self, seconds: float = _PATIENCE) -> None:
        """Waits until nothing is owed any more and nothing happens, at most this long."""
        deadline, seen, since = time.monotonic() + seconds, -1, time.monotonic()
        while time.monotonic() < deadline:
            records = self.collector.log()
            end = records[-1].position if records else 0
            if end != seen or self.collector.webhooks_under_way():
                seen, since = end, time.monotonic()
            elif time.monotonic() - since > QUIET and self._is_done(end):
                return
            time.sleep(0.3)

    def _is_done(self, end: int) -> bool:
        if next(checker.unfinished(facts_of(self.collector.log())), None):
            return False
        return self.collector.checkpoint() == end

    def judge(self, title: str, seconds: float = _PATIENCE) -> Findings:
        """Lets the world come to rest, prints the checker's table, and returns what it found."""
        self.settle(seconds)
        findings = checker.check(self.collector.history())
        checker.show(findings, title)
        return findings

    def expect_nothing_lost(self, title: str, seconds: float = _PATIENCE) -> None:
        """Fails if, after the world has come to rest, any counter is not 0."""
        findings = self.judge(title, seconds)
        wrong = checker.violations(findings)
        assert not wrong, {name: findings[name][:5] for name in wrong}


@contextmanager
def lab(folder: Path, *, replicas: int = 1, **settings: str) -> Iterator[Lab]:
    """A lab whose world lasts as long as the context."""
    plan = Plan(
        folder=folder,
        settings={
            "OUTREACH_RATE_PER_MINUTE": "1200",
            "MESH_BURST_SECONDS": "0.2",
            "MESH_MODEL_TIMEOUT": "5",
            **settings,
        },
        replicas=replicas,
        speed=20,
        model_latency=0.05,
    )
    with running(plan) as world, httpx.Client(base_url=world.api, timeout=30) as api:
        yield Lab(world, api)


ALL = tuple(reversed(SERVICES))
