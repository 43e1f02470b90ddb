"""Makes the read tables again from the beginning of the log, while the old ones serve.

New tables are filled beside the old ones, compared with the log, and put in their place in one
transaction. A rebuild that was interrupted goes on where it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import asyncpg

from mesh_projector import checking, database, next_tables
from mesh_projector.filling import Filling, Show
from mesh_projector.next_tables import NEXT
from mesh_projector.reading import open_reading
from meshcore.errors import MeshError

if TYPE_CHECKING:
    from asyncpg import Connection

    from mesh_projector.checking import Difference
    from mesh_projector.reading import Reading

_ATTEMPTS = 300
_NEAR = 5_000
"""Positions that may be missing when the tables are locked: they are filled in meanwhile."""


class DifferentError(MeshError):
    """The new tables are not what the log says, so they do not serve.

    Attributes:
        differences: what differs.
    """

    code = "tables_differ"

    def __init__(self, differences: list[Difference]) -> None:
        super().__init__(f"{len(differences)} differences between the new tables and the log")
        self.differences = differences


class BusyTablesError(MeshError):
    """The tables were never free for the moment that changing places takes."""

    code = "busy_tables"
    retryable = True


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of a rebuild.

    Attributes:
        began: where it began, or went on.
        position: up to which the new tables are filled.
    """

    began: int
    position: int


async def rebuild(
    url: str, nats_url: str, show: Show, sample: int = checking.SAMPLE, *, anew: bool = False
) -> Rebuilt:
    """Rebuilds the tables of a database.

    Args:
        url: the database.
        nats_url: the log.
        show: is told how far it is.
        sample: how many conversations are folded a second time before the tables change places.
        anew: whether to begin again, whatever an earlier rebuild has left.

    Raises:
        DifferentError: the new tables differ from the log. They are kept, to be looked at.
        BusyTablesError: somebody reads the old tables all the time.
        NoTablesError: there is nothing to be rebuilt.
        RebuildRunningError: another rebuild is under way.
        OvertakenError: somebody else has written to the new tables.
        LogUnavailableError: the log does not answer.
        OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError: nor the database.
    """
    async with open_reading(nats_url) as reading:
        guard = await next_tables.open_session(url)
        try:
            await next_tables.take_turn(guard)
            serves = await next_tables.serving(guard)
            if anew:
                await next_tables.discard(guard)
            began = await _prepared(url, guard, reading)
            async with database.connect(url, NEXT) as connection:
                filling = Filling(connection, reading, show)
                await _filled(filling, reading)
            await next_tables.make_indexes(guard)
            found = await checking.check(url, reading, show, schema=NEXT, sample=sample)
            if found.differences:
                raise DifferentError(found.differences)
            return Rebuilt(began, await _swapped(url, serves, reading, show))
        finally:
            guard.terminate()


async def _prepared(url: str, guard: Connection[Any], reading: Reading) -> int:
    """Where the new tables stand; those of a longer log are given up."""
    began = await next_tables.prepare(url, guard)
    if began <= await reading.log.last_position():
        return began
    await next_tables.discard(guard)
    return await next_tables.prepare(url, guard)


async def _filled(filling: Filling, reading: Reading) -> int:
    """Fills until the log has nearly been caught up with."""
    position = await filling.fill()
    while position + _NEAR < await reading.log.last_position():
        position = await filling.fill()
    return position


async def _swapped(url: str, serves: str, reading: Reading, show: Show) -> int:
    """Fills in what has come meanwhile, and lets the tables change places."""
    async with database.connect(url, NEXT) as connection:
        filling = Filling(connection, reading, show)
        for _ in range(_ATTEMPTS):
            position = await _filled(filling, reading)
            try:
                async with connection.transaction():
                    served = await next_tables.lock(connection, serves)
                    if position < served <= await reading.log.last_position():
                        # Nobody is to see less than before.
                        position = await filling.fill(served)
                    await next_tables.change_places(connection, serves)
            except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
                filling = Filling(connection, reading, show)  # what was filled in is undone
                await next_tables.between_attempts()
            else:
                return position
    raise BusyTablesError("the tables that serve were never free; try again at a quieter time")
