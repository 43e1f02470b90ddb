"""The timetable: gives out slots, a short stretch at a time, and wakes whoever acts on them.

Three facts move it. A launch or an enrolment: slots are given out (`openings_planned`). Slots given
out: their wake-ups are scheduled. A pause: what is scheduled is cancelled; whoever is woken all the
same finds the slot void. Each step can be repeated without harm, so a crash anywhere is mended by
the redelivery.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from nats.js.errors import KeyNotFoundError, KeyWrongLastSequenceError

from meshcore.crash_points import crash_point
from meshcore.domain.campaign import CampaignStatus, decide_completion
from meshcore.domain.events import CampaignPaused, OpeningsPlanned, SendPostponed
from meshcore.domain.participant import conversation_id
from meshcore.domain.timetable import take_slots
from meshcore.errors import StaleWriteError
from meshcore.handling import Busy
from meshcore.ids import new_commit, now
from meshcore.log import codec, subjects
from meshcore.log.subjects import ConversationRef, Lane

if TYPE_CHECKING:
    from collections.abc import Callable

    from nats.js.kv import KeyValue

    from meshcore.domain.campaign import Campaign
    from meshcore.domain.roster import Plan
    from meshcore.domain.timetable import Slots
    from meshcore.handling import WakeUp
    from meshcore.log.event_log import EventLog
    from meshcore.log.histories import Histories
    from meshcore.log.leases import Leases
    from meshcore.log.wake_ups import WakeUps

LEAD = timedelta(seconds=10)
"""How long before the last slot given out ends the next ones are given out."""

_CLOCKS_APART = timedelta(seconds=2)
"""How far ahead of ours the clock of the server may be that wakes us."""

_SENDER = "sender"


class Timetable:
    """The first free slot of the sender, shared by all campaigns and replicas."""

    def __init__(self, bucket: KeyValue, rate_per_minute: float) -> None:
        self._bucket = bucket
        self._rate = rate_per_minute

    async def take(self, wanted: int, at: datetime) -> Slots:
        """Takes the next slots for good. No slot is ever given out twice."""
        while True:
            free_from, revision = await self._free_from()
            slots = take_slots(free_from, at, wanted, self._rate)
            value = slots.end_at.isoformat().encode()
            try:
                if revision is None:
                    await self._bucket.create(_SENDER, value)
                else:
                    await self._bucket.update(_SENDER, value, last=revision)
            except KeyWrongLastSequenceError:
                continue
            return slots

    async def _free_from(self) -> tuple[datetime | None, int | None]:
        try:
            entry = await self._bucket.get(_SENDER)
        except KeyNotFoundError:
            return None, None
        return datetime.fromisoformat((entry.value or b"").decode()), entry.revision


@dataclass(frozen=True)
class Planner:
    """Plans openings, and completes campaigns. Any number of replicas may do so at once."""

    log: EventLog
    campaigns: Histories[Campaign]
    leases: Leases
    wake_ups: WakeUps
    timetable: Timetable
    clock: Callable[[], datetime] = now

    async def on_campaign(self, wake_up: WakeUp) -> None:
        """Something happened to a campaign: plans, schedules or cancels its openings."""
        campaign = subjects.campaign_of(wake_up.subject)
        if campaign is None:
            return
        types = wake_up.headers.get(codec.TYPES, "")
        if CampaignPaused.wire_name in types:
            await self._cancel(campaign)
        elif OpeningsPlanned.wire_name in types:
            await self._schedule(campaign, wake_up.position)
        else:
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
        """Gives out the next stretch of slots, unless enough are given out already.

        Args:
            campaign: whose openings.
            at_least: the position on its lane that must be known.
        """
        history = await self.campaigns.load(campaign, at_least)
        state, at = history.state, self.clock()
        planned_until = max(state.planned_until.values(), default=None)
        if state.status is not CampaignStatus.ACTIVE:
            return
        if planned_until and planned_until > at + LEAD + _CLOCKS_APART:
            await self._plan_again(campaign, planned_until)
            return
        waiting = await self._waiting(state)
        if not waiting:
            return
        slots = await self.timetable.take(len(waiting), at)
        crash_point("plan.after_slots")
        event = OpeningsPlanned(
            slots=slots.times,
            participants=tuple(waiting[: slots.count]),
        )
        lane = subjects.campaign(campaign)
        commit = new_commit([event], at, correlation=history.correlation)
        try:
            await self.log.append(lane, commit, expected=history.end_of(lane))
        except StaleWriteError as stale:
            raise Busy from stale  # the campaign has changed: look again
        crash_point("plan.after_append")

    async def _waiting(self, campaign: Campaign) -> list[str]:
        """Who still needs a slot.

        After a pause, those whose opening went out under a void plan do not.
        """
        waiting = campaign.unplanned()
        if not campaign.interrupted:
            return waiting
        handed_over = await self._handed_over(campaign.id)
        return [p for p in waiting if conversation_id(campaign.id, p) not in handed_over]

    async def _handed_over(self, campaign: str) -> set[str]:
        """The conversations that outreach has begun to open, those aside that Twilio put off.

        What was put off is held back by a pause like what was never begun.
        """
        lanes = await self.log.subjects_in(subjects.lanes_of_campaign(campaign, Lane.OUT))
        return {
            ref.conversation
            for last in await self.log.last_of(list(lanes))
            if not isinstance(last.commit.events[-1], SendPostponed)
            and (ref := subjects.conversation_of(last.subject))
        }

    async def _schedule(self, campaign: str, position: int) -> None:
        """Schedules the wake-ups for the slots of a plan that holds, and for the next planning.

        A pause and a new launch may come while this goes on: then what was written here may have
        replaced wake-ups of the new plans, which are written again.
        """
        state = (await self.campaigns.load(campaign, position)).state
        plan = next((p for p in state.plans if p.position == position), None)
        if plan is None:
            return
        composed: dict[str, int] = {}
        if state.interrupted:
            composed = await self.log.subjects_in(subjects.lanes_of_campaign(campaign, Lane.TURN))
        for participant, due in plan.slots.items():
            await self._schedule_one(campaign, plan, participant, due, composed)
            crash_point("plan.while_scheduling")
        await self._plan_again(campaign, max(plan.event.slots))
        if not (await self.campaigns.load(campaign)).state.has_plan(position):
            await self._schedule_all(campaign)

    async def _schedule_all(self, campaign: str) -> None:
        for plan in (await self.campaigns.load(campaign)).state.plans:
            await self._schedule(campaign, plan.position)

    async def _plan_again(self, campaign: str, planned_until: datetime) -> None:
        """Wakes the planner before the slots run out."""
        await self.wake_ups.at(planned_until - LEAD, subjects.planning_wake_up(campaign), {})

    async def _schedule_one(
        self,
        campaign: str,
        plan: Plan,
        participant: str,
        due: datetime,
        composed: dict[str, int],
    ) -> None:
        """Wakes the agent to compose the opening, or outreach to send one that was held back."""
        ref = ConversationRef(campaign, conversation_id(campaign, participant))
        if subjects.lane(ref, Lane.TURN) in composed:
            await self.wake_ups.at(due, subjects.delivery_wake_up(ref), {})
        else:
            hint = {"participant": participant, "plan": plan.position}
            await self.wake_ups.at(due, subjects.opening_wake_up(ref), hint)

    async def _cancel(self, campaign: str) -> None:
        """Cancels what is scheduled, unless the campaign runs again.

        Wake-ups keep no order: the one of a pause may come, again, after the launch that ended it.
        """
        if (await self.campaigns.load(campaign)).state.status is CampaignStatus.ACTIVE:
            return
        for schedules in subjects.schedules_of_campaign(campaign):
            await self.wake_ups.cancel(schedules)
        await self._schedule_all(campaign)  # of a launch in between

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
