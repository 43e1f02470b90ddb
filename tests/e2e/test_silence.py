"""What a researcher is promised about participants who do not answer."""

from __future__ import annotations

import itertools

import httpx

from tests.e2e.study import Study, eventually

_SECONDS = 1 / 3_600
_sids = itertools.count(0x51)


def by_template(study: Study, after_seconds: float, body: str) -> dict[str, object]:
    """A reminder whose template WhatsApp has approved."""
    sid = f"HX{next(_sids):032x}"
    template = {"content_sid": sid, "body": body}
    httpx.post(f"{study.world.env['MESH_TWILIO_URL']}/sim/templates", json=template)
    return {
        "after_hours": after_seconds * _SECONDS,
        "text": body,
        "template": {"content_sid": sid, "variables": {}},
    }


def test_whoever_never_answers_is_reminded_and_then_given_up(study: Study) -> None:
    """Each reminder once, then the end, without a word; a late answer gets one courtesy."""
    [phone] = study.people(1, "silent")
    first = by_template(study, 2, "Whenever you have a moment, I would love to hear from you.")
    second = by_template(study, 2, "Last note from me: you are welcome to write at any time.")
    outreach = {"reminders": [first, second], "expire_after_hours": 4 * _SECONDS}
    campaign = study.launch([phone], outreach=outreach)
    eventually(lambda: study.ended(campaign), "the conversation was given up")

    conversation = study.only(campaign)
    assert (conversation["status"], conversation["end_reason"]) == ("abandoned", "expired")
    kinds = [m["kind"] for m in conversation["messages"]]
    assert kinds == ["opening", "reminder", "reminder"]
    assert study.received_by(phone)[1:] == [first["text"], second["text"]]

    study.says(phone, "Oh sorry, I was away")
    eventually(lambda: len(study.received_by(phone)) == 4, "the courtesy arrived")
    assert study.only(campaign)["end_reason"] == "expired"


def test_whoever_answers_a_reminder_is_interviewed(study: Study) -> None:
    """And not reminded any more."""
    [phone] = study.people(1, "forgetful")
    reminder = by_template(study, 2, "Whenever you have a moment, I would love to hear from you.")
    campaign = study.launch([phone], outreach={"reminders": [reminder]})
    eventually(lambda: study.ended(campaign), "the interview ended")

    conversation = study.only(campaign)
    assert conversation["status"] == "completed"
    kinds = [m["kind"] for m in conversation["messages"] if m["sender"] == "agent"]
    assert kinds[:2] == ["opening", "reminder"]
    assert "reminder" not in kinds[2:]


def test_whoever_falls_silent_is_reminded_in_our_own_words(study: Study) -> None:
    """They wrote within the last 24 hours, so no template is needed."""
    [phone] = study.people(1, "silent")
    reminders = [{"after_hours": 3 * _SECONDS}]
    campaign = study.launch(
        [phone], outreach={"reminders": reminders, "expire_after_hours": 6 * _SECONDS}
    )
    eventually(lambda: len(study.received_by(phone)) == 1, "the opening arrived")
    study.says(phone, "I am 31")
    eventually(lambda: study.ended(campaign), "the conversation was given up")

    kinds = [m["kind"] for m in study.only(campaign)["messages"] if m["sender"] == "agent"]
    assert kinds == ["opening", "reply", "reminder"]
