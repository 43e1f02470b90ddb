"""Who a participant is.

Addresses, the keyed hash that stands for them everywhere else, and consent.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import phonenumbers
from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_geographical_number

from meshcore.domain.events import ParticipantOptedIn, ParticipantOptedOut

if TYPE_CHECKING:
    from meshcore.domain.events import Event

PREFIX = "whatsapp:"
_USER_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9]{1,137}")
_ID_LENGTH = 32


class AddressError(ValueError):
    """The text is not an address that WhatsApp can reach.

    The message says why, and never repeats the text.
    """


def normalise_phone(text: str) -> str:
    """A phone number in E.164 form, such as `+971501234567`.

    Raises:
        AddressError: it has no country code, or no such number can exist.
    """
    return _e164(_parsed(text))


def locate_phone(text: str) -> tuple[str, tuple[str, ...]]:
    """A phone number in E.164 form, and the time zones (IANA) of the place that it belongs to.

    None where nobody knows; several where it belongs to a country with several. Raises like
    `normalise_phone`.
    """
    number = _parsed(text)
    zones = time_zones_for_geographical_number(number)
    return _e164(number), tuple(zone for zone in zones if zone != UNKNOWN_TIMEZONE)


def _parsed(text: str) -> phonenumbers.PhoneNumber:
    if not text.strip().startswith("+"):
        raise AddressError("must start with + and the country code, for instance +971501234567")
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException as error:
        raise AddressError("is not a phone number; write it like +971501234567") from error
    if number.extension:
        raise AddressError("has an extension; write it like +971501234567")
    # A number that can only be dialled locally counts as possible, but Twilio cannot reach it.
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise AddressError("has the wrong number of digits for its country")
    return number


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normalise_address(text: str) -> str:
    """The address as Twilio writes it.

    `whatsapp:+<E.164>`, or `whatsapp:<CC>.<id>` for a business-scoped user id.

    Raises:
        AddressError: it is neither.
    """
    bare = text.removeprefix(PREFIX)
    if _USER_ID.fullmatch(bare):
        return PREFIX + bare
    return PREFIX + normalise_phone(bare)


def participant_id(key: bytes, address: str) -> str:
    """The participant's id: HMAC-SHA256 of the normalised address, the first 128 bits in hex."""
    return hmac.new(key, address.encode(), hashlib.sha256).hexdigest()[:_ID_LENGTH]


def conversation_id(campaign: str, participant: str) -> str:
    """The id of the one conversation of this participant in this campaign (a name-based UUID)."""
    return str(uuid.uuid5(uuid.UUID(campaign), participant))


def mask(address: str) -> str:
    """What of an address may be shown to a researcher: `+9715•••4567`."""
    bare = address.removeprefix(PREFIX)
    return f"{bare[:5]}•••{bare[-4:]}" if len(bare) > 9 else "•••"  # noqa: PLR2004 - five and four are shown


@dataclass(frozen=True, slots=True)
class Consent:
    """Whether the participant may be written to."""

    opted_out: bool = False


def evolve(consent: Consent, event: Event) -> Consent:
    """Folds one event of the participant's consent lane."""
    match event:
        case ParticipantOptedOut():
            return replace(consent, opted_out=True)
        case ParticipantOptedIn():
            return replace(consent, opted_out=False)
        case _:
            return consent
