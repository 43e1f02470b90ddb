"""What commits tell of reports. Each event stands for itself: no state is needed."""

from __future__ import annotations

from collections.abc import Iterator

from mesh_projector.change import ReportChange
from meshcore.domain.commit import Recorded
from meshcore.domain.events import ReportFailed, ReportRequested, ReportWritten


def changes_of(campaign: str, record: Recorded) -> Iterator[ReportChange]:
    """A change for each event."""
    for event in record.commit.events:
        if isinstance(event, ReportRequested | ReportWritten | ReportFailed):
            yield ReportChange(campaign, event, record.commit.at)


def ids_in(record: Recorded) -> Iterator[str]:
    """The ids of the reports that the commit names."""
    for event in record.commit.events:
        if isinstance(event, ReportRequested | ReportWritten | ReportFailed):
            yield event.report_id
