"""What is read of the log: a campaign, and conversations of it commit by commit."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from itertools import groupby

from meshcore.domain import campaign as campaigns
from meshcore.domain import conversation as conversations
from meshcore.domain.campaign import Campaign
from meshcore.domain.commit import Stamp
from meshcore.domain.conversation import Conversation
from meshcore.domain.events import CampaignCreated, Event, MessageReceived, ParticipantsEnrolled
from meshcore.replay.log import Log

_TYPES = tuple(
    event.wire_name for event in (CampaignCreated, ParticipantsEnrolled, MessageReceived)
)
_DRAWN = 1
"""Seed of the draw: the same conversations each time, so that two reruns can be compared."""

Entry = tuple[Stamp, Event]


@dataclass(frozen=True, slots=True)
class Logged:
    """A campaign, and the conversations in which somebody answered, by their first answers."""

    campaign: Campaign
    answered: tuple[str, ...]

    def drawn(self, most: int) -> tuple[str, ...]:
        """At most so many of the conversations, the same ones each time, in their order."""
        if len(self.answered) <= most:
            return self.answered
        places = random.Random(_DRAWN).sample(range(len(self.answered)), most)  # noqa: S311 - a draw, no secret
        return tuple(self.answered[place] for place in sorted(places))


@dataclass(frozen=True, slots=True)
class History:
    """A conversation as the log tells it."""

    conversation: str
    commits: tuple[tuple[Entry, ...], ...]

    @property
    def state(self) -> Conversation:
        """What all of it amounts to."""
        return folded([entry for commit in self.commits for entry in commit])

    @property
    def erased(self) -> bool:
        """Whether its words were erased: no message of ours was ever empty."""
        return any(m.sender == "agent" and not m.text for m in self.state.messages)


def folded(entries: Sequence[Entry]) -> Conversation:
    """The conversation that some events amount to."""
    state = Conversation()
    for stamp, event in entries:
        state = conversations.evolve(state, event, stamp)
    return state


async def read_campaign(log: Log, campaign: str) -> Logged:
    """What the log knows of a campaign; one that does not exist, if it knows nothing.

    Raises:
        LogUnavailableError: no answer in time.
        MalformedCommitError: an event does not fit this version's catalogue.
    """
    state, answered = Campaign(campaign), dict[str, None]()
    async with aclosing(log.events(campaign=campaign, types=_TYPES)) as rows:
        async for row in rows:
            if row.conversation:
                answered[row.conversation] = None
            else:
                state = campaigns.evolve(state, row.event, Stamp(row.position, row.time))
    return Logged(state, tuple(answered))


async def read_history(log: Log, campaign: str, conversation: str) -> History:
    """All events of a conversation. Raises like `read_campaign`."""
    async with aclosing(log.events(campaign=campaign, conversation=conversation)) as rows:
        entries = [(Stamp(row.position, row.time), row.event) async for row in rows]
    commits = groupby(entries, key=lambda entry: entry[0].position)
    return History(conversation, tuple(tuple(commit) for _, commit in commits))
