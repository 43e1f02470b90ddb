"""A conversation: the fold of its lanes.

The lanes are merged by stream position before they are folded. Folding is total: any prefix
of any history gives a state, a fact that was seen before changes nothing, and a fact that makes no
sense (a receipt for an unknown message) is ignored.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from meshcore.domain import deliveries
from meshcore.domain.changing import replace
from meshcore.domain.conversation_state import (
    ENDED,
    WINDOW,
    Conversation,
    ConversationStatus,
    Extraction,
    end,
    update,
)
from meshcore.domain.events import (
    ConversationEnded,
    ConversationStarted,
    DeliveryStatusChanged,
    EndReason,
    ExtractionRecorded,
    MediaTranscribed,
    MessageComposed,
    MessageFailed,
    MessageReceived,
    MessageSent,
    MessageSuppressed,
    SendPostponed,
    SendScheduled,
    SendStarted,
    TurnTaken,
)
from meshcore.domain.message import Message, SendStatus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from meshcore.domain.commit import Stamp
    from meshcore.domain.events import Event

__all__ = [
    "ENDED",
    "WINDOW",
    "Conversation",
    "ConversationStatus",
    "Extraction",
    "Message",
    "SendStatus",
    "evolve",
]


def evolve(state: Conversation, event: Event, stamp: Stamp) -> Conversation:  # noqa: C901, PLR0911, PLR0912 - one case per event
    """Folds one event of the conversation's lanes. Events of other lanes change nothing."""
    match event:
        case MessageReceived():
            return _received(state, event, stamp)
        case DeliveryStatusChanged():
            return deliveries.reported(state, event, stamp)
        case ConversationStarted():
            return replace(
                state,
                participant=event.participant,
                started_at=state.started_at or stamp.at,
                sender=event.sender or state.sender,
            )
        case TurnTaken():
            return _turn_taken(state, event)
        case MediaTranscribed():
            return _transcribed(state, event, stamp)
        case ExtractionRecorded():
            extraction = Extraction(event.state, event.value, event.quote, event.message_sid)
            return replace(state, extractions={**state.extractions, event.field: extraction})
        case MessageComposed():
            return _composed(state, event, stamp)
        case ConversationEnded():
            return end(state, event.reason, stamp)
        case SendScheduled():
            return deliveries.scheduled(state, event)
        case SendStarted():
            return deliveries.started(state, event, stamp)
        case SendPostponed():
            return deliveries.postponed(state, event)
        case MessageSent():
            return deliveries.sent(state, event, stamp)
        case MessageFailed():
            return deliveries.failed(state, event, stamp)
        case MessageSuppressed():
            return deliveries.suppressed(state, event, stamp)
        case _:
            return state


def _received(state: Conversation, event: MessageReceived, stamp: Stamp) -> Conversation:
    if state.message(event.message_sid):
        return state
    message = Message(
        id=event.message_sid,
        position=stamp.position,
        sender="participant",
        text=event.text,
        at=stamp.at,
        status=SendStatus.RECEIVED,
        sid=event.message_sid,
        media=event.media,
        opt_out=event.opt_out,
    )
    state = replace(
        state,
        participant=event.participant,
        messages=(*state.messages, message),
        sender=event.sender or state.sender,
    )
    if event.opt_in:
        state = replace(state, opted_out_position=None)
    if event.opt_out:
        return end(state, EndReason.OPTED_OUT, stamp)
    if state.status in {ConversationStatus.PENDING, ConversationStatus.OUTREACH_SENT}:
        return replace(state, status=ConversationStatus.ACTIVE)
    return state


def _turn_taken(state: Conversation, event: TurnTaken) -> Conversation:
    answered = frozenset(event.answers)
    messages = tuple(replace(m, answered=True) if m.id in answered else m for m in state.messages)
    return replace(
        state,
        messages=messages,
        turns=state.turns + 1,
        usage=state.usage.plus(event),
        breaches=_counted(state.breaches, event.breaches),
        fallbacks=state.fallbacks + event.fallback,
        language=event.language or state.language,
    )


def _counted(counts: Mapping[str, int], names: Sequence[str]) -> Mapping[str, int]:
    """The counts with one more for each name, as often as it comes."""
    return dict(Counter(counts) + Counter(names)) if names else counts


def _transcribed(state: Conversation, event: MediaTranscribed, stamp: Stamp) -> Conversation:
    message = state.message(event.message_sid)
    if message is None or message.sender != "participant" or event.index in message.heard:
        return state
    heard = {**message.heard, event.index: event.text}
    state = update(state, message.id, heard=heard, opt_out=message.opt_out or event.opt_out)
    state = replace(state, usage=state.usage.plus(event))
    return end(state, EndReason.OPTED_OUT, stamp) if event.opt_out else state


def _composed(state: Conversation, event: MessageComposed, stamp: Stamp) -> Conversation:
    if state.message(event.message_id):
        return state
    message = Message(
        id=event.message_id,
        position=stamp.position,
        sender="agent",
        text=event.text,
        at=stamp.at,
        status=SendStatus.COMPOSED,
        kind=event.kind,
        asked=event.asked,
        template=event.template,
        due=event.due,
        heard_out=not any(m.opt_out and not m.answered for m in state.messages),
    )
    return replace(state, messages=(*state.messages, message))
