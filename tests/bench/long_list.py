"""How long a campaign of a hundred thousand participants takes to create and to launch."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
import nats
import psutil
from nats.js.api import KeyValueConfig

from meshcore.ids import new_id
from meshcore.log import subjects
from meshcore.log.batches import BATCH, Batches, Change
from meshcore.log.event_log import EventLog
from meshsim.world import Plan, World, running
from tests.bench.figures import Figure, Goal, Row
from tests.bench.processes import cpu_seconds, median

_SCHEMA = {"age_range": {"type": "string", "description": "Age bracket, e.g. 25-34"}}
_TEMPLATE = {"content_sid": "HX" + "0" * 32, "variables": {"1": "{first_name}"}}
_PATIENCE = 120.0
_MEASURED = ("ingress", "outreach")
_FLOOR = "floor"
_MB = 1e6


def measure(folder: Path, quick: bool) -> Row:  # noqa: FBT001 - the shape of all rows
    """Seconds to create and launch a campaign of 100,000 participants, and the memory for it."""
    count = 300 if quick else 100_000
    plan = Plan(folder=folder, settings={"OUTREACH_RATE_PER_MINUTE": "600"})
    with running(plan) as world, httpx.Client(base_url=world.api, timeout=_PATIENCE) as api:
        body = json.dumps(_campaign(count)).encode()
        resting = _memory(world)
        with _watching(world) as peaks:
            before = cpu_seconds(world.services["ingress"].pid)
            seconds, campaign, delays = _create(api, body)
            used = cpu_seconds(world.services["ingress"].pid) - before
            launch, planned = _launch(world, api, campaign)
        api.post(f"/campaigns/{campaign}/pause")
        floor = asyncio.run(_floor(world, count))
    conditions = (
        f"{count} participants with two attributes each, {len(body) / _MB:.0f} MB of JSON, "
        "templates filled in from them; one process of each service, all of them running; the "
        "floor is a bare client that writes entries of the same size in the same batches"
    )
    figures = (
        Figure("create", seconds, "s", floor, Goal(at_most=True, limit=30)),
        Figure("create, ingress CPU", used, "s"),
        Figure("read beside it, median", median(delays) * 1e3, "ms"),
        Figure("read beside it, longest", max(delays) * 1e3, "ms"),
        Figure("launch", launch, "s", goal=Goal(at_most=True, limit=5)),
        Figure("launch, first slots given out", planned, "s"),
        *(
            Figure(f"{name}, peak memory", peaks[name] / _MB, "MB", resting[name] / _MB,
                   Goal(at_most=True, limit=300))
            for name in _MEASURED
        ),
    )  # fmt: skip
    return Row("long_list", conditions, figures)


def _campaign(count: int) -> dict[str, Any]:
    return {
        "name": "Bench",
        "research_brief": "Refuelling habits.",
        "extraction_schema": _SCHEMA,
        "opening": {"text": "Hi {{1}}! Got a minute?", "template": _TEMPLATE},
        "timezone": "Asia/Dubai",
        "participants": [
            {
                "phone": f"+9715{n:08d}",
                "language": "en",
                "attributes": {"first_name": f"Person {n}", "city": "Abu Dhabi"},
            }
            for n in range(count)
        ],
    }


def _create(api: httpx.Client, body: bytes) -> tuple[float, str, list[float]]:
    """Creates the campaign, with small requests beside it; how long each of them took."""
    delays: list[float] = []
    done = Event()

    def ask_beside() -> None:
        while not done.is_set() or not delays:
            started = time.monotonic()
            api.get("/livez").raise_for_status()
            delays.append(time.monotonic() - started)
            time.sleep(0.02)

    asking = Thread(target=ask_beside)
    asking.start()
    try:
        started = time.monotonic()
        answer = api.post("/campaigns", content=body, headers={"content-type": "application/json"})
        seconds = time.monotonic() - started
    finally:
        done.set()
        asking.join()
    answer.raise_for_status()
    return seconds, answer.json()["id"], delays


def _launch(world: World, api: httpx.Client, campaign: str) -> tuple[float, float]:
    """Seconds until the launch was answered, and until the first slots were on the log."""
    started = time.monotonic()
    answer = api.post(f"/campaigns/{campaign}/launch").raise_for_status()
    answered = time.monotonic() - started
    asyncio.run(_planned(world, campaign, int(answer.headers["mesh-position"])))
    return answered, time.monotonic() - started


async def _planned(world: World, campaign: str, launched: int) -> None:
    """Waits until slots were given out behind the launch."""
    client = await nats.connect(_nats(world))
    async with asyncio.timeout(_PATIENCE), EventLog(client, "bench") as log:
        while True:
            records = await log.load(subjects.campaign(campaign), launched)
            if any(e.wire_name == "openings_planned" for r in records for e in r.commit.events):
                break
            await asyncio.sleep(0.02)
    await client.close()


def _nats(world: World) -> str:
    assert world.nats
    return world.nats.url


def _memory(world: World) -> dict[str, int]:
    """Bytes in use now."""
    pids = {name: world.services[name].pid for name in _MEASURED}
    return {name: psutil.Process(pid).memory_info().rss for name, pid in pids.items()}


@contextmanager
def _watching(world: World) -> Iterator[dict[str, int]]:
    """The most bytes in use, looked at 20 times a second."""
    peaks, done = _memory(world), Event()

    def watch() -> None:
        while not done.wait(0.05):
            for name, used in _memory(world).items():
                peaks[name] = max(peaks[name], used)

    watching = Thread(target=watch)
    watching.start()
    try:
        yield peaks
    finally:
        done.set()
        watching.join()


async def _floor(world: World, count: int) -> float:
    """Seconds for writing as many entries of the same size, durable, in batches."""
    client = await nats.connect(_nats(world))
    js = client.jetstream(timeout=10)
    await js.create_key_value(KeyValueConfig(_FLOOR))
    config = (await js.stream_info(f"KV_{_FLOOR}")).config
    await js.update_stream(replace(config, allow_atomic=True))
    entry = json.dumps(
        {
            "addresses": ["whatsapp:+971500000000"],
            "attributes": {new_id(): {"first_name": "Person 12345", "city": "Abu Dhabi"}},
        }
    ).encode()
    changes = [Change(f"{n:032x}", entry, 0) for n in range(count)]
    batches = Batches(client, _FLOOR)
    started = time.monotonic()
    for i in range(0, count, BATCH):
        assert await batches.write(changes[i : i + BATCH])
    seconds = time.monotonic() - started
    await client.close()
    return seconds
