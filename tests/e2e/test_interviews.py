"""What a researcher is promised, from the first call to the results."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from meshctl.demo import CAMPAIGN
from tests.e2e.study import Study, eventually

FIELDS = set(CAMPAIGN["extraction_schema"])


def test_a_campaign_runs_from_creation_to_extractions(study: Study) -> None:
    """Everybody who answers is interviewed to the end, and what they said is in the results."""
    phones = [
        *study.people(3, "cooperative"),
        *study.people(1, "terse"),
        *study.people(1, "vague"),
        *study.people(1, "bursty"),
        *study.people(1, "wanders"),
    ]
    campaign = study.launch(phones)

    eventually(lambda: study.get(f"/campaigns/{campaign}")["status"] == "completed", "completed")

    results = study.get(f"/campaigns/{campaign}/extractions")
    assert results["campaign_id"] == campaign
    assert results["total_completed"] == len(phones)
    assert all(set(row["data"]) == FIELDS for row in results["extractions"])
    for conversation in study.conversations(campaign):
        texts = [m["text"] for m in study.transcript(conversation["id"]) if m["sender"] == "agent"]
        assert len(texts) == len(set(texts)), "a message was composed twice"
    for phone in phones:
        sent = study.received_by(phone)
        assert len(sent) == len(set(sent)), "a message was sent twice"


def test_every_value_is_backed_by_the_participants_own_words(study: Study) -> None:
    """Each extraction quotes a message of the transcript literally."""
    campaign = study.launch(study.people(1, "cooperative"))
    eventually(lambda: study.ended(campaign), "the interview ended")

    conversation = study.only(campaign)
    texts = {m["id"]: m["text"] for m in conversation["messages"] if m["sender"] == "participant"}

    assert set(conversation["evidence"]) == FIELDS
    for evidence in conversation["evidence"].values():
        assert evidence["quote"] in texts[evidence["message_sid"]]


def test_who_says_stop_hears_one_goodbye_and_then_nothing(study: Study) -> None:
    """The conversation is abandoned, and no message follows the goodbye, whatever is written."""
    [phone] = study.people(1, "silent")
    campaign = study.launch([phone])
    eventually(lambda: len(study.received_by(phone)) == 1, "the opening arrived")

    study.says(phone, "  Stop! 🙏")
    eventually(lambda: len(study.received_by(phone)) == 2, "the goodbye arrived")
    study.says(phone, "hello? anybody there?")
    study.says(phone, "STOP")
    eventually(lambda: len(study.only(campaign)["messages"]) == 5, "all words are on record")

    conversation = study.only(campaign)
    assert conversation["status"] == "abandoned"
    assert conversation["end_reason"] == "opted_out"
    assert len(study.received_by(phone)) == 2


def test_an_opt_out_holds_in_campaigns_that_come_later(study: Study) -> None:
    """A participant who opted out is not opened again, and the new conversation says why."""
    [phone] = study.people(1, "silent")
    study.launch([phone])
    eventually(lambda: len(study.received_by(phone)) == 1, "the opening arrived")
    study.says(phone, "quit")
    eventually(lambda: len(study.received_by(phone)) == 2, "the goodbye arrived")

    later = study.launch([phone], name="Another study")
    eventually(lambda: study.ended(later), "the later conversation is closed")

    assert study.only(later)["status"] == "abandoned"
    assert len(study.received_by(phone)) == 2


def test_an_opt_out_ends_the_participants_interviews_in_all_campaigns(study: Study) -> None:
    """What runs elsewhere is ended too, without another word."""
    [phone] = study.people(1, "silent")
    first = study.launch([phone])
    eventually(lambda: len(study.received_by(phone)) == 1, "the first opening arrived")
    second = study.launch([phone], name="Another study")
    eventually(lambda: len(study.received_by(phone)) == 2, "the second opening arrived")

    study.says(phone, "cancel")
    eventually(lambda: study.ended(first) and study.ended(second), "both have ended")

    assert {study.only(c)["end_reason"] for c in (first, second)} == {"opted_out"}
    assert len(study.received_by(phone)) == 3


def test_a_webhook_repeated_counts_once(study: Study) -> None:
    """The same MessageSid five times at once is one message with one reply."""
    [phone] = study.people(1, "silent")
    campaign = study.launch([phone])
    eventually(lambda: len(study.received_by(phone)) == 1, "the opening arrived")

    answer = study.says(phone, "I'm 31, so 25-34", copies=5)
    eventually(lambda: len(study.received_by(phone)) == 2, "the reply arrived")
    study.says(phone, "I'm 31, so 25-34", message_sid=answer["sid"])

    messages = study.only(campaign)["messages"]
    assert [m["sender"] for m in messages] == ["agent", "participant", "agent"]
    assert len(study.received_by(phone)) == 2


def test_messages_in_a_burst_share_one_reply(study: Study) -> None:
    """Several messages within the burst's time are answered together, in the order of the log."""
    [phone] = study.people(1, "silent")
    campaign = study.launch([phone])
    eventually(lambda: len(study.received_by(phone)) == 1, "the opening arrived")

    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda text: study.says(phone, text), ("well", "I am", "31")))
    eventually(lambda: len(study.received_by(phone)) == 2, "the reply arrived")

    assert {a["http_status"] for a in answers} == {200}
    senders = [m["sender"] for m in study.only(campaign)["messages"]]
    assert senders == ["agent", "participant", "participant", "participant", "agent"]


def test_stop_during_a_model_call_suppresses_the_reply(study: Study) -> None:
    """A reply that was being generated when the stop arrived is never sent."""
    [phone] = study.people(1, "silent")
    campaign = study.launch([phone])
    eventually(lambda: len(study.received_by(phone)) == 1, "the opening arrived")

    study.model_fault(kind="hang", seconds=1.5, contains="I am thirty-one, and in no hurry")
    study.says(phone, "I am thirty-one, and in no hurry")
    eventually(lambda: study.only(campaign)["status"] == "active", "the message arrived")
    study.says(phone, "end")
    eventually(lambda: len(study.received_by(phone)) == 2, "the goodbye arrived")
    eventually(lambda: len(study.only(campaign)["messages"]) >= 4, "all words are on record")

    conversation = study.only(campaign)
    assert [m["kind"] for m in conversation["messages"] if m["sender"] == "agent"] == [
        "opening",
        "goodbye",
    ]
    assert conversation["status"] == "abandoned"


def test_a_pause_stops_the_openings_and_a_relaunch_sends_the_rest(study: Study) -> None:
    """Nobody is opened while the campaign is paused; after the relaunch everybody is, once."""
    phones = study.people(150, "silent")
    campaign = study.launch(phones)
    eventually(lambda: sum(study.opened(phones)) >= 5, "the first openings arrived")

    paused = study.api.post(f"/campaigns/{campaign}/pause").json()
    assert paused["status"] == "paused"
    eventually(lambda: _is_quiet(study, phones), "the openings stopped")
    assert sum(study.opened(phones)) < len(phones)

    study.api.post(f"/campaigns/{campaign}/launch")
    eventually(lambda: all(study.opened(phones)), "everybody was opened")
    assert study.opened(phones) == [1] * len(phones)


def _is_quiet(study: Study, phones: list[str]) -> bool:
    """Whether nothing is sent to these numbers for a second."""
    before = study.opened(phones)
    time.sleep(1)
    return before == study.opened(phones)


def test_a_refused_opening_fails_the_conversation_with_the_reason(study: Study) -> None:
    """What Twilio will not deliver ends as failed, and says why."""
    [phone] = study.people(1, "silent")
    study.whatsapp_fault(kind="reject", code=63024, to=f"whatsapp:{phone}")
    campaign = study.launch([phone])
    eventually(lambda: study.ended(campaign), "the conversation ended")

    conversation = study.only(campaign)
    assert conversation["status"] == "failed"
    assert "cannot be reached" in conversation["failure"]


def test_delivery_statuses_reach_the_transcript(study: Study) -> None:
    """Each message of ours shows how far it came, and Twilio's SID."""
    [phone] = study.people(1, "silent")
    campaign = study.launch([phone])
    eventually(
        lambda: [m["status"] for m in study.only(campaign)["messages"]] == ["read"],
        "the opening was read",
    )
    [opening] = study.only(campaign)["messages"]
    assert opening["twilio_sid"].startswith("SM")
