"""Which commits the fold can take, and whom they name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain

from mesh_projector import report_changes
from meshcore.domain.commit import Recorded
from meshcore.domain.events import OpeningsPlanned, ParticipantsEnrolled
from meshcore.log import subjects

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def why_unfoldable(record: Recorded) -> str | None:
    """Why the tables cannot hold what a commit says; None if they can.

    No service ever writes such a thing. It is checked because one such message would stop the
    projector for good.
    """
    if not _has_ids(record.subject):
        return "an id in the subject is not a UUID"
    if not all(map(_UUID.fullmatch, report_changes.ids_in(record))):
        return "the id of a report is not a UUID"
    if not _are_storable([record.commit.at], _slots_in(record)):
        return "a time has no zone or is out of range"
    if any("\x00" in participant for participant in participants_in(record)):
        return "a participant id is not text"
    return None


def participants_in(record: Recorded) -> Iterator[str]:
    """The participants whom the commit names on their own or on a campaign's lane."""
    if subjects.conversation_of(record.subject):
        return
    if participant := subjects.participant_of(record.subject):
        yield participant
    for event in record.commit.events:
        if isinstance(event, ParticipantsEnrolled | OpeningsPlanned):
            yield from event.participants


@lru_cache(50_000)
def _has_ids(subject: str) -> bool:
    """Whether the ids in the subject are some. Each subject comes many times."""
    return all(_UUID.fullmatch(found) for found in _ids_in(subject))


def _ids_in(subject: str) -> Iterator[str]:
    if ref := subjects.conversation_of(subject):
        yield ref.conversation
    if campaign := subjects.campaign_of(subject):
        yield campaign
    if campaign := subjects.campaign_of_report(subject):
        yield campaign


def _slots_in(record: Recorded) -> Iterator[datetime]:
    """Every slot of every plan."""
    if subjects.conversation_of(record.subject):
        return
    for event in record.commit.events:
        if isinstance(event, OpeningsPlanned):
            yield from event.slots


def _are_storable(*times: Iterable[datetime]) -> bool:
    try:
        return all(
            time.tzinfo is not None and time.astimezone(UTC).tzinfo is UTC for time in chain(*times)
        )
    except (OverflowError, ValueError):
        return False
