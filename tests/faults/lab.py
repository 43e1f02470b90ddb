"""A world to break: a researcher's hands on it, and its judgement when it has come to rest."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from meshsim.children import Child
from meshsim.world import Plan, World, running
from tests.e2e.study import Study, eventually
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
        self._known: set[str] = set()

    def mixed(self, count: int) -> list[str]:
        """Participants of all sorts, most of whom answer everything."""
        sorts = (
            "cooperative",
            "bursty",
            "cooperative",
            "stops",
            "cooperative",
            "wanders",
            "leaves",
        )
        return [self.people(1, sorts[n % len(sorts)])[0] for n in range(count)]

    def under_way(self, phones: list[str], messages: int) -> None:
        """Waits until these people have been sent so many messages."""
        eventually(lambda: sum(self.opened(phones)) >= messages, f"{messages} messages were sent")

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

    def opened_phones(self) -> list[str]:
        """Everybody who has been sent a message, in the order of the first."""
        accepted = (e for e in self.collector.entries() if e["kind"] == "create_accepted")
        return list(dict.fromkeys(e["to"].removeprefix("whatsapp:") for e in accepted))

    def refusals(self, phone: str) -> int:
        """How many messages to this number Twilio has refused."""
        return sum(
            entry["kind"] == "create_refused" and entry["to"] == f"whatsapp:{phone}"
            for entry in self.collector.entries()
        )

    def append_again(self, message_sid: str) -> None:
        """Puts a message on the log a second time, as a repeated webhook may after some minutes."""
        for record in self.collector.log():
            events = record.commit.events
            if any(getattr(event, "message_sid", None) == message_sid for event in events):
                self.collector.append(record.subject, events)
                return
        raise AssertionError(f"{message_sid} is not on the log")

    def first_message_after(self, since: float) -> float:
        """Seconds from this time of the clock until Twilio took a message; infinite if never."""
        taken = [e["at"] for e in self.collector.entries() if e["kind"] == "create_accepted"]
        return next((at - since for at in taken if at >= since), math.inf)

    def unstruck(self) -> list[dict[str, Any]]:
        """The faults of the messaging network and the model that never struck."""
        bases = (self.world.env["MESH_TWILIO_URL"], self.world.env["MESH_GEMINI_URL"])
        armed = [f for base in bases for f in httpx.get(f"{base}/sim/faults").json()["faults"]]
        struck = {_what(fault) for fault in armed if fault["struck"]}
        return [fault for fault in armed if _what(fault) not in struck]

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
        """Fails if, after the world has come to rest, any counter is not 0.

        What an earlier call has already reported is not held against the caller.
        """
        findings = self.judge(title, seconds)
        fresh = {
            name: [case for case in findings[name] if case not in self._known]
            for name in checker.violations(findings)
        }
        self._known |= {case for cases in fresh.values() for case in cases}
        assert not any(fresh.values()), fresh


def _what(fault: dict[str, Any]) -> tuple[Any, ...]:
    """The kind of a fault, whomever it is for."""
    return (fault["kind"], fault.get("when"))


@contextmanager
def lab(folder: Path, *, replicas: int = 1, **settings: str) -> Iterator[Lab]:
    """A lab whose world lasts as long as the context."""
    plan = Plan(
        folder=folder,
        settings={
            "OUTREACH_RATE_PER_MINUTE": "1200",
            "MESH_BURST_SECONDS": "0.15",
            "MESH_MODEL_TIMEOUT": "2",
            **settings,
        },
        replicas=replicas,
        speed=40,
        model_latency=0.05,
    )
    with running(plan) as world, httpx.Client(base_url=world.api, timeout=30) as api:
        yield Lab(world, api)
        for child in world.services.values():
            child.kill()  # nobody waits for them to drain once the judgement is passed
