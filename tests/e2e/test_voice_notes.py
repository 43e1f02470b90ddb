"""A voice note is an answer like any other; what nobody can read is kindly asked for in words."""

from __future__ import annotations

import base64
from typing import Any

import httpx

from tests.e2e.study import Study, eventually

STATION = "I usually refuel at the ENOC on Yas Drive"
SCHEMA = {
    "current_station": {"type": "string", "description": "Where they currently refuel"},
    "satisfaction": {
        "type": "number",
        "description": "1-10 satisfaction with current fueling options",
    },
}


def opened(study: Study, **changes: Any) -> tuple[str, str]:
    """A participant who was written to, and the campaign."""
    [phone] = study.people(1, "silent")
    campaign = study.launch([phone], extraction_schema=SCHEMA, **changes)
    eventually(lambda: len(study.received_by(phone)) == 1, "the opening arrived")
    return phone, campaign


def speak(study: Study, phone: str, words: str) -> str:
    """The participant sends a voice note; returns the MessageSid."""
    voice = {"words": words, "content_type": "audio/ogg; codecs=opus"}
    return str(study.says(phone, "", media=[voice])["sid"])


def replies(study: Study, phone: str, count: int) -> list[str]:
    """What the participant was sent after the opening, once it is so much."""
    eventually(lambda: len(study.received_by(phone)) == count + 1, f"{count} replies arrived")
    return study.received_by(phone)[1:]


def fetches(study: Study, sid: str, kind: str) -> list[dict[str, Any]]:
    """How the files of a message were fetched, by Twilio's record."""
    url = f"{study.world.env['MESH_TWILIO_URL']}/sim/record"
    entries: list[dict[str, Any]] = httpx.get(url, params={"kind": kind}).json()["entries"]
    return [entry for entry in entries if entry["sid"] == sid]


def test_a_participant_answers_by_voice_note(study: Study) -> None:
    """The transcript stands with the message, and the value quotes it."""
    phone, campaign = opened(study)
    sid = speak(study, phone, STATION)
    replies(study, phone, 1)

    eventually(lambda: "current_station" in study.only(campaign)["evidence"], "it was taken down")
    conversation = study.only(campaign)
    [message] = [m for m in conversation["messages"] if m["id"] == sid]
    assert (message["text"], message["transcript"]) == ("", STATION)
    evidence = conversation["evidence"]["current_station"]
    assert evidence["message_sid"] == sid
    assert evidence["quote"] in STATION


def test_the_credentials_are_shown_to_twilio_alone(study: Study) -> None:
    """It leads to another host, which sees none; and a file that is late is waited for."""
    phone, _ = opened(study)
    study.whatsapp_fault(kind="media_missing", count=2, to=f"whatsapp:{phone}")
    sid = speak(study, phone, STATION)
    replies(study, phone, 1)

    asked = [entry["http_status"] for entry in fetches(study, sid, "media_requested")]
    assert asked == [404, 404, 307]
    assert [entry["credentials"] for entry in fetches(study, sid, "media_fetched")] == [False]


def test_a_voice_note_that_asks_to_stop_ends_it(study: Study) -> None:
    """One goodbye, and then nothing."""
    phone, campaign = opened(study)
    speak(study, phone, "Please stop messaging me.")
    replies(study, phone, 1)
    eventually(lambda: study.ended(campaign), "the conversation ended")
    study.says(phone, "hello?")

    conversation = study.only(campaign)
    assert (conversation["status"], conversation["end_reason"]) == ("abandoned", "opted_out")
    assert len(study.received_by(phone)) == 2


def test_what_nobody_can_read_gets_a_kind_request_to_type_it(study: Study) -> None:
    """A photo and silence alike, without a call to the model for a reply."""
    phone, campaign = opened(study)
    photo = {"content_type": "image/jpeg", "data": base64.b64encode(b"\xff\xd8").decode()}
    study.says(phone, "", media=[photo])
    [asked] = replies(study, phone, 1)
    assert "words" in asked
    speak(study, phone, "...")
    [_, again] = replies(study, phone, 2)
    assert "words" in again

    speak(study, phone, STATION)
    replies(study, phone, 3)
    eventually(lambda: "current_station" in study.only(campaign)["evidence"], "it was taken down")
    texts = [m["transcript"] for m in study.only(campaign)["messages"] if m["media"]]
    assert texts == [None, None, STATION]


def test_files_stay_nowhere_unless_the_campaign_keeps_them(study: Study) -> None:
    """Then they can be had from the API, as they came."""
    for keep in (False, True):
        phone, campaign = opened(study, keep_media=keep)
        sid = speak(study, phone, STATION)
        replies(study, phone, 1)

        conversation = study.only(campaign)["id"]
        answer = study.api.get(f"/conversations/{conversation}/media/{sid}/0")
        if keep:
            assert (answer.text, answer.headers["content-type"]) == (STATION, "audio/ogg")
        else:
            assert answer.status_code == httpx.codes.NOT_FOUND


def test_nothing_of_a_voice_note_is_in_logs_or_metrics(study: Study) -> None:
    """Neither its words nor where it lies."""
    phone, _ = opened(study)
    study.whatsapp_fault(kind="media_error", count=6, to=f"whatsapp:{phone}")
    sid = speak(study, phone, "I refuel at the pink flamingo station, every week")
    replies(study, phone, 1)

    folder = study.world.plan.folder / "logs"
    logs = [p.read_text() for p in folder.glob("*.log") if not p.name.startswith("simulated")]
    metrics = [httpx.get(f"{base}/metrics").text for base in study.world.health.values()]
    everything = "\n".join([*logs, *metrics])
    assert "media_unavailable" in everything or "MediaUnavailableError" in everything
    for secret in ("pink flamingo", f"Messages/{sid}", phone, "Media/ME"):
        assert secret not in everything
