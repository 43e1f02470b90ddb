"""Reports quote participants: once somebody's data are erased, they are void and overwritten."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from meshcore.domain.events import ReportFailed, ReportWritten
from meshcore.errors import StaleWriteError
from meshcore.ids import new_commit
from meshcore.log import streams, subjects
from meshcore.log.histories import report_requests
from meshcore.log.overwriting import overwrite
from meshcore.log.subjects import ReportLane

if TYPE_CHECKING:
    from datetime import datetime

    from meshcore.domain.commit import Recorded
    from meshcore.log.event_log import EventLog
    from meshcore.service import Shell

VOID = "personal data in it was erased; ask for the report again"
"""Why a report is not there any more."""

_PAUSE = 0.05


async def void_reports(shell: Shell, campaign: str, at: datetime) -> None:
    """Takes back all reports of a campaign, for each may quote anybody; also one being written.

    They are told void first and overwritten then, so that who writes to the lane sees its end.
    Doing it again is harmless.

    Raises:
        LogUnavailableError: NATS does not answer.
    """
    lane = subjects.report_lane(campaign, ReportLane.RESULT)
    while True:
        requests = await report_requests(shell.log).load(campaign)
        written = await _written(shell.log, lane)
        void = [_void(report) for record in written for report in _reports_in(record)]
        if pending := requests.state.pending:
            void.append(ReportFailed(report_id=pending, reasons=(VOID,)))
        if not void:
            return
        try:
            await shell.log.append(lane, new_commit(void, at), expected=requests.end_of(lane))
        except StaleWriteError:
            await asyncio.sleep(_PAUSE)  # somebody has just written one
            continue
        for record in written:
            await overwrite(shell.nats, streams.MESH, record.position)
        return


async def _written(log: EventLog, lane: str) -> list[Recorded]:
    """The commits on the lane that hold a report."""
    return [record for record in await log.load(lane) if _reports_in(record)]


def _reports_in(record: Recorded) -> list[ReportWritten]:
    return [event for event in record.commit.events if isinstance(event, ReportWritten)]


def _void(report: ReportWritten) -> ReportFailed:
    """The same report without anything of what it said; what it took still counts."""
    usage = report.model_dump(exclude={"report", "refused"})
    return ReportFailed(**usage, reasons=(VOID,))
