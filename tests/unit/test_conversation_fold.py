"""What each event does to a conversation."""

from __future__ import annotations

import itertools

import pytest

from meshcore.domain.conversation import Conversation, ConversationStatus, SendStatus
from meshcore.domain.events import (
    CampaignPaused,
    ConversationStarted,
    DeliveryStatus,
    EndReason,
    Event,
    ExtractionRecorded,
    FieldState,
    Media,
    MessageFailed,
    MessageKind,
    MessageReceived,
    MessageSuppressed,
    OptOutSource,
    SendPostponed,
    SuppressionReason,
)
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


def _status(state: Conversation, message_id: str) -> SendStatus:
    message = state.message(message_id)
    assert message
    return message.status


def test_a_conversation_without_events_is_pending() -> None:
    """Being enrolled is no event of the conversation itself."""
    state = given().state
    assert (state.status, state.opened, state.ended) == (ConversationStatus.PENDING, False, False)


def test_starting_names_the_participant_and_the_time_of_the_first_start() -> None:
    """A second start does not move the first."""
    state = given(
        ConversationStarted(participant=ANNA), ConversationStarted(participant=ANNA)
    ).state
    assert (state.participant, state.started_at) == (ANNA, stamp(1).at)
    assert state.opened


def test_an_opening_that_is_only_composed_leaves_the_conversation_pending() -> None:
    """The brief's `outreach_sent` means sent."""
    assert given(opening(), started("m1")).state.status is ConversationStatus.PENDING


def test_the_opening_once_sent_makes_the_outreach_sent() -> None:
    """Twilio's acceptance counts."""
    state = given(opening(), started("m1"), sent("m1")).state
    assert state.status is ConversationStatus.OUTREACH_SENT
    message = state.message("m1")
    assert message
    assert (message.sid, message.started_at) == (sid(900), None)


def test_a_receipt_for_the_opening_makes_the_outreach_sent_without_our_own_record() -> None:
    """Outreach may die between Twilio's answer and its record; the receipt proves the send."""
    state = given(opening(), started("m1"), receipt("m1", DeliveryStatus.DELIVERED)).state
    assert state.status is ConversationStatus.OUTREACH_SENT
    message = state.message("m1")
    assert message
    assert (message.sid, message.started_at) == (sid(900), None)


@pytest.mark.parametrize("history", [(opening(),), (opening(), started("m1"), sent("m1"))])
def test_a_message_of_the_participant_makes_the_conversation_active(
    history: tuple[tuple[Event, ...] | Event, ...],
) -> None:
    """Whether or not the opening's send is recorded yet."""
    assert given(*history, received(1)).state.status is ConversationStatus.ACTIVE


def test_a_record_of_the_opening_after_the_reply_leaves_the_conversation_active() -> None:
    """A fast participant answers before outreach has written down that it sent."""
    state = given(opening(), started("m1"), received(1), sent("m1")).state
    assert state.status is ConversationStatus.ACTIVE


def test_a_message_is_kept_with_its_media_and_is_unanswered() -> None:
    """The transcript has everything that a turn needs."""
    media = (Media(content_type="image/jpeg", url="https://example.org/1"),)
    event = MessageReceived(message_sid=sid(1), participant=ANNA, text="See", media=media)
    state = given(event).state
    (message,) = state.unanswered
    assert (message.media, message.at, message.position) == (media, stamp(1).at, 1)
    assert state.participant == ANNA


def test_a_message_received_twice_is_there_once() -> None:
    """Webhooks are repeated; also after a turn has answered the first copy."""
    state = given(received(1), answered(1), received(1, "changed")).state
    assert [m.text for m in state.messages] == ["At the harbour."]
    assert not state.unanswered


def test_a_turn_answers_exactly_the_messages_that_it_names() -> None:
    """What came in during the turn stays unanswered."""
    state = given(received(1), received(2), received(3), answered(1, 2)).state
    assert [m.id for m in state.unanswered] == [sid(3)]
    assert state.turns == 1


def test_the_last_extraction_of_a_field_counts() -> None:
    """A participant may correct an answer; only extracted values are values."""

    def extraction(state: FieldState, value: str | None) -> Event:
        return ExtractionRecorded(
            field="station", state=state, value=value, quote="q", message_sid=sid(1)
        )

    told = given(extraction(FieldState.EXTRACTED, "A"), extraction(FieldState.EXTRACTED, "B"))
    assert told.state.values == {"station": "B"}
    refused = told.and_then(extraction(FieldState.REFUSED, None))
    assert refused.state.values == {}
    assert refused.state.extractions["station"].state is FieldState.REFUSED


def test_a_message_composed_twice_is_there_once() -> None:
    """The second copy neither replaces the first nor resets how far it has come."""
    state = given(composed("m1"), started("m1"), sent("m1"), composed("m1", text="other")).state
    assert [(m.text, m.status) for m in state.messages] == [("And then?", SendStatus.ACCEPTED)]


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        (EndReason.COMPLETED, ConversationStatus.COMPLETED),
        (EndReason.OUT_OF_BUDGET, ConversationStatus.COMPLETED),
        (EndReason.OPTED_OUT, ConversationStatus.ABANDONED),
        (EndReason.DECLINED, ConversationStatus.ABANDONED),
        (EndReason.DISTRESS, ConversationStatus.ABANDONED),
        (EndReason.INAPPROPRIATE, ConversationStatus.ABANDONED),
        (EndReason.SEND_FAILED, ConversationStatus.FAILED),
    ],
)
def test_every_reason_to_end_has_its_status(reason: EndReason, status: ConversationStatus) -> None:
    """The brief's state machine has three ends."""
    state = given(opening(), ended(reason)).state
    assert (state.status, state.end_reason, state.ended_at) == (status, reason, stamp(2).at)
    assert state.ended


def test_the_first_reason_to_end_stays() -> None:
    """Neither a second end, nor a failed goodbye, nor a late message changes the end."""
    state = given(
        opening(),
        ended(),
        ended(EndReason.DECLINED),
        receipt("m1", DeliveryStatus.FAILED),
        received(1),
    ).state
    assert (state.status, state.end_reason, state.ended_at) == (
        ConversationStatus.COMPLETED,
        EndReason.COMPLETED,
        stamp(2).at,
    )


@pytest.mark.parametrize("source", list(OptOutSource))
@pytest.mark.parametrize("before", [(), (opening(),), (opening(), received(1), answered(1))])
def test_an_opt_out_abandons_the_conversation_at_once(
    source: OptOutSource, before: tuple[Event | tuple[Event, ...], ...]
) -> None:
    """Before the opening, after it or in the middle, and whoever recognised it."""
    state = given(*before, stop(9, source)).state
    assert state.status is ConversationStatus.ABANDONED
    assert state.end_reason is EndReason.OPTED_OUT
    assert state.opted_out
    assert state.opened


def test_an_opt_out_after_the_end_counts_but_does_not_rewrite_the_end() -> None:
    """A completed interview stays completed, and the participant is still left alone."""
    state = given(opening(), ended(), stop(9)).state
    assert (state.status, state.opted_out) == (ConversationStatus.COMPLETED, True)


def test_opting_in_lifts_the_opt_out_but_not_the_end() -> None:
    """The interview does not restart."""
    state = given(opening(), stop(1), received(2, "START", opt_in=True)).state
    assert (state.status, state.opted_out) == (ConversationStatus.ABANDONED, False)


def test_an_opt_out_repeated_after_an_opt_in_counts_from_its_own_position() -> None:
    """The old goodbye does not answer it."""
    state = given(stop(1), received(2, "START", opt_in=True), stop(3)).state
    assert state.opted_out_position == 3


REPORTS = (
    DeliveryStatus.QUEUED,
    DeliveryStatus.SENT,
    DeliveryStatus.DELIVERED,
    DeliveryStatus.READ,
)


@pytest.mark.parametrize("order", list(itertools.permutations(REPORTS)))
@pytest.mark.parametrize("recorded_at", range(5))
def test_the_highest_report_wins_in_every_order_of_arrival(
    order: tuple[DeliveryStatus, ...], recorded_at: int
) -> None:
    """Our own record of the send may come anywhere among the reports, and lowers nothing."""
    facts = [receipt("m1", status) for status in order]
    facts.insert(recorded_at, sent("m1"))
    story, best = given(opening(), started("m1")), -1
    for fact in facts:
        story = story.and_then(fact)
        ranks = [*(SendStatus(r.value) for r in REPORTS)]
        status = _status(story.state, "m1")
        rank = ranks.index(status) if status in ranks else -1
        assert rank >= best
        best = rank
    assert _status(story.state, "m1") is SendStatus.READ


@pytest.mark.parametrize("status", [DeliveryStatus.FAILED, DeliveryStatus.UNDELIVERED])
@pytest.mark.parametrize("arrived", [DeliveryStatus.DELIVERED, DeliveryStatus.READ])
def test_what_arrived_does_not_fail_any_more(
    status: DeliveryStatus, arrived: DeliveryStatus
) -> None:
    """Reports out of order end no interview with somebody who has read us."""
    state = given(opening(), sent("m1"), receipt("m1", arrived), receipt("m1", status)).state
    assert _status(state, "m1") is SendStatus(arrived.value)
    assert not state.ended


@pytest.mark.parametrize("late", [DeliveryStatus.QUEUED, DeliveryStatus.SENT])
def test_a_failure_is_final_whatever_comes_late(late: DeliveryStatus) -> None:
    """`sent` after `failed` is an old report."""
    state = given(
        opening(), sent("m1"), receipt("m1", DeliveryStatus.UNDELIVERED, 63024), receipt("m1", late)
    ).state
    message = state.message("m1")
    assert message
    assert (message.status, message.error_code) == (SendStatus.FAILED, 63024)
    assert (state.status, state.end_reason) == (ConversationStatus.FAILED, EndReason.SEND_FAILED)


def test_a_record_of_the_send_after_its_failure_keeps_the_failure() -> None:
    """The receipt overtook the record."""
    state = given(opening(), started("m1"), receipt("m1", DeliveryStatus.FAILED), sent("m1")).state
    message = state.message("m1")
    assert message
    assert (message.status, message.sid, bool(message.error)) == (SendStatus.FAILED, sid(900), True)


def test_a_refused_message_fails_the_conversation() -> None:
    """Without a way to the participant there is no interview."""
    refused = MessageFailed(message_id="m1", reason="unreachable", error_code=21211)
    state = given(opening(), started("m1"), refused).state
    assert (state.status, state.end_reason) == (ConversationStatus.FAILED, EndReason.SEND_FAILED)
    message = state.message("m1")
    assert message
    assert (message.status, message.error, message.error_code, message.started_at) == (
        SendStatus.FAILED,
        "unreachable",
        21211,
        None,
    )


def test_a_postponed_message_can_be_sent_again() -> None:
    """And tells why it was not taken."""
    postponed = SendPostponed(message_id="m1", reason="rate", error_code=20429)
    state = given(opening(), started("m1"), postponed).state
    message = state.message("m1")
    assert message
    assert (message.status, message.error, message.error_code, message.started_at) == (
        SendStatus.COMPOSED,
        "rate",
        20429,
        None,
    )
    again = given(opening(), started("m1"), postponed, started("m1"), sent("m1")).state.message(
        "m1"
    )
    assert again
    assert (again.status, again.error) == (SendStatus.ACCEPTED, None)


def test_postponing_after_a_receipt_does_not_make_a_sent_message_sendable() -> None:
    """The receipt proves that Twilio took it: it must not go out twice."""
    state = given(
        opening(),
        started("m1"),
        receipt("m1", DeliveryStatus.DELIVERED),
        SendPostponed(message_id="m1", reason="timeout"),
    ).state
    assert _status(state, "m1") is SendStatus.DELIVERED


@pytest.mark.parametrize(
    ("reason", "status", "opted_out"),
    [
        (SuppressionReason.OPTED_OUT, ConversationStatus.ABANDONED, False),
        (SuppressionReason.ADDRESS_UNKNOWN, ConversationStatus.FAILED, False),
        (SuppressionReason.CONVERSATION_ENDED, ConversationStatus.PENDING, False),
    ],
)
def test_a_suppressed_message_tells_why(
    reason: SuppressionReason, status: ConversationStatus, *, opted_out: bool
) -> None:
    """Where the reason lies with the participant, the conversation ends by it.

    An opt-out was then said elsewhere, or it stands on the log itself.
    """
    state = given(opening(), MessageSuppressed(message_id="m1", reason=reason)).state
    message = state.message("m1")
    assert message
    assert (message.status, message.error) == (SendStatus.SUPPRESSED, reason)
    assert (state.status, state.opted_out) == (status, opted_out)


@pytest.mark.parametrize(
    "fact",
    [
        started("m9"),
        sent("m9"),
        SendPostponed(message_id="m9", reason="r"),
        MessageFailed(message_id="m9", reason="r"),
        MessageSuppressed(message_id="m9", reason=SuppressionReason.OPTED_OUT),
        receipt("m9", DeliveryStatus.FAILED),
        receipt(sid(1), DeliveryStatus.FAILED),
        started(sid(1)),
        sent(sid(1)),
        MessageFailed(message_id=sid(1), reason="r"),
        CampaignPaused(),
    ],
    ids=lambda fact: type(fact).__name__,
)
def test_a_fact_that_makes_no_sense_changes_nothing(fact: Event) -> None:
    """About an unknown message, about a message of the participant, or of another lane."""
    before = given(opening(), received(1))
    assert before.and_then(fact).state == before.state


def test_a_goodbye_kind_is_kept() -> None:
    """The kind of a message decides what may be sent after an opt-out."""
    message = given(composed("m1", MessageKind.GOODBYE)).state.message("m1")
    assert message
    assert message.kind is MessageKind.GOODBYE
