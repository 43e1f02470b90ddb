"""What a conversation adds to its campaign's statistics: figures that need the whole transcript."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from meshcore.domain.conversation import Conversation, Message, SendStatus
from meshcore.domain.message import OUT


@dataclass(frozen=True, slots=True)
class Figures:
    """What the columns of the same names hold.

    Attributes:
        contacted_at: when the first message went out that Twilio took and that did not fail.
        answers: how often the participant wrote in answer; messages in a row are one answer.
        first_reply_seconds: from the first message that went out to the first answer.
        reply_seconds: from a message of ours to the answer, in the middle of all answers.
        last_asked: the field that was asked about last.
        received: messages that the participant wrote.
        by_status: our messages that went out, by the furthest status known.
        failed: our messages that failed.
        failures: the same by Twilio's code; by our own words where there is none.
    """

    contacted_at: datetime | None
    answers: int
    first_reply_seconds: float | None
    reply_seconds: float | None
    last_asked: str | None
    received: int
    by_status: Mapping[SendStatus, int]
    failed: int
    failures: Mapping[str, int]


def figures(state: Conversation) -> Figures:
    """The figures of a conversation as it stands."""
    out = [m for m in state.messages if m.status in OUT]
    failed = [m for m in state.messages if m.status is SendStatus.FAILED]
    answers = list(_answers(state.messages))
    waits = [_seconds(ours, theirs) for ours, theirs in answers if ours]
    return Figures(
        contacted_at=_gone_at(out[0]) if out else None,
        answers=len(answers),
        first_reply_seconds=waits[0] if waits else None,
        reply_seconds=median(waits) if waits else None,
        last_asked=next((m.asked for m in reversed(state.messages) if m.asked), None),
        received=sum(m.sender == "participant" for m in state.messages),
        by_status=Counter(m.status for m in out),
        failed=len(failed),
        failures=Counter(str(m.error_code or m.error or "unknown") for m in failed),
    )


def _answers(messages: Iterable[Message]) -> Iterator[tuple[datetime | None, datetime]]:
    """For each answer, when our last message before it went out, if one did, and when it came."""
    asked_at: datetime | None = None
    answered = False
    for message in messages:
        if message.sender == "participant":
            if not answered:
                yield asked_at, message.at
            answered = True
        elif message.status in OUT:
            asked_at, answered = _gone_at(message), False


def _gone_at(message: Message) -> datetime:
    return message.gone_at or message.at


def _seconds(asked_at: datetime, answered_at: datetime) -> float:
    """How long the answer took; nothing, where clocks differ or the two messages crossed."""
    return max(0.0, (answered_at - asked_at).total_seconds())
