"""Twilio refuses messages, at once or in a report, and the campaign says what is the matter."""

from __future__ import annotations

import pytest

from tests.e2e.study import Study, eventually

HOW = pytest.mark.parametrize("kind", ["reject", "fail"])


@HOW
def test_a_fault_of_ours_pauses_the_campaign_until_it_is_put_right(study: Study, kind: str) -> None:
    """Nobody fails; after the next launch the interview is held."""
    [phone] = phones = study.people(1, "cooperative")
    study.whatsapp_fault(kind=kind, to=phone, code=63007)
    campaign = study.launch(phones)

    eventually(lambda: study.get(f"/campaigns/{campaign}")["status"] == "paused", "paused")
    eventually(lambda: study.only(campaign)["status"] == "pending", "nobody was contacted")

    study.api.post(f"/campaigns/{campaign}/launch").raise_for_status()
    eventually(lambda: study.ended(campaign), "interviewed")
    assert study.only(campaign)["status"] == "completed"


@HOW
def test_who_cannot_be_reached_fails_and_who_blocked_us_is_left_alone(
    study: Study, kind: str
) -> None:
    """The others are interviewed all the same, and the campaign completes."""
    dead, blocked, _ = phones = study.people(3, "cooperative")
    study.whatsapp_fault(kind=kind, to=dead, code=63024)
    study.whatsapp_fault(kind=kind, to=blocked, code=63014)
    campaign = study.launch(phones)

    eventually(lambda: study.get(f"/campaigns/{campaign}")["status"] == "completed", "completed")

    ends = sorted(str(c["end_reason"]) for c in study.conversations(campaign))
    assert ends == ["completed", "opted_out", "send_failed"]
    again = study.launch([blocked])
    eventually(lambda: study.ended(again), "not written to")
    assert study.opened([blocked]) == [1 if kind == "fail" else 0]


@HOW
def test_an_opening_is_sent_at_another_slot_when_twilio_asks_to_slow_down(
    study: Study, kind: str
) -> None:
    """Nothing is lost, and nobody has to do anything."""
    [phone] = phones = study.people(1, "cooperative")
    study.whatsapp_fault(kind=kind, to=phone, code=63018, count=2)
    campaign = study.launch(phones)
    eventually(lambda: study.ended(campaign), "interviewed")
    assert study.only(campaign)["status"] == "completed"
