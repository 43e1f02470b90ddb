"""An opening: from the slot on the timetable to the first message on the log.

It is composed a little ahead of its slot, so that outreach can send it there to the second.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mesh_agent.perspective import chat_with, study_for
from meshcore.crash_points import crash_point
from meshcore.domain.campaign import CampaignStatus
from meshcore.domain.events import EndReason
from meshcore.domain.silence import patience
from meshcore.domain.turns import Slot, decide_opening, decide_unopened_end, may_be_opened
from meshcore.errors import StaleWriteError
from meshcore.handling import Busy
from meshcore.ids import new_commit, new_id, now
from meshcore.log import subjects
from meshcore.log.histories import load_consent
from meshcore.log.subjects import Lane

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from mesh_agent.interviewer import Interviewer
    from meshcore.directory import Directory
    from meshcore.domain.campaign import Campaign
    from meshcore.domain.conversation import Conversation
    from meshcore.domain.events import Event
    from meshcore.handling import WakeUp
    from meshcore.log.event_log import EventLog
    from meshcore.log.histories import Conversations, Histories
    from meshcore.log.leases import Leases
    from meshcore.log.spend import Spend
    from meshcore.log.subjects import ConversationRef
    from meshcore.log.wake_ups import WakeUps


@dataclass(frozen=True)
class Opener:
    """Opens conversations. Any number of tasks and replicas may do so at once."""

    log: EventLog
    conversations: Conversations
    campaigns: Histories[Campaign]
    leases: Leases
    interviewer: Interviewer
    spend: Spend
    wake_ups: WakeUps
    directory: Directory
    clock: Callable[[], datetime] = now

    async def on_slot(self, wake_up: WakeUp) -> None:
        """A participant's slot is near: composes the opening, if it is still wanted."""
        ref = subjects.conversation_of(wake_up.subject)
        if ref is None:
            return
        hint = json.loads(wake_up.body)
        async with self.leases.hold(f"turn.{ref.conversation}") as held:
            if not held:
                raise Busy
            await self.open(ref, str(hint["participant"]), int(hint["plan"]))

    async def open(self, ref: ConversationRef, participant: str, plan: int) -> None:
        """Opens the conversation, once, if the slot still holds.

        Args:
            ref: the conversation.
            participant: whom it is with.
            plan: position of the `openings_planned` that gave the slot; a pause makes it void.

        Raises:
            ModelError: the model cannot be reached. Nothing was decided.
            LogUnavailableError: the log or the directory does not answer.
        """
        campaign = (await self.campaigns.load(ref.campaign, plan)).state
        slot = _slot(campaign, participant, plan)
        if slot is None:
            return
        history = await self.conversations.load(ref)
        if not may_be_opened(history.state):
            return
        events = await self._decide(campaign, history.state, slot)
        lane = subjects.lane(ref, Lane.TURN)
        commit = new_commit(events, self.clock(), correlation=history.correlation)
        await self._wake_later(ref, campaign, slot)
        crash_point("opening.before_append")
        try:
            await self.log.append(lane, commit, expected=history.end_of(lane))
        except StaleWriteError as stale:
            raise Busy from stale  # somebody else opened it, or it will be looked at again
        crash_point("opening.after_append")
        await self.spend.count(campaign, commit)

    async def _wake_later(self, ref: ConversationRef, campaign: Campaign, slot: Slot) -> None:
        """Has the agent look at the conversation again once it may have been silent for too long.

        Written before the opening, or a crash would leave a silence that nobody ever ends.
        """
        goes_out = max(self.clock(), slot.due) if slot.due else self.clock()
        later = goes_out + patience(campaign.outreach)
        await self.wake_ups.at(later, subjects.nudge_wake_up(ref), {})

    async def _decide(
        self, campaign: Campaign, conversation: Conversation, slot: Slot
    ) -> list[Event]:
        if (await load_consent(self.log, slot.participant)).opted_out:
            return decide_unopened_end(conversation, slot, EndReason.OPTED_OUT)
        if await self.spend.is_used_up(campaign):
            return decide_unopened_end(conversation, slot, EndReason.OUT_OF_BUDGET)
        attributes = await self.directory.attributes(slot.participant, campaign.id)
        study = study_for(campaign, slot.participant, attributes)
        proposal = await self.interviewer.opening(study, chat_with(conversation))
        return decide_opening(conversation, slot, new_id(), proposal)


def _slot(campaign: Campaign, participant: str, plan: int) -> Slot | None:
    """The participant's slot by this plan; None if they are not to be written to by it any more."""
    found = campaign.plan_at(plan)
    if campaign.status is not CampaignStatus.ACTIVE or found is None:
        return None
    if campaign.is_closed_to(participant):
        return None
    return Slot(participant, found.slots.get(participant), found.event.sender)
