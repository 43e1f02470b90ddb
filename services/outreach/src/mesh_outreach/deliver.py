"""A delivery: from a composed message on the log to Twilio, once.

`send_started` is written before Twilio is called, at the position that was read: of several
replicas one wins. Whoever finds a `send_started` without an end asks Twilio what became of it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from mesh_outreach.handover import Handover
from mesh_outreach.slot_gate import SOON
from mesh_outreach.twilio import TwilioUnavailableError
from meshcore.domain.campaign import CampaignStatus
from meshcore.domain.contact_hours import is_open, next_open
from meshcore.domain.events import MessageComposed, MessageKind, SuppressionReason
from meshcore.domain.sends import (
    Judge,
    Reconcile,
    Send,
    Suppress,
    Wait,
    last_of_agent,
    next_send,
)
from meshcore.errors import StaleWriteError
from meshcore.ids import now
from meshcore.log import codec, subjects

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from mesh_outreach.brake import Brake
    from mesh_outreach.slot_gate import SlotGate
    from mesh_outreach.twilio import TwilioMessages
    from meshcore.directory import Directory, Routes
    from meshcore.domain.campaign import Campaign
    from meshcore.domain.message import Message
    from meshcore.domain.sends import Step
    from meshcore.handling import WakeUp
    from meshcore.log.event_log import EventLog
    from meshcore.log.histories import Conversations, Histories
    from meshcore.log.subjects import ConversationRef
    from meshcore.log.wake_ups import WakeUps


@dataclass(frozen=True)
class Deliverer:
    """Delivers composed messages. Any number of tasks and replicas may do so at once."""

    log: EventLog
    conversations: Conversations
    campaigns: Histories[Campaign]
    directory: Directory
    routes: Routes
    twilio: TwilioMessages
    wake_ups: WakeUps
    gate: SlotGate
    brake: Brake
    clock: Callable[[], datetime] = now

    async def on_turn(self, wake_up: WakeUp) -> None:
        """The agent decided something, or a held message may go: sends what waits to be sent."""
        ref = subjects.conversation_of(wake_up.subject)
        composed = MessageComposed.wire_name
        if ref is None or composed not in wake_up.headers.get(codec.TYPES, composed):
            return
        at_least = wake_up.position if subjects.is_fact(wake_up.subject) else 0
        await self.deliver(ref, wake_up.headers.get(codec.ID), at_least)

    async def on_failure(self, wake_up: WakeUp) -> None:
        """Twilio gave a message up, or the time has come to try one again: decides, or sends."""
        if ref := subjects.conversation_of(wake_up.subject):
            report = json.loads(wake_up.body or b"{}").get("position", 0)
            await self.deliver(ref, at_least=report)

    async def deliver(
        self, ref: ConversationRef, cause: str | None = None, at_least: int = 0
    ) -> None:
        """Brings every composed message of the conversation to an end, in order.

        Args:
            ref: the conversation.
            cause: id of the commit that woke outreach, if one did.
            at_least: where it stands on the log.

        Raises:
            Busy: a send is under way, here or elsewhere, and not settled yet.
            TwilioUnavailableError: Twilio is to be tried again later.
            LogUnavailableError: the log does not answer.
        """
        while True:
            history = await self.conversations.load(ref, at_least)
            # Consent is looked up before the send.
            step = next_send(history.state, consented=True, at=self.clock())
            if step is None:
                return
            handover = Handover(self, ref, history, cause)
            try:
                settled = await self._take(step, handover)
            except StaleWriteError:
                continue  # another replica was faster: look again
            except TwilioUnavailableError:
                await handover.watch(step.message)
                raise
            if settled is None:
                return
            if settled and step.message is last_of_agent(history.state):
                return  # what is composed later brings its own wake-up

    async def _take(self, step: Step, handover: Handover) -> bool | None:
        """Takes one step.

        Returns:
            Whether the message has reached its end; None if it waits for something.
        """
        match step:
            case Suppress():
                await handover.suppress(step.message, step.reason)
                return True
            case Reconcile():
                return await handover.reconcile(step.message)
            case Judge():
                await handover.judge(step.message)
                return False
            case Wait():
                wake_up = self._wake_up(handover.ref, step.message)
                has_come = await self.gate.wait(step.until, wake_up, self.clock())
                return False if has_come else None
            case Send():
                return await self._send(step.message, handover)
            case _:
                assert_never(step)

    async def _send(self, message: Message, handover: Handover) -> bool | None:
        """Sends what may go now."""
        match message.kind:
            case MessageKind.OPENING:
                return await self._open(message, handover)
            case MessageKind.REMINDER:
                return await self._remind(message, handover)
            case _:
                return await handover.send(message)

    async def _open(self, message: Message, handover: Handover) -> bool | None:
        """Sends an opening at its slot; gives it another one where it is too late."""
        campaign = (await self.campaigns.load(handover.ref.campaign)).state
        if campaign.is_closed_to(handover.participant):
            await handover.suppress(message, SuppressionReason.OPENINGS_CLOSED)
            return True
        if campaign.status is CampaignStatus.PAUSED:
            return None
        due, at = self.gate.due_of(message, campaign, handover.participant), self.clock()
        zone = campaign.timezone_of(handover.participant)
        hours = campaign.outreach.contact_hours
        if due is None or self.gate.is_late(due, at) or not is_open(hours, zone, due):
            await handover.schedule(message, campaign)
            return False
        if due > at + SOON:
            await self.gate.wait(due, subjects.delivery_wake_up(handover.ref), at)
            return None
        return await handover.send(message, due)

    async def _remind(self, message: Message, handover: Handover) -> bool | None:
        """Sends a reminder once the contact hours allow it; a paused campaign gives it up."""
        campaign = (await self.campaigns.load(handover.ref.campaign)).state
        if campaign.status is CampaignStatus.PAUSED:
            await handover.suppress(message, SuppressionReason.CAMPAIGN_PAUSED)
            return True
        at, zone = self.clock(), campaign.timezone_of(handover.participant)
        allowed = next_open(campaign.outreach.contact_hours, zone, at)
        if allowed > at:
            wake_up = self._wake_up(handover.ref, message)
            return False if await self.gate.wait(allowed, wake_up, at) else None
        return await handover.send(message)

    @staticmethod
    def _wake_up(ref: ConversationRef, message: Message) -> str:
        """What wakes outreach for a message that waits. A pause cancels it for openings only."""
        if message.kind is MessageKind.OPENING:
            return subjects.delivery_wake_up(ref)
        return subjects.failure_wake_up(ref)
