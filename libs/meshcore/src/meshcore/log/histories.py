"""Conversations, campaigns and consent as they stand: their part of the log, folded."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Generic, TypeVar

from meshcore.domain import campaign, conversation, participant
from meshcore.domain import report_requests as reports
from meshcore.domain.campaign import Campaign
from meshcore.domain.conversation import Conversation
from meshcore.domain.participant import Consent
from meshcore.domain.report_requests import ReportRequests
from meshcore.errors import LogUnavailableError
from meshcore.log import subjects

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from meshcore.domain.commit import Recorded, Stamp
    from meshcore.domain.events import Event
    from meshcore.log.event_log import EventLog
    from meshcore.log.subjects import ConversationRef

S = TypeVar("S")

_CACHED = 10_000
_LAG_ATTEMPTS = 50
_LAG_PAUSE = 0.02


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
        lanes: Callable[[str], Sequence[str]],
        initial: Callable[[str], S],
        evolve: Callable[[S, Event, Stamp], S],
    ) -> None:
        self._log = log
        self._lanes = lanes
        self._initial = initial
        self._evolve = evolve
        self._cache: OrderedDict[str, History[S]] = OrderedDict()

    async def load(self, key: str, at_least: int = 0) -> History[S]:
        """The history as of now.

        Args:
            key: whose history.
            at_least: a position on one of its lanes that it must include. A replica that lags may
                not show yet what the caller was woken by.

        Raises:
            LogUnavailableError: no answer in time, or none that goes so far.
            MalformedCommitError: it holds a message that is not a commit.
        """
        for _ in range(_LAG_ATTEMPTS):
            history = await self._load(key)
            if history.position >= at_least:
                return history
            await asyncio.sleep(_LAG_PAUSE)
        raise LogUnavailableError(f"no replica shows {key} up to {at_least}")

    async def _load(self, key: str) -> History[S]:
        history = self._cache.get(key) or History(self._initial(key))
        history = fold(history, await self._tail(self._lanes(key), history), self._evolve)
        self._keep(key, history)
        return history

    async def _tail(self, lanes: Sequence[str], history: History[S]) -> list[Recorded]:
        """What the log holds behind a history, of all its lanes as of one moment.

        Exact subjects are found at once however long the log is, a wildcard is not. But lanes that
        are read one after the other show different moments, so it is asked first where each ends.
        """
        if len(lanes) == 1:
            return await self._log.load(lanes[0], history.end_of(lanes[0]))
        ends = await self._log.last_of(lanes)
        tails = await asyncio.gather(*(self._up_to(end, history) for end in ends))
        return sorted(chain.from_iterable(tails), key=lambda record: record.position)

    async def _up_to(self, end: Recorded, history: History[S]) -> list[Recorded]:
        """A lane's commits from behind a history to a known end; waits for a replica that lags."""
        after = history.end_of(end.subject)
        if end.position <= after:
            return []
        for _ in range(_LAG_ATTEMPTS):
            tail = await self._log.load(end.subject, after, end.position)
            if tail and tail[-1].position == end.position:
                return tail
            await asyncio.sleep(_LAG_PAUSE)
        raise LogUnavailableError(f"no replica shows {end.subject} up to its end")

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
            log, subjects.lanes_by_key, lambda _: Conversation(), conversation.evolve
        )

    async def load(self, ref: ConversationRef, at_least: int = 0) -> History[Conversation]:
        """The conversation as of now. Arguments and errors as of `Histories.load`."""
        return await self._histories.load(subjects.key_of(ref), at_least)


def campaigns(log: EventLog) -> Histories[Campaign]:
    """The histories of campaigns, by campaign id."""
    return Histories(log, lambda key: [subjects.campaign(key)], Campaign, campaign.evolve)


def report_requests(log: EventLog) -> Histories[ReportRequests]:
    """How far the reports of campaigns are, by campaign id."""
    return Histories(
        log,
        lambda key: [subjects.report_lane(key, which) for which in subjects.ReportLane],
        lambda _: ReportRequests(),
        reports.evolve,
    )


async def load_consent(log: EventLog, participant_id: str) -> Consent:
    """Whether the participant may be written to, by the log's leader: a replica may lag.

    Every consent event is absolute, so the last one says it.
    """
    last = await log.last_by_leader(subjects.consent(participant_id))
    consent = Consent()
    for event in last.commit.events if last else ():
        consent = participant.evolve(consent, event)
    return consent
