"""What outreach may decide about a composed message: send it, suppress it, wait, or ask Twilio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshcore.domain.conversation_state import Conversation, ConversationStatus
from meshcore.domain.events import MessageKind, SuppressionReason
from meshcore.domain.message import Message, SendStatus

if TYPE_CHECKING:
    from datetime import datetime

UNASKED = frozenset({MessageKind.OPENING, MessageKind.REMINDER})
"""What nobody waits for: it is held back by a pause, and overtaken by a participant's message."""


@dataclass(frozen=True, slots=True)
class Send:
    """The message may be handed to Twilio."""

    message: Message


@dataclass(frozen=True, slots=True)
class Wait:
    """The message was postponed, and is not to be handed over before this time."""

    message: Message
    until: datetime


@dataclass(frozen=True, slots=True)
class Reconcile:
    """The message was handed to Twilio, perhaps: ask before anything else."""

    message: Message


@dataclass(frozen=True, slots=True)
class Judge:
    """Twilio reported that the message failed: what follows has to be decided."""

    message: Message


@dataclass(frozen=True, slots=True)
class Suppress:
    """The message must not be sent any more."""

    message: Message
    reason: SuppressionReason


Step = Send | Wait | Reconcile | Judge | Suppress


def next_send(state: Conversation, *, consented: bool, at: datetime) -> Step | None:
    """What is to be done about the oldest message of the agent that has not reached its end.

    Args:
        state: the conversation.
        consented: whether the participant, by the consent lane, may be written to.
        at: the present.
    """
    for message in state.messages:
        if message.sender != "agent":
            continue
        if message.status is SendStatus.SENDING:
            return Reconcile(message)
        if message.undecided:
            return Judge(message)
        if message.status is SendStatus.COMPOSED:
            reason = why_not_send(state, message, consented=consented, at=at)
            if reason:
                return Suppress(message, reason)
            if message.not_before and at < message.not_before:
                return Wait(message, message.not_before)
            return Send(message)
    return None


def last_of_agent(state: Conversation) -> Message | None:
    """The newest message of the agent."""
    return next((m for m in reversed(state.messages) if m.sender == "agent"), None)


def why_not_send(
    state: Conversation, message: Message, *, consented: bool, at: datetime
) -> SuppressionReason | None:
    """Why the message must not go out; None if it may.

    After an opt-out only the goodbye that answers it may. An opening without a template is tried
    outside the 24-hour window: the sandbox takes it.
    """
    is_goodbye = state.opted_out and state.is_goodbye_to_opt_out(message)
    if (state.opted_out or not consented) and not is_goodbye:
        return SuppressionReason.OPTED_OUT
    if state.status is ConversationStatus.FAILED:
        return SuppressionReason.CONVERSATION_ENDED
    if message.kind in UNASKED:
        if state.ended:
            return SuppressionReason.CONVERSATION_ENDED
        if _is_overtaken(state, message):
            return SuppressionReason.OVERTAKEN
    if message.kind is MessageKind.OPENING or message.template or state.window_open_at(at):
        return None
    return SuppressionReason.WINDOW_CLOSED


def _is_overtaken(state: Conversation, message: Message) -> bool:
    """Whether the participant has written since, or before a reminder that did not know of it."""
    if any(m.sender == "participant" and m.position > message.position for m in state.messages):
        return True
    said = [m for m in state.messages if m.kind is not MessageKind.REMINDER]
    before = [m for m in said if m.position < message.position]
    is_reminder = message.kind is MessageKind.REMINDER
    return is_reminder and bool(before) and before[-1].sender == "participant"
