"""The table of Twilio's refusals, against Twilio's documentation."""

from __future__ import annotations

import pytest

from meshcore.domain.send_errors import Fault, fault_of, is_participants

TABLE = {
    Fault.UNREACHABLE: (21211, 21614, 63003, 63024),
    Fault.BLOCKED: (21610, 63014),
    Fault.WINDOW_CLOSED: (63016,),
    Fault.HELD: (63032, 63049),
    Fault.CONFIGURATION: (
        20003, 21408, 21654, 21655, 21656, 21658, 63007, 63008, 63013, 63020, 63021, 63027,
        63030, 63051, 92006,
    ),
    Fault.SLOW_DOWN: (20429, 63017, 63018, 30001, 21611, 14107),
    Fault.OTHER: (21617, 21999),
}  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "code"), [(fault, code) for fault, codes in TABLE.items() for code in codes]
)
@pytest.mark.parametrize("status", [400, None])
def test_a_code_means_what_the_documentation_says(
    fault: Fault, code: int, status: int | None
) -> None:
    """With HTTP 400, and in a report on a message that had been taken, the code alone decides."""
    assert fault_of(status, code) is fault


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 599])
@pytest.mark.parametrize("code", [None, 20500, 21211, 20429])
def test_a_server_error_never_says_whether_the_message_was_taken(
    status: int, code: int | None
) -> None:
    """Whatever code comes along: ask before anything else."""
    assert fault_of(status, code) is Fault.AMBIGUOUS


@pytest.mark.parametrize("code", [None, 429, 20429, 21211])
def test_too_many_requests_were_never_taken(code: int | None) -> None:
    """429 is safe to repeat."""
    assert fault_of(429, code) is Fault.SLOW_DOWN


@pytest.mark.parametrize("status", [401, 403])
def test_being_shut_out_is_no_fault_of_the_participant(status: int) -> None:
    """Without a code of Twilio's own (the SDK then repeats the status), our settings are wrong."""
    assert fault_of(status, None) is Fault.CONFIGURATION
    assert fault_of(status, status) is Fault.CONFIGURATION
    assert fault_of(status, 21610) is Fault.BLOCKED


@pytest.mark.parametrize("status", [400, 404, 422, None])
def test_of_anything_else_nobody_knows_why(status: int | None) -> None:
    """A refusal without a known code fails the message."""
    assert fault_of(status, None) is Fault.OTHER


def test_only_what_lies_with_one_participant_is_theirs() -> None:
    """Everything else would strike the next one as well."""
    theirs = {fault for fault in Fault if is_participants(fault)}
    assert theirs == {Fault.UNREACHABLE, Fault.BLOCKED, Fault.HELD}
