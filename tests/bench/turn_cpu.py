"""How much CPU one turn of an interview costs, over all services."""

from __future__ import annotations

import time
from pathlib import Path

import httpx

from meshsim.world import SERVICES, Plan, World, running
from tests.bench.figures import Figure, Goal, Row
from tests.bench.processes import Errand, Spent, since, spent
from tests.e2e.study import Study, fresh_phone

_MIX = {"cooperative": 0.76, "terse": 0.1, "vague": 0.1, "wanders": 0.04}
_RATE_PER_MINUTE = 6_000
_PATIENCE = 300.0
_SETTLED_AFTER = 1.0
"""Seconds from the last message to its last delivery status, with the projection of it."""


def measure(folder: Path, quick: bool) -> Row:  # noqa: FBT001 - the shape of all rows
    """CPU per turn over the four services, with people and a model that answer at once."""
    participants, floor_turns, idle = (2, 20, 0.2) if quick else (100, 400, 5.0)
    plan = Plan(
        folder=folder,
        settings={"OUTREACH_RATE_PER_MINUTE": str(_RATE_PER_MINUTE), "MESH_BURST_SECONDS": "0"},
        speed=10_000,
        model_latency=0,
    )
    with running(plan) as world, httpx.Client(base_url=world.api, timeout=30) as api:
        resting = _rest(world, idle)
        used, turns, seconds = _interview(world, Study(world, api), participants)
        floor = _floor(world, floor_turns)
    conditions = (
        f"{participants} interviews at once, {turns} turns in {seconds:.0f} s; one process of each "
        "service; no burst to wait for, a model without latency"
    )
    return Row("turn_cpu", conditions, _figures(used, turns, floor, resting))


def _figures(used: Spent, turns: int, floor: float, resting: float) -> tuple[Figure, ...]:
    ms = 1e3
    total = sum(used[name] for name in SERVICES) / turns * ms
    goal = Goal(at_most=True, limit=8)
    return (
        Figure("all services, per turn", total, "ms", floor * ms, goal),
        *(Figure(f"{name}, per turn", used[name] / turns * ms, "ms") for name in used),
        Figure("all services, at rest", resting * ms, "ms/s"),
    )


def _pids(world: World) -> dict[str, int]:
    assert world.nats
    return {
        **{name: child.pid for name, child in world.services.items()},
        "nats-server": world.nats.child.pid,
    }


def _rest(world: World, seconds: float) -> float:
    """CPU seconds per second that the services use without any work."""
    pids = {name: child.pid for name, child in world.services.items()}
    before = spent(pids)
    time.sleep(seconds)
    return sum(since(before, spent(pids)).values()) / seconds


def _interview(world: World, study: Study, participants: int) -> tuple[Spent, int, float]:
    """Runs the study to its end: CPU by process, turns, and seconds."""
    counts = {name: round(share * participants) for name, share in _MIX.items()}
    counts["cooperative"] += participants - sum(counts.values())
    phones = [
        phone for kind, number in counts.items() if number for phone in study.people(number, kind)
    ]
    campaign = str(study.create(phones)["id"])
    before, started = spent(_pids(world)), time.monotonic()
    study.api.post(f"/campaigns/{campaign}/launch").raise_for_status()
    while not study.ended(campaign):
        if time.monotonic() - started > _PATIENCE:
            raise RuntimeError("the interviews do not end")
        time.sleep(1)
    seconds = time.monotonic() - started
    time.sleep(_SETTLED_AFTER)
    used = since(before, spent(_pids(world)))
    return used, sum(c["turns"] for c in study.conversations(campaign)), seconds


def _floor(world: World, turns: int) -> float:
    """CPU seconds of a turn without log, leases, projection and promises."""
    to = fresh_phone()
    whatsapp = world.env["MESH_TWILIO_URL"]
    silent = [{"phone": to, "personality": "silent"}]
    httpx.post(f"{whatsapp}/sim/participants", json=silent).raise_for_status()
    errand = Errand(
        "tests.bench.floor_turn",
        {
            "--turns": turns,
            "--gemini-url": world.env["MESH_GEMINI_URL"],
            "--twilio-url": whatsapp,
            "--to": f"whatsapp:{to}",
        },
    )
    errand.begin()
    return float(errand.report()["cpu_per_turn"])
