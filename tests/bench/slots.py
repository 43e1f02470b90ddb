"""How well openings keep to the slots of the timetable, and the rate in every minute."""

from __future__ import annotations

import asyncio
import statistics
import time
from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import httpx
import psutil

from meshcore.domain.events import OpeningsPlanned
from meshcore.log import subjects
from meshsim.world import Plan, World, running
from tests.bench.figures import Figure, Goal, Row
from tests.bench.processes import cpu_seconds
from tests.e2e.study import Study
from tests.support.desk import shell_on

_RATE = 600
_OPENING = {"text": "Hi! I'm Mia from the Yas Island study. Where do you usually fill up?"}
_PATIENCE = 60.0


def measure(folder: Path, quick: bool) -> Row:  # noqa: FBT001 - the shape of all rows
    """Lateness of openings behind their slots, at 600 a minute."""
    participants = 30 if quick else 650
    settings = {"OUTREACH_RATE_PER_MINUTE": str(_RATE)}
    plan = Plan(folder=folder, settings=settings, model_latency=0)
    with running(plan) as world, httpx.Client(base_url=world.api, timeout=60) as api:
        study = Study(world, api)
        phones = study.people(participants, "silent")
        campaign = str(study.create(phones, opening=_OPENING)["id"])
        before, launched = _outreach_cpu(world), time.time()
        api.post(f"/campaigns/{campaign}/launch").raise_for_status()
        sent = _sent(world, phones)
        used = _outreach_cpu(world) - before
        memory = psutil.Process(world.services["outreach"].pid).memory_info().rss
        planned = sorted(asyncio.run(_slots(world.env["NATS_URL"], campaign)))
    late = sorted(max(0.0, at - slot) for at, slot in zip(sent, planned, strict=True))
    conditions = (
        f"{participants} openings word for word, one process of each service; lateness is that of "
        "the n-th message behind the n-th slot"
    )
    at_most_500 = Goal(at_most=True, limit=500)
    the_rate = Goal(at_most=True, limit=1, of_ratio=True)
    return Row(
        "slots",
        conditions,
        (
            Figure("lateness p50", statistics.median(late) * 1e3, "ms"),
            Figure("lateness p99", late[int(len(late) * 0.99)] * 1e3, "ms", goal=at_most_500),
            Figure("fullest minute", _fullest(sent), "openings", _RATE, the_rate),
            Figure("first opening behind the launch", sent[0] - launched, "s"),
            Figure("outreach, per opening", used / participants * 1e3, "ms"),
            Figure("outreach, memory", memory / 2**20, "MiB"),
        ),
    )


def _sent(world: World, phones: Sequence[str]) -> list[float]:
    """When Twilio was given each opening, in order; waits until all are there."""
    url = f"{world.env['MESH_TWILIO_URL']}/sim/record"
    deadline = time.monotonic() + _PATIENCE + 60 * len(phones) / _RATE
    while True:
        entries = httpx.get(url, params={"kind": "create_accepted"}).json()["entries"]
        if len(entries) >= len(phones):
            return sorted(float(entry["came_at"]) for entry in entries)
        if time.monotonic() > deadline:
            raise RuntimeError(f"{len(entries)} of {len(phones)} openings went out")
        time.sleep(1)


async def _slots(nats_url: str, campaign: str) -> list[float]:
    """The slots that the campaign was given."""
    async with shell_on(nats_url, "bench") as shell:
        records = await shell.log.load(subjects.campaign(campaign))
    planned = [e for r in records for e in r.commit.events if isinstance(e, OpeningsPlanned)]
    return [datetime.timestamp(slot) for event in planned for slot in event.slots]


def _fullest(sent: Sequence[float]) -> int:
    """How many openings the fullest minute has, wherever it begins."""
    return max(bisect_left(sent, at + 60) - n for n, at in enumerate(sent))


def _outreach_cpu(world: World) -> float:
    return cpu_seconds(world.services["outreach"].pid)
