"""Addresses, ids and consent."""

from __future__ import annotations

import traceback
import uuid

import pytest

from meshcore.domain.events import OptOutSource, ParticipantOptedIn, ParticipantOptedOut
from meshcore.domain.participant import (
    AddressError,
    Consent,
    conversation_id,
    evolve,
    locate_phone,
    mask,
    normalise_address,
    normalise_phone,
    participant_id,
)
from tests.support.facts import received
from tests.support.story import CAMPAIGN_ID

KEY = b"a key of the tests"


@pytest.mark.parametrize(
    "text",
    [
        "+971501234567",
        " +971 50 1234567 ",
        "+971-50-123-4567",
        "+971 (50)1234567",
        "+971.501234567",
    ],
)
def test_every_way_to_write_a_number_is_one_number(text: str) -> None:
    """Researchers paste them from anywhere."""
    assert normalise_phone(text) == "+971501234567"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0501234567", "country code"),
        ("971559876543", "country code"),
        ("", "country code"),
        ("+", "not a phone number"),
        ("+abc", "not a phone number"),
        ("+999501234567", "not a phone number"),
        ("+9715012", "number of digits"),
        ("+97150123456789012", "number of digits"),
        ("+12345678", "number of digits"),
        ("+971501234567 ext. 12", "extension"),
        ("+" + "9" * 400, "not a phone number"),
    ],
)
def test_what_is_no_number_is_refused_without_repeating_it(text: str, words: str) -> None:
    """The message says what is wrong, and nothing of it may reach a log."""
    with pytest.raises(AddressError, match=words) as caught:
        normalise_phone(text)
    told = "".join(traceback.format_exception_only(caught.value)) + str(caught.value.__cause__)
    digits = "".join(filter(str.isdigit, text))
    assert not digits or digits not in told


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("whatsapp:+971501234567", "whatsapp:+971501234567"),
        ("+971501234567", "whatsapp:+971501234567"),
        ("whatsapp:+971 50 123 4567", "whatsapp:+971501234567"),
        ("whatsapp:AE.1A2b3C4d5E", "whatsapp:AE.1A2b3C4d5E"),
        ("AE.1A2b3C4d5E", "whatsapp:AE.1A2b3C4d5E"),
        ("whatsapp:US." + "a" * 137, "whatsapp:US." + "a" * 137),
    ],
)
def test_an_address_is_a_number_or_a_user_id(text: str, address: str) -> None:
    """As Twilio writes it."""
    assert normalise_address(text) == address
    assert normalise_address(address) == address


@pytest.mark.parametrize(
    "text", ["", "whatsapp:", "ae.abc", "AE.", "AE.a-b", "US." + "a" * 138, "sms:+971501234567"]
)
def test_anything_else_is_no_address(text: str) -> None:
    """Nobody could be reached there."""
    with pytest.raises(AddressError):
        normalise_address(text)


def test_ids_are_stable_over_releases() -> None:
    """They are on the log for ever."""
    person = participant_id(KEY, "whatsapp:+971501234567")
    assert person == "32f5de5671910c1556b7533664f095ad"
    assert conversation_id(CAMPAIGN_ID, person) == "71c2f951-596e-5ba3-a51f-842d6a7d36e3"


def test_ids_depend_on_the_key_the_address_and_the_campaign() -> None:
    """Without the key nobody can tell who a participant is."""
    one = participant_id(KEY, "whatsapp:+971501234567")
    assert one != participant_id(b"another key", "whatsapp:+971501234567")
    assert one != participant_id(KEY, "whatsapp:+971501234568")
    other_campaign = str(uuid.UUID(int=7))
    assert conversation_id(CAMPAIGN_ID, one) != conversation_id(other_campaign, one)
    assert len(one) == 32
    assert set(one) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("whatsapp:+971501234567", "+9715•••4567"),
        ("+971501234567", "+9715•••4567"),
        ("whatsapp:AE.1A2b3C4d5E", "AE.1A•••4d5E"),
        ("whatsapp:+12345678", "•••"),
        ("", "•••"),
    ],
)
def test_a_mask_shows_only_the_ends(address: str, shown: str) -> None:
    """Of a short address, nothing."""
    assert mask(address) == shown


def test_the_last_word_on_consent_counts() -> None:
    """Out, in, and out again."""
    opted_out = ParticipantOptedOut(source=OptOutSource.KEYWORD, message_sid="SM1")
    opted_in = ParticipantOptedIn(message_sid="SM2")
    assert not Consent().opted_out
    consent = evolve(Consent(), opted_out)
    assert consent.opted_out
    assert evolve(consent, received(1)) == consent
    assert not evolve(consent, opted_in).opted_out
    assert evolve(evolve(consent, opted_in), opted_out).opted_out


@pytest.mark.parametrize(
    ("number", "zones"),
    [
        ("+971 50 123 4567", ("Asia/Dubai",)),
        ("+79161234567", ("Europe/Moscow",)),
        ("+14155238886", ("America/Los_Angeles",)),
        ("+88213300000", ()),
    ],
)
def test_a_number_tells_where_its_owner_may_be(number: str, zones: tuple[str, ...]) -> None:
    """In a country of several zones by its area, or by its network; on a satellite nobody knows."""
    assert locate_phone(number) == (normalise_phone(number), zones)
