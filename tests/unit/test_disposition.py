"""Every conversation has one disposition, by what was sent, said and found."""

from __future__ import annotations

import pytest
from hypothesis import given as any_given

from meshcore.domain.conversation import Conversation
from meshcore.domain.disposition import Disposition, disposition
from meshcore.domain.events import (
    EndReason,
    Event,
    ExtractionRecorded,
    FieldState,
    MessageComposed,
    MessageFailed,
    MessageKind,
)
from meshcore.domain.schema import FieldSpec, FieldType
from meshcore.domain.study import Limits
from tests.support.facts import ended, opening, received, sent, sid, started, stop
from tests.support.story import Given, given
from tests.support.strategies import histories

SCHEMA = {
    "station": FieldSpec(type=FieldType.STRING, description="where they refuel"),
    "reason": FieldSpec(type=FieldType.STRING, description="why there"),
    "car": FieldSpec(type=FieldType.STRING, description="what they drive", required=False),
}
LIMITS = Limits(probes_per_field=1)
OPENED = (opening(), started("m1"), sent("m1"))
_FAILED_DELIVERY = (
    opening(),
    started("m1"),
    MessageFailed(message_id="m1", reason="not on WhatsApp", error_code=63024),
)


def _told(field: str, state: FieldState = FieldState.EXTRACTED) -> Event:
    value = "ADNOC" if state is FieldState.EXTRACTED else None
    return ExtractionRecorded(
        field=field, state=state, value=value, quote="At ADNOC", message_sid=sid(1)
    )


def _asked(message_id: str, field: str) -> Event:
    return MessageComposed(
        message_id=message_id, kind=MessageKind.REPLY, text="And where?", asked=field
    )


def _is(state: Conversation) -> Disposition:
    return disposition(state, SCHEMA, LIMITS)


@pytest.mark.parametrize(
    ("commits", "expected"),
    [
        ((), Disposition.NOT_CONTACTED),
        ((opening(), started("m1")), Disposition.NOT_CONTACTED),
        (OPENED, Disposition.CONTACTED),
        ((*OPENED, received(1)), Disposition.IN_PROGRESS),
        ((received(1),), Disposition.IN_PROGRESS),
        ((*OPENED, received(1), ended()), Disposition.COMPLETED),
        ((*OPENED, stop(1)), Disposition.OPTED_OUT),
        ((*OPENED, received(1), _told("station"), stop(2)), Disposition.OPTED_OUT),
        ((ended(EndReason.OPTED_OUT),), Disposition.OPTED_OUT),
        ((*OPENED, received(1), ended(), stop(2)), Disposition.COMPLETED),
        (_FAILED_DELIVERY, Disposition.UNDELIVERABLE),
    ],
)
def test_what_was_sent_and_said_makes_the_disposition(
    commits: tuple[Event | tuple[Event, ...], ...], expected: Disposition
) -> None:
    """From the first plan to the end, whoever ends it."""
    assert _is(given(*commits).state) is expected


@pytest.mark.parametrize("reason", [EndReason.DISTRESS, EndReason.INAPPROPRIATE])
@pytest.mark.parametrize("told", [True, False])
def test_an_interview_that_had_to_be_stopped_is_a_breakoff(
    reason: EndReason, *, told: bool
) -> None:
    """Whatever was found until then."""
    answered = given(*OPENED, received(1)).and_then(*([_told("station")] if told else []))
    assert _is(answered.and_then(ended(reason)).state) is Disposition.BREAKOFF


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ((), Disposition.DECLINED),
        ((_told("station", FieldState.REFUSED),), Disposition.DECLINED),
        ((_told("station"),), Disposition.BREAKOFF),
    ],
)
def test_whoever_declines_after_telling_something_broke_off(
    found: tuple[Event, ...], expected: Disposition
) -> None:
    """A refused field is nothing told."""
    assert _is(given(*OPENED, received(1), *found, ended(EndReason.DECLINED)).state) is expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ((), Disposition.EXPIRED),
        ((received(1),), Disposition.BREAKOFF),
        ((received(1), _told("station", FieldState.VAGUE)), Disposition.BREAKOFF),
        ((received(1), _told("station")), Disposition.PARTIAL),
    ],
)
def test_silence_counts_by_what_was_told_before(
    said: tuple[Event, ...], expected: Disposition
) -> None:
    """Nothing heard, nothing told, something told."""
    assert _is(given(*OPENED, *said, ended(EndReason.EXPIRED)).state) is expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ((_told("station"),), Disposition.PARTIAL),
        ((_told("station"), _told("reason", FieldState.REFUSED)), Disposition.COMPLETED),
        ((_told("station"), _told("reason", FieldState.PENDING)), Disposition.PARTIAL),
        ((_told("station"), _asked("m2", "reason"), _asked("m3", "reason")), Disposition.COMPLETED),
        ((_told("station"), _asked("m2", "reason")), Disposition.PARTIAL),
        ((_told("car"),), Disposition.PARTIAL),
    ],
)
def test_an_interview_that_ran_out_of_budget_is_complete_if_all_required_is_settled(
    found: tuple[Event, ...], expected: Disposition
) -> None:
    """Refused, or asked often enough, is settled; an optional field does not matter."""
    state = given(*OPENED, received(1), *found, ended(EndReason.OUT_OF_BUDGET)).state
    assert _is(state) is expected


def test_whoever_could_not_be_paid_for_was_not_contacted() -> None:
    """The campaign's money was spent before the opening."""
    assert _is(given(ended(EndReason.OUT_OF_BUDGET)).state) is Disposition.NOT_CONTACTED


def test_a_late_answer_changes_no_disposition() -> None:
    """What comes after the end does not restart the interview, nor make it another one."""
    expired = given(*OPENED, ended(EndReason.EXPIRED)).and_then(received(1))
    assert _is(expired.state) is Disposition.EXPIRED
    unopened = given(ended(EndReason.OUT_OF_BUDGET)).and_then(received(1))
    assert _is(unopened.state) is Disposition.NOT_CONTACTED


@any_given(histories)
def test_any_history_has_a_disposition_that_fits_its_status(history: list[Event]) -> None:
    """Only what is under way counts as such, and nothing fails."""
    told: Given[Conversation] = given(*history)
    under_way = {Disposition.CONTACTED, Disposition.IN_PROGRESS}
    found = _is(told.state)
    assert (found in under_way) == (told.state.status in {"outreach_sent", "active"})
