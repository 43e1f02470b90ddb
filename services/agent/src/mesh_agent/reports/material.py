"""Counts what a campaign's interviews found, from the log alone."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from mesh_agent.injection import is_instruction
from meshcore.domain import conversation as conversations
from meshcore.domain.conversation import Conversation
from meshcore.domain.report import Report
from meshcore.log import subjects
from meshcore.log.histories import History, fold
from meshcore.log.subjects import ConversationRef, Lane
from meshreport.drafts import Material
from meshreport.figures import Tally, interview_of
from meshreport.quotes import QuoteSample

if TYPE_CHECKING:
    from meshcore.domain.campaign import Campaign
    from meshcore.log.event_log import EventLog

_AT_ONCE = 32
"""Conversations that are read, and held in memory, at the same time."""


@dataclass(frozen=True)
class Materials:
    """Brings what reports are made from."""

    log: EventLog

    async def of(self, campaign: Campaign) -> Material:
        """What the campaign's conversations say at the moment.

        Each is folded, counted and let go: memory grows with the figures, not with the transcripts.

        Raises:
            LogUnavailableError: no answer in time.
            MalformedCommitError: a message on the log is not a commit.
        """
        schema, limits = campaign.extraction_schema, campaign.limits
        tally, sample = Tally(schema), QuoteSample(schema, _is_spoken)
        waiting = iter(await self._opened(campaign.id))

        async def count_next() -> None:
            for ref in waiting:
                state = await self._fold(ref)
                interview = interview_of(ref.conversation, state, schema, limits)
                tally.add(interview)
                sample.add(interview)

        async with asyncio.TaskGroup() as group:
            for _ in range(_AT_ONCE):
                group.create_task(count_next())
        counted = Report(
            title=campaign.name,
            summary="",
            interviews=tally.interviews,
            participants=campaign.enrolled_count,
            statuses=tally.statuses(campaign.enrolled_count),
            fields=tally.fields(),
        )
        return Material(counted, sample.quotes(), schema)

    async def _opened(self, campaign: str) -> list[ConversationRef]:
        """The conversations that the agent has opened, or closed unopened."""
        lanes = await self.log.subjects_in(subjects.lanes_of_campaign(campaign, Lane.TURN))
        return [ref for lane in sorted(lanes) if (ref := subjects.conversation_of(lane))]

    async def _fold(self, ref: ConversationRef) -> Conversation:
        lanes = await asyncio.gather(*(self.log.load(subjects.lane(ref, lane)) for lane in Lane))
        records = sorted(chain.from_iterable(lanes), key=lambda record: record.position)
        return fold(History(Conversation()), records, conversations.evolve).state


def _is_spoken(text: str) -> bool:
    """Whether all of it is said to a person: nothing in it is an order to a machine."""
    return not is_instruction(text)
