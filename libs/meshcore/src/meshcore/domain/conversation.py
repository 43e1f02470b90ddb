"""A conversation: its state, the fold of its lanes, and what may be decided about it.

The lanes are merged by stream position before they are folded. Folding is total: any prefix
of any history gives a state, a fact that was seen before changes nothing, and a fact that makes no
sense (a receipt for an unknown message) is ignored.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from meshcore.domain.events import (
    ConversationEnded,
    ConversationStarted,
    DeliveryStatus,
    DeliveryStatusChanged,
    EndReason,
    ExtractionRecorded,
    FieldState,
    MediaTranscribed,
    MessageComposed,
    MessageFailed,
    MessageKind,
    MessageReceived,
    MessageSent,
    MessageSuppressed,
    OptOutSource,
    SendPostponed,
    SendStarted,
    SuppressionReason,
    TurnTaken,
)
from meshcore.domain.media import is_audio
from meshcore.domain.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from meshcore.domain.commit import Stamp
    from meshcore.domain.events import Event, Media
    from meshcore.domain.schema import Value
    from meshcore.domain.study import Template


class ConversationStatus(StrEnum):
    """The brief's state machine."""

    PENDING = "pending"
    OUTREACH_SENT = "outreach_sent"
    ACTIVE = "active"
    COMPLETED = "completed"
    ABANDONED = "abandoned"
    FAILED = "failed"


ENDED = frozenset(
    {ConversationStatus.COMPLETED, ConversationStatus.ABANDONED, ConversationStatus.FAILED}
)

_STATUS_OF_REASON: dict[EndReason, ConversationStatus] = {
    EndReason.COMPLETED: ConversationStatus.COMPLETED,
    EndReason.OUT_OF_BUDGET: ConversationStatus.COMPLETED,
    EndReason.OPTED_OUT: ConversationStatus.ABANDONED,
    EndReason.DECLINED: ConversationStatus.ABANDONED,
    EndReason.DISTRESS: ConversationStatus.ABANDONED,
    EndReason.INAPPROPRIATE: ConversationStatus.ABANDONED,
    EndReason.EXPIRED: ConversationStatus.ABANDONED,
    EndReason.SEND_FAILED: ConversationStatus.FAILED,
}


_FLAGGED = frozenset({EndReason.DISTRESS, EndReason.INAPPROPRIATE})


class SendStatus(StrEnum):
    """How far a message has come; for ours, the highest that is known."""

    COMPOSED = "composed"
    SENDING = "sending"
    ACCEPTED = "accepted"
    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    RECEIVED = "received"


_RANK = {
    status: rank
    for rank, status in enumerate(
        (
            SendStatus.COMPOSED,
            SendStatus.SENDING,
            SendStatus.ACCEPTED,
            SendStatus.QUEUED,
            SendStatus.SENT,
            SendStatus.DELIVERED,
            SendStatus.READ,
        )
    )
}

_UNSENT = frozenset({SendStatus.COMPOSED, SendStatus.SENDING})
"""As far as is known, Twilio does not have the message."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the transcript.

    Attributes:
        id: the MessageSid of a participant's message; our own message id of the agent's.
        position: where the log tells of it first.
        sid: the MessageSid, None as long as Twilio has not told it.
        started_at: when the `send_started` was written that has no end yet; None if there is none.
        answered: whether a turn answered it (a participant's message).
        heard_out: whether every opt-out before it had been answered (a message of the agent): if
            not, it was composed in ignorance of one.
        heard: what became of its files, by their index: the words, or None if nothing could be
            made of one.
    """

    id: str
    position: int
    sender: Literal["participant", "agent"]
    text: str
    at: datetime
    status: SendStatus
    kind: MessageKind | None = None
    sid: str | None = None
    asked: str | None = None
    media: tuple[Media, ...] = ()
    opt_out: OptOutSource | None = None
    started_at: datetime | None = None
    answered: bool = False
    error: str | None = None
    error_code: int | None = None
    heard: Mapping[int, str | None] = field(default_factory=dict)
    template: Template | None = None
    heard_out: bool = True

    @property
    def transcript(self) -> str | None:
        """What was said in its voice notes; None if nothing was heard."""
        said = [words for _, words in sorted(self.heard.items()) if words]
        return " ".join(said) or None

    @property
    def words(self) -> str:
        """Everything that it says: the text, and what was said in its voice notes."""
        return " ".join(part for part in (self.text, self.transcript) if part)

    @property
    def unheard(self) -> tuple[int, ...]:
        """The indexes of the voice notes that nobody has listened to yet."""
        return tuple(
            n for n, m in enumerate(self.media) if is_audio(m.content_type) and n not in self.heard
        )

    @property
    def unusable_media(self) -> tuple[str, ...]:
        """The content types of the files that nobody can read, or that could not be understood."""
        return tuple(
            m.content_type
            for n, m in enumerate(self.media)
            if n not in self.unheard and not self.heard.get(n)
        )


@dataclass(frozen=True, slots=True)
class Extraction:
    """A settled field and the words that settled it."""

    state: FieldState
    value: Value | None
    quote: str
    message_sid: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is known about a conversation.

    Attributes:
        flag: distress or inappropriate, if somebody should look at it; also where it showed only
            after the end.
        usage: what the models took.
        breaches: how often the models' answers broke which rule, before repair.
        fallbacks: how many replies are ours, since the model gave none that could be sent.
        language: the participant's, as a BCP 47 tag.
        opted_out_position: where the opt-out stands that holds.
    """

    participant: str | None = None
    status: ConversationStatus = ConversationStatus.PENDING
    messages: tuple[Message, ...] = ()
    extractions: Mapping[str, Extraction] = field(default_factory=dict)
    end_reason: EndReason | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    turns: int = 0
    usage: Usage = field(default_factory=Usage)
    breaches: Mapping[str, int] = field(default_factory=dict)
    fallbacks: int = 0
    language: str | None = None
    opted_out_position: int | None = None
    flag: EndReason | None = None

    @property
    def tokens(self) -> int:
        """What all turns took."""
        return self.usage.tokens

    @property
    def cost_usd(self) -> float:
        """What they cost, in US dollars, as far as prices are known."""
        return self.usage.cost_usd or 0.0

    @property
    def opted_out(self) -> bool:
        """Whether the participant asked, in this conversation, to hear nothing more."""
        return self.opted_out_position is not None

    @property
    def opened(self) -> bool:
        """Whether the agent has opened the conversation, or closed it unopened."""
        return self.started_at is not None or self.ended

    @property
    def ended(self) -> bool:
        """Whether the interview is over, for whatever reason."""
        return self.status in ENDED

    @property
    def unanswered(self) -> tuple[Message, ...]:
        """The participant's messages that no turn has answered, in the order of the log."""
        return tuple(m for m in self.messages if m.sender == "participant" and not m.answered)

    def message(self, message_id: str) -> Message | None:
        """The message of this id."""
        return next((m for m in self.messages if m.id == message_id), None)

    def is_goodbye_to_opt_out(self, message: Message) -> bool:
        """Whether the message is the goodbye that the opt-out is owed, composed in answer to it."""
        position = self.opted_out_position
        return (
            message.kind is MessageKind.GOODBYE
            and message.heard_out
            and position is not None
            and message.position >= position
        )

    @property
    def values(self) -> dict[str, Value]:
        """The extracted values by field."""
        return {
            name: e.value
            for name, e in self.extractions.items()
            if e.state is FieldState.EXTRACTED and e.value is not None
        }


# The fold -----------------------------------------------------------------------------------------


def evolve(state: Conversation, event: Event, stamp: Stamp) -> Conversation:  # noqa: C901, PLR0911, PLR0912 - one case per event
    """Folds one event of the conversation's lanes. Events of other lanes change nothing."""
    match event:
        case MessageReceived():
            return _received(state, event, stamp)
        case DeliveryStatusChanged():
            return _delivery(state, event, stamp)
        case ConversationStarted():
            return replace(
                state, participant=event.participant, started_at=state.started_at or stamp.at
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
            return _end(state, event.reason, stamp)
        case SendStarted():
            return _send_started(state, event, stamp)
        case SendPostponed():
            return _postponed(state, event)
        case MessageSent():
            return _sent(state, event)
        case MessageFailed():
            return _failed(state, event.message_id, event.reason, event.error_code, stamp)
        case MessageSuppressed():
            return _suppressed(state, event, stamp)
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
    state = replace(state, participant=event.participant, messages=(*state.messages, message))
    if event.opt_in:
        state = replace(state, opted_out_position=None)
    if event.opt_out:
        return _end(state, EndReason.OPTED_OUT, stamp)
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
    state = _update(state, message.id, heard=heard, opt_out=message.opt_out or event.opt_out)
    state = replace(state, usage=state.usage.plus(event))
    return _end(state, EndReason.OPTED_OUT, stamp) if event.opt_out else state


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
        heard_out=not any(m.opt_out and not m.answered for m in state.messages),
    )
    return replace(state, messages=(*state.messages, message))


def _of_agent(state: Conversation, message_id: str) -> Message | None:
    """The agent's message of this id: only those are sent."""
    message = state.message(message_id)
    return message if message and message.sender == "agent" else None


def _send_started(state: Conversation, event: SendStarted, stamp: Stamp) -> Conversation:
    message = _of_agent(state, event.message_id)
    if message is None or message.status not in _UNSENT:
        return state
    return _update(state, event.message_id, status=SendStatus.SENDING, started_at=stamp.at)


def _postponed(state: Conversation, event: SendPostponed) -> Conversation:
    """Makes the message sendable again, unless a receipt has come that proves that it was sent."""
    message = _of_agent(state, event.message_id)
    if message is None or message.status not in _UNSENT:
        return state
    return _update(
        state, event.message_id, status=SendStatus.COMPOSED, started_at=None,
        error=event.reason, error_code=event.error_code,
    )  # fmt: skip


def _sent(state: Conversation, event: MessageSent) -> Conversation:
    message = _of_agent(state, event.message_id)
    if message is None:
        return state
    status = max(message.status, SendStatus.ACCEPTED, key=lambda s: _RANK.get(s, len(_RANK)))
    state = _update(
        state, event.message_id, status=status, sid=event.message_sid, started_at=None,
        error=message.error if status is SendStatus.FAILED else None,
        error_code=message.error_code if status is SendStatus.FAILED else None,
    )  # fmt: skip
    return _reached_out(state, message)


def _reached_out(state: Conversation, message: Message) -> Conversation:
    """The state after Twilio has taken the message: with the opening, the outreach is sent."""
    if message.kind is MessageKind.OPENING and state.status is ConversationStatus.PENDING:
        return replace(state, status=ConversationStatus.OUTREACH_SENT)
    return state


def _delivery(state: Conversation, event: DeliveryStatusChanged, stamp: Stamp) -> Conversation:
    message = _of_agent(state, event.message_id)
    if message is None:
        return state
    if event.status in {DeliveryStatus.FAILED, DeliveryStatus.UNDELIVERED}:
        return _failed(
            state, event.message_id, f"Twilio reported {event.status}", event.error_code, stamp
        )
    status = SendStatus(event.status)
    if _RANK.get(message.status, len(_RANK)) >= _RANK[status]:
        return state
    state = _update(
        state, event.message_id, status=status, sid=message.sid or event.message_sid,
        started_at=None, error=None, error_code=None,
    )  # fmt: skip
    return _reached_out(state, message)


def _failed(
    state: Conversation, message_id: str, reason: str, code: int | None, stamp: Stamp
) -> Conversation:
    message = _of_agent(state, message_id)
    if message is None or message.status in {SendStatus.DELIVERED, SendStatus.READ}:
        return state
    state = _update(
        state, message_id, status=SendStatus.FAILED, started_at=None, error=reason, error_code=code
    )
    return _end(state, EndReason.SEND_FAILED, stamp)


def _suppressed(state: Conversation, event: MessageSuppressed, stamp: Stamp) -> Conversation:
    message = _of_agent(state, event.message_id)
    if message is None or message.status not in _UNSENT:
        return state
    state = _update(
        state, event.message_id, status=SendStatus.SUPPRESSED, started_at=None, error=event.reason
    )
    match event.reason:
        case SuppressionReason.OPTED_OUT:
            # Where the opt-out was said elsewhere, this conversation owes no goodbye to it.
            return replace(
                _end(state, EndReason.OPTED_OUT, stamp), opted_out_position=state.opted_out_position
            )
        case SuppressionReason.ADDRESS_UNKNOWN:
            return _end(state, EndReason.SEND_FAILED, stamp)
        case _:
            return state


def _end(state: Conversation, reason: EndReason, stamp: Stamp) -> Conversation:
    """Ends the conversation, once: the first reason stays. An opt-out counts even after the end."""
    if reason is EndReason.OPTED_OUT and not state.opted_out:
        state = replace(state, opted_out_position=stamp.position)
    if reason in _FLAGGED:
        state = replace(state, flag=reason)
    if state.ended:
        return state
    status = _STATUS_OF_REASON[reason]
    if reason is EndReason.OUT_OF_BUDGET and not state.messages:
        status = ConversationStatus.ABANDONED  # there was nothing left to open it with
    return replace(state, status=status, end_reason=reason, ended_at=stamp.at)


def _update(state: Conversation, message_id: str, **changes: object) -> Conversation:
    messages = tuple(
        replace(m, **changes) if m.id == message_id else m  # type: ignore[arg-type]  # names are checked by the tests
        for m in state.messages
    )
    return replace(state, messages=messages)
