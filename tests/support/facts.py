"""Facts that many histories are made of, in few words."""

from __future__ import annotations

from meshcore.domain.events import (
    ConversationEnded,
    ConversationStarted,
    DeliveryStatus,
    DeliveryStatusChanged,
    EndReason,
    Event,
    MessageComposed,
    MessageKind,
    MessageReceived,
    MessageSent,
    OptOutSource,
    SendStarted,
    TurnTaken,
)
from meshcore.domain.turns import Proposal

ANNA = "a" * 32
"""A participant's id."""

SCRIPTED = TurnTaken(answers=(), model="scripted", model_calls=1, input_tokens=7, output_tokens=3)


def sid(n: int) -> str:
    """The n-th MessageSid."""
    return f"SM{n:032x}"


def composed(
    message_id: str, kind: MessageKind = MessageKind.REPLY, text: str = "And then?"
) -> Event:
    """The agent decided on a message."""
    return MessageComposed(message_id=message_id, kind=kind, text=text)


def opening(message_id: str = "m1") -> tuple[Event, ...]:
    """The commit that opens a conversation."""
    return (
        ConversationStarted(participant=ANNA),
        SCRIPTED,
        composed(message_id, MessageKind.OPENING, "Hi! Where do you usually refuel?"),
    )


def started(message_id: str) -> Event:
    """Outreach is about to hand the message over."""
    return SendStarted(message_id=message_id)


def sent(message_id: str, n: int = 900) -> Event:
    """Twilio took the message."""
    return MessageSent(message_id=message_id, message_sid=sid(n))


def receipt(message_id: str, status: DeliveryStatus, code: int | None = None) -> Event:
    """Twilio reported on the message."""
    return DeliveryStatusChanged(
        message_id=message_id, message_sid=sid(900), status=status, error_code=code
    )


def received(
    n: int,
    text: str = "At the harbour.",
    opt_out: OptOutSource | None = None,
    *,
    opt_in: bool = False,
) -> Event:
    """The participant's n-th message."""
    return MessageReceived(
        message_sid=sid(n), participant=ANNA, text=text, opt_out=opt_out, opt_in=opt_in
    )


def stop(n: int, source: OptOutSource = OptOutSource.KEYWORD) -> Event:
    """The participant opted out in the n-th message."""
    return received(n, "STOP", source)


def answered(*numbers: int) -> TurnTaken:
    """A turn that answers these messages of the participant."""
    return TurnTaken(answers=tuple(map(sid, numbers)))


def ended(reason: EndReason = EndReason.COMPLETED) -> Event:
    """The agent ended the conversation."""
    return ConversationEnded(reason=reason)


def proposal(reply: str = "And why there?", end: EndReason | None = None) -> Proposal:
    """What a model proposed."""
    return Proposal(reply=reply, asked="current_station", end=end, turn=SCRIPTED)
