"""The checker finds every planted fault by the counter that is meant for it, and no other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from meshcore.domain.events import (
    CampaignPaused,
    DeliveryStatus,
    DeliveryStatusChanged,
    MessageKind,
    MessageSuppressed,
    OptOutSource,
    ParticipantOptedIn,
    ParticipantOptedOut,
    SuppressionReason,
    UnroutedMessageReceived,
)
from meshcore.log import subjects
from meshcore.log.subjects import Lane
from tests.faults import checker
from tests.faults.history import History
from tests.faults.scene import ANNA, OTHER, Scene, interview, ref, sid, without


def found(history: History) -> dict[str, int]:
    """The counters that are not 0, those for information included."""
    return {name: n for name, n in checker.counters(checker.check(history)).items() if n}


def opened() -> Scene:
    """Anna is opened and has not answered yet."""
    return Scene().campaign().turn("m1", kind=MessageKind.OPENING).delivered("m1", 901)


def test_a_clean_history_gives_zeros() -> None:
    """An interview with a stop and its goodbye violates nothing."""
    assert found(interview().history()) == {}


def test_a_message_that_was_taken_but_is_not_on_the_log_is_lost() -> None:
    """A webhook answered 2xx without its MessageSid on the log."""
    assert found(opened().webhook(7).history()) == {"inbound_lost": 1}


def test_a_webhook_that_was_refused_promises_nothing() -> None:
    """A webhook that Twilio gave up is told for information only."""
    assert found(opened().webhook(7, status=503).history()) == {"refused_webhooks": 1}


def test_a_refused_webhook_that_was_taken_in_the_end_counts_as_taken() -> None:
    """Of several copies one answered 2xx is a promise."""
    assert found(opened().webhook(7, status=503).webhook(7).history()) == {"inbound_lost": 1}


def test_a_message_in_two_conversations_counts_twice() -> None:
    """One MessageSid on the lanes of two conversations."""
    scene = opened().says(1).turn("m2", sid(1)).delivered("m2", 902).campaign(OTHER)
    scene.turn("n1", kind=MessageKind.OPENING, campaign=OTHER).delivered("n1", 903, OTHER)
    scene.receives(1, campaign=OTHER).turn("n2", campaign=OTHER).delivered("n2", 904, OTHER)
    # It is answered in one of them only, so it also waits for ever in the other.
    assert found(scene.history()) == {"inbound_twice": 1, "stuck": 1}


def test_a_message_repeated_in_one_conversation_counts_once() -> None:
    """The fold ignores what it has seen, however often the log says it."""
    scene = opened().says(1).receives(1).turn("m2", sid(1)).delivered("m2", 902)
    assert found(scene.history()) == {}


def test_an_opt_out_without_a_word_on_the_consent_lane_is_found() -> None:
    """A stop that was taken, and nobody else would know."""
    scene = opened().receives(2, "stop").webhook(2, "stop")
    scene.turn("m3", sid(2), kind=MessageKind.GOODBYE).delivered("m3", 903)
    assert found(scene.history()) == {"consent_lost": 1}


def test_an_opt_out_that_a_later_one_has_overtaken_is_not_lost() -> None:
    """Of two stops at the same time, the second may reach the consent lane first, and alone."""
    scene = opened().receives(2, "stop").webhook(2, "stop")
    scene.receives(3, "stop").consents_no_more(3, position=len(scene.records))
    scene.webhook(3, "stop").turn("m3", sid(2), sid(3), kind=MessageKind.GOODBYE)
    assert found(scene.delivered("m3", 903).history()) == {}


def test_a_message_answered_by_two_turns_is_found() -> None:
    """The same MessageSid in the answers of two turns."""
    scene = opened().says(1).turn("m2", sid(1)).delivered("m2", 902)
    scene.turn("m3", sid(1)).delivered("m3", 903)
    assert found(scene.history()) == {"answered_twice": 1}


def test_an_answer_to_a_later_message_first_is_out_of_order() -> None:
    """Turns must answer in the order of the log."""
    scene = opened().says(1).says(2)
    scene.turn("m2", sid(2)).delivered("m2", 902).turn("m3", sid(1)).delivered("m3", 903)
    assert found(scene.history()) == {"out_of_order": 1}


def test_messages_that_reach_twilio_in_another_order_are_out_of_order() -> None:
    """Sends must keep the order in which the messages were composed."""
    scene = opened().says(1).turn("m2", sid(1)).says(2).turn("m3", sid(2))
    scene.delivered("m3", 903).delivered("m2", 902)
    assert found(scene.history()) == {"out_of_order": 1}


def test_a_message_that_twilio_took_twice_is_found() -> None:
    """Two SIDs for one message id; the log knows one of them."""
    assert found(opened().taken("m1", 902).history()) == {"sent_twice": 1}


def test_three_sends_of_one_message_are_two_too_many() -> None:
    """Every send beyond the first counts."""
    assert found(opened().taken("m1", 902).taken("m1", 903).history()) == {"sent_twice": 2}


def test_a_wrong_sid_on_the_log_is_found() -> None:
    """A message recorded under the SID of another."""
    scene = Scene().campaign().turn("m1", kind=MessageKind.OPENING)
    scene.started("m1").taken("m1", 901).sent("m1", 999)
    assert found(scene.history()) == {"misrecorded": 1}


def test_a_sent_message_that_the_log_calls_suppressed_is_found() -> None:
    """What was suppressed must not have reached Twilio."""
    scene = opened().says(1).turn("m2", sid(1)).started("m2").taken("m2", 902)
    event = MessageSuppressed(message_id="m2", reason=SuppressionReason.CONVERSATION_ENDED)
    scene.commit(subjects.lane(ref(), Lane.OUT), event)
    assert found(scene.history()) == {"misrecorded": 1}


def test_a_message_that_nobody_composed_is_found() -> None:
    """Twilio knows a message that the log does not."""
    assert found(opened().taken("ghost", 902).history()) == {"misrecorded": 1}


def test_a_reply_begun_after_a_stop_is_found() -> None:
    """A send that was started when the opt-out stood on the log."""
    scene = opened().says(1).turn("m2", sid(1)).stops(2).delivered("m2", 902)
    scene.turn("m3", sid(2), kind=MessageKind.GOODBYE).delivered("m3", 903)
    assert found(scene.history()) == {"sent_after_stop": 1}


def test_a_reply_that_arrives_long_after_the_stop_was_taken_is_found() -> None:
    """Begun before the opt-out, but handed over more than a second after its webhook's answer."""
    scene = opened().says(1).turn("m2", sid(1)).started("m2").stops(2)
    scene.taken("m2", 902).sent("m2", 902)
    scene.turn("m3", sid(2), kind=MessageKind.GOODBYE).delivered("m3", 903)
    scene.entries[-2]["came_at"] = scene.entries[-3]["answered_at"] + checker.IN_FLIGHT + 0.1
    assert found(scene.history()) == {"sent_after_stop": 1}


def test_a_reply_on_its_way_when_the_stop_was_taken_has_crossed_it() -> None:
    """What was already being handed over cannot be called back."""
    scene = opened().says(1).turn("m2", sid(1)).started("m2").stops(2)
    scene.taken("m2", 902).sent("m2", 902)
    scene.turn("m3", sid(2), kind=MessageKind.GOODBYE).delivered("m3", 903)
    scene.entries[-2]["came_at"] = scene.entries[-3]["answered_at"] + 0.1
    assert found(scene.history()) == {"crossed": 1}


def test_a_message_of_another_campaign_after_a_stop_is_found() -> None:
    """An opt-out holds for all campaigns."""
    scene = interview().campaign(OTHER)
    scene.turn("n1", kind=MessageKind.OPENING, campaign=OTHER).delivered("n1", 910, OTHER)
    assert found(scene.history()) == {"sent_after_stop": 1}


def test_a_message_after_an_opt_out_that_the_model_understood_is_found() -> None:
    """An opt-out in other words counts from its place on the log."""
    scene = opened().says(1, "leave me alone").turn("m2", sid(1))
    event = ParticipantOptedOut(source=OptOutSource.MODEL, message_sid=sid(1))
    scene.commit(subjects.consent(ANNA), event).delivered("m2", 902)
    assert found(scene.history()) == {"sent_after_stop": 1}


def test_a_message_after_a_new_consent_is_welcome() -> None:
    """Whoever says start may be written to again."""
    scene = interview()
    scene.commit(subjects.consent(ANNA), ParticipantOptedIn(message_sid=sid(3))).campaign(OTHER)
    scene.turn("n1", kind=MessageKind.OPENING, campaign=OTHER).delivered("n1", 910, OTHER)
    assert found(scene.history()) == {}


def test_a_second_goodbye_is_one_too_many() -> None:
    """One opt-out is answered by one goodbye, whatever the campaign."""
    scene = interview().turn("m4", kind=MessageKind.GOODBYE).delivered("m4", 904)
    assert found(scene.history()) == {"goodbyes_more_than_one": 1}


def test_a_message_that_nobody_answers_is_stuck() -> None:
    """A conversation that is not over owes an answer."""
    assert found(opened().says(1).history()) == {"stuck": 1}


def test_a_composed_message_without_an_end_is_stuck() -> None:
    """Neither sent nor failed nor suppressed."""
    assert found(opened().says(1).turn("m2", sid(1)).history()) == {"stuck": 1}
    assert found(opened().says(1).turn("m2", sid(1)).started("m2").history()) == {"stuck": 1}


def test_an_opening_whose_slot_is_long_past_is_stuck() -> None:
    """A slot on the timetable is a promise as long as the campaign is active."""
    scene = Scene().campaign()
    assert found(scene.history(seconds_later=5)) == {}
    assert found(scene.history(seconds_later=30)) == {"stuck": 1}
    paused = scene.commit(subjects.campaign(ref().campaign), CampaignPaused())
    assert found(paused.history(seconds_later=30)) == {}


def test_an_opening_held_by_a_pause_is_not_stuck() -> None:
    """What was composed for a campaign that is paused waits for the relaunch."""
    scene = Scene().campaign().turn("m1", kind=MessageKind.OPENING)
    scene.commit(subjects.campaign(ref().campaign), CampaignPaused())
    assert found(scene.history()) == {}


def test_a_dead_letter_is_parked() -> None:
    """A wake-up that was given up."""
    scene = interview()
    scene.parked.append("agent-inbound.7")
    assert found(scene.history()) == {"parked": 1}


@pytest.mark.parametrize(
    ("table", "column", "wrong"),
    [
        ("users", "opted_out", False),
        ("campaigns", "abandoned", 0),
        ("conversations", "status", "active"),
        ("conversations", "extracted_data", {"place": "Hill's"}),
        ("messages", "status", "sending"),
        ("messages", "ordinal", 9),
        ("outreach_queue", "status", "scheduled"),
    ],
)
def test_a_row_that_is_not_the_fold_of_the_log_is_found(
    table: str, column: str, wrong: object
) -> None:
    """Any column of any table."""
    history = interview().history()
    history.tables[table][0][column] = wrong
    assert found(history) == {"read_side_differs": 1}


def test_rows_that_are_missing_or_too_many_are_found() -> None:
    """Each counts."""
    history = interview().history()
    del history.tables["messages"][0]
    history.tables["users"].append({"id": "nobody"})
    assert found(history) == {"read_side_differs": 2}


def test_the_tables_are_held_to_their_own_checkpoint() -> None:
    """What the projector has not reached yet is no difference."""
    scene = interview()
    end = len(scene.records)
    history = scene.history()
    behind = replace(without(history, end), records=history.records, checkpoint=end - 1)
    assert found(behind) == {}
    rows = {"message": 1, "conversation": 1, "figures": 1}
    assert found(replace(behind, checkpoint=end)) == {"read_side_differs": len(rows)}


def test_receipts_are_part_of_the_fold() -> None:
    """The sending status in the tables is the highest that Twilio reported."""
    scene = opened()
    event = DeliveryStatusChanged(
        message_id="m1", message_sid=sid(901), status=DeliveryStatus.DELIVERED
    )
    scene.commit(subjects.lane(ref(), Lane.IN), event)
    history = scene.history()
    assert [row["status"] for row in history.tables["messages"]] == ["delivered"]
    assert found(history) == {}


def test_strangers_are_told_for_information() -> None:
    """Messages outside any conversation are taken, and nothing is owed for them."""
    event = UnroutedMessageReceived(message_sid=sid(50), text="who is this?")
    scene = interview().commit(subjects.unrouted("b" * 32), event).webhook(50)
    assert found(scene.history()) == {"unrouted": 1}
