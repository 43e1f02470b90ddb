"""What outreach may decide about a composed message: send it, suppress it, or ask Twilio first."""

from __future__ import annotations

from dataclasses import dataclass

from meshcore.domain.conversation import Conversation, ConversationStatus, Message, SendStatus
from meshcore.domain.events import (
    SuppressionReason,
)


@dataclass(frozen=True, slots=True)
class Send:
    """The message may be handed to Twilio."""

    message: Message


@dataclass(frozen=True, slots=True)
class Reconcile:
    """The message was handed to Twilio, perhaps: ask before anything else."""

    message: Message


@dataclass(frozen=True, slots=True)
class Suppress:
    """The message must not be sent any more."""

    message: Message
    reason: SuppressionReason


def next_send(state: Conversation, *, consented: bool) -> Send | Reconcile | Suppress | None:
    """What is to be done about the oldest message of the agent that has not reached its end.

    Args:
        state: the conversation.
        consented: whether the participant, by the consent lane, may be written to.
    """
    for message in state.messages:
        if message.sender != "agent":
            continue
        if message.status is SendStatus.SENDING:
            return Reconcile(message)
        if message.status is SendStatus.COMPOSED:
            reason = why_not_send(state, message, consented=consented)
            return Suppress(message, reason) if reason else Send(message)
    return None


def last_of_agent(state: Conversation) -> Message | None:
    """The newest message of the agent."""
    return next((m for m in reversed(state.messages) if m.sender == "agent"), None)


def why_not_send(
    state: Conversation, message: Message, *, consented: bool
) -> SuppressionReason | None:
    """Why the message must not go out; None if it may.

    After an opt-out only the goodbye that answers it may.
    """
    if state.opted_out:
        return None if state.is_goodbye_to_opt_out(message) else SuppressionReason.OPTED_OUT
    if not consented:
        return SuppressionReason.OPTED_OUT
    if state.status is ConversationStatus.FAILED:
        return SuppressionReason.CONVERSATION_ENDED
    return None
