"""One step with one composed message: handed over, looked up, judged, or not sent at all."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, assert_never

import structlog
from prometheus_client import Counter

from mesh_outreach.alike import claim, elsewhere, reads_as
from mesh_outreach.refusals import Again, Fail, judge
from mesh_outreach.send_errors import Refused, refused
from mesh_outreach.settling import HANDED_OVER_WITHIN, NEVER_THERE, SETTLED_AFTER
from mesh_outreach.twilio import Sent, TwilioUnavailableError
from meshcore.crash_points import crash_point
from meshcore.domain.campaign import CampaignStatus
from meshcore.domain.events import (
    MessageFailed,
    MessageKind,
    MessageSent,
    MessageSuppressed,
    OptOutSource,
    ParticipantOptedOut,
    SendPostponed,
    SendScheduled,
    SendStarted,
    SuppressionReason,
)
from meshcore.domain.send_errors import Fault
from meshcore.domain.sends import UNASKED, why_not_send
from meshcore.errors import StaleWriteError
from meshcore.handling import Busy
from meshcore.ids import new_commit
from meshcore.log import subjects
from meshcore.log.consents import append_consent
from meshcore.log.histories import load_consent
from meshcore.log.subjects import Lane

if TYPE_CHECKING:
    from datetime import datetime

    from mesh_outreach.deliver import Deliverer
    from meshcore.domain.campaign import Campaign
    from meshcore.domain.conversation import Conversation
    from meshcore.domain.events import Event
    from meshcore.domain.message import Message
    from meshcore.log.histories import History
    from meshcore.log.subjects import ConversationRef

_SENDS = Counter(
    "mesh_sends_total", "Messages handed to Twilio, by what became of them", ["result"]
)

ANEW_AFTER = timedelta(minutes=10)
"""How long after an opening failed, and nobody knows why, the next one follows."""

_PAUSED = "the campaign was paused"
_TOO_LATE = "it was too late to hand it over"

logger = structlog.get_logger(__name__)


@dataclass
class Handover:
    """One step with one message of one conversation, as it was read."""

    parts: Deliverer
    ref: ConversationRef
    history: History[Conversation]
    cause: str | None

    def __post_init__(self) -> None:
        self._lane = subjects.lane(self.ref, Lane.OUT)
        self._end = self.history.end_of(self._lane)

    @property
    def participant(self) -> str:
        """Whom the conversation is with."""
        return self.history.state.participant or ""

    async def schedule(self, message: Message, campaign: Campaign) -> None:
        """Gives an opening that missed its slot another one."""
        gate, sender = self.parts.gate, self.history.state.sender
        due = await gate.another(campaign, self.participant, sender, self.parts.clock())
        try:
            await self._append(SendScheduled(message_id=message.id, due=due))
        except StaleWriteError:
            await gate.give_back(sender, due)
            raise

    async def send(self, message: Message, slot: datetime | None = None) -> bool:
        """Hands the message to Twilio, at its slot if it has one, if nothing comes in between.

        Returns:
            Whether it has reached its end. If it has not, it is to be looked at again.
        """
        address = await self._address()
        if address is None:
            await self.suppress(message, SuppressionReason.ADDRESS_UNKNOWN)
            return True
        if message.kind is MessageKind.OPENING:
            await self.parts.routes.lead(self.participant, self.ref)
            crash_point("send.after_route")
        if slot:  # what can be done before it is done
            wake_up = subjects.delivery_wake_up(self.ref)
            await self.parts.gate.wait(slot, wake_up, self.parts.clock())
        started_at = self.parts.clock()
        await self._append(SendStarted(message_id=message.id))
        crash_point("send.after_started")
        match await self._last_doubt(message, started_at):
            case SuppressionReason() as reason:
                await self.suppress(message, reason)
                return True
            case str() as reason:
                await self._put_off(message, reason)
                return False
            case None:
                pass
        content = message.template or message.text
        sender = self.history.state.sender
        result = await self.parts.twilio.send(self.ref, message.id, address, content, sender)
        crash_point("send.after_call")
        match result:
            case Sent():
                await self._append(MessageSent(message_id=message.id, message_sid=result.sid))
                crash_point("send.after_sent")
                _SENDS.labels("sent").inc()
                return True
            case Refused(fault=Fault.AMBIGUOUS):
                _SENDS.labels(Fault.AMBIGUOUS.name.lower()).inc()
                raise TwilioUnavailableError(result.reason)
            case Refused():
                return await self._judge(message, result, self._end)
            case _:
                assert_never(result)

    async def _last_doubt(
        self, message: Message, started_at: datetime
    ) -> SuppressionReason | str | None:
        """Why the message must not go out after all, or not now, by what stands on the log now."""
        parts, at = self.parts, self.parts.clock()
        latest, consent, history = await asyncio.gather(
            parts.conversations.load(self.ref, self._end),
            load_consent(parts.log, self.participant),
            parts.campaigns.load(self.ref.campaign),
        )
        campaign, consented = history.state, not consent.opted_out
        if reason := why_not_send(latest.state, message, consented=consented, at=at):
            return reason
        if message.kind is MessageKind.OPENING and campaign.is_closed_to(self.participant):
            return SuppressionReason.OPENINGS_CLOSED
        if message.kind in UNASKED and campaign.status is CampaignStatus.PAUSED:
            return _PAUSED
        if message.kind is MessageKind.OPENING and parts.gate.is_late(
            parts.gate.due_of(message, campaign, self.participant), at
        ):
            return _TOO_LATE
        # The log was slow, and somebody else may soon take us for dead: better begin again.
        is_slow = parts.clock() > started_at + HANDED_OVER_WITHIN
        return _TOO_LATE if is_slow else None

    async def reconcile(self, message: Message) -> bool:
        """Finds out what became of a send that was started, here or by somebody who died since.

        Returns:
            Whether it reached Twilio. If it did not, it is to be sent again.

        Raises:
            Busy: that cannot be told yet.
            TwilioUnavailableError: Twilio does not say.
        """
        started_at = message.started_at or message.at
        settled = self.parts.clock() >= started_at + SETTLED_AFTER
        if sid := await self._sid_at_twilio(message, started_at, settled=settled):
            await self._append(MessageSent(message_id=message.id, message_sid=sid))
            _SENDS.labels("reconciled").inc()
            return True
        if not settled:
            raise Busy
        await self._put_off(message, NEVER_THERE)
        await self.watch(message)
        return False

    async def _sid_at_twilio(
        self, message: Message, started_at: datetime, *, settled: bool
    ) -> str | None:
        """The message's SID; None if Twilio has it not, or if that cannot be told yet."""
        parts, address = self.parts, await self._address()
        sender = self.history.state.sender
        listed = await parts.twilio.listed(address, started_at, sender) if address else []
        own = [m for m in self.history.state.messages if m.id != message.id]
        sids = {m.sid for m in own} | set(message.past_sids)
        listed = [entry for entry in listed if entry.sid not in sids]
        if not any(message.template or reads_as(entry.body, message) for entry in listed):
            return None
        others = await elsewhere(parts.log, parts.conversations, self.ref, self.participant)
        found = claim(message, [m for m in own if m.sender == "agent"] + others, listed)
        if found.rivals and not settled:
            return None  # whose it is, a receipt or the other's end will tell
        return found.sid_of(message)

    async def suppress(self, message: Message, reason: SuppressionReason) -> None:
        """Notes that the message must not go out any more."""
        await self._append(MessageSuppressed(message_id=message.id, reason=reason))
        await self._lead_away(message)
        _SENDS.labels("suppressed").inc()

    async def judge(self, message: Message) -> None:
        """Decides what follows from Twilio's report that the message failed."""
        await self._judge(message, refused(None, message.error_code), message.begun)

    async def _judge(self, message: Message, why: Refused, begun: int) -> bool:
        """Does what follows from a refusal: the rest first, so that a crash leaves none of it out.

        Returns:
            Whether the message has reached its end.
        """
        _SENDS.labels(why.fault.name.lower()).inc()
        logger.warning("a message was refused", reason=why.reason, code=why.code)
        verdict = judge(message, why.fault, self.parts.clock(), connected=why.connected)
        if verdict.withdraws:
            await self._withdraw_consent(begun)
        if verdict.pauses:
            await self.parts.brake.pause(
                self.ref.campaign, begun, why.advice, why.code, self.parts.clock()
            )
        match verdict.message:
            case Fail():
                await self._append(
                    MessageFailed(message_id=message.id, reason=why.reason, error_code=why.code)
                )
                await self._lead_away(message)
            case Again() as again:
                await self._put_off(message, why.reason, why.code, again.until)
            case _:
                assert_never(verdict.message)
        if verdict.in_wave:
            await self.watch(message)
        if isinstance(verdict.message, Again):
            return False
        await self._open_anew(message)
        return True

    async def _open_anew(self, message: Message) -> None:
        """Has the conversation opened anew in a while, if the opening failed and that may help.

        Where the campaign is paused meanwhile, its next launch sees to it.
        """
        parts, campaign = self.parts, self.ref.campaign
        if message.kind is not MessageKind.OPENING:
            return
        if not (await parts.conversations.load(self.ref, self._end)).state.reopenable:
            return
        plans = (await parts.campaigns.load(campaign)).state.plans
        plan = next((p for p in reversed(plans.all) if self.participant in p.slots), None)
        if plan is None:  # it was opened before the last launch
            await parts.wake_ups.now(subjects.planning_wake_up(campaign), {})
            return
        hint = {"participant": self.participant, "plan": plan.position}
        at = parts.clock() + ANEW_AFTER
        await parts.wake_ups.at(at, subjects.opening_wake_up(self.ref), hint)

    async def watch(self, message: Message) -> None:
        """Pauses the campaign if this is one of too many openings that fail."""
        if message.kind is MessageKind.OPENING:
            begun, at = max(self._end, message.begun), self.parts.clock()
            await self.parts.brake.watch(self.ref.campaign, begun, at)

    async def _withdraw_consent(self, begun: int) -> None:
        """Takes WhatsApp's or Twilio's word for the participant's: as of when the send began."""
        event = ParticipantOptedOut(source=OptOutSource.PROVIDER, message_position=begun)
        await append_consent(
            self.parts.log, self.participant, event, self.parts.clock(), self.history.correlation
        )

    async def _put_off(
        self, message: Message, reason: str, code: int | None = None, until: datetime | None = None
    ) -> None:
        await self._append(
            SendPostponed(message_id=message.id, reason=reason, error_code=code, until=until)
        )
        await self._lead_away(message)

    async def _lead_away(self, message: Message) -> None:
        """Leads the participant's messages back to where they went before the opening failed."""
        wrote = any(m.sender == "participant" for m in self.history.state.messages)
        if message.kind is MessageKind.OPENING and not wrote:
            await self.parts.routes.leave(self.participant, self.ref)

    async def _append(self, event: Event) -> None:
        correlation, at = self.history.correlation, self.parts.clock()
        commit = new_commit([event], at, correlation=correlation, causation=self.cause)
        self._end = await self.parts.log.append(self._lane, commit, expected=self._end)

    async def _address(self) -> str | None:
        addresses = await self.parts.directory.addresses(self.participant)
        return addresses[0] if addresses else None
