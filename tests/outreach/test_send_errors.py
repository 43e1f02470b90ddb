"""The table of Twilio's refusals, against Twilio's documentation."""

from __future__ import annotations

import pytest

from mesh_outreach.send_errors import Refusal, Refused, classify

TABLE = {
    Refusal.UNREACHABLE: (21211, 21614, 63003, 63024),
    Refusal.BLOCKED: (21610, 63014),
    Refusal.WINDOW_CLOSED: (63016,),
    Refusal.HELD: (63032, 63049),
    Refusal.CONFIGURATION: (
        20003, 21408, 21654, 21655, 21656, 21658, 63007, 63008, 63013, 63020, 63021, 63027,
        63030, 63051, 92006,
    ),
    Refusal.SLOW_DOWN: (20429, 63017, 63018, 30001, 21611, 14107),
    Refusal.OTHER: (21617, 21999),
}  # fmt: skip


@pytest.mark.parametrize(
    ("refusal", "code"), [(refusal, code) for refusal, codes in TABLE.items() for code in codes]
)
def test_a_code_means_what_the_documentation_says(refusal: Refusal, code: int) -> None:
    """With HTTP 400, the code alone decides; the reason is in words."""
    assert classify(400, code) == Refused(refusal, code)
    assert classify(400, code).reason == str(refusal)


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 599])
@pytest.mark.parametrize("code", [None, 20500, 21211, 20429])
def test_a_server_error_never_says_whether_the_message_was_taken(
    status: int, code: int | None
) -> None:
    """Whatever code comes along: ask before anything else."""
    assert classify(status, code).refusal is Refusal.AMBIGUOUS


@pytest.mark.parametrize("code", [None, 429, 20429, 21211])
def test_too_many_requests_were_never_taken(code: int | None) -> None:
    """429 is safe to repeat."""
    assert classify(429, code).refusal is Refusal.SLOW_DOWN


@pytest.mark.parametrize("status", [401, 403])
def test_being_shut_out_is_no_fault_of_the_participant(status: int) -> None:
    """Without a code of Twilio's own (the SDK then repeats the status), our settings are wrong."""
    assert classify(status, None).refusal is Refusal.CONFIGURATION
    assert classify(status, status).refusal is Refusal.CONFIGURATION
    assert classify(status, 21610).refusal is Refusal.BLOCKED


@pytest.mark.parametrize("status", [400, 404, 422])
def test_anything_else_is_refused_for_good(status: int) -> None:
    """A refusal without a known code fails the message."""
    assert classify(status, None).refusal is Refusal.OTHER
