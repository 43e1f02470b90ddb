"""The interviewer between a model that errs and a participant who must not notice."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mesh_agent.interviewer import (
    CALM_GOODBYE,
    FALLBACK,
    GOODBYE,
    OPT_OUT_GOODBYE,
    Interviewer,
)
from meshcore.domain.conversation import Conversation
from meshcore.domain.events import EndReason
from meshcore.domain.turns import Proposal
from meshcore.errors import ModelError
from tests.agent.scripted_model import ScriptedModel, claim, says
from tests.agent.talks import CAMPAIGN, answered, known, opened, talk, wrote

ASKED = talk(*opened(), wrote(1, "ENOC, I would say 7 of 10"))
STATION = claim("current_station", "ENOC", "ENOC", 2)
CONTENT = claim("satisfaction", 7, "7 of 10", 2)
TWICE = "Why there? And how often?"


async def turn(model: ScriptedModel, state: Conversation = ASKED) -> Proposal:
    """What the interviewer makes of the model's answers."""
    return await Interviewer(model).turn(CAMPAIGN, state)


async def test_a_clean_answer_is_taken_as_it_is() -> None:
    """One call; words, values and usage are kept."""
    model = ScriptedModel(says("ENOC, I see. Why there?", "continue", STATION))
    proposal = await turn(model)
    assert (proposal.reply, proposal.end) == ("ENOC, I see. Why there?", None)
    assert [(e.field, e.value) for e in proposal.extractions] == [("current_station", "ENOC")]
    usage = proposal.turn
    assert (usage.model, usage.model_calls, usage.input_tokens, usage.output_tokens) == (
        "scripted", 1, 10, 3,
    )  # fmt: skip


async def test_a_breach_is_named_once_and_the_second_answer_is_used() -> None:
    """The model hears what was wrong; the usage of both calls is summed."""
    model = ScriptedModel(says(TWICE), says("Why there?"))
    proposal = await turn(model)
    assert proposal.reply == "Why there?"
    assert "not usable" not in model.prompts[0].user
    assert "not usable: the reply asks more than one question" in model.prompts[1].user
    usage = proposal.turn
    assert (usage.model_calls, usage.input_tokens, usage.output_tokens) == (2, 20, 6)


async def test_what_is_wrong_twice_is_mended() -> None:
    """There is no third call."""
    model = ScriptedModel(says(TWICE))
    assert (await turn(model)).reply == "Why there?"
    assert len(model.prompts) == 2


async def test_what_cannot_be_mended_is_replaced() -> None:
    """The participant never sees it."""
    assert (await turn(ScriptedModel(says("My checklist says so.")))).reply == FALLBACK


@pytest.mark.parametrize(
    ("outcome", "reply"),
    [
        ("complete", GOODBYE),
        ("opted_out", OPT_OUT_GOODBYE),
        ("declined", OPT_OUT_GOODBYE),
        ("distress", CALM_GOODBYE),
        ("inappropriate", CALM_GOODBYE),
    ],
)
async def test_a_goodbye_that_cannot_be_mended_is_replaced_by_one_that_fits(
    outcome: str, reply: str
) -> None:
    """Nobody in distress is told that chatting was lovely."""
    proposal = await turn(ScriptedModel(says("Anything else?", outcome, STATION, CONTENT)))
    assert proposal.reply == reply
    assert proposal.end is not None


async def test_control_characters_never_reach_the_log() -> None:
    """Neither PostgreSQL nor Twilio takes a NUL."""
    assert (await turn(ScriptedModel(says("Why\x00 there?")))).reply == "Why there?"


async def test_complete_with_missing_fields_is_not_accepted() -> None:
    """Neither at first nor when the model insists; what is missing is named."""
    model = ScriptedModel(says("Thanks, bye!", "complete", STATION))
    proposal = await turn(model)
    assert proposal.end is None
    assert "nothing is known yet of satisfaction" in model.prompts[1].user


async def test_complete_with_everything_required_ends_the_interview() -> None:
    """What was known before and what is new count together; an optional field may lack."""
    model = ScriptedModel(says("Thanks, bye!", "complete", CONTENT))
    proposal = await turn(model, talk(*opened(), wrote(1, "7 of 10"), known("current_station", 1)))
    assert (proposal.end, proposal.reply) == (EndReason.COMPLETED, "Thanks, bye!")
    refused = claim("satisfaction", None, "7 of 10", 2, "refused")
    proposal = await turn(ScriptedModel(says("Bye!", "complete", STATION, refused)))
    assert proposal.end is EndReason.COMPLETED


async def test_values_without_evidence_are_never_proposed() -> None:
    """Not even when the model repeats them; they are counted."""
    invented = claim("satisfaction", 9, "nine of ten", 2)
    proposal = await turn(ScriptedModel(says("Why there?", "continue", STATION, invented)))
    assert [e.field for e in proposal.extractions] == ["current_station"]
    assert proposal.turn.rejected_extractions == 2


async def test_a_claim_without_evidence_completes_nothing() -> None:
    """An invented value does not settle a field."""
    invented = claim("satisfaction", 9, "nine of ten", 2)
    proposal = await turn(ScriptedModel(says("Bye!", "complete", STATION, invented)))
    assert proposal.end is None


async def test_an_unknown_field_is_not_said_to_be_asked_about() -> None:
    """What the model makes up about its own question is dropped."""
    for asked, kept in (("satisfaction", "satisfaction"), ("nonsense", None)):
        proposal = await turn(ScriptedModel({**says("How content?"), "asked": asked}))
        assert proposal.asked == kept


async def test_an_interview_out_of_budget_ends_warmly() -> None:
    """Three turns per field and some to spare; what was learned last is kept."""
    events = [*opened()]
    for n in range(1, 16):
        events += [wrote(n, "ENOC"), *answered(n, "And?")]
    model = ScriptedModel(says("And then?", "continue", claim("hobby", "ENOC", "ENOC", 32)))
    proposal = await turn(model, talk(*events, wrote(16, "ENOC")))
    assert (proposal.end, proposal.reply) == (EndReason.OUT_OF_BUDGET, GOODBYE)
    assert (proposal.asked, len(proposal.extractions)) == (None, 1)


@pytest.mark.parametrize(
    "answer",
    [
        "", "{", "null", "[]", '"text"', "Sure! Here it is: {}",
        '{"reply": "Hi"}',
        json.dumps({**says("Hi"), "outcome": "bored"}),
        json.dumps({**says("Hi"), "reply": 5}),
        json.dumps({**says("Hi"), "extractions": [{"value": 1}]}),
        json.dumps({**says("Hi"), "extractions": "none"}),
        '{"outcome": "continue", "reply": "half a pair: \\ud83d"}',
    ],
)  # fmt: skip
async def test_an_answer_that_does_not_fit_is_a_model_error(answer: str) -> None:
    """The error says how wrong, and quotes nothing."""
    with pytest.raises(ModelError) as caught:
        await turn(ScriptedModel(answer))
    assert "Hi" not in str(caught.value)


async def test_an_opening_is_mended_or_refused() -> None:
    """The first impression keeps the same rules."""
    for reply, sent in ((TWICE, "Why there?"), ("  Hello! How are you? ", "Hello! How are you?")):
        answer: dict[str, Any] = {"reply": reply, "asked": "nonsense"}
        proposal = await Interviewer(ScriptedModel(answer)).opening(CAMPAIGN, Conversation())
        assert (proposal.reply, proposal.asked) == (sent, None)
    for reply in ("", "My checklist!", "Your current_station?"):
        with pytest.raises(ModelError):
            await Interviewer(ScriptedModel({"reply": reply})).opening(CAMPAIGN, Conversation())
