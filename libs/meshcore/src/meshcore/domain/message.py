"""A message of a conversation: what it says, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from meshcore.domain.events import MessageKind, OptOutSource
from meshcore.domain.media import is_audio

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from meshcore.domain.events import Media
    from meshcore.domain.study import Template


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


RANK = {
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

UNSENT = frozenset({SendStatus.COMPOSED, SendStatus.SENDING})
"""As far as is known, Twilio does not have the message."""

OUT = frozenset(
    {
        SendStatus.ACCEPTED,
        SendStatus.QUEUED,
        SendStatus.SENT,
        SendStatus.DELIVERED,
        SendStatus.READ,
    }
)
"""Twilio took the message, and has not said that it failed."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the transcript.

    Attributes:
        id: the MessageSid of a participant's message; our own message id of the agent's.
        position: where the log tells of it first.
        sid: the MessageSid, None as long as Twilio has not told it.
        started_at: when the `send_started` was written that has no end yet; None if there is none.
        begun: where the last `send_started` stands; 0 if there is none.
        gone_at: when it went out; of one that never did, when it was given up.
        due: an opening's slot.
        not_before: when it may be handed over again, after it was postponed.
        postponed: how often it was postponed.
        held: whether Meta has held it before.
        undecided: whether Twilio reported that it failed, and nothing has been decided about it.
        past_sids: under which it failed before it was handed over again.
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
    begun: int = 0
    gone_at: datetime | None = None
    due: datetime | None = None
    not_before: datetime | None = None
    postponed: int = 0
    held: bool = False
    undecided: bool = False
    past_sids: tuple[str, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Whether it is ours, and nothing more is to be done about it."""
        return self.sender == "agent" and self.status not in UNSENT and not self.undecided

    @property
    def is_idle_reminder(self) -> bool:
        """Whether it is a reminder that reached nobody."""
        return self.kind is MessageKind.REMINDER and self.is_settled and self.status not in OUT

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
