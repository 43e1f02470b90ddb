"""The interviewer between a model that errs and a participant who must not notice."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from mesh_agent.interviewer import Interviewer, out_of_money, please_type_it
from mesh_agent.phrases import Phrase, say
from mesh_agent.reply_context import reply_context
from mesh_agent.reply_rules import breaches
from meshcore.domain.conversation import Conversation
from meshcore.domain.events import (
    ConversationEnded,
    EndReason,
    Media,
    MessageComposed,
    MessageKind,
)
from meshcore.domain.study import Limits, Opening, Template
from meshcore.domain.turns import Proposal
from meshcore.errors import ModelError, UnusableAnswerError
from tests.agent.scripted_model import ScriptedModel, claim, says
from tests.agent.talks import CAMPAIGN, answered, known, opened, talk, wrote

ASKED = talk(*opened(), wrote(1, "ENOC, I would say 7 of 10"))
STATION = claim("current_station", "ENOC", "ENOC", 2)
CONTENT = claim("satisfaction", 7, "7 of 10", 2)
HOBBY = {"asked": "hobby"}
TWICE = "Why there? And how often?"
SUPPORT = "You can call 800 4673 at any hour."


def because(quote: str, message: int = 2) -> dict[str, Any]:
    """The participant's words for an outcome."""
    return {"because": {"quote": quote, "message": message}}


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
    assert (usage.breaches, usage.fallback) == ((), False)


async def test_a_breach_is_named_once_and_the_second_answer_is_used() -> None:
    """The model hears what was wrong; usage and breaches of both calls are counted."""
    model = ScriptedModel(says(TWICE), says("Why there?"))
    proposal = await turn(model)
    assert proposal.reply == "Why there?"
    assert "not usable" not in model.prompts[0].user
    assert "not usable: the reply asks more than one question" in model.prompts[1].user
    usage = proposal.turn
    assert (usage.model_calls, usage.input_tokens, usage.output_tokens) == (2, 20, 6)
    assert usage.breaches == ("several_questions",)


async def test_what_is_wrong_twice_is_mended() -> None:
    """There is no third call."""
    model = ScriptedModel(says(TWICE))
    assert (await turn(model)).reply == "Why there?"
    assert len(model.prompts) == 2


async def test_good_words_are_not_lost_to_a_second_answer_that_is_worse() -> None:
    """The first was asked again only for its values."""
    invented = claim("satisfaction", 9, "nine of ten", 2)
    model = ScriptedModel(says("Why there?", "continue", invented), says("My checklist says so."))
    proposal = await turn(model)
    assert (proposal.reply, proposal.turn.fallback) == ("Why there?", False)


async def test_an_opt_out_that_was_borne_out_is_not_taken_back() -> None:
    """The second draft was asked for because of the words, not of the end."""
    state = talk(*opened(), wrote(1, "I do not want this any more"))
    first = {**says("Sure, but why? And when?", "opted_out"), **because("I do not want this")}
    proposal = await turn(ScriptedModel(first, says("Thanks, bye!", "declined")), state)
    assert proposal.end is EndReason.OPTED_OUT


async def test_the_model_is_told_of_a_doubtful_end_before_it_is_believed() -> None:
    """A second answer that ends what the first did not is as doubtful as a first one."""
    state = talk(*opened(), wrote(1, "I stop there twice a week"))
    ends = {**says("Of course, bye!", "opted_out"), **because("stop")}
    assert (await turn(ScriptedModel(says(TWICE), ends), state)).end is None
    assert (await turn(ScriptedModel(ends), state)).end is EndReason.OPTED_OUT


async def test_a_value_is_not_lost_to_a_later_shrug() -> None:
    """Neither between drafts nor within one; a correction in a later message wins."""
    shrug = claim("satisfaction", None, "7 of 10", 2, "refused")
    model = ScriptedModel(says(TWICE, "continue", CONTENT), says("So?", "continue", shrug))
    assert [e.value for e in (await turn(model)).extractions] == [7]


async def test_one_bad_item_costs_nothing_else() -> None:
    """Models without an enforced schema leave parts out, or quote without saying where."""
    odd = {
        "extractions": [STATION, {"field": "hobby", "state": "pending"}, claim("x", [], "a", 2)],
        "outcome": "opted_out", "because": "I would say 7 of 10", "reply": None,
    }  # fmt: skip
    proposal = await turn(ScriptedModel(odd))
    assert [e.field for e in proposal.extractions] == ["current_station"]
    assert proposal.end is EndReason.OPTED_OUT
    assert proposal.reply == say(Phrase.GOODBYE_TO_OPT_OUT, None)


async def test_a_provider_that_fails_at_the_second_draft_costs_not_the_first() -> None:
    """It is overloaded already; what there is is mended."""
    proposal = await turn(ScriptedModel(says(TWICE, "continue", STATION), ModelError("busy")))
    assert (proposal.reply, len(proposal.extractions)) == ("Why there?", 1)


async def test_values_of_both_answers_are_kept() -> None:
    """A model that is told of its reply may forget what it had found; a later word wins."""
    sailing = claim("current_station", "Enoc", "ENOC", 2)
    model = ScriptedModel(says(TWICE, "continue", STATION), says("So?", "continue", sailing))
    assert [(e.field, e.value) for e in (await turn(model)).extractions] == [
        ("current_station", "Enoc")
    ]
    model = ScriptedModel(says(TWICE, "continue", STATION), says("So?"))
    assert [e.field for e in (await turn(model)).extractions] == ["current_station"]


async def test_of_two_claims_on_one_field_the_later_message_counts() -> None:
    """In whatever order the model tells them."""
    state = talk(*opened(), wrote(1, "7 I would say"), wrote(2, "no, 8"))
    early, late = claim("satisfaction", 7, "7", 2), claim("satisfaction", 8, "8", 3)
    proposal = await turn(ScriptedModel(says("Why there?", "continue", late, early)), state)
    assert [e.value for e in proposal.extractions] == [8]


async def test_what_cannot_be_mended_is_replaced_by_a_question_of_ours() -> None:
    """The participant never sees it; the turn tells that the words are ours."""
    proposal = await turn(ScriptedModel(says("My checklist says so.", "continue", STATION)))
    assert proposal.turn.fallback
    assert proposal.asked == "satisfaction"
    assert proposal.reply
    context = reply_context(CAMPAIGN, ASKED, asked=proposal.asked)
    assert breaches(proposal.reply, context) == []


async def test_a_fallback_is_never_the_same_twice_in_a_row() -> None:
    """Nobody likes to be asked by a parrot."""
    model = ScriptedModel(says("My checklist says so."))
    first = (await turn(model)).reply
    again = talk(*opened(), wrote(1, "ENOC"), *answered(1, first or ""), wrote(2, "ENOC"))
    assert (await turn(model, again)).reply != first


@pytest.mark.parametrize(
    ("outcome", "phrase"),
    [
        ("complete", Phrase.GOODBYE),
        ("opted_out", Phrase.GOODBYE_TO_OPT_OUT),
        ("declined", Phrase.DECLINED),
        ("distress", Phrase.DISTRESS_GOODBYE),
        ("inappropriate", Phrase.CALM_GOODBYE),
    ],
)
async def test_a_goodbye_that_cannot_be_mended_is_replaced_by_one_that_fits(
    outcome: str, phrase: Phrase
) -> None:
    """Nobody in distress is told that chatting was lovely."""
    answer = says("Anything else?", outcome, STATION, CONTENT, claim("hobby", "so", "ENOC", 2))
    proposal = await turn(ScriptedModel({**answer, **because("I would say 7 of 10")}))
    assert proposal.reply == say(phrase, None)
    assert proposal.end is not None


async def test_our_own_words_are_in_the_participants_language() -> None:
    """As the model tells it now, else as it was known, else the campaign's."""
    broken = says("My checklist says so.", "opted_out")
    model = ScriptedModel({**broken, **because("ENOC, I would say"), "language": "es"})
    proposal = await turn(model)
    assert proposal.reply == say(Phrase.GOODBYE_TO_OPT_OUT, "es")
    assert proposal.turn.language == "es"
    german = replace(CAMPAIGN, language="de")
    proposal = await Interviewer(ScriptedModel({**broken, **because("ENOC, I would say")})).turn(
        german, ASKED
    )
    assert proposal.reply == say(Phrase.GOODBYE_TO_OPT_OUT, "de")


async def test_control_characters_never_reach_the_log() -> None:
    """Neither PostgreSQL nor Twilio takes a NUL."""
    assert (await turn(ScriptedModel(says("Why\x00 there?")))).reply == "Why there?"


async def test_complete_with_missing_fields_is_not_accepted() -> None:
    """Neither at first nor when the model insists; its farewell is not sent."""
    model = ScriptedModel(says("Thanks, bye!", "complete", STATION))
    proposal = await turn(model)
    assert proposal.end is None
    assert "nothing is known yet of satisfaction" in model.prompts[1].user
    assert proposal.reply != "Thanks, bye!"
    assert (proposal.asked, proposal.turn.fallback) == ("satisfaction", True)


async def test_complete_with_everything_required_ends_the_interview() -> None:
    """What was known before and what is new count together; an optional field may lack."""
    model = ScriptedModel(says("Thanks, bye!", "complete", CONTENT))
    before = talk(*opened(), wrote(1, "7 of 10"), known("current_station", "ENOC"))
    proposal = await turn(model, before)
    assert (proposal.end, proposal.reply) == (EndReason.COMPLETED, "Thanks, bye!")


async def test_code_ends_an_interview_that_has_everything() -> None:
    """A model that goes on asking is told, then overruled; an optional field may be asked about."""
    hobby = claim("hobby", "sailing", "sailing", 2)
    everything = talk(*opened(), wrote(1, "ENOC, 7 of 10, and sailing"))
    content = claim("satisfaction", 7, "7 of 10", 2)
    model = ScriptedModel(says("And how often?", "continue", STATION, content, hobby))
    proposal = await turn(model, everything)
    assert "everything is known" in model.prompts[1].user
    assert (proposal.end, proposal.reply) == (EndReason.COMPLETED, say(Phrase.GOODBYE, None))
    asks = {**says("And what do you do for fun?", "continue", STATION, CONTENT), **HOBBY}
    proposal = await turn(ScriptedModel(asks))
    assert (proposal.end, proposal.asked) == (None, "hobby")


async def test_a_reply_that_asks_nothing_does_not_lead_on() -> None:
    """The model is told; if it insists, a question of ours takes its place."""
    model = ScriptedModel(says("Thank you for your input.", "continue", STATION))
    proposal = await turn(model)
    assert "asks nothing" in model.prompts[1].user
    assert (proposal.asked, proposal.turn.fallback) == ("satisfaction", True)
    assert "?" in (proposal.reply or "")


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


async def test_an_end_without_the_participants_words_does_not_count() -> None:
    """The model is told; if it has none, the interview goes on, and not with a farewell."""
    model = ScriptedModel({**says("Of course, bye!", "opted_out"), **because("leave me alone")})
    proposal = await turn(model)
    assert "in none of the person's new messages" in model.prompts[1].user
    assert (proposal.end, proposal.turn.fallback) == (None, True)
    assert proposal.reply != "Of course, bye!"


async def test_distress_ends_with_the_campaigns_support_text() -> None:
    """Also where only code sees it; the words stand in the same message."""
    there = replace(CAMPAIGN, support_text=SUPPORT)
    state = talk(*opened(), wrote(1, "I do not want to live any more"))
    kind = {**says("I am so sorry.", "distress"), **because("I do not want to live any more")}
    proposal = await Interviewer(ScriptedModel(kind)).turn(there, state)
    assert (proposal.end, proposal.reply) == (EndReason.DISTRESS, f"I am so sorry.\n\n{SUPPORT}")
    blind = ScriptedModel(says("Nice! And where do you refuel?"))
    proposal = await Interviewer(blind).turn(there, state)
    assert proposal.end is EndReason.DISTRESS
    assert proposal.reply == f"{say(Phrase.DISTRESS_GOODBYE, None)}\n\n{SUPPORT}"


async def test_an_interview_out_of_turns_ends_warmly() -> None:
    """Three turns per field and some to spare; what was learned last is kept."""
    events = [*opened()]
    for n in range(1, 16):
        events += [wrote(n, "ENOC"), *answered(n, f"And number {n}?")]
    model = ScriptedModel(says("And then?", "continue", claim("hobby", "ENOC", "ENOC", 32)))
    proposal = await turn(model, talk(*events, wrote(16, "ENOC")))
    assert (proposal.end, proposal.asked) == (EndReason.OUT_OF_BUDGET, None)
    assert proposal.reply == say(Phrase.GOODBYE_OUT_OF_BUDGET, None)
    assert len(proposal.extractions) == 1


async def test_an_interview_out_of_tokens_ends_with_this_turn() -> None:
    """What the turn itself took counts."""
    tight = replace(CAMPAIGN, limits=Limits(tokens=13))
    proposal = await Interviewer(ScriptedModel(says("And then?"))).turn(tight, ASKED)
    assert proposal.end is EndReason.OUT_OF_BUDGET
    roomy = replace(CAMPAIGN, limits=Limits(tokens=14))
    assert (await Interviewer(ScriptedModel(says("And then?"))).turn(roomy, ASKED)).end is None


def test_a_campaign_out_of_money_ends_its_interviews_without_the_model() -> None:
    """Whoever has answered everything required has completed it."""
    ended = out_of_money(CAMPAIGN, ASKED)
    assert ended.end is EndReason.OUT_OF_BUDGET
    assert ended.reply == say(Phrase.GOODBYE_OUT_OF_BUDGET, None)
    done = talk(*opened(), wrote(1, "x"), known("current_station", 1), known("satisfaction", 7))
    assert out_of_money(CAMPAIGN, done).end is EndReason.COMPLETED


UNREADABLE = [
    "", "{", "null", "[]", '"text"', "Sure! Here it is: {}",
    '{"reply": "Hi"}',
    json.dumps({**says("Hi"), "outcome": "bored"}),
    json.dumps({**says("Hi"), "reply": 5}),
    json.dumps({**says("Hi"), "extractions": "none"}),
    '{"outcome": "continue", "reply": "half a pair: \\ud83d"}',
    UnusableAnswerError("blocked"),
]  # fmt: skip


@pytest.mark.parametrize("answer", UNREADABLE)
async def test_an_answer_that_cannot_be_used_is_asked_for_again(answer: str | Exception) -> None:
    """The model hears that it could not be read; its tokens count all the same."""
    model = ScriptedModel(answer, says("Why there?"))
    proposal = await turn(model)
    assert proposal.reply == "Why there?"
    assert "could not be read" in model.prompts[1].user
    assert proposal.turn.input_tokens == (10 if isinstance(answer, Exception) else 20)


@pytest.mark.parametrize("answer", UNREADABLE)
async def test_a_model_that_says_nothing_usable_keeps_nobody_waiting(
    answer: str | Exception,
) -> None:
    """A prompt that a provider's filter blocks would be blocked for ever."""
    proposal = await turn(ScriptedModel(answer))
    assert proposal.turn.fallback
    assert proposal.reply
    assert proposal.asked == "current_station"


async def test_a_model_that_cannot_be_reached_is_an_error() -> None:
    """Then waiting helps, and nothing is decided."""
    with pytest.raises(ModelError):
        await turn(ScriptedModel(ModelError("away")))


async def test_an_opening_says_how_to_stop_whatever_the_model_writes() -> None:
    """The first impression keeps the same rules, and the facts that everybody is told."""
    stop = say(Phrase.YOU_CAN_STOP, None)
    for reply, sent in (
        ("Hello! Just say stop to end it. How are you?",) * 2,
        (TWICE, f"{stop} Why there?"),
        ("  Hello! How are you? ", f"Hello! {stop} How are you?"),
        (
            "Hi Sam! I do research. It is about fuel. Where do you refuel?",
            f"Hi Sam! I do research. {stop} Where do you refuel?",
        ),
        (
            "I do research. It is about fuel. Where do you refuel?",
            f"I do research. {stop} Where do you refuel?",
        ),
        ("Hello! I am a researcher. Have a good day.", say(Phrase.OPENING, None)),
        ("My checklist!", say(Phrase.OPENING, None)),
        ("", say(Phrase.OPENING, None)),
    ):
        answer: dict[str, Any] = {"reply": reply, "asked": "nonsense"}
        proposal = await Interviewer(ScriptedModel(answer)).opening(CAMPAIGN, Conversation())
        assert (proposal.reply, proposal.asked) == (sent, None)


async def test_a_fixed_opening_is_sent_word_for_word_without_the_model() -> None:
    """Its variables are filled in; a template goes along."""
    template = Template(content_sid="HX" + "0" * 32, variables={"1": "Yas Island"})
    fixed = Opening(text="Hi! A question about {{1}}?", template=template)
    model = ScriptedModel(says("no"))
    proposal = await Interviewer(model).opening(replace(CAMPAIGN, opening=fixed), Conversation())
    assert (proposal.reply, proposal.template) == ("Hi! A question about Yas Island?", template)
    assert model.prompts == []


LATE = talk(
    *opened(), wrote(1, "Bye"), *answered(1, "Bye!"),
    ConversationEnded(reason=EndReason.COMPLETED), wrote(2, "One more thing"),
)  # fmt: skip


async def test_what_comes_after_the_end_gets_one_courtesy_without_a_question() -> None:
    """Later messages are read for what is grave, and after a while not by the model."""
    for reply, sent in (
        ("Thanks for telling me!", "Thanks for telling me!"),
        ("And why is that?", say(Phrase.COURTESY, None)),
    ):
        model = ScriptedModel({"reply": reply, "outcome": "continue", "because": None})
        proposal = await Interviewer(model).courtesy(CAMPAIGN, LATE)
        assert (proposal.reply, proposal.end, proposal.extractions) == (sent, None, ())
    said = MessageComposed(message_id="late", kind=MessageKind.COURTESY, text="Thanks!")
    ended = (*opened(), ConversationEnded(reason=EndReason.COMPLETED), said)
    model = ScriptedModel({**says("Bye!", "opted_out"), **because("not again please", 3)})
    proposal = await Interviewer(model).courtesy(
        CAMPAIGN, talk(*ended, wrote(3, "not again please"))
    )
    assert (proposal.end, len(model.prompts)) == (EndReason.OPTED_OUT, 1)
    many = talk(*ended, *(wrote(n, "hi") for n in range(3, 9)))
    silent = ScriptedModel(says("no"))
    assert (await Interviewer(silent).courtesy(CAMPAIGN, many)).reply is None
    sad = talk(*ended, *(wrote(n, "I want to kill myself") for n in range(3, 9)))
    assert (await Interviewer(silent).courtesy(CAMPAIGN, sad)).end is EndReason.DISTRESS
    assert silent.prompts == []


async def test_an_opt_out_and_distress_are_heard_after_the_end_too() -> None:
    """With the words that fit them."""
    for outcome, end in (("opted_out", EndReason.OPTED_OUT), ("distress", EndReason.DISTRESS)):
        answer = {"reply": "Of course.", "outcome": outcome, **because("One more thing", 4)}
        proposal = await Interviewer(ScriptedModel(answer)).courtesy(CAMPAIGN, LATE)
        assert (proposal.reply, proposal.end) == ("Of course.", end)


def test_whoever_sends_what_nobody_can_read_is_asked_to_type_it_twice_at_most() -> None:
    """A third picture in a row is taken note of in silence."""
    photo = (Media(content_type="image/jpeg", url="https://api.example/1"),)
    asked = please_type_it(CAMPAIGN, talk(*opened(), wrote(1, "", photo)))
    assert (asked.reply, asked.turn.model_calls) == (say(Phrase.PLEASE_TYPE_IT, None), 0)
    events = [*opened()]
    for n in (1, 2):
        events += [wrote(n, "", photo), *answered(n, asked.reply or "")]
    assert please_type_it(CAMPAIGN, talk(*events, wrote(3, "", photo))).reply is None
