"""The planner: gives out slots, a short stretch at a time, and wakes whoever acts on them.

Four facts move it. A launch or an enrolment: slots are given out (`openings_planned`). Slots given
out: their wake-ups are scheduled. A pause or a closing: the slots go back, and what is scheduled is
cancelled; whoever is woken all the same finds the slot void. Each step can be repeated without
harm, so a crash anywhere is mended by the redelivery.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from mesh_outreach.quotas import LOOK_AGAIN, counts_are_fresh
from mesh_outreach.schedules import Schedules
from mesh_outreach.seating import Seat, Seating
from mesh_outreach.waiting import Lines
from meshcore.crash_points import crash_point
from meshcore.domain.campaign import CampaignStatus, decide_completion
from meshcore.domain.events import CampaignPaused, OpeningsClosed, OpeningsPlanned
from meshcore.domain.pace import DELTA
from meshcore.errors import StaleWriteError
from meshcore.handling import Busy
from meshcore.ids import new_commit, now
from meshcore.log import codec, subjects

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mesh_outreach.senders import Senders
    from mesh_outreach.timetable import Stand, Timetable
    from meshcore.domain.campaign import Campaign
    from meshcore.handling import WakeUp
    from meshcore.log.counts import Counts
    from meshcore.log.event_log import EventLog
    from meshcore.log.histories import Histories, History
    from meshcore.log.leases import Leases
    from meshcore.log.wake_ups import WakeUps

LEAD = timedelta(seconds=10)
"""How long before the last slot given out ends the next ones are given out."""

NOTICE = timedelta(seconds=2)
"""How far ahead slots begin, so that the first openings can be composed in time."""

_CLOCKS_APART = timedelta(seconds=2)
"""How far ahead of ours the clock of the server may be that wakes us."""


@dataclass(frozen=True)
class Planner:
    """Plans openings, and completes campaigns. Any number of replicas may do so at once.

    Without counts, targets hold nobody back.
    """

    log: EventLog
    campaigns: Histories[Campaign]
    leases: Leases
    wake_ups: WakeUps
    timetable: Timetable
    senders: Senders
    clock: Callable[[], datetime] = now
    lines: Lines = field(default_factory=Lines)
    counts: Counts | None = None

    async def on_campaign(self, wake_up: WakeUp) -> None:
        """Something happened to a campaign: plans, schedules or cancels its openings."""
        campaign = subjects.campaign_of(wake_up.subject)
        if campaign is None:
            return
        types = wake_up.headers.get(codec.TYPES, "")
        if CampaignPaused.wire_name in types:
            await self._cancel(campaign, wake_up.position)
        elif OpeningsPlanned.wire_name in types:
            await self._schedule(campaign, wake_up.position)
        else:
            if OpeningsClosed.wire_name in types:
                await self._settle(campaign, wake_up.position)
            await self._plan_alone(campaign, wake_up.position)

    async def on_planning(self, wake_up: WakeUp) -> None:
        """The slots of a campaign are running out: gives out the next ones."""
        campaign = subjects.campaign_of(wake_up.subject)
        if campaign is not None:
            await self._plan_alone(campaign)

    async def on_completion(self, wake_up: WakeUp) -> None:
        """Every conversation of a campaign may have ended.

        Completes it, if it is as the hint says.
        """
        campaign = subjects.campaign_of(wake_up.subject)
        if campaign is not None:
            await self._complete(campaign, wake_up)

    async def _plan_alone(self, campaign: str, at_least: int = 0) -> None:
        async with self.leases.hold(f"plan.{campaign}") as held:
            if not held:
                raise Busy
            await self.plan(campaign, at_least)

    async def plan(self, campaign: str, at_least: int = 0) -> None:
        """Gives out the next stretch of each sender's slots, unless enough are given out already.

        Args:
            campaign: whose openings.
            at_least: the position on its lane that must be known.

        Raises:
            Busy: the campaign has changed meanwhile; it is to be looked at again.
            LogUnavailableError: NATS does not answer.
        """
        history, at = await self.campaigns.load(campaign, at_least), self.clock()
        state = history.state
        if state.status is not CampaignStatus.ACTIVE or state.closed:
            return
        if self.counts and not await counts_are_fresh(self.counts, state, at):
            await self._plan_again(campaign, at + LOOK_AGAIN)
            return
        until = {sender: self._planned_until(state, sender) for sender in self.timetable.senders}
        enough = at + LEAD + _CLOCKS_APART
        due = [sender for sender, end in until.items() if end is None or end <= enough]
        seating = Seating(state, self.lines.of(state), self.log, self.senders)
        if await self._plan_due(history, seating, due, at):
            return  # what was appended brings the next planning with it
        ahead = [end - LEAD for end in until.values() if end and end > enough]
        opens = seating.opens(at + NOTICE)
        if opens and opens > at + NOTICE:
            ahead.append(opens - NOTICE)
        if ahead:
            await self._plan_again(campaign, min(ahead))

    async def _plan_due(
        self, history: History[Campaign], seating: Seating, due: Sequence[str], at: datetime
    ) -> bool:
        """Plans for senders whose slots run out. Returns whether anybody got a slot."""
        stand = before = self._stand(history, at)
        seats = [
            Seat(slot, sender)
            for sender in due
            for slot in await self.timetable.offer(sender, stand, at + NOTICE)
        ]
        seated = await seating.seated(seats)
        for sender in due:
            chosen = [participant for seat, participant in seated if seat.sender == sender]
            waiting = await self._remember(seating, chosen, sender)
            if waiting:
                slots = await self.timetable.take(sender, stand, len(waiting), at + NOTICE)
                crash_point("plan.after_slots")
                stand = await self._say(history, stand, seating.plan(sender, slots, waiting), at)
        return stand is not before

    async def _remember(
        self, seating: Seating, participants: Sequence[str], sender: str
    ) -> list[str]:
        """Remembers their sender. Returns those who have not got another one meanwhile."""
        counts = await self.senders.remember(dict.fromkeys(participants, sender))
        seating.learn(counts)
        return [p for p in participants if counts[p] == sender]

    async def _say(
        self, history: History[Campaign], stand: Stand, plan: OpeningsPlanned, at: datetime
    ) -> Stand:
        """Puts a plan on the log, unless it is empty. Returns how the lane stands then."""
        if not plan.slots:
            return stand
        lane = subjects.campaign(stand.campaign)
        commit = new_commit([plan], at, correlation=history.correlation)
        try:
            position = await self.log.append(lane, commit, expected=stand.position)
        except StaleWriteError as stale:
            raise Busy from stale  # the campaign has changed: look again
        crash_point("plan.after_append")
        return replace(stand, position=position, spent=(*stand.spent, *plan.slots))

    async def _schedule(self, campaign: str, position: int) -> None:
        """Schedules the wake-ups for the slots of a plan that holds, and for the next planning.

        A pause and a new launch may come while this goes on: then what was written here may have
        replaced wake-ups of the new plans, which are written again.
        """
        history = await self.campaigns.load(campaign, position)
        state, at = history.state, self.clock()
        plan = state.plan_at(position)
        if plan is None:
            return
        await self._schedules.write(campaign, plan, at)
        await self._plan_again(campaign, self._next_planning(state, at))
        if not (await self.campaigns.load(campaign)).state.has_plan(position):
            await self._schedule_all(campaign)

    async def _schedule_all(self, campaign: str) -> None:
        """Schedules again what is ahead of a campaign."""
        since = self.clock() - DELTA
        for plan in (await self.campaigns.load(campaign)).state.plans:
            if plan.event.slots and plan.event.slots[-1] >= since:
                await self._schedule(campaign, plan.position)

    async def _plan_again(self, campaign: str, at: datetime) -> None:
        """Wakes the planner before the slots run out, or when hours begin."""
        await self.wake_ups.at(at, subjects.planning_wake_up(campaign), {})

    async def _cancel(self, campaign: str, position: int) -> None:
        """Cancels what is scheduled, and gives the slots back, unless the campaign runs again.

        Wake-ups keep no order: the one of a pause may come, again, after the launch that ended it.
        """
        if (await self._settle(campaign, position)).status is CampaignStatus.ACTIVE:
            return
        await self._schedules.cancel(campaign)
        await self._schedule_all(campaign)  # of a launch in between

    async def _settle(self, campaign: str, position: int) -> Campaign:
        """Gives back the slots that are void by a pause or a closing."""
        history = await self.campaigns.load(campaign, position)
        await self.timetable.settle(self._stand(history, self.clock()))
        return history.state

    async def _complete(self, campaign: str, wake_up: WakeUp) -> None:
        hint = json.loads(wake_up.body)
        history = await self.campaigns.load(campaign)
        if history.state.enrolled_count != hint["participants"]:
            return  # somebody joined since; the hint will come again
        events = decide_completion(history.state)
        if not events:
            return
        lane = subjects.campaign(campaign)
        commit = new_commit(events, self.clock(), correlation=history.correlation)
        try:
            await self.log.append(lane, commit, expected=history.end_of(lane))
        except StaleWriteError as stale:
            raise Busy from stale

    @property
    def _schedules(self) -> Schedules:
        return Schedules(self.wake_ups)

    def _stand(self, history: History[Campaign], at: datetime) -> Stand:
        lane = subjects.campaign(history.state.id)
        return self.timetable.stand(history.state, history.end_of(lane), at)

    def _planned_until(self, state: Campaign, sender: str) -> datetime | None:
        ends = [state.planned_until.get(sender)]
        if sender == self.timetable.senders[0]:
            ends.append(state.planned_until.get(None))
        return max((end for end in ends if end), default=None)

    def _next_planning(self, state: Campaign, at: datetime) -> datetime:
        """When the first of the senders that are in use runs out of slots."""
        ends = [end for s in self.timetable.senders if (end := self._planned_until(state, s))]
        return min((end for end in ends if end > at), default=at) - LEAD
