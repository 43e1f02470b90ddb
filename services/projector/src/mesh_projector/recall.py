"""Brings the states that a batch needs, as of the checkpoint, from the read tables and the log.

The tables are the fold up to the checkpoint, so what stands in them is taken from there, many at
once. What they do not hold, the details of a campaign and of a conversation under way, is folded
again from its part of the log up to the checkpoint.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter

from mesh_projector.change import Person, Slot, Standing, Study, Tally
from mesh_projector.erased import conversations_in, owners_in
from mesh_projector.fold import EMPTY_TALLY, Fold, evolve
from mesh_projector.foldable import participants_in, why_unfoldable
from meshcore.domain import campaign as campaigns
from meshcore.domain.campaign import Campaign
from meshcore.domain.commit import Recorded
from meshcore.domain.conversation import ConversationStatus
from meshcore.domain.disposition import Disposition
from meshcore.domain.events import (
    CampaignPaused,
    OpeningsClosed,
    OpeningsPlanned,
    ParticipantsEnrolled,
)
from meshcore.domain.outreach import Outreach
from meshcore.domain.participant import Consent, conversation_id
from meshcore.domain.schema import ExtractionSchema
from meshcore.domain.study import Limits
from meshcore.log import subjects
from meshcore.log.event_log import EventLog
from meshcore.log.subjects import ConversationRef, Lane

if TYPE_CHECKING:
    from asyncpg import Connection, Record

_AT_ONCE = 64
"""How many conversations are read from the log at once."""

_SCHEMA: TypeAdapter[ExtractionSchema] = TypeAdapter(ExtractionSchema)

T = TypeVar("T")

_STANDINGS = """
SELECT c.id::text, c.campaign_id::text AS campaign, c.user_id, c.ordinal,
       c.timezone, c.cell, c.disposition, c.erased_at,
       q.scheduled_at, q.status = 'cancelled' AS cancelled, q.attempts,
       c.turns = 0 AND c.started_at IS NULL AND c.last_message_at IS NULL AND c.ended_at IS NULL
       AND c.evidence = '{}' AS untouched
FROM unnest($1::uuid[]) AS wanted (id)
JOIN conversations AS c ON c.id = wanted.id
LEFT JOIN outreach_queue AS q ON q.conversation_id = c.id
"""
_SCHEDULED = """
SELECT campaign_id::text, conversation_id::text FROM outreach_queue
WHERE campaign_id = ANY($1::uuid[]) AND status = 'scheduled'
"""
_TALLIES = """
SELECT campaign_id::text, status, disposition,
       CASE WHEN disposition = 'completed' THEN cell END AS cell, count(*)
FROM conversations WHERE campaign_id = ANY($1::uuid[]) GROUP BY 1, 2, 3, 4
"""
_STUDIES = """
SELECT id::text, extraction_schema, limits, outreach FROM campaigns WHERE id = ANY($1::uuid[])
"""
_PEOPLE = """
SELECT wanted.id, u.first_enrolled_at, coalesce(c.opted_out, false) AS opted_out
FROM unnest($1::text[]) AS wanted (id)
LEFT JOIN users AS u ON u.id = wanted.id
LEFT JOIN consents AS c ON c.participant = wanted.id
"""


@dataclass
class _Needs:
    conversations: set[str] = field(default_factory=set)
    campaigns: set[str] = field(default_factory=set)
    tallies: set[str] = field(default_factory=set)
    voided: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)

    def add(self, record: Recorded) -> None:
        self.people.update(participants_in(record))
        for gone in conversations_in(record):
            self.conversations.add(gone.conversation)
            self.tallies.add(gone.campaign)
            self.erased.add(gone.conversation)
        campaign = subjects.campaign_of(record.subject)
        if campaign is None:
            return
        self.tallies.add(campaign)
        if ref := subjects.conversation_of(record.subject):
            self.conversations.add(ref.conversation)
            return
        self.campaigns.add(campaign)
        for event in record.commit.events:
            match event:
                case ParticipantsEnrolled() | OpeningsPlanned():
                    ids = (conversation_id(campaign, p) for p in event.participants)
                    self.conversations.update(ids)
                case CampaignPaused() | OpeningsClosed():
                    self.voided.add(campaign)
                case _:
                    pass


@dataclass(frozen=True, slots=True)
class Recall:
    """Where states are brought from, and as of which position."""

    connection: Connection[Any]
    log: EventLog
    checkpoint: int

    async def prepare(self, fold: Fold, records: Iterable[Recorded]) -> None:
        """Makes the fold ready for these commits, which follow the checkpoint.

        Erasures come in a batch of their own: what they erase is read again, without the keys.

        Raises:
            LogUnavailableError: no answer in time.
            asyncpg.PostgresError, asyncpg.InterfaceError, OSError: the database does not answer.
        """
        needs = _Needs()
        for record in records:
            needs.add(record)
            for owner in owners_in(record):
                self.log.keys.forget(owner)
        for conversation in needs.erased:
            fold.standings.drop(conversation)
        await self._scheduled(fold, needs)
        await self._standings(fold, needs)
        await self._campaigns(fold, needs)
        await self._tallies(fold, needs)
        await self._people(fold, needs)

    async def _scheduled(self, fold: Fold, needs: _Needs) -> None:
        for campaign, conversation in await self._rows(_SCHEDULED, needs.voided):
            fold.scheduled.setdefault(campaign, {})[conversation] = None
            needs.conversations.add(conversation)

    async def _standings(self, fold: Fold, needs: _Needs) -> None:
        missing = [i for i in needs.conversations if i not in fold.standings]
        under_way = []
        for row in await self._rows(_STANDINGS, missing):
            standing = _standing(row)
            fold.standings.put(standing.id, standing)
            if not row["untouched"]:
                under_way.append(standing)
        for some in _chunks(under_way, _AT_ONCE):
            for standing in await asyncio.gather(*map(self._from_lanes, some)):
                fold.standings.put(standing.id, standing)
            await self._sign_of_life()

    async def _from_lanes(self, standing: Standing) -> Standing:
        # Lane by lane: to the server an exact subject costs a tenth of a wildcard, and less the
        # longer the log is.
        ref = ConversationRef(standing.campaign, standing.id)
        lanes = await asyncio.gather(*(self._history(subjects.lane(ref, lane)) for lane in Lane))
        state = standing.state
        for record in sorted(chain(*lanes), key=attrgetter("position")):
            state = evolve(state, record)
        return replace(standing, state=state)

    async def _campaigns(self, fold: Fold, needs: _Needs) -> None:
        for campaign in needs.campaigns:
            if campaign not in fold.campaigns:
                state = Campaign(campaign)
                for record in await self._history(subjects.campaign(campaign)):
                    for event in record.commit.events:
                        state = campaigns.evolve(state, event, record.stamp)
                fold.campaigns.put(campaign, state)
                await self._sign_of_life()

    async def _tallies(self, fold: Fold, needs: _Needs) -> None:
        missing = [campaign for campaign in needs.tallies if campaign not in fold.tallies]
        rows = await self._rows(_TALLIES, missing)
        for campaign in missing:
            fold.tallies[campaign] = _tally(row for row in rows if row["campaign_id"] == campaign)
        fold.studies.update(dict.fromkeys(missing, Study()))
        fold.studies.update({row["id"]: _study(row) for row in await self._rows(_STUDIES, missing)})

    async def _people(self, fold: Fold, needs: _Needs) -> None:
        for participant, first_enrolled_at, opted_out in await self._rows(_PEOPLE, needs.people):
            fold.people[participant] = Person(first_enrolled_at, Consent(opted_out=opted_out))

    async def _sign_of_life(self) -> None:
        """Keeps the session alive while much is read from the log, and little from the tables."""
        await self.connection.execute("SELECT")

    async def _rows(self, query: str, ids: Iterable[str]) -> list[Record]:
        wanted = list(ids)
        return await self.connection.fetch(query, wanted) if wanted else []

    async def _history(self, subject: str) -> list[Recorded]:
        """What was folded of a lane: up to the checkpoint, without what was skipped."""
        records: list[Recorded] = []
        after = 0
        while after < self.checkpoint:
            page = await self.log.read(subject, after, strict=False)
            records += (r for r in page.records if r.position <= self.checkpoint)
            after = page.end
            if not page.pending:
                break
        return [record for record in records if why_unfoldable(record) is None]


def _standing(row: Record) -> Standing:
    due = row["scheduled_at"]
    return Standing(
        row["campaign"],
        row["id"],
        row["user_id"],
        row["ordinal"],
        row["timezone"],
        row["cell"],
        Slot(due, bool(row["cancelled"]), row["attempts"]) if due else None,
        Disposition(row["disposition"]),
        row["erased_at"],
    )


def _tally(rows: Iterable[Record]) -> Tally:
    statuses, dispositions = dict(EMPTY_TALLY.statuses), dict(EMPTY_TALLY.dispositions)
    cells: dict[str, int] = {}
    for row in rows:
        statuses[ConversationStatus(row["status"])] += row["count"]
        dispositions[Disposition(row["disposition"])] += row["count"]
        if row["cell"] is not None:
            cells[row["cell"]] = cells.get(row["cell"], 0) + row["count"]
    return Tally(statuses, dispositions, cells)


def _study(row: Record) -> Study:
    return Study(
        _SCHEMA.validate_json(row["extraction_schema"]),
        Limits.model_validate_json(row["limits"]),
        Outreach.model_validate_json(row["outreach"]),
    )


def _chunks(items: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    return (items[i : i + size] for i in range(0, len(items), size))
