"""An opening: from the slot on the timetable to the first message on the log."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshcore.crash_points import crash_point
from meshcore.domain.campaign import CampaignStatus
from meshcore.domain.events import EndReason
from meshcore.domain.turns import decide_opening, decide_unopened_end
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
    from meshcore.domain.campaign import Campaign
    from meshcore.domain.conversation import Conversation
    from meshcore.domain.events import Event
    from meshcore.handling import WakeUp
    from meshcore.log.event_log import EventLog
    from meshcore.log.histories import Conversations, Histories
    from meshcore.log.leases import Leases
    from meshcore.log.spend import Spend
    from meshcore.log.subjects import ConversationRef


@dataclass(frozen=True)
class Opener:
    """Opens conversations. Any number of tasks and replicas may do so at once."""

    log: EventLog
    conversations: Conversations
    campaigns: Histories[Campaign]
    leases: Leases
    interviewer: Interviewer
    spend: Spend
    clock: Callable[[], datetime] = now

    async def on_slot(self, wake_up: WakeUp) -> None:
        """A participant's slot has come: composes the opening, if it is still wanted."""
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
            LogUnavailableError: the log does not answer.
        """
        campaign = (await self.campaigns.load(ref.campaign, plan)).state
        if campaign.status is not CampaignStatus.ACTIVE or not campaign.has_plan(plan):
            return
        history = await self.conversations.load(ref)
        if history.state.opened:
            return
        events = await self._decide(campaign, history.state, participant)
        lane = subjects.lane(ref, Lane.TURN)
        commit = new_commit(events, self.clock(), correlation=history.correlation)
        try:
            await self.log.append(lane, commit, expected=history.end_of(lane))
        except StaleWriteError as stale:
            raise Busy from stale  # somebody else opened it, or it will be looked at again
        crash_point("opening.after_append")
        await self.spend.count(campaign, commit)

    async def _decide(
        self, campaign: Campaign, conversation: Conversation, participant: str
    ) -> list[Event]:
        if (await load_consent(self.log, participant)).opted_out:
            return decide_unopened_end(conversation, participant, EndReason.OPTED_OUT)
        if await self.spend.is_used_up(campaign):
            return decide_unopened_end(conversation, participant, EndReason.OUT_OF_BUDGET)
        proposal = await self.interviewer.opening(campaign, conversation)
        return decide_opening(conversation, participant, new_id(), proposal)
