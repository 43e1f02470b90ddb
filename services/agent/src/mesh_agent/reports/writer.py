"""A report: from the request on the log to the report on the log, once for each request.

Whatever happens meanwhile - another replica, a crash, a model that is away - is settled by the
append, which is refused if anybody else has written a result since the lanes were read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mesh_agent.reports.prompt import report_prompt
from meshcore.crash_points import crash_point
from meshcore.domain.events import ReportFailed, ReportWritten
from meshcore.errors import ModelError, StaleWriteError, UnknownCampaignError, UnusableAnswerError
from meshcore.handling import Busy
from meshcore.ids import new_commit, now
from meshcore.log import codec, subjects
from meshcore.log.subjects import ReportLane
from meshreport.drafts import Draft, conclude, draft_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from mesh_agent.models.protocol import Answer, Model
    from mesh_agent.reports.material import Materials
    from meshcore.domain.campaign import Campaign
    from meshcore.domain.report_requests import ReportRequests
    from meshcore.handling import WakeUp
    from meshcore.log.event_log import EventLog
    from meshcore.log.histories import Histories
    from meshcore.log.leases import Leases
    from meshcore.log.spend import Spend
    from meshreport.drafts import Material

Result = ReportWritten | ReportFailed

NOTHING_YET = "no interview has been completed yet"
OUT_OF_MONEY = "the campaign's budget is used up"
_DRAFTS = 2


@dataclass(frozen=True)
class ReportWriter:
    """Writes reports. Any number of tasks and replicas may do so at once."""

    log: EventLog
    requests: Histories[ReportRequests]
    campaigns: Histories[Campaign]
    materials: Materials
    leases: Leases
    model: Model
    spend: Spend
    clock: Callable[[], datetime] = now

    async def on_request(self, wake_up: WakeUp) -> None:
        """A researcher asked for a report: writes it, if nobody has."""
        campaign = subjects.campaign_of_report(wake_up.subject)
        if campaign is None:
            return
        async with self.leases.hold(f"report.{campaign}") as held:
            if not held:
                raise Busy
            await self.write(campaign, wake_up.headers.get(codec.ID), wake_up.position)

    async def write(self, campaign_id: str, cause: str | None = None, at_least: int = 0) -> None:
        """Writes the report that was asked for and has no result yet.

        Args:
            campaign_id: the campaign.
            cause: id of the commit that woke the agent, if one did.
            at_least: where it stands on the log.

        Raises:
            ModelError: the model cannot be reached. Nothing was decided.
            LogUnavailableError: the log does not answer.
            UnknownCampaignError: the campaign is not on the log.
        """
        history = await self.requests.load(campaign_id, at_least)
        report_id = history.state.pending
        if report_id is None:
            return
        campaign = (await self.campaigns.load(campaign_id)).state
        if not campaign.exists:
            raise UnknownCampaignError(f"campaign {campaign_id} is not on the log")
        event = await self._result(campaign, report_id)
        lane = subjects.report_lane(campaign_id, ReportLane.RESULT)
        commit = new_commit([event], self.clock(), correlation=history.correlation, causation=cause)
        crash_point("report.before_append")
        try:
            await self.log.append(lane, commit, expected=history.end_of(lane))
        except StaleWriteError as stale:
            raise Busy from stale  # somebody else wrote one, or it will be looked at again
        crash_point("report.after_append")
        if campaign.limits.campaign_cost_usd is not None:
            await self.spend.add(campaign_id, event.cost_usd or 0.0, commit.id)

    async def _result(self, campaign: Campaign, report_id: str) -> Result:
        limit = campaign.limits.campaign_cost_usd
        if limit is not None and await self.spend.total(campaign.id) >= limit:
            return ReportFailed(report_id=report_id, reasons=(OUT_OF_MONEY,))
        material = await self.materials.of(campaign)
        if not material.counted.interviews:
            return ReportFailed(report_id=report_id, reasons=(NOTHING_YET,))
        return await self._told(campaign, material, report_id)

    async def _told(self, campaign: Campaign, material: Material, report_id: str) -> Result:
        """What the model makes of it, asked again once if something is wrong."""
        drafts: list[Draft] = []
        answers: list[Answer] = []
        while len(drafts) < _DRAFTS and (not drafts or drafts[-1].problems):
            problems = drafts[-1].problems if drafts else ()
            try:
                answer = await self.model.generate(report_prompt(campaign, material, problems))
            except UnusableAnswerError as error:
                drafts.append(Draft(problems=(f"the answer could not be read: {error}",)))
            except ModelError:
                if not (drafts and drafts[-1].findings):
                    raise
                break  # the first one will do
            else:
                answers.append(answer)
                drafts.append(draft_of(answer.text, material))
        concluded = conclude(drafts, material)
        usage = _usage(answers, len(drafts))
        if concluded.report is None:
            failed = ReportFailed(report_id=report_id, reasons=concluded.reasons)
            return failed.model_copy(update=usage)
        written = ReportWritten(
            report_id=report_id, report=concluded.report, refused=concluded.reasons
        )
        return written.model_copy(update=usage)


def _usage(answers: list[Answer], calls: int) -> dict[str, object]:
    """What the answers took together; what they cost, as far as prices are known."""
    costs = [answer.cost_usd for answer in answers if answer.cost_usd is not None]
    return {
        "model": answers[-1].model if answers else None,
        "model_calls": calls,
        "input_tokens": sum(answer.input_tokens for answer in answers),
        "output_tokens": sum(answer.output_tokens for answer in answers),
        "cached_tokens": sum(answer.cached_tokens for answer in answers),
        "cost_usd": sum(costs) if costs else None,
    }
