"""Exports: a log of interviews written to files by the code of `mesh events export`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import nats
from nats.aio.client import Client
from rich.console import Console

from meshcore import open_log
from meshcore.domain.commit import Commit
from meshcore.domain.events import (
    DeliveryStatus,
    DeliveryStatusChanged,
    Event,
    ExtractionRecorded,
    FieldState,
    MessageComposed,
    MessageKind,
    MessageReceived,
    MessageSent,
    SendStarted,
    TurnTaken,
)
from meshcore.ids import new_id
from meshcore.log import codec, streams, subjects
from meshcore.log.event_log import EventLog
from meshcore.log.subjects import ConversationRef, Lane
from meshcore.replay.bulk import bulk_reader
from meshcore.replay.selection import Selection
from meshctl import exporting
from meshtables.formats import Format
from tests.bench.figures import Figure, Goal, Row
from tests.support.nats_server import NatsServer

_TURNS, _QUICK_TURNS = 20_000, 100
_CONVERSATIONS = 1_000
_RUNS = 3
_IN_FLIGHT = 2_000
_QUIET = Console(quiet=True)

Taken = tuple[float, float]
"""Seconds that passed, and seconds of CPU."""


def measure(folder: Path, quick: bool) -> Row:  # noqa: FBT001 - what a benchmark gets
    """Exports as Parquet, CSV and JSONL; the floor only reads the same messages."""
    server = NatsServer(folder)
    configuration = folder / "nats.conf"  # filling a log with fsync would take minutes
    configuration.write_text(configuration.read_text().replace("always", '"60s"'))
    server.start()
    try:
        return asyncio.run(_measured(server.url, folder, _QUICK_TURNS if quick else _TURNS))
    finally:
        server.kill()


async def _measured(url: str, folder: Path, turns: int) -> Row:
    events = await _fill(url, turns)
    floor = await _best(lambda: _read(url))
    figures: list[Figure] = []
    for form in exporting.EXPORTS:
        path = folder / f"events.{form}"
        figures += _figures(f"to {form}", await _best(_exporting(url, path, form)), floor, events)
    figures += _figures("decoded only", await _best(lambda: _count(url)), floor, events)[1:]
    about = f"{events:,} events in {turns * 7:,} commits of {_CONVERSATIONS:,} conversations"
    return Row("export", about, tuple(figures))


def _exporting(url: str, path: Path, form: Format) -> Callable[[], Awaitable[None]]:
    return lambda: _export(url, path, form)


def _figures(name: str, taken: Taken, floor: Taken, events: int) -> list[Figure]:
    """The rate, and the CPU of one event, which depends less on who else uses the machine."""
    rate = Figure(name, events / taken[0], "events/s", events / floor[0], _GOAL)
    cpu = 1e6 * taken[1] / events, "us", 1e6 * floor[1] / events
    return [rate, Figure(f"{name}, CPU", *cpu, None if name == "decoded only" else _CPU_GOAL)]


_GOAL = Goal(at_most=False, limit=50_000)
_CPU_GOAL = Goal(at_most=True, limit=20)
"""Microseconds: what 50,000 events a second leave to each."""


async def _best(work: Callable[[], Awaitable[None]]) -> Taken:
    """The shortest time and the least CPU of a few runs."""
    times, cpu = [], []
    for _ in range(_RUNS):
        before, used = time.perf_counter(), time.process_time()
        await work()
        times.append(time.perf_counter() - before)
        cpu.append(time.process_time() - used)
    return min(times), min(cpu)


async def _read(url: str) -> None:
    async with bulk_reader(url) as (reader, _):
        async for _page in reader.pages(subjects.EVERYTHING, 0):
            pass


async def _export(url: str, path: Path, form: Format) -> None:
    await exporting.export(url, Selection(), path, form, _QUIET)


async def _count(url: str) -> None:
    async with open_log(url) as log:
        async for _batch in log.batches(Selection()):
            pass


async def _fill(url: str, turns: int) -> int:
    """Writes a log of as many turns, sealed as services do; returns the number of events."""
    client = await nats.connect(url)
    await streams.declare(client.jetstream(), 1)
    async with EventLog(client, "bench") as log:
        count = await _publish(client, log, turns)
    await client.close()
    return count


async def _publish(client: Client, log: EventLog, turns: int) -> int:
    js = client.jetstream(publish_async_max_pending=2 * _IN_FLIGHT)
    campaign, start, count = new_id(), datetime(2026, 3, 1, tzinfo=UTC), 0
    talks = [ConversationRef(campaign, new_id()) for _ in range(min(_CONVERSATIONS, turns))]
    keys = [
        await log.keys.for_writing(subjects.owner_of_conversation(ref.conversation))
        for ref in talks
    ]
    commits = (
        (number, n, lane, events)
        for number in range(turns)
        for n, (lane, events) in enumerate(_turn(number))
    )
    while some := list(islice(commits, _IN_FLIGHT)):
        acks = []
        for number, n, lane, events in some:
            which, commit = number % len(talks), new_id()
            at = start + timedelta(seconds=number, milliseconds=n)
            body, headers = codec.encode(Commit(commit, at, events, commit), "bench", keys[which])
            headers["Nats-Msg-Id"] = commit
            subject = subjects.lane(talks[which], lane)
            acks.append(await js.publish_async(subject, body, headers=headers))
            count += len(events)
        await asyncio.gather(*acks)
    return count


def _turn(number: int) -> list[tuple[Lane, tuple[Event, ...]]]:
    """All commits that a turn brings about."""
    message, sid, theirs = f"m{number:031}", f"SM{number:032}", f"SM{number:031}x"
    text = "I usually go to ADNOC because it is on my way, twice a week or so"
    reply = "Ah, ADNOC it is! And how often do you drive through Yas Island in a week?"
    return [
        (Lane.IN, (MessageReceived(message_sid=theirs, participant="a" * 32, text=text),)),
        (
            Lane.TURN,
            (
                TurnTaken(answers=(theirs,), model="scripted", model_calls=1, input_tokens=1_800),
                ExtractionRecorded(
                    field="current_station",
                    state=FieldState.EXTRACTED,
                    value="ADNOC",
                    quote="I usually go to ADNOC",
                    message_sid=theirs,
                ),
                MessageComposed(message_id=message, kind=MessageKind.REPLY, text=reply),
            ),
        ),
        (Lane.OUT, (SendStarted(message_id=message),)),
        (Lane.OUT, (MessageSent(message_id=message, message_sid=sid),)),
        *(
            (
                Lane.RECEIPT,
                (DeliveryStatusChanged(message_id=message, message_sid=sid, status=status),),
            )
            for status in (DeliveryStatus.SENT, DeliveryStatus.DELIVERED, DeliveryStatus.READ)
        ),
    ]
