"""How many webhooks one ingress process takes in, durable on disk before they are answered."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from meshcore.ids import new_id
from meshcore.log.subjects import ConversationRef
from meshsim.children import Child, free_port, wait_until
from meshsim.servers import NatsServer
from tests.bench.figures import Figure, Goal, Row
from tests.bench.load import phone
from tests.bench.processes import Errand, median, since, spent
from tests.ingress.harness import NOWHERE, ingress_process, standing_on

_CONNECTIONS = 64
_WARM_UP = 500


@dataclass(frozen=True)
class _Round:
    """One round against one server; CPU in seconds per request."""

    per_second: float
    p50: float
    p99: float
    server_cpu: float
    nats_cpu: float


def measure(folder: Path, quick: bool) -> Row:  # noqa: FBT001 - the shape of all rows
    """Webhooks per second of one ingress process, fsync always, against a bare application."""
    rounds, count, participants = (1, 300, 20) if quick else (5, 6_000, 500)
    server = NatsServer(folder)
    server.start()
    try:
        with (
            ingress_process(server.url, NOWHERE, folder) as ingress,
            _floor(server.url, folder) as (floor, floor_port),
        ):
            asyncio.run(_enter(server.url, participants))
            ingress_port = int(ingress.url.rpartition(":")[2])
            targets = {
                "floor": (floor_port, floor.pid),
                "ingress": (ingress_port, ingress.child.pid),
            }
            for port, pid in targets.values():
                _round(port, pid, server.child.pid, min(count, _WARM_UP), participants)
            found: dict[str, list[_Round]] = {name: [] for name in targets}
            for _ in range(rounds):
                for name, (port, pid) in targets.items():
                    found[name].append(_round(port, pid, server.child.pid, count, participants))
    finally:
        server.stop()
    conditions = (
        f"{rounds} rounds of {count} webhooks for each server in turn, medians; {_CONNECTIONS} "
        f"connections; {participants} participants with routes; PostgreSQL down"
    )
    return Row("webhooks", conditions, _figures(_median(found["ingress"]), _median(found["floor"])))


def _figures(ingress: _Round, floor: _Round) -> tuple[Figure, ...]:
    more = Goal(at_most=False, limit=0.6, of_ratio=True)
    less = Goal(at_most=True, limit=1 / 0.6, of_ratio=True)
    us, ms = 1e6, 1e3
    return (
        Figure("throughput", ingress.per_second, "/s", floor.per_second, more),
        Figure("latency p50", ingress.p50 * ms, "ms", floor.p50 * ms),
        Figure("latency p99", ingress.p99 * ms, "ms", floor.p99 * ms),
        Figure("server CPU", ingress.server_cpu * us, "us", floor.server_cpu * us, less),
        Figure("nats-server CPU", ingress.nats_cpu * us, "us", floor.nats_cpu * us),
    )


def _median(rounds: list[_Round]) -> _Round:
    return _Round(
        *(
            median(getattr(one, name) for one in rounds)
            for name in ("per_second", "p50", "p99", "server_cpu", "nats_cpu")
        )
    )


def _round(port: int, server: int, nats: int, count: int, participants: int) -> _Round:
    pids = {"server": server, "nats": nats}
    load = Errand(
        "tests.bench.load",
        {
            "--port": port,
            "--count": count,
            "--participants": participants,
            "--connections": _CONNECTIONS,
        },
    )
    before = spent(pids)
    load.begin()
    report = load.report()
    used = since(before, spent(pids))
    if report["failed"]:
        raise RuntimeError(f"{report['failed']} of {count} webhooks were refused")
    return _Round(
        report["per_second"],
        report["p50"],
        report["p99"],
        used["server"] / count,
        used["nats"] / count,
    )


@contextmanager
def _floor(nats_url: str, folder: Path) -> Iterator[tuple[Child, int]]:
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.floor_webhook", "--port", str(port)]
    child = Child("floor", [*command, "--nats-url", nats_url], os.environ, folder)
    child.start()
    try:
        wait_until(lambda: _listens(port) or not child.alive, 20, "the floor was not ready")
        yield child, port
    finally:
        child.stop()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def _enter(nats_url: str, participants: int) -> None:
    """Enters participants into the directory, and leads each to a conversation."""
    async with standing_on(nats_url) as ground:
        campaign = new_id()
        for n in range(participants):
            participant = await ground.directory.register(f"whatsapp:{phone(n)}")
            await ground.routes.lead(participant, ConversationRef(campaign, new_id()))
