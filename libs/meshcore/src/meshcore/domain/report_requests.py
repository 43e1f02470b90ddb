"""Which report of a campaign is still to be written: the fold of its two report lanes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshcore.domain.events import ReportFailed, ReportRequested, ReportWritten

if TYPE_CHECKING:
    from datetime import datetime

    from meshcore.domain.commit import Stamp
    from meshcore.domain.events import Event


@dataclass(frozen=True, slots=True)
class ReportRequests:
    """What is known about a campaign's reports.

    Attributes:
        pending: the id of the report that was asked for and has no end yet.
        requested_at: when it was asked for.
    """

    pending: str | None = None
    requested_at: datetime | None = None


def evolve(state: ReportRequests, event: Event, stamp: Stamp) -> ReportRequests:
    """Folds one event of the report lanes. Events of other lanes change nothing."""
    match event:
        case ReportRequested():
            return ReportRequests(event.report_id, stamp.at)
        case ReportWritten() | ReportFailed() if event.report_id == state.pending:
            return ReportRequests()
        case _:
            return state


def decide_request(state: ReportRequests, report_id: str) -> list[Event]:
    """Asks for a report; as long as one is to be written, not for a second one."""
    return [] if state.pending else [ReportRequested(report_id=report_id)]
