"""Who gets which slot: in the order of enrolment, by his sender, at an hour that suits him."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from mesh_outreach.handed_over import handed_over
from meshcore.domain.contact_hours import is_open, next_open
from meshcore.domain.events import OpeningsPlanned

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from mesh_outreach.senders import Senders
    from mesh_outreach.waiting import Line, Place
    from meshcore.domain.campaign import Campaign
    from meshcore.log.event_log import EventLog

_BATCH = 500
"""How many are looked at together."""

_LOOKED_AT = 10
"""For each slot, how many are looked at for somebody whose sender has it."""


@dataclass(frozen=True, slots=True, order=True)
class Seat:
    """A slot of a sender."""

    slot: datetime
    sender: str


@dataclass(frozen=True, slots=True)
class _Group:
    zone: str
    sender: str | None


class Seating:
    """Gives seats to those of a campaign who wait."""

    def __init__(self, campaign: Campaign, line: Line, log: EventLog, senders: Senders) -> None:
        self._campaign = campaign
        self._hours = campaign.outreach.contact_hours
        self._line = line
        self._log = log
        self._senders = senders

    async def seated(self, seats: Sequence[Seat]) -> list[tuple[Seat, str]]:
        """Gives seats, in their order, to whoever waits; those that suit nobody are left out.

        Raises:
            LogUnavailableError: NATS does not answer.
        """
        seats = sorted(seats)
        if not seats:
            return []
        groups = await self._gathered(seats)
        found = []
        for seat in seats:
            fitting = [g for g, line in groups.items() if line and self._fits(g, seat)]
            if fitting:
                group = min(fitting, key=lambda g: groups[g][0])
                found.append((seat, groups[group].popleft()[1]))
        return found

    def opens(self, at: datetime) -> datetime | None:
        """When somebody who waits may be written to, from a time on; None if nobody waits."""
        return min((next_open(self._hours, z, at) for z in self._line.zones), default=None)

    def plan(
        self, sender: str, slots: Sequence[datetime], participants: Sequence[str]
    ) -> OpeningsPlanned:
        """The slots for the participants, in order; none that is outside of their hours."""
        given, waiting = [], deque(participants)
        for slot in slots:
            if waiting and self._suits(waiting[0], slot):
                given.append((slot, waiting.popleft()))  # noqa: PERF401 - the test looks at the line
        return OpeningsPlanned(
            slots=tuple(slot for slot, _ in given),
            participants=tuple(participant for _, participant in given),
            sender=sender,
        )

    def _suits(self, participant: str, slot: datetime) -> bool:
        return is_open(self._hours, self._campaign.timezone_of(participant), slot)

    def learn(self, senders: Mapping[str, str]) -> None:
        """Who has which sender, as it turned out."""
        self._line.senders.update(senders)

    def _fits(self, group: _Group, seat: Seat) -> bool:
        own = group.sender in {None, seat.sender}
        return own and is_open(self._hours, group.zone, seat.slot)

    async def _gathered(self, seats: Sequence[Seat]) -> dict[_Group, deque[Place]]:
        """Enough of those who wait for the seats, by time zone and sender."""
        wanted = Counter(seat.sender for seat in seats)
        groups: defaultdict[_Group, deque[Place]] = defaultdict(deque)
        coming = self._line.waiting(self._open_zones(seats))
        left = _LOOKED_AT * len(seats) + _BATCH
        while left > 0 and (batch := list(islice(coming, min(_BATCH, 2 * len(seats))))):
            gone = await self._gone([place[1] for place, _ in batch])
            chosen = await self._senders_of([p[1] for p, _ in batch if p[1] not in gone])
            for place, zone in batch:
                if place[1] not in gone and chosen[place[1]] in {None, *wanted}:
                    groups[_Group(zone, chosen[place[1]])].append(place)
            self._line.leave(gone)
            left -= len(batch) - len(gone)
            if _is_enough(groups, wanted):
                break
        return groups

    def _open_zones(self, seats: Sequence[Seat]) -> list[str]:
        first, last = seats[0].slot, seats[-1].slot
        return [z for z in self._line.zones if next_open(self._hours, z, first) <= last]

    async def _gone(self, participants: Sequence[str]) -> set[str]:
        """Who is not to be written to any more, or has been."""
        closed = {p for p in participants if self._campaign.is_closed_to(p)}
        doubtful = [p for p in participants if p in self._line.doubtful and p not in closed]
        if not doubtful:
            return closed
        done = await handed_over(self._log, self._campaign.id, doubtful)
        self._line.doubtful.difference_update(doubtful)  # they are looked at once
        return closed | done

    async def _senders_of(self, participants: Sequence[str]) -> dict[str, str | None]:
        """Who has which sender already; with a single one it does not matter."""
        known = self._line.senders
        if len(self._senders.configured) > 1:
            unknown = [p for p in participants if p not in known]
            found = await self._senders.known(unknown)
            known.update({p: found.get(p) for p in unknown})
        return {p: known.get(p) for p in participants}


def _is_enough(groups: dict[_Group, deque[Place]], wanted: Counter[str]) -> bool:
    found: Counter[str | None] = Counter()
    for group, line in groups.items():
        found[group.sender] += len(line)
    return found.total() >= wanted.total() and all(
        found[sender] + found[None] >= number for sender, number in wanted.items()
    )
