"""Conversations and campaigns as they stood at any past moment: the log, folded up to there."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING

from meshcore.domain import campaign as campaigns
from meshcore.domain import conversation as conversations
from meshcore.domain.campaign import Campaign
from meshcore.domain.conversation import Conversation, ConversationStatus
from meshcore.domain.participant import conversation_id
from meshcore.log import subjects

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshcore.domain.commit import Recorded
    from meshcore.log.event_log import EventLog
    from meshcore.log.subjects import ConversationRef

AsOf = datetime | int | None
"""A moment: a time, which counts what was decided until then; a position; None for now."""

_PAGE = 100
"""Commits at a time: whoever else runs in this process does not wait for long."""


@dataclass(frozen=True, slots=True)
class CampaignThen:
    """A campaign as it stood.

    Attributes:
        campaign: the fold of its own lane.
        statuses: how many of its conversations stood where.
        position: the last position that was counted.
    """

    campaign: Campaign
    statuses: Mapping[ConversationStatus, int] = field(default_factory=dict)
    position: int = 0


def moment(text: str) -> datetime | int:
    """A moment as people write it: a position, or a time in ISO 8601, UTC where it does not say.

    Raises:
        ValueError: it is neither.
    """
    if text.isascii() and text.isdigit():
        return int(text)
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


async def find_conversation(log: EventLog, conversation: str) -> ConversationRef | None:
    """Which campaign a conversation belongs to; None if the log knows nothing of it.

    Raises:
        LogUnavailableError: no answer in time.
    """
    for subject in await log.subjects_in(subjects.lanes_of_conversation(conversation)):
        return subjects.conversation_of(subject)
    return None


async def conversation_at(log: EventLog, ref: ConversationRef, as_of: AsOf) -> Conversation | None:
    """A conversation as it stood; None if nothing had happened in it.

    Raises:
        LogUnavailableError: no answer in time.
        MalformedCommitError: it holds a message that is not a commit.
    """
    lanes = await asyncio.gather(*(log.load(subjects.lane(ref, lane)) for lane in subjects.Lane))
    state, known = Conversation(), False
    for record in sorted(chain.from_iterable(lanes), key=lambda record: record.position):
        if is_within(record, as_of):
            state, known = _evolved(state, record), True
    return state if known else None


async def campaign_at(log: EventLog, campaign: str, as_of: AsOf) -> CampaignThen | None:
    """A campaign as it stood, with the conversations of those enrolled by then by status.

    Reads all that the log holds of it. Raises like `conversation_at`, but for conversations with
    what is not a commit: there it counts the rest.
    """
    state, position = Campaign(campaign), 0
    for record in await log.load(subjects.campaign(campaign)):
        if is_within(record, as_of):
            position = record.position
            for event in record.commit.events:
                state = campaigns.evolve(state, event, record.stamp)
    if not state.exists:
        return None
    states, last = await _conversations_at(log, campaign, as_of)
    enrolled = (states.get(conversation_id(campaign, p)) for p in state.participants())
    statuses = Counter(each.status if each else ConversationStatus.PENDING for each in enrolled)
    return CampaignThen(state, {s: statuses[s] for s in ConversationStatus}, max(position, last))


async def _conversations_at(
    log: EventLog, campaign: str, as_of: AsOf
) -> tuple[dict[str, Conversation], int]:
    """A campaign's conversations, and the last position folded."""
    states: dict[str, Conversation] = {}
    after, last = 0, 0
    while True:
        page = await log.read(subjects.conversations_of(campaign), after, _PAGE, strict=False)
        for record in page.records:
            ref = subjects.conversation_of(record.subject)
            if ref and is_within(record, as_of):
                before = states.get(ref.conversation, Conversation())
                states[ref.conversation] = _evolved(before, record)
                last = record.position
        if not page.pending or (isinstance(as_of, int) and page.end >= as_of):
            return states, last
        after = page.end


def is_within(record: Recorded, as_of: AsOf) -> bool:
    """Whether a commit had been made by then."""
    match as_of:
        case None:
            return True
        case int():
            return record.position <= as_of
        case _:
            return record.commit.at <= as_of


def _evolved(state: Conversation, record: Recorded) -> Conversation:
    for event in record.commit.events:
        state = conversations.evolve(state, event, record.stamp)
    return state
