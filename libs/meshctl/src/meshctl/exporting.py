"""Exports and counts of events, with bounded memory however long the log is."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from meshcore.log.event_log import Unreadable
from meshcore.replay.log import Batch, Log, open_log
from meshcore.replay.selection import Selection
from meshctl.event_columns import COLUMNS
from meshtables.files import whole_table
from meshtables.formats import Format

EXPORTS = (Format.JSONL, Format.CSV, Format.PARQUET)
_UNREADABLE_TOLD = 1_000


@dataclass(slots=True)
class Exported:
    """What came of an export."""

    events: int = 0
    unreadable: list[Unreadable] = field(default_factory=list)


@dataclass(slots=True)
class Counts:
    """What there is on the log.

    Attributes:
        types: events by type.
        commits: messages with at least one of the events wanted.
        first: when the first was decided.
        last: when the last was decided.
        unreadable: messages that are no commits.
    """

    types: Counter[tuple[str, str]] = field(default_factory=Counter)
    commits: int = 0
    first: datetime | None = None
    last: datetime | None = None
    unreadable: list[Unreadable] = field(default_factory=list)


async def export(
    nats_url: str, wanted: Selection, path: Path, form: Format, console: Console
) -> Exported:
    """Writes the events wanted to a file, which is there as a whole or not at all.

    Raises:
        LogUnavailableError: no answer in time.
        OSError: the file cannot be written.
    """
    done = Exported()
    with whole_table(path, form, COLUMNS) as table:
        async with open_log(nats_url) as log, aclosing(_shown(log, wanted, console)) as batches:
            async for batch in batches:
                table.write(batch.rows)
                done.events += len(batch.rows)
                _note(done.unreadable, batch)
    return done


async def count(nats_url: str, wanted: Selection, console: Console) -> Counts:
    """Counts the events wanted. Raises like `export`."""
    counts = Counts()
    async with open_log(nats_url) as log, aclosing(_shown(log, wanted, console)) as batches:
        async for batch in batches:
            counts.types.update((row.lane, row.type) for row in batch.rows)
            counts.commits += len({row.position for row in batch.rows})
            times = [row.time for row in batch.rows]
            if times:
                counts.first = min(*times, counts.first or times[0])
                counts.last = max(*times, counts.last or times[0])
            _note(counts.unreadable, batch)
    return counts


def _note(unreadable: list[Unreadable], batch: Batch) -> None:
    if len(unreadable) < _UNREADABLE_TOLD:
        unreadable += batch.unreadable


async def _shown(log: Log, wanted: Selection, console: Console) -> AsyncGenerator[Batch, None]:
    """The batches, with a progress bar on a terminal."""
    with Progress(
        TextColumn("{task.fields[events]:,} events"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task("", total=await log.last_position(), events=0)
        events = 0
        async with aclosing(log.batches(wanted)) as batches:
            async for batch in batches:
                events += len(batch.rows)
                progress.update(task, completed=batch.position, events=events)
                yield batch
