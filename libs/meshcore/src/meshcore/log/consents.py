"""Writing down what participants say about being written to."""

from __future__ import annotations

from contextlib import suppress
from functools import reduce
from typing import TYPE_CHECKING

from meshcore.domain.events import ParticipantOptedIn, ParticipantOptedOut
from meshcore.domain.participant import Consent, evolve
from meshcore.errors import MalformedCommitError, StaleWriteError
from meshcore.ids import new_commit
from meshcore.log import subjects

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from meshcore.domain.commit import Recorded
    from meshcore.log.event_log import EventLog

ConsentEvent = ParticipantOptedOut | ParticipantOptedIn


async def append_consent(
    log: EventLog,
    participant: str,
    event: ConsentEvent,
    at: datetime,
    correlation: str | None = None,
) -> bool:
    """Writes down what a message said about consent, unless the same or a later one has spoken.

    The last event on the lane is the truth, so it must come from the last message that spoke, and
    not from one that was repeated, or handled late.

    Args:
        log: the log.
        participant: who spoke.
        event: what was said, and where on the log the message stands that said it.
        at: the present, UTC.
        correlation: the commit that began the chain of causes.

    Returns:
        Whether it was written.

    Raises:
        LogUnavailableError: no acknowledgement. Repeating the call is safe.
    """
    subject, position = subjects.consent(participant), event.message_position
    commit = new_commit([event], at, correlation=correlation, causation=correlation)
    while True:
        try:
            last = await log.last_by_leader(subject)
        except MalformedCommitError:  # nobody can tell what it said: this is the last word again
            await log.append(subject, commit)
            return True
        if last and position is not None and _said_at(last) >= position:
            return False
        try:
            await log.append(subject, commit, expected=last.position if last else 0)
        except StaleWriteError:
            continue
        return True


def _said_at(record: Recorded) -> int:
    """Where the message stands that a consent came from; at the latest, right before it."""
    for event in record.commit.events:
        if isinstance(event, ConsentEvent) and event.message_position is not None:
            return event.message_position
    return record.position


async def opted_out_among(log: EventLog, participants: Sequence[str]) -> set[str]:
    """Who of these has opted out, as far as the last word of each can be read.

    On a replicated log the answer may lag the leader.

    Raises:
        LogUnavailableError: no answer in time.
    """
    lanes = {subjects.consent(participant): participant for participant in participants}
    try:
        records = await log.last_of(list(lanes))
    except MalformedCommitError:
        records = await _readable(log, lanes)
    return {
        lanes[record.subject]
        for record in records
        if reduce(evolve, record.commit.events, Consent()).opted_out
    }


async def _readable(log: EventLog, lanes: Iterable[str]) -> list[Recorded]:
    """The last commit of each lane where it can be read: one by one, since one cannot."""
    records = []
    for lane in lanes:
        with suppress(MalformedCommitError):
            records += await log.last_of([lane])
    return records
