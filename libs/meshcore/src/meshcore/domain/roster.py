"""Who takes part in a campaign and has which slot: in pieces, so that the lists may be long."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from meshcore.domain.events import OpeningsPlanned, ParticipantsEnrolled

ENROLMENT_CHUNK = 1_000
"""Participants per `participants_enrolled` event.

At most about 100 kB, far below the server's message limit.
"""

CLOCKS_APART = timedelta(seconds=2)
"""How far the clocks may be apart of whoever pauses a campaign and of whoever sends."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Somebody who takes part, or is to, and what the log knows of them.

    Attributes:
        participant: who.
        language: a BCP 47 tag.
        timezone: an IANA name.
        cell: the value of the attribute that the campaign's quota names.
    """

    participant: str
    language: str | None = None
    timezone: str | None = None
    cell: str | None = None


@dataclass(frozen=True)
class Chunk:
    """Participants who were enrolled one behind the other, and what is known of some of them."""

    participants: tuple[str, ...]
    known: Mapping[str, Enrolment]

    @cached_property
    def members(self) -> frozenset[str]:
        """The same without their order."""
        return frozenset(self.participants)


@dataclass(frozen=True)
class Roster:
    """Everybody enrolled, in the order of enrolment. Looking somebody up costs little."""

    chunks: tuple[Chunk, ...] = ()
    count: int = 0

    def __iter__(self) -> Iterator[str]:
        for chunk in self.chunks:
            yield from chunk.participants

    def __contains__(self, participant: object) -> bool:
        return any(participant in chunk.members for chunk in self.chunks)

    def after(self, count: int) -> Iterator[Enrolment]:
        """Everybody but the first so many."""
        for chunk in self.chunks:
            for participant in chunk.participants[count:]:
                yield chunk.known.get(participant) or Enrolment(participant)
            count = max(0, count - len(chunk.participants))

    def enrolment(self, participant: str) -> Enrolment:
        """What is known of a participant; nothing of whoever is not enrolled."""
        for chunk in self.chunks:
            if (found := chunk.known.get(participant)) is not None:
                return found
        return Enrolment(participant)

    def with_enrolled(self, event: ParticipantsEnrolled) -> Roster:
        """The roster with further participants. Small chunks are joined, or there would be many."""
        chunk, before = Chunk(event.participants, _known(event)), self.chunks
        if before and len(before[-1].participants) + len(event.participants) <= ENROLMENT_CHUNK:
            last, before = before[-1], before[:-1]
            chunk = Chunk(last.participants + event.participants, {**last.known, **chunk.known})
        return Roster((*before, chunk), self.count + len(event.participants))


def _known(event: ParticipantsEnrolled) -> dict[str, Enrolment]:
    """What the event tells of whom; participants of whom it tells nothing are left out."""
    nothing = (None,) * len(event.participants)
    columns = (event.languages or nothing, event.timezones or nothing, event.cells or nothing)
    rows = zip(event.participants, *columns, strict=False)
    return {participant: Enrolment(participant, *row) for participant, *row in rows if any(row)}


@dataclass(frozen=True)
class Plan:
    """Slots given to participants by the event at `position`.

    `voided_at` is when a pause voided them; None if they hold.
    """

    position: int
    event: OpeningsPlanned
    voided_at: datetime | None = None

    @cached_property
    def slots(self) -> dict[str, datetime]:
        """The slot of each participant."""
        return dict(zip(self.event.participants, self.event.slots, strict=False))

    def spent(self, since: datetime) -> Iterator[datetime]:
        """Its slots from a time on that count for the campaign's pace.

        Not those that were still to come when a pause voided them: nothing went out there.
        """
        slots, voided_at = self.event.slots, self.voided_at
        if slots and slots[-1] >= since:
            until = slots[-1] if voided_at is None else voided_at + CLOCKS_APART
            yield from (slot for slot in slots if since <= slot <= until)


@dataclass(frozen=True)
class Plans:
    """Plans in the order of the log."""

    all: tuple[Plan, ...] = ()

    def __iter__(self) -> Iterator[Plan]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def at(self, position: int) -> Plan | None:
        """The plan made at this position."""
        n = bisect_right(self.all, position, key=lambda plan: plan.position) - 1
        return self.all[n] if n >= 0 and self.all[n].position == position else None

    def slot_of(self, participant: str) -> datetime | None:
        """The participant's slot, by the newest plan that has one."""
        return next(self.slots_of(participant), None)

    def slots_of(self, participant: str) -> Iterator[datetime]:
        """All slots that the participant was given, the newest first."""
        for plan in reversed(self.all):
            if (slot := plan.slots.get(participant)) is not None:
                yield slot
