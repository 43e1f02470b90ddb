"""Follows the log from the checkpoint, and writes rows and checkpoint in one transaction.

Of several projectors one holds an advisory lock and writes, the others wait for it.
"""

from __future__ import annotations

import asyncio
import math
import time
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg
import structlog

from mesh_projector import completion, database, metrics, retention, schema, targets
from mesh_projector.batching import parts
from mesh_projector.change import CampaignChange, Change, ConversationChange, TallyChange
from mesh_projector.database import Checkpoint
from mesh_projector.erased import up_to_erasure
from mesh_projector.fold import Fold, is_quiet
from mesh_projector.projections import PROJECTIONS
from mesh_projector.recall import Recall
from mesh_projector.table import Batch
from meshcore.crash_points import crash_point
from meshcore.domain.commit import Recorded
from meshcore.domain.disposition import Disposition
from meshcore.errors import LogUnavailableError, MeshError
from meshcore.ids import now
from meshcore.log import subjects
from meshcore.log.counts import Counts
from meshcore.log.event_log import EventLog, Page
from meshcore.log.wake_ups import WakeUps

if TYPE_CHECKING:
    from asyncpg import Connection

logger = structlog.get_logger(__name__)

COMMITS_PER_BATCH = 1_000
_RETRY = 0.5
_RETRY_HOPELESS = 5.0
_STANDBY = 0.5
_LINGER = 0.02
"""Seconds between looks at a log that has been read to its end: what comes meanwhile is written
together, since a transaction costs more than its rows.
"""
_REMIND = 30.0
_TELL = 10.0
"""Seconds between two times that outreach is told up to when the counts hold."""

_PASSING = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


class LogTooShortError(MeshError):
    """The tables stand where the log has not come yet: they belong to another log."""

    code = "log_too_short"


class Projector:
    """Keeps the read tables equal to a fold of the log.

    Args:
        log: the log.
        wake_ups: how outreach is told that a campaign may be complete, or have what it wants.
        counts: how it is told up to when the counts hold.
        url: the database.
        commits_per_batch: how many commits one transaction takes at most.
        keep: how long after its end a conversation's words are kept; None for ever.
    """

    def __init__(  # noqa: PLR0913 - what it stands on, and two settings
        self,
        log: EventLog,
        wake_ups: WakeUps,
        counts: Counts,
        url: str,
        commits_per_batch: int = COMMITS_PER_BATCH,
        *,
        keep: timedelta | None = None,
    ) -> None:
        self._log = log
        self._wake_ups = wake_ups
        self._counts = counts
        self._url = url
        self._commits_per_batch = commits_per_batch
        self._keep = keep
        self._ready = False

    async def ready(self) -> bool:
        """Whether the database is there and this process writes to it, or stands by to."""
        return self._ready

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Follows as long as the context lasts. The end may come at any line, like a crash."""
        following = asyncio.create_task(self._run())
        try:
            yield
        finally:
            while not following.done():
                # Again and again: before Python 3.12 `wait_for`, which nats-py uses, loses a
                # cancellation that arrives together with its result.
                following.cancel()
                await asyncio.wait([following], timeout=_RETRY)

    async def _run(self) -> None:
        """Follows for ever. After a failure it begins again at the checkpoint, knowing nothing."""
        while True:
            pause = _RETRY
            try:
                await self._session()
            except LogTooShortError:
                logger.critical(
                    "the tables belong to another log; perhaps: mesh projections rebuild"
                )
                pause = _RETRY_HOPELESS
            except (MeshError, *_PASSING) as error:
                logger.warning("interrupted; trying again", **_kind(error))
            except Exception as error:  # noqa: BLE001 - a bug must not end in a service that idles
                logger.critical("failed; trying again", **_kind(error))
            finally:
                self._ready = False
                metrics.LEADER.set(0)
            await asyncio.sleep(pause)

    async def _session(self) -> None:
        async with database.connect(self._url) as connection:
            await self._wait_for_schema(connection)
            await self._wait_for_lead(connection)
            await self._follow(connection)

    async def _wait_for_schema(self, connection: Connection[Any]) -> None:
        wanted, reported = schema.head(), False
        while (found := await schema.version(connection)) != wanted:
            if not reported:
                logger.warning(
                    "waiting for the schema; run: mesh-projector migrate",
                    found=found,
                    wanted=wanted,
                )
                reported = True
            await asyncio.sleep(database.HEARTBEAT)

    async def _wait_for_lead(self, connection: Connection[Any]) -> None:
        reported = False
        while not await database.take_lead(connection):
            self._ready = True
            if not reported:
                logger.info("standing by: another projector writes")
                reported = True
            await asyncio.sleep(_STANDBY)

    async def _follow(self, connection: Connection[Any]) -> None:
        checkpoint = await database.checkpoint(connection)
        logger.info("following", checkpoint=checkpoint.position)
        metrics.LEADER.set(1)
        metrics.POSITION.set(checkpoint.position)
        fold, reminded, told, alive = Fold(), -math.inf, -math.inf, time.monotonic()
        while True:
            moment, at = time.monotonic(), now()
            if moment - reminded > _REMIND:
                await self._remind(connection, checkpoint.position)
                self._ready, reminded = True, moment
            if moment - alive > database.HEARTBEAT:
                await database.confirm(connection, checkpoint)
                alive = moment
            page = await self._read(checkpoint.position)
            if page is None:
                await asyncio.sleep(_LINGER)
                continue
            for records, end in parts(page):
                checkpoint = await self._write(connection, fold, records, checkpoint, end)
            metrics.LAG.set(page.pending)
            if not page.pending:
                if moment - told > _TELL:
                    await self._tell(connection, at)
                    told = moment
                await asyncio.sleep(_LINGER)

    async def _remind(self, connection: Connection[Any], checkpoint: int) -> None:
        """Checks that this is still the tables' log, and repeats hints that may have been lost."""
        if checkpoint > await self._log.last_position():
            raise LogTooShortError(f"the log ends before the tables' checkpoint {checkpoint}")
        await completion.hint(connection, self._wake_ups, checkpoint)
        await targets.hint(connection, self._wake_ups)
        if self._keep:
            await retention.hint(connection, self._wake_ups, now() - self._keep)

    async def _tell(self, connection: Connection[Any], as_of: datetime) -> None:
        """Says that everything before this time is counted."""
        try:
            await targets.tell(connection, self._counts, as_of)
        except LogUnavailableError:
            logger.warning("outreach could not be told how many interviews are completed")

    async def _read(self, checkpoint: int) -> Page | None:
        try:
            page = await self._log.read(
                subjects.EVERYTHING, checkpoint, self._commits_per_batch, strict=False
            )
            return up_to_erasure(page)
        except LogUnavailableError:
            logger.warning("the log does not answer; trying again")
            return None

    async def _write(
        self,
        connection: Connection[Any],
        fold: Fold,
        records: list[Recorded],
        checkpoint: Checkpoint,
        end: int,
    ) -> Checkpoint:
        batch, settled, counted = Batch(PROJECTIONS), set[str](), set[str]()
        async with connection.transaction():
            reached = await database.advance(connection, checkpoint, end)
            await Recall(connection, self._log, checkpoint.position).prepare(fold, records)
            for record in records:
                for change in fold.apply(record):
                    batch.add(change)
                    settled |= _perhaps_complete(change)
                    counted |= _perhaps_enough(change)
            await batch.write(connection)
            crash_point("project.before_commit")
        crash_point("project.after_commit")
        fold.forget_batch()
        metrics.POSITION.set(end)
        metrics.EVENTS.inc(sum(len(record.commit.events) for record in records))
        if settled:
            await completion.hint(connection, self._wake_ups, end, settled)
        if counted:
            await targets.hint(connection, self._wake_ups, counted)
        return reached


def _perhaps_complete(change: Change) -> set[str]:
    match change:
        case CampaignChange():
            return {change.after.id}
        case TallyChange() if is_quiet(change.tally):
            return {change.campaign}
        case _:
            return set()


def _perhaps_enough(change: Change) -> set[str]:
    match change:
        case CampaignChange():
            return {change.after.id}
        case ConversationChange() if change.after.disposition is Disposition.COMPLETED:
            known = change.before and change.before.disposition is Disposition.COMPLETED
            return set() if known else {change.after.campaign}
        case _:
            return set()


def _kind(error: Exception) -> dict[str, str]:
    """What may be logged of an error: not its text, in which a database may quote a row."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).parent == Path(__file__).parent]
    where = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in ours[-1:]]
    return {"kind": type(error).__name__, "where": "".join(where)}
