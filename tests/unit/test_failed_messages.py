"""What a failed message does to its conversation, by whose fault it was."""

from __future__ import annotations

from datetime import timedelta

import pytest

from meshcore.domain.conversation import WINDOW, Conversation, ConversationStatus, SendStatus
from meshcore.domain.events import (
    ConversationStarted,
    DeliveryStatus,
    DeliveryStatusChanged,
    EndReason,
    Event,
    MessageFailed,
    MessageKind,
    MessageReceived,
    MessageSent,
    MessageSuppressed,
    SendPostponed,
    SendScheduled,
    SuppressionReason,
)
from meshcore.domain.message import Message
from meshcore.domain.sends import Judge, Send, Suppress, Wait, next_send
from tests.support.facts import (
    ANNA,
    answered,
    composed,
    ended,
    opening,
    receipt,
    received,
    sent,
    sid,
    started,
    stop,
)
from tests.support.story import given, stamp

UNREACHABLE, BLOCKED, WINDOW_CLOSED, HELD, CONFIGURATION, SLOW_DOWN, OTHER = (
    63024, 63014, 63016, 63049, 63007, 63018, 63999,
)  # fmt: skip
SOON = stamp(60).at


def failed(code: int, message_id: str = "m1") -> Event:
    """The message failed for good."""
    return MessageFailed(message_id=message_id, reason="why", error_code=code)


def postponed(code: int | None = None, *, seconds: int | None = None) -> Event:
    """The message is put off, until some seconds after the beginning."""
    until = None if seconds is None else stamp(seconds).at
    return SendPostponed(message_id="m1", reason="why", error_code=code, until=until)


def first(state: Conversation) -> Message:
    """The message in question."""
    message = state.message("m1")
    assert message
    return message


@pytest.mark.parametrize(
    ("code", "status", "reason"),
    [
        (UNREACHABLE, ConversationStatus.FAILED, EndReason.SEND_FAILED),
        (BLOCKED, ConversationStatus.ABANDONED, EndReason.OPTED_OUT),
        (HELD, ConversationStatus.FAILED, EndReason.SEND_FAILED),
        (WINDOW_CLOSED, ConversationStatus.PENDING, None),
        (CONFIGURATION, ConversationStatus.PENDING, None),
        (SLOW_DOWN, ConversationStatus.PENDING, None),
        (OTHER, ConversationStatus.PENDING, None),
    ],
)
@pytest.mark.parametrize("before", [(), (sent("m1"),)])
def test_an_opening_that_fails_ends_the_conversation_by_the_participants_faults_only(
    code: int,
    status: ConversationStatus,
    reason: EndReason | None,
    before: tuple[Event, ...],
) -> None:
    """Otherwise nobody has been contacted, and the agent may open the conversation anew."""
    state = given(opening(), started("m1"), *before, failed(code)).state
    assert (state.status, state.end_reason) == (status, reason)
    assert state.reopenable is (reason is None)


@pytest.mark.parametrize("code", [WINDOW_CLOSED, HELD, CONFIGURATION, SLOW_DOWN, OTHER])
def test_a_reply_that_fails_ends_nothing_as_long_as_the_participant_can_be_reached(
    code: int,
) -> None:
    """The conversation waits for their next message."""
    story = given(
        opening("m0"), sent("m0"), received(1), (answered(1), composed("m1")), failed(code)
    )
    state = story.state
    assert (state.status, state.reopenable) == (ConversationStatus.ACTIVE, False)
    assert state.awaiting_since == stamp(5).at


def test_the_second_opening_that_fails_nobody_knows_why_is_the_last() -> None:
    """Else a campaign would never come to its end."""
    story = given(opening("m0"), failed(OTHER, "m0"), opening("m1"))
    assert not story.state.reopenable
    state = story.and_then(failed(OTHER)).state
    assert (state.status, state.end_reason) == (ConversationStatus.FAILED, EndReason.SEND_FAILED)


def test_faults_of_ours_never_end_a_conversation_however_often_they_come() -> None:
    """Whoever puts them right finds everybody still to be written to."""
    story = given()
    for n in range(5):
        story = story.and_then(opening(f"m{n}"), failed(CONFIGURATION, f"m{n}"))
    assert story.state.reopenable


@pytest.mark.parametrize(
    "history",
    [
        (opening(),),
        (opening(), sent("m1")),
        (opening(), sent("m1"), receipt("m1", DeliveryStatus.FAILED, OTHER)),
        (opening(), failed(OTHER), received(1)),
        (opening(), failed(OTHER), ended(EndReason.EXPIRED)),
        (opening(), failed(OTHER), opening("m2")),
        (
            opening(),
            MessageSuppressed(message_id="m1", reason=SuppressionReason.OPENINGS_CLOSED),
        ),
    ],
    ids=["composed", "sent", "undecided", "answered", "ended", "opened anew", "closed"],
)
def test_only_a_failed_opening_that_is_the_last_word_is_reopenable(
    history: tuple[Event | tuple[Event, ...], ...],
) -> None:
    """Not what is still on its way, not what was answered, not what is over."""
    assert not given(*history).state.reopenable


def test_a_conversation_opened_anew_goes_on_with_its_new_opening() -> None:
    """The first attempt stays in the transcript."""
    story = given(opening("m0"), sent("m0"), failed(OTHER, "m0"), opening("m1"), started("m1"))
    state = story.and_then(sent("m1", 901)).state
    assert state.status is ConversationStatus.OUTREACH_SENT
    assert [m.status for m in state.messages] == [SendStatus.FAILED, SendStatus.ACCEPTED]


def test_a_report_of_a_failure_waits_for_a_decision() -> None:
    """Outreach decides once; its word ends the waiting."""
    story = given(opening(), started("m1"), sent("m1"))
    story = story.and_then(receipt("m1", DeliveryStatus.FAILED, HELD))
    story.when(next_send, consented=True, at=SOON).then_is(Judge(first(story.state)))
    assert not story.state.ended
    decided = story.and_then(failed(HELD))
    assert decided.state.ended
    decided.when(next_send, consented=True, at=SOON).then_is(None)


@pytest.mark.parametrize("code", [UNREACHABLE, BLOCKED])
def test_a_report_that_the_participant_is_out_of_reach_ends_at_once(code: int) -> None:
    """It is still judged: consent may have to be withdrawn."""
    story = given(opening(), sent("m1"), receipt("m1", DeliveryStatus.UNDELIVERED, code))
    assert story.state.ended
    story.when(next_send, consented=True, at=SOON).then_is(Judge(first(story.state)))


def test_a_block_owes_no_goodbye() -> None:
    """Nobody would read it."""
    assert not given(opening(), failed(BLOCKED)).state.opted_out


def test_what_failed_under_one_sid_is_sent_again_under_another() -> None:
    """Late words about the first change nothing any more."""
    story = given(opening(), started("m1"), sent("m1"))
    story = story.and_then(
        receipt("m1", DeliveryStatus.FAILED, SLOW_DOWN), postponed(SLOW_DOWN, seconds=9)
    )
    story.when(next_send, consented=True, at=stamp(8).at).then_is(
        Wait(first(story.state), stamp(9).at)
    )
    story.when(next_send, consented=True, at=stamp(9).at).then_is(Send(first(story.state)))
    for late in (
        sent("m1"),
        receipt("m1", DeliveryStatus.SENT),
        receipt("m1", DeliveryStatus.UNDELIVERED, SLOW_DOWN),
    ):
        assert story.and_then(late).state == story.state
    again = story.and_then(started("m1"), MessageSent(message_id="m1", message_sid=sid(901)))
    assert (first(again.state).status, first(again.state).sid) == (SendStatus.ACCEPTED, sid(901))


@pytest.mark.parametrize("decision", [(), (postponed(SLOW_DOWN),), (failed(OTHER),)])
def test_what_arrived_after_all_has_arrived(decision: tuple[Event, ...]) -> None:
    """Whatever was reported and decided before: it is not sent again."""
    story = given(opening(), sent("m1"), receipt("m1", DeliveryStatus.FAILED, OTHER), *decision)
    story = story.and_then(receipt("m1", DeliveryStatus.DELIVERED))
    assert first(story.state).status is SendStatus.DELIVERED
    assert story.state.status is ConversationStatus.OUTREACH_SENT
    story.when(next_send, consented=True, at=SOON).then_is(None)


REPORTS = [
    (DeliveryStatus.QUEUED, None),
    (DeliveryStatus.SENT, None),
    (DeliveryStatus.FAILED, OTHER),
    (DeliveryStatus.DELIVERED, None),
]


@pytest.mark.parametrize("first_one", range(4))
@pytest.mark.parametrize("backwards", [False, True])
def test_a_message_ends_alike_in_whatever_order_its_reports_come(
    first_one: int, *, backwards: bool
) -> None:
    """Delivered is delivered, before or after a failure was told."""
    reports = [*REPORTS[first_one:], *REPORTS[:first_one]]
    facts = [receipt("m1", *report) for report in (reports[::-1] if backwards else reports)]
    state = given(opening(), sent("m1"), *facts).state
    assert first(state).status is SendStatus.DELIVERED
    assert (first(state).error, first(state).undecided) == (None, False)


def test_each_postponement_counts_and_a_hold_is_remembered() -> None:
    """Pauses grow, and a message is tried only once more after a hold."""
    state = given(opening(), postponed(HELD), postponed(SLOW_DOWN)).state
    assert (first(state).postponed, first(state).held) == (2, True)


def test_an_opening_has_the_slot_that_it_was_given_last() -> None:
    """The slot it was composed for, until it misses it."""
    due, later = stamp(20).at, stamp(40).at
    slotted = composed("m1", MessageKind.OPENING).model_copy(update={"due": due})
    story = given((ConversationStarted(participant=ANNA), slotted))
    assert first(story.state).due == due
    story = story.and_then(SendScheduled(message_id="m1", due=later))
    assert first(story.state).due == later


def test_the_sender_is_the_plans_and_then_the_one_that_was_written_to() -> None:
    """A participant who answers one of our numbers hears from that one."""
    story = given(ConversationStarted(participant=ANNA, sender="MG1"))
    assert story.state.sender == "MG1"
    wrote = MessageReceived(message_sid=sid(1), participant=ANNA, text="Hi", sender="whatsapp:+1")
    assert story.and_then(wrote).state.sender == "whatsapp:+1"
    assert story.and_then(wrote, received(2)).state.sender == "whatsapp:+1"


def test_the_window_is_open_for_a_day_after_the_last_message_of_the_participant() -> None:
    """Not before their first one, and not at the very end."""
    assert not given(opening(), sent("m1")).state.window_open_at(SOON)
    state = given(opening(), received(1), received(2)).state
    closes = stamp(3).at + WINDOW
    assert state.last_inbound_at == stamp(3).at
    assert state.window_open_at(closes - timedelta(seconds=1))
    assert not state.window_open_at(closes)


@pytest.mark.parametrize("kind", [MessageKind.REPLY, MessageKind.REMINDER, MessageKind.COURTESY])
def test_nothing_free_is_sent_outside_the_window_but_an_opening(kind: MessageKind) -> None:
    """The sandbox takes openings; everything else would be refused."""
    story = given(opening("m0"), sent("m0"), received(1), (answered(1), composed("r")))
    story = story.and_then(sent("r", 901), composed("m1", kind))
    closes = stamp(3).at + WINDOW
    story.when(next_send, consented=True, at=closes - timedelta(seconds=1)).then_is(
        Send(first(story.state))
    )
    story.when(next_send, consented=True, at=closes).then_is(
        Suppress(first(story.state), SuppressionReason.WINDOW_CLOSED)
    )


@pytest.mark.parametrize("kind", [MessageKind.OPENING, MessageKind.REMINDER])
def test_what_nobody_asked_for_is_overtaken_by_the_participant(kind: MessageKind) -> None:
    """They get the reply to what they wrote instead, without waiting for a slot."""
    story = given(composed("m1", kind), received(1))
    story.when(next_send, consented=True, at=SOON).then_is(
        Suppress(first(story.state), SuppressionReason.OVERTAKEN)
    )


@pytest.mark.parametrize("kind", [MessageKind.OPENING, MessageKind.REMINDER])
def test_what_nobody_asked_for_is_not_sent_after_the_end(kind: MessageKind) -> None:
    """Somebody gave the conversation up meanwhile."""
    story = given(composed("m1", kind), ended(EndReason.EXPIRED))
    story.when(next_send, consented=True, at=SOON).then_is(
        Suppress(first(story.state), SuppressionReason.CONVERSATION_ENDED)
    )


def test_the_participant_is_awaited_since_our_last_message_went_out() -> None:
    """Not while anything is unanswered, on its way, or over."""
    story = given(opening(), started("m1"))
    assert story.state.awaiting_since is None
    story = story.and_then(sent("m1"), receipt("m1", DeliveryStatus.DELIVERED))
    assert story.state.awaiting_since == stamp(3).at
    story = story.and_then(received(1))
    assert story.state.awaiting_since is None
    story = story.and_then((answered(1), composed("m2")))
    assert story.state.awaiting_since is None
    story = story.and_then(sent("m2", 901))
    assert story.state.awaiting_since == stamp(7).at
    assert story.and_then(stop(2)).state.awaiting_since is None


def test_a_reply_that_could_not_go_out_leaves_it_to_the_participant() -> None:
    """Their silence counts from when it was given up; a reminder that failed changes nothing."""
    story = given(opening("m0"), sent("m0"), received(1), (answered(1), composed("m1")))
    closed = MessageSuppressed(message_id="m1", reason=SuppressionReason.WINDOW_CLOSED)
    story = story.and_then(closed)
    assert story.state.awaiting_since == stamp(5).at
    story = story.and_then(composed("m2", MessageKind.REMINDER))
    assert story.state.awaiting_since is None
    story = story.and_then(failed(WINDOW_CLOSED, "m2"))
    assert story.state.awaiting_since == stamp(5).at


def test_a_report_says_when_a_message_went_out_if_our_own_record_is_missing() -> None:
    """The process died before it could write."""
    report = DeliveryStatusChanged(
        message_id="m1", message_sid=sid(900), status=DeliveryStatus.QUEUED
    )
    assert given(opening(), started("m1"), report).state.awaiting_since == stamp(3).at
