"""Which events somebody wants to see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from meshcore.log import subjects

if TYPE_CHECKING:
    from meshcore.replay.rows import EventRow

_SKEW = timedelta(hours=1)
"""Writers' clocks agree better than this with each other and with the server's."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What is wanted; everything, unless it is narrowed down.

    Attributes:
        campaign: the lanes of this campaign, of its conversations and of its reports.
        conversation: the lanes of this conversation. Needs the campaign, too.
        types: wire names.
        since: decided at this time or later.
        until: decided before this time.
        after: behind this position.
    """

    campaign: str | None = None
    conversation: str | None = None
    types: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    after: int = 0

    @property
    def patterns(self) -> tuple[str, ...]:
        """The subjects that hold everything wanted, without overlap."""
        match self.campaign, self.conversation:
            case str(campaign), str(conversation):
                return (subjects.lanes(subjects.ConversationRef(campaign, conversation)),)
            case str(campaign), None:
                return (
                    subjects.campaign(campaign),
                    subjects.conversations_of(campaign),
                    *(subjects.report_lane(campaign, lane) for lane in subjects.ReportLane),
                )
            case _:
                return (subjects.EVERYTHING,)

    def wants(self, row: EventRow) -> bool:
        """Whether the event is one of those wanted."""
        return (
            (self.campaign is None or row.campaign == self.campaign)
            and (self.conversation is None or row.conversation == self.conversation)
            and (not self.types or row.type in self.types)
            and (self.since is None or row.time >= self.since)
            and (self.until is None or row.time < self.until)
        )

    @property
    def narrows(self) -> bool:
        """Whether any event there may be is not wanted, wherever reading begins."""
        return any((self.campaign, self.conversation, self.types, self.since, self.until))

    @property
    def start(self) -> str | None:
        """Where reading may begin, by the server's clock (ISO 8601); None: at the beginning.

        What is stored before was decided before.
        """
        return (self.since - _SKEW).isoformat() if self.since else None

    def is_behind(self, earliest: datetime) -> bool:
        """Whether nothing wanted follows a page whose earliest event was decided then."""
        return self.until is not None and earliest > self.until + _SKEW
