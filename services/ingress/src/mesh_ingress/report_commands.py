"""Asking for a report, written to the log. Needs nothing but NATS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mesh_ingress.commands import ATTEMPTS
from meshcore.domain.report_requests import decide_request
from meshcore.errors import StaleWriteError, UnknownCampaignError
from meshcore.ids import new_commit, new_id, now
from meshcore.log import subjects
from meshcore.log.histories import report_requests
from meshcore.log.subjects import ReportLane

if TYPE_CHECKING:
    from datetime import datetime

    from meshcore.domain.report_requests import ReportRequests
    from meshcore.log.event_log import EventLog
    from meshcore.log.histories import History


@dataclass(frozen=True, slots=True)
class Asked:
    """A report is to be written.

    Attributes:
        report_id: which.
        requested_at: since when.
        position: where the request stands on the log.
    """

    report_id: str
    requested_at: datetime
    position: int


class ReportCommands:
    """Asks the agent for reports."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._requests = report_requests(log)

    async def ask(self, campaign_id: str) -> Asked:
        """Asks for a report; as long as one is to be written, that is the one.

        Raises:
            LogUnavailableError: NATS does not answer.
            UnknownCampaignError: the campaign is not on the log.
            StaleWriteError: the lane does not come to rest.
        """
        if await self._log.last_by_leader(subjects.campaign(campaign_id)) is None:
            raise UnknownCampaignError(campaign_id)
        lane = subjects.report_lane(campaign_id, ReportLane.REQUEST)
        for _ in range(ATTEMPTS):
            history = await self._load(campaign_id, lane)
            pending, since = history.state.pending, history.state.requested_at
            if pending is not None and since is not None:
                return Asked(pending, since, history.end_of(lane))
            report_id, at = new_id(), now()
            events = decide_request(history.state, report_id)
            commit = new_commit(events, at, correlation=history.correlation)
            try:
                position = await self._log.append(lane, commit, expected=history.end_of(lane))
            except StaleWriteError:
                continue
            return Asked(report_id, at, position)
        raise StaleWriteError("the lane of requests does not come to rest")

    async def _load(self, campaign_id: str, lane: str) -> History[ReportRequests]:
        last = await self._log.last_by_leader(lane)
        return await self._requests.load(campaign_id, last.position if last else 0)
