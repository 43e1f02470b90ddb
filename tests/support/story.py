"""Given these events, when this is decided, then these events follow.

Each argument of `given` is one commit: an event, or a tuple of events that share a position. The
first stands at position 1, one second before the second.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Concatenate, Generic, ParamSpec, TypeVar

from meshcore.domain import campaign, conversation
from meshcore.domain.campaign import Campaign
from meshcore.domain.commit import Stamp
from meshcore.domain.conversation import Conversation
from meshcore.domain.events import Event
from meshcore.domain.schema import Rejected

S = TypeVar("S")
R = TypeVar("R")
P = ParamSpec("P")

BEGINNING = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
CAMPAIGN_ID = "0190c1a0-0000-7000-8000-000000000001"


def stamp(position: int) -> Stamp:
    """The stamp of the commit at a position."""
    return Stamp(position, BEGINNING + timedelta(seconds=position))


@dataclass(frozen=True)
class Decided(Generic[R]):
    """What came of a decision."""

    result: R

    def then(self, *events: Event) -> None:
        """Expects exactly these events."""
        assert self.result == list(events)

    def then_is(self, expected: object) -> None:
        """Expects this result."""
        assert self.result == expected

    def then_rejected(self, *words: str) -> None:
        """Expects a rejection whose reason holds these words."""
        assert isinstance(self.result, Rejected)
        for word in words:
            assert word in self.result.reason


@dataclass(frozen=True)
class Given(Generic[S]):
    """A state, and the position that it was folded up to."""

    state: S
    evolve: Callable[[S, Event, Stamp], S]
    position: int = 0

    def and_then(self, *commits: Event | tuple[Event, ...]) -> Given[S]:
        """The state after further commits."""
        state, position = self.state, self.position
        for commit in commits:
            position += 1
            for event in commit if isinstance(commit, tuple) else (commit,):
                state = self.evolve(state, event, stamp(position))
        return Given(state, self.evolve, position)

    def when(
        self, decide: Callable[Concatenate[S, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> Decided[R]:
        """Decides something about the state."""
        return Decided(decide(self.state, *args, **kwargs))


def given(*commits: Event | tuple[Event, ...]) -> Given[Conversation]:
    """A conversation with this history."""
    return Given(Conversation(), conversation.evolve).and_then(*commits)


def given_campaign(*commits: Event | tuple[Event, ...]) -> Given[Campaign]:
    """A campaign with this history."""
    return Given(Campaign(CAMPAIGN_ID), campaign.evolve).and_then(*commits)
