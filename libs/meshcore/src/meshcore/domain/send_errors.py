"""What a refusal of Twilio means, by the codes in its documentation.

It comes as the answer to a send, or later in a report on a message that had been taken.
"""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """Where the fault lies, in words for the researcher."""

    UNREACHABLE = "the recipient cannot be reached on WhatsApp"
    BLOCKED = "the recipient opted out or blocked the sender"
    WINDOW_CLOSED = "the 24-hour window is closed; a template is needed"
    HELD = "Meta holds messages to this recipient"
    CONFIGURATION = "our Twilio configuration is wrong"
    SLOW_DOWN = "Twilio asks to slow down"
    AMBIGUOUS = "Twilio may or may not have taken the message"
    OTHER = "Twilio refused the message"


_PARTICIPANTS = frozenset({Fault.UNREACHABLE, Fault.BLOCKED, Fault.HELD})

_BY_CODE: dict[int, Fault] = {
    **dict.fromkeys((21211, 21614, 63003, 63024), Fault.UNREACHABLE),
    **dict.fromkeys((21610, 63014), Fault.BLOCKED),
    **dict.fromkeys((63016,), Fault.WINDOW_CLOSED),
    **dict.fromkeys((63032, 63049), Fault.HELD),
    **dict.fromkeys(
        (
            20003, 21408, 21654, 21655, 21656, 21658, 63007, 63008, 63013, 63020, 63021, 63027,
            63030, 63051, 92006,
        ),
        Fault.CONFIGURATION,
    ),
    **dict.fromkeys((20429, 63017, 63018, 30001, 21611, 14107), Fault.SLOW_DOWN),
}  # fmt: skip

_UNAUTHORISED = frozenset({401, 403})
_TIMED_OUT = 408
_TOO_MANY = 429
_SERVER_ERROR = 500


def fault_of(http_status: int | None, code: int | None) -> Fault:
    """Where the fault of a refused message lies.

    Args:
        http_status: the answer's status; None for a report on a message that had been taken.
        code: Twilio's error code; None, or the status again, where it gave none.
    """
    if http_status is not None and (http_status >= _SERVER_ERROR or http_status == _TIMED_OUT):
        return Fault.AMBIGUOUS
    if http_status == _TOO_MANY:
        return Fault.SLOW_DOWN
    otherwise = Fault.CONFIGURATION if http_status in _UNAUTHORISED else Fault.OTHER
    return _BY_CODE.get(code or 0, otherwise)


def is_participants(fault: Fault) -> bool:
    """Whether it lies with this participant alone: others can be written to all the same."""
    return fault in _PARTICIPANTS
