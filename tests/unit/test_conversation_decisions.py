"""What may be decided about a conversation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from meshcore.domain.conversation import ConversationStatus
from meshcore.domain.events import (
    ConversationEnded,
    ConversationStarted,
    DeliveryStatus,
    EndReason,
    ExtractionRecorded,
    FieldState,
    MediaTranscribed,
    MessageComposed,
    MessageFailed,
    MessageKind,
    OptOutSource,
    SuppressionReason,
    TurnTaken,
)
from meshcore.domain.schema import FieldSpec, FieldType
from meshcore.domain.sends import Reconcile, Send, Suppress, next_send, why_not_send
from meshcore.domain.study import Limits
from meshcore.domain.turns import (
    NextStep,
    Slot,
    decide_courtesy,
    decide_farewell,
    decide_opening,
    decide_turn,
    decide_unopened_end,
    is_out_of_budget,
    missing_fields,
    next_step,
)
from tests.support.facts import (
    ANNA,
    SCRIPTED,
    answered,
    composed,
    ended,
    opening,
    proposal,
    receipt,
    received,
    sent,
    sid,
    started,
    stop,
)
from tests.support.story import Given, given, stamp

SOON = stamp(60).at
"""Within a day of everything that is told."""

GOODBYE = MessageComposed(message_id="bye", kind=MessageKind.GOODBYE, text="Take care!")


def _extraction(name: str, state: FieldState) -> ExtractionRecorded:
    return ExtractionRecorded(field=name, state=state, quote="q", message_sid=sid(1))


def test_the_opening_starts_the_conversation_and_asks_first() -> None:
    """One commit holds all of it."""
    given().when(decide_opening, Slot(ANNA), "m1", proposal("Hi!")).then(
        ConversationStarted(participant=ANNA),
        SCRIPTED,
        MessageComposed(
            message_id="m1", kind=MessageKind.OPENING, text="Hi!", asked="current_station"
        ),
    )


def test_a_conversation_is_opened_once() -> None:
    """Woken twice, the second finds it opened."""
    given(opening()).when(decide_opening, Slot(ANNA), "m2", proposal()).then()


def test_whoever_opted_out_before_the_opening_is_not_opened() -> None:
    """By a message in this conversation, or in another one."""
    given(stop(1)).when(decide_opening, Slot(ANNA), "m1", proposal()).then()
    closed = given().when(decide_unopened_end, Slot(ANNA), EndReason.OPTED_OUT)
    closed.then(
        ConversationStarted(participant=ANNA), ConversationEnded(reason=EndReason.OPTED_OUT)
    )
    given(tuple(closed.result)).when(decide_opening, Slot(ANNA), "m1", proposal()).then()


def test_an_opened_conversation_is_not_closed_unopened() -> None:
    """It ends by its own facts."""
    given(opening()).when(decide_unopened_end, Slot(ANNA), EndReason.OPTED_OUT).then()


@pytest.mark.parametrize(
    ("story", "step"),
    [
        (given(opening()), NextStep.NOTHING),
        (given(opening(), received(1)), NextStep.REPLY),
        (given(opening(), received(1), answered(1)), NextStep.NOTHING),
        (given(opening(), received(1), stop(2)), NextStep.FAREWELL),
        (given(opening(), stop(1), received(2)), NextStep.FAREWELL),
        (given(opening(), stop(1), answered(1)), NextStep.NOTHING),
        (given(opening(), ended(), received(1)), NextStep.COURTESY),
        (given(opening(), ended(), received(1), answered(1)), NextStep.NOTHING),
        (given(opening(), ended(EndReason.OPTED_OUT), received(1)), NextStep.NOTHING),
        (given(opening(), ended(EndReason.SEND_FAILED), received(1)), NextStep.NOTHING),
        (given(opening(), ended(), stop(1)), NextStep.FAREWELL),
        (given(stop(1)), NextStep.FAREWELL),
    ],
)
def test_what_is_owed_next(story: Given[object], step: NextStep) -> None:
    """A farewell comes before a reply; after the end a courtesy is owed where it can arrive."""
    assert next_step(story.state) is step  # type: ignore[arg-type]  # parametrised stories are conversations


def test_one_reply_answers_a_burst() -> None:
    """Everything unanswered is answered at once, in the order of the log."""
    given(opening(), received(1), received(2)).when(decide_turn, "m2", proposal()).then(
        SCRIPTED.model_copy(update={"answers": (sid(1), sid(2))}),
        MessageComposed(
            message_id="m2",
            kind=MessageKind.REPLY,
            text="And why there?",
            asked="current_station",
        ),
    )


def test_a_turn_that_ends_the_interview_says_goodbye_and_asks_nothing() -> None:
    """The end stands in the same commit as the goodbye."""
    found = _extraction("station", FieldState.EXTRACTED)
    wanted = proposal("Thank you!", EndReason.COMPLETED)
    wanted = type(wanted)(wanted.reply, (found,), wanted.asked, wanted.end, wanted.turn)
    given(opening(), received(1)).when(decide_turn, "m2", wanted).then(
        SCRIPTED.model_copy(update={"answers": (sid(1),)}),
        found,
        MessageComposed(message_id="m2", kind=MessageKind.GOODBYE, text="Thank you!"),
        ConversationEnded(reason=EndReason.COMPLETED),
    )


@pytest.mark.parametrize(
    "story",
    [
        given(opening()),
        given(opening(), received(1), answered(1)),
        given(opening(), received(1), stop(2)),
        given(opening(), ended(), received(1)),
    ],
)
def test_no_reply_where_none_is_owed(story: Given[object]) -> None:
    """Woken twice, after a stop, or after the end: the model's words are dropped."""
    assert decide_turn(story.state, "m2", proposal()) == []  # type: ignore[arg-type]  # as above


def test_the_farewell_answers_everything_and_says_goodbye() -> None:
    """The message that was waiting with the opt-out is answered by it too."""
    given(opening(), received(1), stop(2)).when(decide_farewell, "bye", "Take care!").then(
        answered(1, 2), GOODBYE
    )


def test_no_goodbye_where_the_provider_has_confirmed() -> None:
    """Twilio's own confirmation is enough."""
    given(opening(), stop(1, OptOutSource.PROVIDER)).when(decide_farewell, "bye", "Bye").then(
        answered(1)
    )


def test_the_goodbye_is_said_once() -> None:
    """A second stop gets a turn and no words."""
    said = given(opening(), stop(1), (answered(1), GOODBYE), stop(2))
    said.when(decide_farewell, "bye2", "Bye").then(answered(2))


def test_a_goodbye_from_before_the_stop_does_not_answer_it() -> None:
    """It may be suppressed; the stop gets its own."""
    done = given(opening(), (composed("m2", MessageKind.GOODBYE), ended()), stop(1))
    done.when(decide_farewell, "bye", "Take care!").then(answered(1), GOODBYE)


def test_no_farewell_without_an_opt_out() -> None:
    """Whoever merely wrote is owed a reply."""
    given(opening(), received(1)).when(decide_farewell, "bye", "Bye").then()


def test_fields_count_as_missing_until_settled() -> None:
    """Extracted, vague and refused fields are settled; pending and optional ones are told apart."""
    schema = {
        name: FieldSpec(type=FieldType.STRING, description="d", required=name != "optional")
        for name in ("a", "b", "c", "d", "e", "optional")
    }
    told = given(
        _extraction("a", FieldState.EXTRACTED),
        _extraction("b", FieldState.VAGUE),
        _extraction("c", FieldState.REFUSED),
        _extraction("d", FieldState.PENDING),
    )
    told.when(missing_fields, schema, Limits()).then_is(["d", "e"])


def test_a_field_asked_about_often_enough_is_given_up() -> None:
    """The first question and the probes that the limits allow; other fields do not suffer."""
    schema = {n: FieldSpec(type=FieldType.STRING, description="d") for n in ("a", "b")}
    asked = [
        MessageComposed(message_id=f"m{n}", kind=MessageKind.REPLY, text="And?", asked="a")
        for n in range(3)
    ]
    limits = Limits(probes_per_field=2)
    given(*asked[:2]).when(missing_fields, schema, limits).then_is(["a", "b"])
    given(*asked).when(missing_fields, schema, limits).then_is(["b"])


@pytest.mark.parametrize(
    ("limits", "turn", "over"),
    [
        (Limits(), TurnTaken(answers=()), False),
        (Limits(turns=2), TurnTaken(answers=()), False),
        (Limits(turns=1), TurnTaken(answers=()), True),
        (Limits(tokens=100), TurnTaken(answers=(), input_tokens=80), False),
        (Limits(tokens=100), TurnTaken(answers=(), input_tokens=80, output_tokens=7), True),
        (Limits(cost_usd=0.5), TurnTaken(answers=(), cost_usd=0.3), False),
        (Limits(cost_usd=0.5), TurnTaken(answers=(), cost_usd=0.4), True),
    ],
)
def test_an_interview_is_out_of_budget_by_turns_tokens_or_money(
    limits: Limits, turn: TurnTaken, *, over: bool
) -> None:
    """What the turn in hand takes counts."""
    schema = {"a": FieldSpec(type=FieldType.STRING, description="d")}
    before = TurnTaken(answers=(), input_tokens=10, output_tokens=3, cost_usd=0.1)
    given((before,)).when(is_out_of_budget, schema, limits, turn).then_is(over)


def test_nine_turns_are_allowed_for_one_field() -> None:
    """Three per field and six to spare, where the campaign sets no limit."""
    schema = {"a": FieldSpec(type=FieldType.STRING, description="d")}
    turn = TurnTaken(answers=())
    given(*[turn] * 8).when(is_out_of_budget, schema, Limits(), turn).then_is(expected=False)
    given(*[turn] * 9).when(is_out_of_budget, schema, Limits(), turn).then_is(expected=True)


def test_what_comes_after_the_end_gets_one_courtesy() -> None:
    """Nothing is extracted, nothing restarts; the second time it is taken note of in silence."""
    story = given(opening(), received(1), ended(), received(2))
    wanted = replace(proposal("Thanks!"), extractions=(_extraction("a", FieldState.EXTRACTED),))
    first = story.when(decide_courtesy, "late", wanted)
    turn = SCRIPTED.model_copy(update={"answers": (sid(1), sid(2))})
    courtesy = MessageComposed(message_id="late", kind=MessageKind.COURTESY, text="Thanks!")
    first.then(turn, courtesy)
    again = story.and_then(tuple(first.result)).and_then(received(3))
    again.when(decide_courtesy, "m9", wanted).then(
        SCRIPTED.model_copy(update={"answers": (sid(3),)})
    )


def test_an_opt_out_after_the_end_is_said_goodbye_to() -> None:
    """Also when the courtesy has been said: this one is owed for itself."""
    late = MessageComposed(message_id="late", kind=MessageKind.COURTESY, text="Thanks!")
    story = given(opening(), received(1), answered(1), ended(), (late,), received(2))
    decided = story.when(decide_courtesy, "bye", proposal("Take care!", EndReason.OPTED_OUT))
    decided.then(
        SCRIPTED.model_copy(update={"answers": (sid(2),)}),
        GOODBYE,
        ConversationEnded(reason=EndReason.OPTED_OUT),
    )
    after = story.and_then(tuple(decided.result)).state
    assert after.opted_out
    assert after.end_reason is EndReason.COMPLETED
    assert why_not_send(after, after.messages[-1], consented=False, at=SOON) is None
    assert (
        why_not_send(after, after.messages[-3], consented=False, at=SOON)
        is SuppressionReason.OPTED_OUT
    )


def test_distress_after_the_end_is_flagged_all_the_same() -> None:
    """Somebody should look at it; the reason of the end stays what it was."""
    state = given(opening(), ended(), ended(EndReason.DISTRESS)).state
    assert (state.end_reason, state.flag) == (EndReason.COMPLETED, EndReason.DISTRESS)


def test_a_conversation_without_money_to_open_it_is_abandoned() -> None:
    """It has said nothing, so it has completed nothing."""
    closed = given().when(decide_unopened_end, Slot(ANNA), EndReason.OUT_OF_BUDGET)
    state = given(tuple(closed.result)).state
    assert (state.status, state.opened) == (ConversationStatus.ABANDONED, True)


def test_what_was_heard_in_a_voice_note_is_kept_once() -> None:
    """The first hearing stays; what it took counts; words that are an opt-out end everything."""
    note = MediaTranscribed(message_sid=sid(1), index=0, text="ENOC", input_tokens=40, cost_usd=0.1)
    other = note.model_copy(update={"text": "else"})
    state = given(opening(), received(1), note, other).state
    assert (state.messages[-1].heard, state.tokens) == ({0: "ENOC"}, 50)
    stopped = note.model_copy(update={"opt_out": OptOutSource.PHRASE})
    state = given(opening(), received(1), stopped).state
    assert (state.opted_out, next_step(state)) == (True, NextStep.FAREWELL)


def test_a_composed_message_may_be_sent_once() -> None:
    """Composed: send it. Started: ask first. Sent: nothing more to do."""
    story = given(opening())
    message = story.state.messages[0]
    story.when(next_send, consented=True, at=SOON).then_is(Send(message))
    begun = story.and_then(started("m1"))
    begun.when(next_send, consented=True, at=SOON).then_is(Reconcile(begun.state.messages[0]))
    begun.and_then(sent("m1")).when(next_send, consented=True, at=SOON).then_is(None)
    reported = begun.and_then(receipt("m1", DeliveryStatus.SENT))
    reported.when(next_send, consented=True, at=SOON).then_is(None)


def test_messages_go_out_in_the_order_of_the_log() -> None:
    """The second waits for the first to reach its end."""
    story = given(opening(), started("m1"), received(1), composed("m2"))
    story.when(next_send, consented=True, at=SOON).then_is(Reconcile(story.state.messages[0]))
    done = story.and_then(sent("m1"))
    done.when(next_send, consented=True, at=SOON).then_is(Send(done.state.messages[2]))


def test_after_a_stop_a_reply_that_was_waiting_is_suppressed() -> None:
    """Also when it was composed before the stop."""
    story = given(opening(), sent("m1"), received(1), composed("m2"), stop(2))
    story.when(next_send, consented=True, at=SOON).then_is(
        Suppress(story.state.messages[2], SuppressionReason.OPTED_OUT)
    )


def test_after_a_stop_a_started_send_is_still_reconciled() -> None:
    """It may have gone out before the stop; nobody knows without asking."""
    story = given(opening(), started("m1"), stop(1))
    story.when(next_send, consented=False, at=SOON).then_is(Reconcile(story.state.messages[0]))


@pytest.mark.parametrize("consented", [True, False])
def test_after_a_stop_only_the_goodbye_that_answers_it_goes_out(*, consented: bool) -> None:
    """Whatever the consent lane knows of the stop yet. A goodbye composed meanwhile does not."""
    story = given(
        opening(), sent("m1"), composed("m2"), composed("m3", MessageKind.GOODBYE), stop(1),
        composed("m4", MessageKind.GOODBYE), (answered(1), GOODBYE),
    )  # fmt: skip
    verdicts = {
        m.id: why_not_send(story.state, m, consented=consented, at=SOON)
        for m in story.state.messages
        if m.sender == "agent"
    }
    stopped = SuppressionReason.OPTED_OUT
    assert verdicts == {
        "m1": stopped, "m2": stopped, "m3": stopped, "m4": stopped, "bye": None,
    }  # fmt: skip


def test_the_goodbye_in_the_commit_of_an_opt_out_that_the_model_found_goes_out() -> None:
    """It stands at the position of the opt-out itself."""
    story = given(opening(), sent("m1"), received(1), (GOODBYE, ended(EndReason.OPTED_OUT)))
    story.when(next_send, consented=False, at=SOON).then_is(Send(story.state.messages[-1]))


def test_whoever_opted_out_elsewhere_is_not_written_to() -> None:
    """Consent is the participant's, not the conversation's."""
    story = given(opening())
    story.when(next_send, consented=False, at=SOON).then_is(
        Suppress(story.state.messages[0], SuppressionReason.OPTED_OUT)
    )


def test_after_a_failure_nothing_more_is_sent() -> None:
    """The participant cannot be reached."""
    story = given(
        opening(), composed("m2"), MessageFailed(message_id="m1", reason="r", error_code=21211)
    )
    story.when(next_send, consented=True, at=SOON).then_is(
        Suppress(story.state.messages[1], SuppressionReason.CONVERSATION_ENDED)
    )


def test_the_goodbye_of_a_completed_interview_goes_out() -> None:
    """The end is written in the same commit, before the goodbye is sent."""
    story = given(
        opening(), sent("m1"), received(1), (composed("m2", MessageKind.GOODBYE), ended())
    )
    story.when(next_send, consented=True, at=SOON).then_is(Send(story.state.messages[2]))
