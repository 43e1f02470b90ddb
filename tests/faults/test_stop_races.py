"""Stop means stop, at whatever moment it comes."""

from __future__ import annotations

from tests.e2e.study import eventually
from tests.faults.lab import Lab


def _opened(lab: Lab) -> tuple[str, str]:
    """A silent participant who has been opened: phone and campaign."""
    [phone] = lab.people(1, "silent")
    campaign = lab.launch([phone])
    lab.under_way([phone], 1)
    return phone, campaign


def _kinds(lab: Lab, campaign: str) -> list[tuple[str, str]]:
    """Kind and status of the agent's messages."""
    sent = {"accepted", "queued", "sent", "delivered", "read"}
    return [
        (m["kind"], "sent" if m["status"] in sent else m["status"])
        for m in lab.only(campaign)["messages"]
        if m["sender"] == "agent"
    ]


def test_a_stop_while_the_reply_is_generated_ends_it(world_to_break: Lab) -> None:
    """The reply that the model was asked for is never composed."""
    phone, campaign = _opened(world_to_break)
    world_to_break.model_fault(kind="hang", seconds=1.5, contains="in the middle of a thought")
    world_to_break.says(phone, "in the middle of a thought")
    eventually(lambda: world_to_break.only(campaign)["status"] == "active", "it arrived")
    world_to_break.says(phone, "stop")

    world_to_break.expect_nothing_lost("stop while the reply is generated")
    assert _kinds(world_to_break, campaign) == [("opening", "sent"), ("goodbye", "sent")]


def test_a_stop_while_the_reply_waits_to_be_sent_suppresses_it(world_to_break: Lab) -> None:
    """Twilio asked to wait, and meanwhile the participant said stop."""
    phone, campaign = _opened(world_to_break)
    world_to_break.whatsapp_fault(kind="rate_limited", to=f"whatsapp:{phone}", count=1)
    world_to_break.says(phone, "I'm 31, so 25-34")
    eventually(lambda: len(world_to_break.only(campaign)["messages"]) == 3, "it was composed")
    world_to_break.says(phone, "Stop.")

    world_to_break.expect_nothing_lost("stop while the reply waits to be sent")
    assert _kinds(world_to_break, campaign) == [
        ("opening", "sent"),
        ("reply", "suppressed"),
        ("goodbye", "sent"),
    ]


def test_a_stop_before_the_opening_was_composed_prevents_it(world_to_break: Lab) -> None:
    """Whoever opts out between launch and slot hears nothing at all."""
    [phone] = world_to_break.people(1, "silent")
    campaign = world_to_break.launch([*world_to_break.people(30, "silent"), phone])
    assert world_to_break.says(phone, "STOP")["http_status"] == 200

    world_to_break.expect_nothing_lost("stop before the opening")
    assert world_to_break.received_by(phone) == []
    assert world_to_break.get(f"/campaigns/{campaign}")["counts"]["abandoned"] == 1


def test_a_stop_while_the_opening_waits_to_be_sent_suppresses_it(world_to_break: Lab) -> None:
    """Twilio asked to wait with the opening; the stop belongs to the conversation already."""
    [phone] = world_to_break.people(1, "silent")
    world_to_break.whatsapp_fault(kind="rate_limited", to=f"whatsapp:{phone}", count=1)
    campaign = world_to_break.launch([phone])
    eventually(
        lambda: (
            [m["status"] for m in world_to_break.only(campaign)["messages"]] == ["composed"]
            and world_to_break.refusals(phone) == 1
        ),
        "the opening was postponed",
    )
    world_to_break.says(phone, "stop")

    world_to_break.expect_nothing_lost("stop while the opening waits to be sent")
    assert _kinds(world_to_break, campaign)[0] == ("opening", "suppressed")
    assert world_to_break.only(campaign)["status"] == "abandoned"


def test_a_stop_after_the_end_is_answered_by_one_more_goodbye(world_to_break: Lab) -> None:
    """The interview stays completed; the participant hears that the stop was understood."""
    [phone] = world_to_break.people(1, "cooperative")
    campaign = world_to_break.launch([phone])
    eventually(lambda: world_to_break.ended(campaign), "the interview ended")
    before = len(world_to_break.received_by(phone))
    world_to_break.says(phone, "stop")
    world_to_break.says(phone, "stop!")

    world_to_break.expect_nothing_lost("stop after the end")
    assert world_to_break.only(campaign)["status"] == "completed"
    assert len(world_to_break.received_by(phone)) == before + 1


def test_a_stop_holds_for_the_opening_that_another_campaign_has_scheduled(
    world_to_break: Lab,
) -> None:
    """The slot comes, and nobody is written to."""
    phone, _ = _opened(world_to_break)
    crowd = world_to_break.people(60, "silent")
    later = world_to_break.launch([*crowd, phone], name="Another study")
    world_to_break.says(phone, "cancel")

    world_to_break.expect_nothing_lost("stop while another campaign has an opening scheduled")
    assert len(world_to_break.received_by(phone)) == 2
    assert world_to_break.get(f"/campaigns/{later}")["counts"]["abandoned"] == 1


def test_a_stop_ends_the_interview_of_another_campaign_too(world_to_break: Lab) -> None:
    """Two campaigns talk with one participant; a stop in one silences both, with one goodbye."""
    phone, first = _opened(world_to_break)
    second = world_to_break.launch([phone], name="Another study")
    world_to_break.under_way([phone], 2)
    world_to_break.says(phone, "end")

    world_to_break.expect_nothing_lost("stop with two campaigns")
    assert len(world_to_break.received_by(phone)) == 3
    assert world_to_break.only(second)["status"] == "abandoned"
    eventually(lambda: world_to_break.only(first)["status"] == "abandoned", "both are over")
