"""The state of a conversation: what is known about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from meshcore.domain.changing import replace
from meshcore.domain.events import EndReason, FieldState, MessageKind
from meshcore.domain.message import OUT, Message, SendStatus
from meshcore.domain.send_errors import fault_of, is_participants
from meshcore.domain.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from meshcore.domain.commit import Stamp
    from meshcore.domain.schema import Value

WINDOW = timedelta(hours=24)
"""How long after a participant's message WhatsApp takes free-form messages to them."""


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
        sender: our address or messaging service that writes to the participant; None for the
            only one.
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
    sender: str | None = None

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

    @property
    def last_inbound_at(self) -> datetime | None:
        """When the participant wrote last; None if never."""
        return max((m.at for m in self.messages if m.sender == "participant"), default=None)

    def window_open_at(self, at: datetime) -> bool:
        """Whether WhatsApp takes free-form messages to the participant at this time."""
        last = self.last_inbound_at
        return last is not None and at < last + WINDOW

    @property
    def awaiting_since(self) -> datetime | None:
        """Since when the participant is to answer; None if somebody else has to act first.

        That is when our last message went out, if nothing came since. One that could not go out
        counts from when it was given up: nobody but the participant will move this conversation on.
        """
        said = [m for m in self.messages if not m.is_idle_reminder]
        last = said[-1] if said else None
        if last is None or self.ended or self.unanswered or not last.is_settled:
            return None
        is_idle = last.kind is MessageKind.OPENING and last.status not in OUT
        return None if is_idle else last.gone_at

    @property
    def reopenable(self) -> bool:
        """Whether the agent may open it anew.

        Its opening failed for a fault that is not the participant's, and nothing came from them.
        """
        if self.ended or any(m.sender == "participant" for m in self.messages):
            return False
        openings = [m for m in self.messages if m.kind is MessageKind.OPENING]
        if not openings or openings[-1].status is not SendStatus.FAILED or openings[-1].undecided:
            return False
        return not is_participants(fault_of(None, openings[-1].error_code))

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


def of_agent(state: Conversation, message_id: str) -> Message | None:
    """The agent's message of this id: only those are sent."""
    message = state.message(message_id)
    return message if message and message.sender == "agent" else None


def end(state: Conversation, reason: EndReason, stamp: Stamp) -> Conversation:
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


def update(state: Conversation, message_id: str, **changes: object) -> Conversation:
    """The conversation with one message changed."""
    messages = tuple(
        replace(m, **changes) if m.id == message_id else m  # type: ignore[arg-type]  # names are checked by the tests
        for m in state.messages
    )
    return replace(state, messages=messages)
