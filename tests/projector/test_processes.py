"""Real projector processes: killed, doubled, frozen, and left without their database."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from mesh_projector.migrate import migrate
from meshcore.service import Shell
from meshsim.children import Child, free_port
from meshsim.servers import NatsServer, Postgres, program
from tests.projector.conftest import KEY, WITH_TABLES, create_database
from tests.projector.histories import Disorder, Pen, append, interviewed, launched
from tests.projector.tables import checkpoint, projected, reached, snapshot, until

Start = Callable[[str], "Process"]


class Process:
    """One `mesh-projector`."""

    def __init__(self, name: str, env: dict[str, str], folder: Path) -> None:
        port = str(free_port())
        self._health = f"http://127.0.0.1:{port}"
        self.child = Child(
            name, [program("mesh-projector")], {**env, "MESH_HEALTH_PORT": port}, folder
        )
        self.child.start()

    async def state(self) -> str:
        """What /readyz says: ready, unready, or nothing yet."""
        try:
            async with httpx.AsyncClient() as client:
                answer = await client.get(f"{self._health}/readyz")
                return str(answer.json()["status"])
        except httpx.HTTPError:
            return "nothing"

    async def becomes(self, state: str) -> None:
        """Waits until /readyz says this."""

        async def is_so() -> bool:
            return await self.state() == state

        await until(is_so)

    async def leads(self) -> bool:
        """Whether this is the one that writes."""
        async with httpx.AsyncClient() as client:
            metrics = (await client.get(f"{self._health}/metrics")).raise_for_status()
        return "mesh_projector_leader 1.0" in metrics.text

    def errors(self) -> list[str]:
        """What it logged at the levels error and critical."""
        lines = self.child.log.read_text().splitlines()
        entries = [json.loads(line) for line in lines if line.startswith("{")]
        return [e["event"] for e in entries if e["level"] in {"error", "critical"}]


@pytest.fixture
def start(nats_server: NatsServer, tmp_path: Path) -> Iterator[Callable[[str], Process]]:
    """Starts projectors on a database; what is left of them is killed in the end."""
    processes: list[Process] = []

    def started(url: str) -> Process:
        env = {
            **os.environ,
            "NATS_URL": nats_server.url,
            "DATABASE_URL": url,
            "MESH_PARTICIPANT_KEY": KEY,
            "MESH_HOST": "127.0.0.1",
        }
        processes.append(Process(f"projector-{len(processes)}", env, tmp_path))
        return processes[-1]

    yield started
    for process in processes:
        process.child.kill()


def _long_history() -> Pen:
    """A thousand commits of many interviews, mixed."""
    pen = Pen()
    people = pen.participants(30)
    campaign = launched(pen, *people)
    beginning = len(pen.written)
    for participant in people:
        interviewed(pen, campaign, participant)
    interviews = pen.written[beginning:]
    order = sorted(range(len(interviews)), key=lambda i: i // 20 + 40 * pen.dice.random())
    pen.written[beginning:] = [interviews[i] for i in order]
    return pen


async def test_a_projector_killed_again_and_again_leaves_exact_tables(
    shell: Shell, database: str, second_database: str, start: Start
) -> None:
    """Wherever it was killed, the tables come out as without it, up to the end of the log."""
    written, dice = _long_history().written, random.Random(1)
    appending = asyncio.create_task(append(shell, written))
    for _ in range(3):
        process = start(database)
        target = await checkpoint(database) + dice.randint(1, 200)
        await reached(database, min(target, len(written)))
        process.child.kill()
    end = await appending
    start(database)
    await reached(database, end)
    assert await checkpoint(database) == end == await shell.log.last_position()
    assert await snapshot(database) == await projected(shell, second_database, end)


async def test_of_two_projectors_one_writes_and_the_other_takes_over(
    shell: Shell, database: str, second_database: str, start: Start
) -> None:
    """Both are ready; when the writer is killed the other goes on, and nobody notices a thing."""
    written = Disorder(1).write(400)
    one, other = start(database), start(database)
    await append(shell, written[:200])
    for process in (one, other):
        await process.becomes("ready")
    leader, standby = (one, other) if await one.leads() else (other, one)
    assert not await standby.leads()
    leader.child.kill()
    end = await append(shell, written[200:])
    await reached(database, end)
    assert await standby.leads()
    assert await snapshot(database) == await projected(shell, second_database, end)
    assert one.errors() == other.errors() == []


async def test_a_frozen_leader_loses_the_lead_and_writes_nothing_when_it_thaws(
    shell: Shell, database: str, second_database: str, start: Start
) -> None:
    """The database ends the session of whoever gives no sign of life; the lock goes with it."""
    written = Disorder(2).write(200)
    leader = start(database)
    await reached(database, await append(shell, written[:100]))
    standby = start(database)
    await standby.becomes("ready")
    os.kill(leader.child.pid, signal.SIGSTOP)
    end = await append(shell, written[100:])
    await reached(database, end)
    assert await standby.leads()
    os.kill(leader.child.pid, signal.SIGCONT)
    await leader.becomes("ready")
    assert not await leader.leads()
    assert await snapshot(database) == await projected(shell, second_database, end)


@pytest.mark.parametrize("how", [Postgres.stop, Postgres.kill])
async def test_a_projector_outlives_its_database_and_catches_up(
    shell: Shell, postgres: Postgres, database: str, start: Start, how: Callable[[Postgres], None]
) -> None:
    """Without the database it is unready and tries on; then it goes on from the checkpoint."""
    written = Disorder(3).write(200)
    process = start(database)
    await reached(database, await append(shell, written[:100]))
    await asyncio.to_thread(how, postgres)
    try:
        await process.becomes("unready")
        end = await append(shell, written[100:])
    finally:
        await asyncio.to_thread(postgres.start)
    await reached(database, end)
    await process.becomes("ready")
    assert process.child.alive
    assert await snapshot(database) == await projected(
        shell, await create_database(postgres, WITH_TABLES), end
    )


async def test_without_its_database_from_the_start_it_waits(
    bare_database: str, start: Start
) -> None:
    """Neither an unreachable database nor one without tables ends the process."""
    nowhere = start("postgresql://postgres@127.0.0.1:9/nowhere")
    without_tables = start(bare_database)
    for process in (nowhere, without_tables):
        await process.becomes("unready")
    await migrate(bare_database, patience=0)
    await without_tables.becomes("ready")
    assert await nowhere.state() == "unready"
    assert "waiting for the schema" in without_tables.child.log.read_text()


async def test_a_stopped_projector_leaves_with_status_0(database: str, start: Start) -> None:
    """SIGTERM ends it in order."""
    process = start(database)
    await process.becomes("ready")
    assert await asyncio.to_thread(process.child.stop) == 0
