"""Who of a campaign waits for a slot: a line that is kept up to date at little cost."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque
from heapq import merge
from itertools import repeat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from meshcore.domain.campaign import Campaign

Place = tuple[int, str]
"""Where somebody stands in the order of enrolment, and who it is."""

_KEPT = 100
"""Campaigns whose lines are kept; the least recently planned are made again when needed."""


class Line:
    """Those of one campaign who have no slot that holds, in the order of enrolment.

    Attributes:
        doubtful: those among them who had a slot that a pause voided: they may have been opened.
        senders: who among them is known to have which sender; None for none.
    """

    def __init__(self) -> None:
        self.doubtful: set[str] = set()
        self.senders: dict[str, str | None] = {}
        self._zones: defaultdict[str, deque[Place]] = defaultdict(deque)
        self._gone: set[str] = set()
        self._enrolled = 0
        self._plans = 0
        self.voided = 0

    def follow(self, campaign: Campaign) -> None:
        """Takes in what has happened since. What is void now takes a new line."""
        for plan in campaign.plans.all[self._plans :]:
            self._gone.update(plan.event.participants)
        self._plans = len(campaign.plans)
        for place, enrolment in enumerate(campaign.enrolled.after(self._enrolled), self._enrolled):
            zone = _zone(campaign, enrolment.timezone)
            self._zones[zone].append((place, enrolment.participant))
        self._enrolled = campaign.enrolled_count
        if campaign.void and not self.voided:
            self.doubtful = {p for plan in campaign.void for p in plan.event.participants}
        self.voided = len(campaign.void)

    def leave(self, participants: Iterable[str]) -> None:
        """These wait no more."""
        self._gone.update(participants)
        self.doubtful.difference_update(participants)

    @property
    def zones(self) -> list[str]:
        """The time zones in which anybody waits."""
        for line in self._zones.values():
            while line and line[0][1] in self._gone:
                line.popleft()
        return [zone for zone, line in self._zones.items() if line]

    def waiting(self, zones: Iterable[str]) -> Iterator[tuple[Place, str]]:
        """Who waits in these time zones, in the order of enrolment, each with his zone."""
        lines = [zip(self._zones[zone], repeat(zone)) for zone in zones]
        return ((place, zone) for place, zone in merge(*lines) if place[1] not in self._gone)


class Lines:
    """The lines of all campaigns that this process plans."""

    def __init__(self) -> None:
        self._lines: OrderedDict[str, Line] = OrderedDict()

    def of(self, campaign: Campaign) -> Line:
        """The campaign's line as it stands."""
        line = self._lines.get(campaign.id)
        if line is None or line.voided != len(campaign.void):
            line = self._lines[campaign.id] = Line()
        line.follow(campaign)
        self._lines.move_to_end(campaign.id)
        while len(self._lines) > _KEPT:
            self._lines.popitem(last=False)
        return line


def _zone(campaign: Campaign, own: str | None) -> str:
    """Whose clock counts; without contact hours nobody's."""
    return (own or campaign.timezone) if campaign.outreach.contact_hours else ""
