"""What researchers are told about a refusal, and what follows from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mesh_outreach.refusals import HELD_FOR, Again, Fail, Verdict, judge
from mesh_outreach.send_errors import Refused, refused
from meshcore.domain.events import MessageKind
from meshcore.domain.message import Message, SendStatus
from meshcore.domain.send_errors import Fault
from meshcore.domain.study import Template

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
TEMPLATE = Template(content_sid="HX" + "0" * 32)
CONFIGURATION = (
    20003, 21408, 21654, 21655, 21656, 21658, 63007, 63008, 63013, 63020, 63021, 63027, 63030,
    63051, 92006,
)  # fmt: skip


def message(kind: MessageKind = MessageKind.OPENING) -> Message:
    """A message that is being sent."""
    return Message("m1", 1, "agent", "Hi?", NOON, SendStatus.SENDING, kind)


@pytest.mark.parametrize("code", [*CONFIGURATION, 63016])
def test_whatever_has_to_be_put_right_by_somebody_says_how(code: int) -> None:
    """The campaign is paused with these words, so they must not only name the error.

    Where the campaign itself is wrong, which does not change, it is of no use to launch it again.
    """
    why = refused(400, code)
    assert why.reason not in why.advice
    assert f"error {code}" in why.advice
    in_campaign = {21654, 21655, 21656, 21658, 63013, 63016, 63021, 92006}
    end = "create another campaign for it." if code in in_campaign else "Then launch again."
    assert why.advice.endswith(end)


def test_a_fault_without_a_code_is_told_by_its_reason() -> None:
    """Nothing is invented."""
    assert refused(401, None).advice == "Our Twilio configuration is wrong. Then launch again."
    assert Refused(Fault.SLOW_DOWN, connected=False).reason == "Twilio could not be reached"


@pytest.mark.parametrize(
    ("fault", "verdict"),
    [
        (Fault.UNREACHABLE, Verdict(Fail())),
        (Fault.BLOCKED, Verdict(Fail(), withdraws=True)),
        (Fault.WINDOW_CLOSED, Verdict(Fail(), pauses=True)),
        (Fault.HELD, Verdict(Again(NOON + HELD_FOR))),
        (Fault.CONFIGURATION, Verdict(Again(None), pauses=True)),
        (Fault.SLOW_DOWN, Verdict(Again(NOON + timedelta(seconds=2)))),
        (Fault.OTHER, Verdict(Fail(), in_wave=True)),
    ],
)
def test_an_opening_meets_its_fate(fault: Fault, verdict: Verdict) -> None:
    """One row per class of the table."""
    assert judge(message(), fault, NOON) == verdict


@pytest.mark.parametrize("kind", [MessageKind.REPLY, MessageKind.GOODBYE, MessageKind.COURTESY])
@pytest.mark.parametrize(
    ("fault", "verdict"),
    [
        (Fault.WINDOW_CLOSED, Verdict(Fail())),
        (Fault.HELD, Verdict(Fail())),
        (Fault.CONFIGURATION, Verdict(Again(NOON + timedelta(minutes=1)), pauses=True)),
        (Fault.SLOW_DOWN, Verdict(Again(NOON + timedelta(seconds=2)))),
    ],
)
def test_what_is_owed_is_tried_again_while_that_can_help(
    kind: MessageKind, fault: Fault, verdict: Verdict
) -> None:
    """After a day the window is closed, so a hold is not waited for."""
    assert judge(message(kind), fault, NOON) == verdict


def test_a_template_refused_for_the_window_is_no_matter_of_the_campaign() -> None:
    """The campaign has done what it can."""
    opening = replace(message(), template=TEMPLATE)
    assert judge(opening, Fault.WINDOW_CLOSED, NOON) == Verdict(Fail())


@pytest.mark.parametrize("kind", [MessageKind.OPENING, MessageKind.REMINDER])
def test_meta_is_asked_once_more(kind: MessageKind) -> None:
    """Not hammered."""
    held = replace(message(kind), held=True)
    assert judge(held, Fault.HELD, NOON) == Verdict(Fail())


def test_pauses_between_tries_grow_to_a_bound() -> None:
    """Minutes for what somebody has to put right, and never for ever."""
    reply = message(MessageKind.REPLY)
    waits = []
    for postponed in (0, 1, 2, 3, 4, 50):
        verdict = judge(replace(reply, postponed=postponed), Fault.CONFIGURATION, NOON)
        assert isinstance(verdict.message, Again)
        assert verdict.message.until
        waits.append((verdict.message.until - NOON) / timedelta(minutes=1))
    assert waits == [1, 2, 4, 8, 15, 15]


def test_only_what_could_not_be_sent_at_all_may_be_a_wave() -> None:
    """To be asked to slow down is no outage; not to reach Twilio is."""
    assert not judge(message(), Fault.SLOW_DOWN, NOON).in_wave
    assert judge(message(), Fault.SLOW_DOWN, NOON, connected=False).in_wave
