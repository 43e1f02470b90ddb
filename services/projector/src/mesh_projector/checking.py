"""Compares the read tables with the log: rows counted, and rows made a second time.

What the log says is written to temporary tables of the same names, by the fold and the projections
that the projector has; PostgreSQL compares. Everything is seen as of one checkpoint, while the
projector goes on.
"""

# ruff: noqa: S608 - statements are put together from the constants of the projections, never from input

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from mesh_projector import next_tables
from mesh_projector.change import CampaignChange, ConversationChange
from mesh_projector.counting import Counting
from mesh_projector.database import READ_TABLES, open_connection
from mesh_projector.filling import Filling, Progress, Show
from mesh_projector.fold import Fold
from mesh_projector.foldable import why_unfoldable
from mesh_projector.next_tables import TABLES
from mesh_projector.projections import PROJECTIONS
from mesh_projector.table import Batch, Table
from meshcore.domain.commit import Recorded
from meshcore.domain.conversation import ConversationStatus
from meshcore.domain.events import (
    ConversationStarted,
    MessageReceived,
    OpeningsPlanned,
    ParticipantsEnrolled,
)
from meshcore.domain.participant import conversation_id
from meshcore.log import subjects
from meshcore.log.subjects import ConversationRef, Lane

if TYPE_CHECKING:
    from asyncpg import Connection

    from mesh_projector.reading import Reading

SAMPLE = 200
"""Conversations that are folded a second time unless another number is asked for."""

_TOLD = 20
"""Keys that are told of each table that differs."""
_PATIENCE = 3600.0

_OF_CONVERSATIONS = {
    "conversations": "id",
    "figures": "conversation_id",
    "messages": "conversation_id",
    "outreach_queue": "conversation_id",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs: in which table, and in which rows or how."""

    table: str
    what: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a comparison found.

    Attributes:
        position: as of which both were compared.
        rows: by table, how many the log makes.
        compared: conversations of which every row was compared.
        differences: empty if the tables are what the log says.
    """

    position: int
    rows: dict[str, int] = field(default_factory=dict)
    compared: int = 0
    differences: list[Difference] = field(default_factory=list)


async def check(  # noqa: PLR0913 - what may be asked for, by name
    url: str,
    reading: Reading,
    show: Show,
    *,
    schema: str | None = None,
    sample: int = SAMPLE,
    every: bool = False,
) -> Checked:
    """Compares the tables with the log.

    Args:
        url: the database.
        reading: the log.
        show: is told how far it is.
        schema: where the tables are; None for those that serve.
        sample: how many conversations to compare row by row.
        every: whether to compare every row of every table instead.

    Raises:
        NoTablesError: there are no tables, or they are of another version.
        LogUnavailableError: the log does not answer.
        OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError: nor the database.
    """
    connection = await open_connection(url, schema)
    try:
        async with connection.transaction(isolation="repeatable_read"):
            where = await next_tables.serving(connection)
            position = int(
                await connection.fetchval(
                    "SELECT coalesce(max(position), 0) FROM checkpoints WHERE name = $1",
                    READ_TABLES,
                )
            )
            if position > (end := await reading.log.last_position()):
                told = f"the tables stand at {position}, the log ends at {end}: it is another log"
                return Checked(position, differences=[Difference("checkpoints", told)])
            await _shadow(connection, where)
            comparison = _Comparison(connection, reading, show, where, position)
            return await (comparison.whole() if every else comparison.sampled(sample))
    finally:
        connection.terminate()


async def _shadow(connection: Connection[Any], where: str) -> None:
    """Makes empty temporary tables, which hide those of the same names from this session."""
    for table in ("checkpoints", *TABLES):
        await connection.execute(
            f'CREATE TEMP TABLE {table} (LIKE "{where}".{table} INCLUDING ALL) ON COMMIT DROP'
        )


@dataclass
class _Comparison:
    connection: Connection[Any]
    reading: Reading
    show: Show
    where: str
    position: int

    async def whole(self) -> Checked:
        """Folds the whole log, and compares all rows."""
        await Filling(self.connection, self.reading, self.show).fill(self.position)
        rows = {table: await self._count(f"pg_temp.{table}") for table in TABLES}
        differences = await self._miscounted(rows)
        for table in TABLES:
            differences += await self._unequal(table, _columns(table), "")
        return Checked(self.position, rows, rows["conversations"], differences)

    async def sampled(self, sample: int) -> Checked:
        """Counts the rows of all tables, and compares those of some conversations."""
        counting = Counting(sample, random.SystemRandom())
        await self._read(counting)
        differences = await self._miscounted(counting.rows)
        differences += await self._tallies()
        conversations = [ref.conversation for ref in counting.chosen]
        campaigns = await self._fold(counting.chosen)
        for table, key in _OF_CONVERSATIONS.items():
            only = f"WHERE {key} = ANY($1::uuid[])"
            differences += await self._unequal(table, _columns(table), only, conversations)
        own = list(next(p.table.columns for p in PROJECTIONS if p.of is CampaignChange))
        differences += await self._unequal(
            "campaigns", own, "WHERE id = ANY($1::uuid[])", campaigns
        )
        return Checked(self.position, counting.rows, len(conversations), differences)

    async def _read(self, counting: Counting) -> None:
        async with aclosing(self.reading.pages(0, wants=counting.wants)) as pages:
            async for page, reached in pages:
                for record in page.records:
                    if record.position <= self.position:
                        counting.add(record)
                self.show(Progress(min(reached, self.position), self.position, 0, "counting"))
                if reached >= self.position:
                    return

    async def _fold(self, chosen: Iterable[ConversationRef]) -> list[str]:
        """Writes the rows of these conversations as the log makes them; returns their campaigns."""
        by_campaign: dict[str, set[str]] = defaultdict(set)
        for ref in chosen:
            by_campaign[ref.campaign].add(ref.conversation)
        for campaign, conversations in by_campaign.items():
            fold, batch = Fold(), Batch(PROJECTIONS)
            for record in await self._records(campaign, conversations):
                for change in fold.apply(record):
                    match change:
                        case CampaignChange():
                            batch.add(change)
                        case ConversationChange() if change.after.id in conversations:
                            batch.add(change)
                        case _:
                            pass
            await batch.write(self.connection)
        return list(by_campaign)

    async def _records(self, campaign: str, conversations: set[str]) -> Iterator[Recorded]:
        """The campaign's lane, those of the conversations, and what was erased of them."""
        found = [await self._lane(subjects.campaign(campaign))]
        for conversation in conversations:
            ref = ConversationRef(campaign, conversation)
            found += [await self._lane(subjects.lane(ref, lane)) for lane in Lane]
        for participant in _who(found, campaign, conversations):
            found.append(await self._lane(subjects.erased(participant)))
        return iter(sorted(chain(*found), key=attrgetter("position")))

    async def _lane(self, subject: str) -> list[Recorded]:
        records: list[Recorded] = []
        after = 0
        while after < self.position:
            page = await self.reading.log.read(subject, after, strict=False)
            records += (r for r in page.records if r.position <= self.position)
            after = page.end
            if not page.pending:
                break
        return [record for record in records if why_unfoldable(record) is None]

    async def _count(self, table: str) -> int:
        return int(
            await self.connection.fetchval(f"SELECT count(*) FROM {table}", timeout=_PATIENCE)
        )

    async def _miscounted(self, expected: dict[str, int]) -> list[Difference]:
        found = {table: await self._count(f'"{self.where}".{table}') for table in expected}
        return [
            Difference(table, f"{found[table]:,} rows instead of {count:,}")
            for table, count in expected.items()
            if found[table] != count
        ]

    async def _tallies(self) -> list[Difference]:
        """Campaigns whose counts are not those of their conversations."""
        counts = " OR ".join(
            f"c.{status} <> count(*) FILTER (WHERE v.status = '{status}')"
            for status in ConversationStatus
        )
        rows = await self.connection.fetch(
            f'SELECT c.id::text FROM "{self.where}".campaigns AS c'
            f' LEFT JOIN "{self.where}".conversations AS v ON v.campaign_id = c.id'
            f" GROUP BY c.id HAVING {counts} ORDER BY 1",
            timeout=_PATIENCE,
        )
        return _told("campaigns", [row["id"] for row in rows], "other counts than conversations in")

    async def _unequal(
        self, table: str, columns: list[str], only: str, *arguments: object
    ) -> list[Difference]:
        """Rows that are not the same on both sides, or on one side only."""
        row = f"SELECT {columns[0]}::text AS key, ROW({', '.join(columns)})::text AS row"
        ours, theirs = (
            f"{row} FROM pg_temp.{table} {only}",
            f'{row} FROM "{self.where}".{table} {only}',
        )
        rows = await self.connection.fetch(
            f"SELECT DISTINCT key FROM (({ours} EXCEPT {theirs}) UNION ALL"
            f" ({theirs} EXCEPT {ours})) AS unequal ORDER BY 1",
            *arguments,
            timeout=_PATIENCE,
        )
        return _told(table, [row["key"] for row in rows], "other rows than the log makes for")


def _who(found: list[list[Recorded]], campaign: str, conversations: set[str]) -> set[str]:
    """The participants whose conversations these are, as far as the campaign or they tell."""
    named: set[str] = set()
    for event in (event for record in chain(*found) for event in record.commit.events):
        match event:
            case ParticipantsEnrolled() | OpeningsPlanned():
                named.update(event.participants)
            case ConversationStarted() | MessageReceived():
                named.add(event.participant)
            case _:
                pass
    return {each for each in named if conversation_id(campaign, each) in conversations}


def _told(table: str, keys: list[str], what: str) -> list[Difference]:
    if not keys:
        return []
    more = f" and {len(keys) - _TOLD:,} more" if len(keys) > _TOLD else ""
    return [Difference(table, f"{what} {', '.join(keys[:_TOLD])}{more}")]


def _columns(table: str) -> list[str]:
    """All columns of a table that are written."""
    tables: list[Table] = [p.table for p in PROJECTIONS if p.table.name == table]
    return list(dict.fromkeys(chain(*(t.columns for t in tables))))
