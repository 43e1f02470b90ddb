"""What follows from a refusal, by where the fault lies: the policy, without its effects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, assert_never

from meshcore.domain.events import MessageKind
from meshcore.domain.send_errors import Fault
from meshcore.domain.sends import UNASKED

if TYPE_CHECKING:
    from datetime import datetime

    from meshcore.domain.message import Message

HELD_FOR = timedelta(hours=24)
"""How long after Meta held a message it is tried once more."""

_SLOW = (timedelta(seconds=2), timedelta(minutes=5))
_OURS = (timedelta(minutes=1), timedelta(minutes=15))
"""The first and the longest pause between two tries."""


@dataclass(frozen=True, slots=True)
class Again:
    """The message is handed over again, not before a time; None for as soon as it may."""

    until: datetime | None


@dataclass(frozen=True, slots=True)
class Fail:
    """The message has failed for good."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a refused message, and of what is around it.

    Attributes:
        message: the message's own fate.
        pauses: whether the campaign must not open further conversations.
        withdraws: whether the participant has withdrawn the consent to be written to.
        in_wave: whether many of these mean an outage.
    """

    message: Again | Fail
    pauses: bool = False
    withdraws: bool = False
    in_wave: bool = False


def judge(  # noqa: PLR0911 - one case per fault
    message: Message, fault: Fault, at: datetime, *, connected: bool = True
) -> Verdict:
    """What follows from a refusal that is clear.

    Args:
        message: what was refused.
        fault: where the fault lies; not `AMBIGUOUS`.
        at: the present.
        connected: whether Twilio could be reached at all.
    """
    is_opening = message.kind is MessageKind.OPENING
    match fault:
        case Fault.UNREACHABLE:
            return Verdict(Fail())
        case Fault.BLOCKED:
            return Verdict(Fail(), withdraws=True)
        case Fault.WINDOW_CLOSED:
            return Verdict(Fail(), pauses=is_opening and message.template is None)
        case Fault.HELD:
            once_more = message.kind in UNASKED and not message.held
            return Verdict(Again(at + HELD_FOR) if once_more else Fail())
        case Fault.CONFIGURATION:
            until = None if is_opening else at + _pause(message, *_OURS)
            return Verdict(Again(until), pauses=True)
        case Fault.SLOW_DOWN:
            return Verdict(Again(at + _pause(message, *_SLOW)), in_wave=not connected)
        case Fault.OTHER:
            return Verdict(Fail(), in_wave=True)
        case Fault.AMBIGUOUS:
            raise AssertionError("unreachable: Twilio is asked before anything is judged")
        case _:
            assert_never(fault)


def _pause(message: Message, first: timedelta, longest: timedelta) -> timedelta:
    """The time until the next try; it doubles with every one."""
    return min(longest, first * (1 << min(message.postponed, 20)))
