"""A send that Twilio did not take, or took and then gave up, in words for the researcher."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshcore.domain.send_errors import Fault, fault_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_ADVICE: Mapping[int, str] = {
    20003: "Twilio does not know our account or its token; check TWILIO_ACCOUNT_SID and "
    "TWILIO_AUTH_TOKEN",
    21408: "the Twilio account may not write to this region; allow it in Twilio's console, under "
    "geographic permissions",
    21654: "the template is missing; the opening needs one that Twilio has approved",
    21655: "Twilio does not know the template; check its content_sid",
    21656: "the template's variables are not what Twilio expects; compare them with the template",
    21658: "the template's variables are not what Twilio expects; compare them with the template",
    63007: "Twilio knows no WhatsApp sender of this address; check TWILIO_WHATSAPP_FROM",
    63008: "the WhatsApp sender is not set up completely; check it in Twilio's console",
    63013: "the message breaks a policy of WhatsApp; change what is sent first",
    63016: "outside the 24 hours after a participant's message WhatsApp takes templates only; the "
    "opening needs an approved template",
    63020: "Meta does not accept our WhatsApp business account; look into Meta's business manager",
    63021: "WhatsApp does not take this content; change the template",
    63027: "WhatsApp has no such template in this language; approve it, or choose another one",
    63030: "WhatsApp does not take one of the message's settings; check the template",
    63051: "our WhatsApp business account is locked; look into Meta's business manager",
    92006: "the template's variables are not what Twilio expects; compare them with the template",
}
"""What to do about a fault of ours."""

_OF_THE_CAMPAIGN = frozenset({21654, 21655, 21656, 21658, 63013, 63016, 63021, 92006})
"""What lies in the campaign's own words or templates: those do not change once it is created."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Twilio did not take a message, or may not have; or it took it, and then gave it up.

    Attributes:
        fault: where the fault lies.
        code: Twilio's error code, if it told one.
        connected: whether Twilio could be reached at all.
    """

    fault: Fault
    code: int | None = None
    connected: bool = True

    @property
    def reason(self) -> str:
        """In words, for the researcher."""
        return str(self.fault) if self.connected else NO_CONNECTION

    @property
    def advice(self) -> str:
        """What has to be done before the campaign can go on."""
        what = _ADVICE.get(self.code or 0, self.reason)
        told = f" (Twilio's error {self.code})" if self.code else ""
        then = _ANOTHER if self.code in _OF_THE_CAMPAIGN else _AGAIN
        return f"{what[:1].upper()}{what[1:]}{told}. {then}"


NO_CONNECTION = "Twilio could not be reached"

_AGAIN = "Then launch again."
_ANOTHER = "A campaign's words and templates do not change: create another campaign for it."


def refused(http_status: int | None, code: int | None) -> Refused:
    """What an error of Twilio means. Arguments as of `fault_of`."""
    return Refused(fault_of(http_status, code), code)
