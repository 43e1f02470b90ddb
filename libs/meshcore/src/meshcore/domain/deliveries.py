"""The fold of what became of our messages: the `out` lane and the receipts of Twilio."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshcore.domain.changing import replace
from meshcore.domain.conversation_state import (
    Conversation,
    ConversationStatus,
    end,
    of_agent,
    update,
)
from meshcore.domain.events import (
    DeliveryStatus,
    DeliveryStatusChanged,
    EndReason,
    MessageFailed,
    MessageKind,
    MessageSent,
    MessageSuppressed,
    SendPostponed,
    SendScheduled,
    SendStarted,
    SuppressionReason,
)
from meshcore.domain.message import RANK, UNSENT, Message, SendStatus
from meshcore.domain.send_errors import Fault, fault_of

if TYPE_CHECKING:
    from meshcore.domain.commit import Stamp

_ARRIVED = frozenset({SendStatus.DELIVERED, SendStatus.READ})

_CHANCES = 2
"""Openings after which nobody is written to any more whose opening fails, nobody knows why."""


def scheduled(state: Conversation, event: SendScheduled) -> Conversation:
    """An opening got another slot."""
    message = of_agent(state, event.message_id)
    if message is None or message.status not in UNSENT:
        return state
    return update(state, event.message_id, due=event.due)


def started(state: Conversation, event: SendStarted, stamp: Stamp) -> Conversation:
    """A message is about to be handed over."""
    message = of_agent(state, event.message_id)
    if message is None or message.status not in UNSENT:
        return state
    return update(
        state, message.id, status=SendStatus.SENDING, started_at=stamp.at, begun=stamp.position
    )


def postponed(state: Conversation, event: SendPostponed) -> Conversation:
    """Makes the message sendable again, unless Twilio has it.

    What Twilio reported as failed is sent again under another SID.
    """
    message = of_agent(state, event.message_id)
    if message is None or (message.status not in UNSENT and not message.undecided):
        return state
    past = (*message.past_sids, message.sid) if message.sid else message.past_sids
    return update(
        state, message.id, status=SendStatus.COMPOSED, started_at=None, gone_at=None, sid=None,
        error=event.reason, error_code=event.error_code, not_before=event.until, undecided=False,
        postponed=message.postponed + 1, past_sids=past,
        held=message.held or fault_of(None, event.error_code) is Fault.HELD,
    )  # fmt: skip


def sent(state: Conversation, event: MessageSent, stamp: Stamp) -> Conversation:
    """Twilio took the message. A report that came before it may know more."""
    message = of_agent(state, event.message_id)
    if message is None or event.message_sid in message.past_sids:
        return state
    status = max(message.status, SendStatus.ACCEPTED, key=lambda s: RANK.get(s, len(RANK)))
    failed = status is SendStatus.FAILED
    state = update(
        state, message.id, status=status, sid=event.message_sid, started_at=None,
        gone_at=message.gone_at or stamp.at,
        error=message.error if failed else None,
        error_code=message.error_code if failed else None,
    )  # fmt: skip
    return state if failed else _reached_out(state, message)


def _reached_out(state: Conversation, message: Message) -> Conversation:
    """The state after Twilio has taken the message: with the opening, the outreach is sent."""
    if message.kind is MessageKind.OPENING and state.status is ConversationStatus.PENDING:
        return replace(state, status=ConversationStatus.OUTREACH_SENT)
    return state


def reported(state: Conversation, event: DeliveryStatusChanged, stamp: Stamp) -> Conversation:
    """Twilio reported on a message: the highest report counts, and what arrived has not failed."""
    message = of_agent(state, event.message_id)
    if message is None or message.status is SendStatus.SUPPRESSED:
        return state
    if event.status in {DeliveryStatus.FAILED, DeliveryStatus.UNDELIVERED}:
        return _reported_failed(state, message, event, stamp)
    status = SendStatus(event.status)
    if not _is_news(message, status, event.message_sid):
        return state
    state = update(
        state, message.id, status=status, sid=message.sid or event.message_sid,
        started_at=None, gone_at=message.gone_at or stamp.at, error=None, error_code=None,
        undecided=False,
    )  # fmt: skip
    return _reached_out(state, message)


def _is_news(message: Message, status: SendStatus, sid: str) -> bool:
    """Whether a report says more than is known. What arrived did so under whatever SID."""
    if status in _ARRIVED:
        return message.status not in _ARRIVED or RANK[message.status] < RANK[status]
    return sid not in message.past_sids and RANK.get(message.status, len(RANK)) < RANK[status]


def _reported_failed(
    state: Conversation, message: Message, event: DeliveryStatusChanged, stamp: Stamp
) -> Conversation:
    """The message failed; what that means is for outreach to decide.

    Where the participant is out of reach, or wants no messages, there is nothing to decide.
    """
    has_ended = message.status in _ARRIVED | {SendStatus.FAILED}
    if has_ended or event.message_sid in message.past_sids:
        return state
    state = update(
        state, message.id, status=SendStatus.FAILED, sid=message.sid or event.message_sid,
        started_at=None, error=f"Twilio reported {event.status}", error_code=event.error_code,
        undecided=True,
    )  # fmt: skip
    return _after_failure(state, message, event.error_code, stamp, final=False)


def failed(state: Conversation, event: MessageFailed, stamp: Stamp) -> Conversation:
    """The message failed for good."""
    message = of_agent(state, event.message_id)
    if message is None or message.status in _ARRIVED | {SendStatus.SUPPRESSED}:
        return state
    state = update(
        state, message.id, status=SendStatus.FAILED, started_at=None, error=event.reason,
        error_code=event.error_code, undecided=False, gone_at=message.gone_at or stamp.at,
    )  # fmt: skip
    return _after_failure(state, message, event.error_code, stamp, final=True)


def _after_failure(
    state: Conversation, message: Message, code: int | None, stamp: Stamp, *, final: bool
) -> Conversation:
    """The conversation after one of its messages failed: it ends by the participant's faults."""
    is_opening = message.kind is MessageKind.OPENING
    match fault_of(None, code):
        case Fault.BLOCKED:
            return _end_opted_out(state, stamp)
        case Fault.UNREACHABLE:
            return end(state, EndReason.SEND_FAILED, stamp)
        case Fault.HELD if final and is_opening:
            return end(state, EndReason.SEND_FAILED, stamp)
        case Fault.OTHER if final and is_opening and _failed_openings(state) >= _CHANCES:
            return end(state, EndReason.SEND_FAILED, stamp)
        case _ if is_opening and state.status is ConversationStatus.OUTREACH_SENT:
            return replace(state, status=ConversationStatus.PENDING)
        case _:
            return state


def _failed_openings(state: Conversation) -> int:
    """How many openings failed, and nobody knows why."""
    return sum(
        m.kind is MessageKind.OPENING
        and m.status is SendStatus.FAILED
        and fault_of(None, m.error_code) is Fault.OTHER
        for m in state.messages
    )


def _end_opted_out(state: Conversation, stamp: Stamp) -> Conversation:
    """Ends by an opt-out that was said elsewhere: this conversation owes no goodbye to it."""
    ended = end(state, EndReason.OPTED_OUT, stamp)
    return replace(ended, opted_out_position=state.opted_out_position)


def suppressed(state: Conversation, event: MessageSuppressed, stamp: Stamp) -> Conversation:
    """The message is not sent any more."""
    message = of_agent(state, event.message_id)
    if message is None or message.status not in UNSENT:
        return state
    state = update(
        state, message.id, status=SendStatus.SUPPRESSED, started_at=None, error=event.reason,
        gone_at=stamp.at,
    )  # fmt: skip
    match event.reason:
        case SuppressionReason.OPTED_OUT:
            return _end_opted_out(state, stamp)
        case SuppressionReason.ADDRESS_UNKNOWN:
            return end(state, EndReason.SEND_FAILED, stamp)
        case _:
            return state
