"""Conversations, campaigns and consent as they stand: their part of the log, folded."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from meshcore.domain import campaign, conversation, participant
from meshcore.domain.campaign import Campaign
from meshcore.domain.conversation import Conversation
from meshcore.domain.participant import Consent
from meshcore.log import subjects

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from meshcore.domain.commit import Recorded, Stamp
    from meshcore.domain.events import Event
    from meshcore.log.event_log import EventLog
    from meshcore.log.subjects import ConversationRef

S = TypeVar("S")

_CACHED = 10_000


@dataclass(frozen=True, slots=True)
class History(Generic[S]):
    """A state and where on the log it stands.

    Attributes:
        state: the fold of everything up to `position`.
        position: the last position folded, 0 for none.
        ends: the last position of each exact subject, for guarded appends.
        correlation: the chain of causes that the first commit began.
    """

    state: S
    position: int = 0
    ends: Mapping[str, int] = field(default_factory=dict)
    correlation: str | None = None

    def end_of(self, subject: str) -> int:
        """The last position of an exact subject; 0 if nothing stands there."""
        return self.ends.get(subject, 0)


def fold(
    history: History[S], records: list[Recorded], evolve: Callable[[S, Event, Stamp], S]
) -> History[S]:
    """The history with further commits folded in."""
    if not records:
        return history
    state, ends = history.state, dict(history.ends)
    for record in records:
        for event in record.commit.events:
            state = evolve(state, event, record.stamp)
        ends[record.subject] = record.position
    correlation = history.correlation or records[0].commit.correlation
    return History(state, records[-1].position, ends, correlation)


class Histories(Generic[S]):
    """Loads histories, keeping the recently used ones in memory so that only their tails are read.

    What is kept is a cache of the log and may be lost at any time. It is bounded by number, the
    least recently used go.
    """

    def __init__(
        self,
        log: EventLog,
        subject: Callable[[str], str],
        initial: Callable[[str], S],
        evolve: Callable[[S, Event, Stamp], S],
    ) -> None:
        self._log = log
        self._subject = subject
        self._initial = initial
        self._evolve = evolve
        self._cache: OrderedDict[str, History[S]] = OrderedDict()

    async def load(self, key: str) -> History[S]:
        """The history as of now.

        Raises:
            LogUnavailableError: no answer in time.
            MalformedCommitError: it holds a message that is not a commit.
        """
        history = self._cache.get(key) or History(self._initial(key))
        tail = await self._log.load(self._subject(key), history.position)
        history = fold(history, tail, self._evolve)
        self._keep(key, history)
        return history

    def cached(self, key: str) -> S | None:
        """What was last known, without asking the log; None if nothing is."""
        history = self._cache.get(key)
        return history.state if history else None

    def _keep(self, key: str, history: History[S]) -> None:
        known = self._cache.get(key)
        if history.position == 0:
            return  # nothing is known, so nothing is kept
        if known is None or known.position < history.position:
            self._cache[key] = history
        self._cache.move_to_end(key)
        while len(self._cache) > _CACHED:
            self._cache.popitem(last=False)


class Conversations:
    """The histories of conversations: several lanes, one fold."""

    def __init__(self, log: EventLog) -> None:
        self._histories = Histories(
            log, lambda key: f"mesh.conv.{key}.>", lambda _: Conversation(), conversation.evolve
        )

    async def load(self, ref: ConversationRef) -> History[Conversation]:
        """The conversation as of now. Raises like `Histories.load`."""
        return await self._histories.load(f"{ref.campaign}.{ref.conversation}")


def campaigns(log: EventLog) -> Histories[Campaign]:
    """The histories of campaigns, by campaign id."""
    return Histories(log, subjects.campaign, Campaign, campaign.evolve)


async def load_consent(log: EventLog, participant_id: str) -> Consent:
    """Whether the participant may be written to.

    Every consent event is absolute, so the last one says it.
    """
    last = await log.last(subjects.consent(participant_id))
    consent = Consent()
    for event in last.commit.events if last else ():
        consent = participant.evolve(consent, event)
    return consent
