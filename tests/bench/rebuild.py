"""Rebuilds: a log of whole interviews folded into new tables by the code of `mesh projections`."""

from __future__ import annotations

import asyncio
import random
import time
from io import BytesIO
from pathlib import Path

import asyncpg
import nats
import psutil
from nats.aio.client import Client

from mesh_projector import database, next_tables, rebuild
from mesh_projector.filling import Filling, Progress
from mesh_projector.migrate import migrate
from mesh_projector.next_tables import NEXT, TABLES
from mesh_projector.reading import open_reading
from meshcore.log import codec, streams, subjects
from meshcore.log.event_log import EventLog
from meshsim.servers import Postgres
from tests.bench.figures import Figure, Goal, Row
from tests.projector.histories import Pen, interviewed, launched
from tests.support.nats_server import NatsServer

_INTERVIEWS, _QUICK_INTERVIEWS = 6_000, 20
_AT_ONCE = 300
"""Interviews that are under way at the same time."""

_FLUSH_EVERY = 1_000
_MB = 1e6


def measure(folder: Path, quick: bool) -> Row:  # noqa: FBT001 - what a benchmark gets
    """Fills the tables from the log's beginning; the floor is a bare COPY of the same rows."""
    server, postgres = NatsServer(folder), Postgres(folder)
    configuration = folder / "nats.conf"  # filling a log with fsync would take minutes
    configuration.write_text(configuration.read_text().replace("always", '"60s"'))
    folder.chmod(0o755)  # PostgreSQL does not run as root
    server.start()
    postgres.start()
    try:
        interviews = _QUICK_INTERVIEWS if quick else _INTERVIEWS
        return asyncio.run(_measured(server.url, postgres.url, interviews))
    finally:
        postgres.stop()
        server.kill()


async def _measured(nats_url: str, url: str, interviews: int) -> Row:
    pen = _interviews(interviews)
    events, commits = sum(len(c.events) for _, c in pen.written), len(pen.written)
    await _publish(nats_url, pen)
    del pen
    await migrate(url, patience=10)
    used = time.process_time()
    seconds, memory = await _fill(nats_url, url)
    used = time.process_time() - used
    copied, rows = await _copy(url)
    started = time.perf_counter()
    await rebuild.rebuild(url, nats_url, lambda _: None)
    compared = time.perf_counter() - started
    half = len(memory) // 2
    conditions = (
        f"{events:,} events in {commits:,} commits, sealed, of {interviews:,}"
        f" interviews, {_AT_ONCE} at once; {rows:,} rows; one process"
    )
    return Row(
        "rebuild",
        conditions,
        (
            Figure("filled", events / seconds, "events/s", goal=Goal(at_most=False, limit=30_000)),
            Figure(
                "beside a bare COPY", events / seconds, "events/s", events / copied,
                Goal(at_most=False, limit=0.25, of_ratio=True),
            ),
            Figure("filled, own CPU", used / events * 1e6, "us/event"),
            Figure("compared and swapped", events / compared, "events/s"),
            Figure("memory, end and half way", memory[-1] / _MB, "MB", memory[half] / _MB),
        ),
    )  # fmt: skip


def _interviews(count: int) -> Pen:
    """Interviews of three exchanges, some hundred of them mixed at any time."""
    pen = Pen()
    people = pen.participants(count)
    campaigns = [launched(pen, *people[i : i + 1_000]) for i in range(0, count, 1_000)]
    beginning, dice = len(pen.written), random.Random(1)
    starts: list[float] = []
    for n, participant in enumerate(people):
        before = len(pen.written)
        interviewed(pen, campaigns[n // 1_000], participant)
        length = len(pen.written) - before
        starts += sorted(n + _AT_ONCE * dice.random() for _ in range(length))
    interviews = pen.written[beginning:]
    order = sorted(range(len(interviews)), key=starts.__getitem__)
    pen.written[beginning:] = [interviews[i] for i in order]
    return pen


async def _publish(nats_url: str, pen: Pen) -> None:
    """Puts everything on the log, sealed as services do it."""
    client = await nats.connect(nats_url)
    await streams.declare(client.jetstream(), 1)
    async with EventLog(client, "bench") as log:
        for n, (subject, commit) in enumerate(pen.written):
            owner = subjects.owner_of(subject) if codec.is_personal(commit) else None
            key = await log.keys.for_writing(owner) if owner else None
            body, headers = codec.encode(commit, "bench", key)
            await client.publish(subject, body, headers=headers)
            if n % _FLUSH_EVERY == 0:
                await client.flush()
        await _arrived(client, log, len(pen.written))
    await client.close()


async def _arrived(client: Client, log: EventLog, position: int) -> None:
    await client.flush()
    while await log.last_position() < position:  # noqa: ASYNC110 - the server sets no event of ours
        await asyncio.sleep(0.05)


async def _fill(nats_url: str, url: str) -> tuple[float, list[int]]:
    """Seconds for filling new tables, and the bytes in use after each transaction."""
    connection = await asyncpg.connect(url)
    await next_tables.prepare(url, connection)
    await connection.close()
    memory: list[int] = []
    process = psutil.Process()

    def show(_: Progress) -> None:
        memory.append(process.memory_info().rss)

    async with open_reading(nats_url) as reading, database.connect(url, NEXT) as filling:
        started = time.perf_counter()
        await Filling(filling, reading, show).fill()
        return time.perf_counter() - started, memory


async def _copy(url: str) -> tuple[float, int]:
    """Seconds for a bare COPY of all rows into empty tables of the same kind, and their number."""
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE SCHEMA bare; SET synchronous_commit = off")
    seconds, rows = 0.0, 0
    for table in TABLES:
        data = BytesIO()
        await connection.copy_from_table(table, schema_name=NEXT, output=data, format="binary")
        await connection.execute(f"CREATE TABLE bare.{table} (LIKE {NEXT}.{table} INCLUDING ALL)")
        data.seek(0)
        started = time.perf_counter()
        done = await connection.copy_to_table(
            table, schema_name="bare", source=data, format="binary"
        )
        seconds += time.perf_counter() - started
        rows += int(done.removeprefix("COPY "))
    await connection.execute("DROP SCHEMA bare CASCADE")
    await connection.close()
    return seconds, rows
