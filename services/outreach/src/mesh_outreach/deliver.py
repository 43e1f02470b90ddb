"""A delivery: from a composed message on the log to Twilio, once.

`send_started` is written before Twilio is called, at the position that was read: of several
replicas one wins. Whoever finds a `send_started` without an end asks Twilio what became of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, assert_never

import structlog
from prometheus_client import Counter

from mesh_outreach.alike import claim, elsewhere, reads_as
from mesh_outreach.send_errors import Refusal, Refused
from mesh_outreach.twilio import TIMEOUT, Sent, TwilioUnavailableError
from meshcore.crash_points import crash_point
from meshcore.domain.campaign import CampaignStatus
from meshcore.domain.events import (
    MessageComposed,
    MessageFailed,
    MessageKind,
    MessageSent,
    MessageSuppressed,
    SendPostponed,
    SendStarted,
    SuppressionReason,
)
from meshcore.domain.sends import (
    Judge,
    Reconcile,
    Send,
    Suppress,
    Wait,
    last_of_agent,
    next_send,
    why_not_send,
)
from meshcore.errors import StaleWriteError
from meshcore.handling import Busy
from meshcore.ids import new_commit, now
from meshcore.log import codec, subjects
from meshcore.log.histories import load_consent
from meshcore.log.subjects import Lane

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from mesh_outreach.twilio import TwilioMessages
    from meshcore.directory import Directory, Routes
    from meshcore.domain.campaign import Campaign
    from meshcore.domain.conversation import Conversation, Message
    from meshcore.domain.events import Event
    from meshcore.handling import WakeUp
    from meshcore.log.event_log import EventLog
    from meshcore.log.histories import Conversations, Histories, History
    from meshcore.log.subjects import ConversationRef

HANDED_OVER_WITHIN = timedelta(seconds=3)
"""After a `send_started`, how long its writer may take until it calls Twilio."""

SETTLED_AFTER = HANDED_OVER_WITHIN + timedelta(seconds=TIMEOUT + 4)
"""When a send that was started has either reached Twilio, and is on its list, or never will."""

_SENDS = Counter(
    "mesh_sends_total", "Messages handed to Twilio, by what became of them", ["result"]
)

_NEVER_THERE = "it never reached Twilio"
_TOO_LATE = "it was too late to hand it over"

logger = structlog.get_logger(__name__)


class PostponedError(TwilioUnavailableError):
    """Twilio did not take the message this time."""

    code = "send_postponed"

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.reason)
        self.retry_after = 30.0 if refused.refusal is Refusal.CONFIGURATION else 2.0


@dataclass(frozen=True)
class Deliverer:
    """Delivers composed messages. Any number of tasks and replicas may do so at once."""

    log: EventLog
    conversations: Conversations
    campaigns: Histories[Campaign]
    directory: Directory
    routes: Routes
    twilio: TwilioMessages
    clock: Callable[[], datetime] = now

    async def on_turn(self, wake_up: WakeUp) -> None:
        """The agent decided something, or a held message may go: sends what waits to be sent."""
        ref = subjects.conversation_of(wake_up.subject)
        composed = MessageComposed.wire_name
        if ref is None or composed not in wake_up.headers.get(codec.TYPES, composed):
            return
        at_least = wake_up.position if subjects.is_fact(wake_up.subject) else 0
        await self.deliver(ref, wake_up.headers.get(codec.ID), at_least)

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
            step = next_send(history.state, consented=True, at=self.clock())
            delivery = _Delivery(self, ref, history, cause)
            try:
                match step:
                    case None | Wait() | Judge():
                        return
                    case Suppress():
                        await delivery.suppress(step.message, step.reason)
                    case Reconcile():
                        if not await delivery.reconcile(step.message):
                            continue
                    case Send():
                        if await self._is_held(ref, step.message):
                            return
                        await delivery.send(step.message)
                    case _:
                        assert_never(step)
            except StaleWriteError:
                continue  # another replica was faster: look again
            if step.message is last_of_agent(history.state):
                return  # what is composed later brings its own wake-up

    async def _is_held(self, ref: ConversationRef, message: Message) -> bool:
        """An opening waits as long as its campaign is paused."""
        if message.kind is not MessageKind.OPENING:
            return False
        campaign = (await self.campaigns.load(ref.campaign)).state
        return campaign.status is CampaignStatus.PAUSED


@dataclass
class _Delivery:
    """One step with one message of one conversation, as it was read."""

    parts: Deliverer
    ref: ConversationRef
    history: History[Conversation]
    cause: str | None

    def __post_init__(self) -> None:
        self._lane = subjects.lane(self.ref, Lane.OUT)
        self._end = self.history.end_of(self._lane)

    async def send(self, message: Message) -> None:
        address = await self._address()
        if address is None:
            await self.suppress(message, SuppressionReason.ADDRESS_UNKNOWN)
            return
        if message.kind is MessageKind.OPENING:
            await self.parts.routes.lead(self._participant, self.ref)
            crash_point("send.after_route")
        started_at = self.parts.clock()
        await self._append(SendStarted(message_id=message.id))
        crash_point("send.after_started")
        if reason := await self._last_doubt(message):
            await self.suppress(message, reason)
            return
        if self.parts.clock() > started_at + HANDED_OVER_WITHIN:
            # The log was slow, and somebody else may soon take us for dead: better begin again.
            await self._append(SendPostponed(message_id=message.id, reason=_TOO_LATE))
            raise Busy
        content = message.template or message.text
        result = await self.parts.twilio.send(self.ref, message.id, address, content)
        crash_point("send.after_call")
        match result:
            case Sent():
                await self._append(MessageSent(message_id=message.id, message_sid=result.sid))
                crash_point("send.after_sent")
                _SENDS.labels("sent").inc()
            case Refused():
                await self._refused(message, result)

    async def reconcile(self, message: Message) -> bool:
        """Finds out what became of a send that was started, here or by somebody who died since.

        Returns:
            Whether it reached Twilio. If it did not, it is to be sent again.
        """
        started_at = message.started_at or message.at
        settled = self.parts.clock() >= started_at + SETTLED_AFTER
        if sid := await self._sid_at_twilio(message, started_at, settled=settled):
            await self._append(MessageSent(message_id=message.id, message_sid=sid))
            _SENDS.labels("reconciled").inc()
            return True
        if not settled:
            raise Busy
        await self._append(SendPostponed(message_id=message.id, reason=_NEVER_THERE))
        return False

    async def _sid_at_twilio(
        self, message: Message, started_at: datetime, *, settled: bool
    ) -> str | None:
        """The message's SID; None if Twilio has it not, or if that cannot be told yet."""
        parts, address = self.parts, await self._address()
        listed = await parts.twilio.listed(address, started_at) if address else []
        own = [m for m in self.history.state.messages if m.id != message.id]
        sids = {m.sid for m in own}
        listed = [entry for entry in listed if entry.sid not in sids]
        if not any(message.template or reads_as(entry.body, message) for entry in listed):
            return None
        others = await elsewhere(parts.log, parts.conversations, self.ref, self._participant)
        found = claim(message, [m for m in own if m.sender == "agent"] + others, listed)
        if found.rivals and not settled:
            return None  # whose it is, a receipt or the other's end will tell
        return found.sid_of(message)

    async def suppress(self, message: Message, reason: SuppressionReason) -> None:
        await self._append(MessageSuppressed(message_id=message.id, reason=reason))
        _SENDS.labels("suppressed").inc()

    async def _last_doubt(self, message: Message) -> SuppressionReason | None:
        """Why the message must not go out after all, by what has arrived since it was read."""
        latest = await self.parts.conversations.load(self.ref, self._end)
        consent = await load_consent(self.parts.log, self._participant)
        return why_not_send(
            latest.state, message, consented=not consent.opted_out, at=self.parts.clock()
        )

    async def _refused(self, message: Message, refused: Refused) -> None:
        _SENDS.labels(refused.refusal.name.lower()).inc()
        match refused.refusal:
            case Refusal.AMBIGUOUS:
                raise TwilioUnavailableError(refused.reason)
            case Refusal.SLOW_DOWN | Refusal.CONFIGURATION:
                logger.warning("a send is postponed", reason=refused.reason, code=refused.code)
                await self._append(
                    SendPostponed(
                        message_id=message.id, reason=refused.reason, error_code=refused.code
                    )
                )
                raise PostponedError(refused)
            case _:
                await self._append(
                    MessageFailed(
                        message_id=message.id, reason=refused.reason, error_code=refused.code
                    )
                )

    async def _append(self, event: Event) -> None:
        commit = new_commit(
            [event],
            self.parts.clock(),
            correlation=self.history.correlation,
            causation=self.cause,
        )
        self._end = await self.parts.log.append(self._lane, commit, expected=self._end)

    async def _address(self) -> str | None:
        addresses = await self.parts.directory.addresses(self._participant)
        return addresses[0] if addresses else None

    @property
    def _participant(self) -> str:
        return self.history.state.participant or ""
