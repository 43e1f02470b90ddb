"""Fills tables with the fold of the log, a transaction after the other, as fast as it goes."""

from __future__ import annotations

import gc
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mesh_projector import database
from mesh_projector.batching import parts
from mesh_projector.database import Checkpoint
from mesh_projector.erased import up_to_erasure
from mesh_projector.fold import Fold
from mesh_projector.projections import PROJECTIONS
from mesh_projector.recall import Recall
from mesh_projector.table import Batch
from meshcore.crash_points import crash_point
from meshcore.domain.commit import Recorded
from meshcore.log.event_log import Page

if TYPE_CHECKING:
    from asyncpg import Connection

    from mesh_projector.reading import Reading

_COMMITS_PER_BATCH = 10_000
_WEIGHT_PER_BATCH = 50_000
"""Events, or participants enrolled at once, that one transaction takes."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild is.

    Attributes:
        position: up to which the new tables are filled.
        end: of the log, when it was looked at last.
        events: how many this process has folded.
        doing: what is being done, in a word or two.
    """

    position: int
    end: int
    events: int
    doing: str = "filling"


Show = Callable[[Progress], None]


class Filling:
    """Writes what the log says to the tables of one session.

    Args:
        connection: a session that writes to tables which nobody else writes to.
        reading: the log.
        show: is told after every transaction.
        commits: how many commits one transaction takes, more or less.
    """

    def __init__(
        self,
        connection: Connection[Any],
        reading: Reading,
        show: Show,
        commits: int = _COMMITS_PER_BATCH,
    ) -> None:
        self._connection = connection
        self._reading = reading
        self._show = show
        self._commits = commits
        self._fold = Fold()
        self._checkpoint: Checkpoint | None = None
        self._events = 0

    async def fill(self, up_to: int | None = None) -> int:
        """Goes on from the checkpoint to a position, by default to the end of the log.

        Returns:
            The position reached.

        Raises:
            LogUnavailableError: no answer in time.
            OvertakenError: somebody else writes to these tables.
            OSError, asyncpg.PostgresError, asyncpg.InterfaceError: the database does not answer.
        """
        if self._checkpoint is None:
            self._checkpoint = await database.checkpoint(self._connection)
        end, before = up_to or await self._reading.log.last_position(), -1
        async with _rarely_collected():
            while before < self._checkpoint.position < end:
                before = self._checkpoint.position
                self._checkpoint = await self._go_on(self._checkpoint, end)
        return self._checkpoint.position

    async def _go_on(self, checkpoint: Checkpoint, end: int) -> Checkpoint:
        """To the end, or to the next erasure: what comes behind it is read again, without keys."""
        async with aclosing(self._batches(checkpoint.position, end)) as batches:
            async for page in batches:
                for records, position in parts(page, _WEIGHT_PER_BATCH):
                    checkpoint = await self._write(records, checkpoint, position)
                    self._show(Progress(position, max(end, position), self._events))
        return checkpoint

    async def _batches(self, after: int, end: int) -> AsyncGenerator[Page]:
        """The pages behind a position and up to another, several together."""
        batch = Page([], 0)
        async with aclosing(self._reading.pages(after)) as pages:
            async for page, reached in pages:
                kept = up_to_erasure(page)
                batch.records.extend(r for r in kept.records if r.position <= end)
                batch.unreadable.extend(u for u in kept.unreadable if u.position <= end)
                if kept is not page or reached >= end:
                    break
                if len(batch.records) >= self._commits:
                    yield batch
                    batch = Page([], 0)
        if batch.end:
            yield batch

    async def _write(
        self, records: list[Recorded], checkpoint: Checkpoint, position: int
    ) -> Checkpoint:
        batch = Batch(PROJECTIONS)
        async with self._connection.transaction():
            reached = await database.advance(self._connection, checkpoint, position)
            recall = Recall(self._connection, self._reading.log, checkpoint.position)
            await recall.prepare(self._fold, records)
            for record in records:
                for change in self._fold.apply(record):
                    batch.add(change)
            await batch.write(self._connection)
            crash_point("rebuild.before_commit")
        crash_point("rebuild.after_commit")
        self._fold.forget_batch()
        self._events += sum(len(record.commit.events) for record in records)
        return reached


@asynccontextmanager
async def _rarely_collected() -> AsyncIterator[None]:
    """Looks for unreachable cycles rarely: states have none, and there are very many of them."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 50, 1_000)
    try:
        yield
    finally:
        gc.set_threshold(*before)
