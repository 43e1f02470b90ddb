"""Twilio and the model misbehave in every way they know: nothing is lost, nothing is said twice."""

from __future__ import annotations

from typing import Any

from meshctl.demo import CAMPAIGN
from tests.faults.lab import Lab

MODEL_FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "rate_limited", "retry_delay": 0.5},
    {"kind": "server_error"},
    {"kind": "hang", "seconds": 4},
    {"kind": "invalid_json"},
    {"kind": "empty"},
    {"kind": "blocked"},
    {"kind": "cut_off"},
)
TWILIO_FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "rate_limited"},
    {"kind": "server_error", "when": "before", "count": 1},
    {"kind": "server_error", "when": "after", "count": 2},
    {"kind": "hang", "when": "before", "seconds": 8, "count": 1},
    {"kind": "hang", "when": "after", "seconds": 8, "count": 1},
    {"kind": "hang", "when": "late", "seconds": 8, "count": 1},
)


def test_interviews_survive_every_fault_of_the_model(world_to_break: Lab) -> None:
    """One campaign for each fault, which strikes three calls in ten."""
    campaigns = []
    for fault in MODEL_FAULTS:
        brief = f"{CAMPAIGN['research_brief']} Reference: {fault['kind']}."
        world_to_break.model_fault(
            **fault, probability=0.3, contains=f"Reference: {fault['kind']}."
        )
        phones = world_to_break.people(3, "cooperative")
        campaigns.append(world_to_break.launch(phones, research_brief=brief))

    world_to_break.expect_nothing_lost("faults of the model")
    assert not world_to_break.unstruck()
    assert all(world_to_break.ended(campaign) for campaign in campaigns)


def test_interviews_survive_every_fault_of_twilio(world_to_break: Lab) -> None:
    """Some people for each fault, which strikes three messages in ten."""
    phones = world_to_break.people(3 * len(TWILIO_FAULTS), "cooperative")
    for n, phone in enumerate(phones):
        fault = {"probability": 0.3, **TWILIO_FAULTS[n % len(TWILIO_FAULTS)]}
        world_to_break.whatsapp_fault(**fault, to=f"whatsapp:{phone}", seed=n)
    campaign = world_to_break.launch(phones)

    world_to_break.expect_nothing_lost("faults of Twilio")
    assert not world_to_break.unstruck()
    assert world_to_break.ended(campaign)


def test_webhooks_that_come_three_times_count_once(world_to_break: Lab) -> None:
    """Every inbound webhook is sent three times at once."""
    world_to_break.whatsapp_fault(kind="duplicate_webhooks", copies=3, probability=1)
    campaign = world_to_break.launch(world_to_break.mixed(12))

    world_to_break.expect_nothing_lost("webhooks three times")
    assert not world_to_break.unstruck()
    assert world_to_break.ended(campaign)


def test_a_message_repeated_past_the_servers_memory_is_answered_once(
    world_to_break: Lab,
) -> None:
    """The server forgets a MessageSid after two minutes; the fold never does."""
    [phone] = world_to_break.people(1, "silent")
    campaign = world_to_break.launch([phone])
    world_to_break.under_way([phone], 1)
    sid = world_to_break.says(phone, "I'm 31, so 25-34")["sid"]
    world_to_break.under_way([phone], 2)

    world_to_break.append_again(sid)

    world_to_break.expect_nothing_lost("a MessageSid that comes again")
    senders = [m["sender"] for m in world_to_break.only(campaign)["messages"]]
    assert senders == ["agent", "participant", "agent"]
