"""Somebody in the middle of an interview is erased: the whole system lets go of them."""

from __future__ import annotations

import httpx

from tests.e2e.study import Study, eventually
from tests.support.erasing import left_in

WORDS = "I refuel at the turquoise heron station"


def test_whoever_is_erased_is_gone_everywhere_and_hears_nothing_more(study: Study) -> None:
    """From the log's files, from the tables, and from what is said; the count of people stays."""
    [phone] = study.people(1, "silent")
    campaign = study.launch([phone])
    eventually(lambda: len(study.received_by(phone)) == 1, "the opening arrived")
    study.says(phone, WORDS)
    eventually(lambda: len(study.received_by(phone)) == 2, "the reply arrived")
    conversation = study.conversations(campaign)[0]
    participant = conversation["participant_id"]
    answer = study.api.delete(f"/participants/{participant}")
    assert answer.status_code == httpx.codes.ACCEPTED, answer.text
    assert answer.json()["campaigns"] == [campaign]

    log = study.world.plan.folder / "nats"
    assert log.is_dir()
    assert left_in(log, [WORDS, phone.removeprefix("+")]) == []
    eventually(lambda: study.ended(campaign), "the interview ended")
    eventually(
        lambda: {message["text"] for message in study.transcript(conversation["id"])} == {""},
        "the tables follow",
    )
    assert len(study.transcript(conversation["id"])) >= 3
    assert study.conversations(campaign)[0]["phone"] is None
    assert study.get(f"/campaigns/{campaign}")["counts"]["participants"] == 1

    study.says(phone, "Hello again")
    study.says(phone, "Is anybody there?")
    assert len(study.received_by(phone)) == 2
