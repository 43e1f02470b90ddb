"""What Twilio's refusals mean, by the codes in its documentation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Refusal(StrEnum):
    """What a refused send means for the message."""

    UNREACHABLE = "the recipient cannot be reached"
    BLOCKED = "the recipient opted out or blocked the sender"
    WINDOW_CLOSED = "the 24-hour window is closed; a template is needed"
    HELD = "Meta holds messages to this recipient"
    CONFIGURATION = "our Twilio configuration is wrong"
    SLOW_DOWN = "Twilio asks to slow down"
    AMBIGUOUS = "Twilio may or may not have taken the message"
    OTHER = "Twilio refused the message"


_BY_CODE: dict[int, Refusal] = {
    **dict.fromkeys((21211, 21614, 63003, 63024), Refusal.UNREACHABLE),
    **dict.fromkeys((21610, 63014), Refusal.BLOCKED),
    **dict.fromkeys((63016,), Refusal.WINDOW_CLOSED),
    **dict.fromkeys((63032, 63049), Refusal.HELD),
    **dict.fromkeys(
        (
            20003, 21408, 21654, 21655, 21656, 21658, 63007, 63008, 63013, 63020, 63021, 63027,
            63030, 63051, 92006,
        ),
        Refusal.CONFIGURATION,
    ),
    **dict.fromkeys((20429, 63017, 63018, 30001, 21611, 14107), Refusal.SLOW_DOWN),
}  # fmt: skip

_UNAUTHORISED = frozenset({401, 403})
_TIMED_OUT = 408
_TOO_MANY = 429
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Refused:
    """Twilio did not take a message, or may not have."""

    refusal: Refusal
    code: int | None = None

    @property
    def reason(self) -> str:
        """In words, for the researcher."""
        return str(self.refusal)


def classify(http_status: int, code: int | None) -> Refused:
    """What an error answer of Twilio means.

    Args:
        http_status: the answer's status.
        code: Twilio's error code; None, or the status again, where it gave none.
    """
    if http_status >= _SERVER_ERROR or http_status == _TIMED_OUT:
        return Refused(Refusal.AMBIGUOUS, code)
    if http_status == _TOO_MANY:
        return Refused(Refusal.SLOW_DOWN, code)
    otherwise = Refusal.CONFIGURATION if http_status in _UNAUTHORISED else Refusal.OTHER
    return Refused(_BY_CODE.get(code or 0, otherwise), code)
