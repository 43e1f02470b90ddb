"""What a message to a participant must look like, whatever the model says."""

# ruff: noqa: RUF001 - Chinese and Arabic punctuation is what some of these tests are about

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesh_agent.manners.mending import HARD_LENGTH, MAX_LENGTH
from mesh_agent.reply_rules import ReplyContext, Rule, Said, breaches, cleaned, repair
from tests.agent.replies import BAD, FIELDS, GOOD, SECRET, Reply

NEVER_AFTER_REPAIR = {
    Rule.SEVERAL_QUESTIONS,
    Rule.QUESTION_IN_GOODBYE,
    Rule.LIST,
    Rule.TOO_LONG,
    Rule.TOO_MANY_SENTENCES,
}


def surroundings(context: dict[str, Any]) -> ReplyContext:
    """The context of a reply of the corpus."""
    return ReplyContext(**{"fields": FIELDS, "secret": (SECRET,), **context})


def broken(text: str, **context: Any) -> list[Rule]:
    """The rules that a reply breaks."""
    return [breach.rule for breach in breaches(text, surroundings(context))]


@pytest.mark.parametrize("reply", GOOD, ids=lambda reply: reply.text[:30])
def test_a_good_reply_breaks_no_rule(reply: Reply) -> None:
    """A false alarm would make the chat worse than the model made it."""
    assert breaches(reply.text, surroundings(reply.context)) == []


@pytest.mark.parametrize(("rule", "reply"), BAD, ids=lambda value: str(value)[:40])
def test_a_bad_reply_breaks_the_rule_that_is_named(rule: Rule, reply: Reply) -> None:
    """And the model is told so in words."""
    found = {b.rule: b.told for b in breaches(reply.text, surroundings(reply.context))}
    assert rule in found
    assert " " in found[rule]


def test_the_corpora_are_large_and_every_rule_is_in_them() -> None:
    """Sixty of each at least."""
    assert len(GOOD) >= 60
    assert len(BAD) >= 60
    assert {rule for rule, _ in BAD} == set(Rule)


@pytest.mark.parametrize("reply", GOOD, ids=lambda reply: reply.text[:30])
def test_repair_leaves_the_words_of_a_good_reply_alone(reply: Reply) -> None:
    """Nothing is put in, nothing is taken out."""
    assert repair(reply.text, surroundings(reply.context)).split() == reply.text.split()


@pytest.mark.parametrize(
    ("reply", "mended"),
    [
        ("Got it. How often? And why? Tell me.", "Got it. How often?"),
        ("أين تسكن؟ ولماذا؟", "أين تسكن؟"),
        ("你好吗？为什么？", "你好吗？"),
        ("Oh?!? Really? Hm.", "Oh?!?"),
        ("Really?!? Tell me more.", "Really?!? Tell me more."),
        ("Look at https://x.example/?q=1. How was it? And then?", "How was it?"),
        ("Hi Sam, how are you? I'm Mia. Where do you live?", "I'm Mia. Where do you live?"),
        ("Ok. How old are you and where do you live?", "Ok. How old are you?"),
        ("Where do you fill up, and why?", "Where do you fill up?"),
        ("كم عمرك وأين تسكن؟", "كم عمرك؟"),
        ("¿Cuántos años tienes y dónde vives?", "¿Cuántos años tienes?"),
        ("Tell me about your job. Tell me about your car.", "Tell me about your job."),
        ("Ah. I see. Thanks. Fine. Where do you live?", "Ah. Fine. Where do you live?"),
    ],
)
def test_repair_keeps_one_question(reply: str, mended: str) -> None:
    """The first one, and what leads to it; a mere "how are you?" gives way to a real one."""
    assert repair(reply, surroundings({})) == mended
    assert broken(mended) == []


@pytest.mark.parametrize(
    ("reply", "mended"),
    [
        ("Thanks! Anything else? Take care.", "Thanks! Take care."),
        ("谢谢你！还有吗？再见。", "谢谢你！再见。"),
        ("Anything else?", ""),
    ],
)
def test_repair_takes_the_questions_out_of_a_goodbye(reply: str, mended: str) -> None:
    """The rest stays, if there is any."""
    assert repair(reply, surroundings({"ending": True})) == mended


@pytest.mark.parametrize(
    ("reply", "mended"),
    [
        ("Tell me about:\n- your car\n- your way", "Tell me about: your car, your way"),
        ("Hi!\n1. Where do you live?\n2. Why?", "Hi! Where do you live?"),
        ("**Thanks!** Where do you `live`?", "Thanks! Where do you live?"),
        ("Question 1 of 7: What is your age?", "What is your age?"),
        ("## Next\nWhere do you live?", "Next Where do you live?"),
        ("Researcher: Where do you live?", "Where do you live?"),
        ('"Where do you live?"', "Where do you live?"),
        ("Hi [Name], nice! Where do you live?", "Hi, nice! Where do you live?"),
    ],
)
def test_repair_makes_plain_text_of_a_form(reply: str, mended: str) -> None:
    """The words stay, what is around them goes."""
    assert repair(reply, surroundings({})) == mended
    assert broken(mended) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "One more for my checklist.",
        "That is your current_station.",
        "Great answer!",
        "See https://win.example/prize now.",
        "We go on with what we talked about before.",
    ],
)
def test_repair_drops_a_sentence_that_breaks_a_rule_and_asks_nothing(sentence: str) -> None:
    """The question behind it can still be asked."""
    context = {"said": (Said("We go on with what we talked about before."),)}
    reply = f"Got it. {sentence} Where do you live?"
    assert repair(reply, surroundings(context)) == "Got it. Where do you live?"


@pytest.mark.parametrize("reply", ["My checklist says so.", "What is your current_station?"])
def test_what_cannot_be_mended_stays_a_breach(reply: str) -> None:
    """Then the caller says something else."""
    assert broken(repair(reply, surroundings({})))


def test_a_wall_of_text_is_cut_between_words() -> None:
    """The question at its end is worth more than what leads to it."""
    wall = "word " * MAX_LENGTH
    assert repair(wall, surroundings({})).endswith("word\u2026")
    assert repair(f"{wall}. Where do you live?", surroundings({})) == "Where do you live?"
    long = "word " * 100
    assert repair(f"{long}. {long}. Where do you live?", surroundings({})).endswith("live?")
    assert MAX_LENGTH < HARD_LENGTH


def test_a_greeting_at_the_start_is_no_sentence() -> None:
    """Three sentences may follow it, as after one that somebody says at a door."""
    assert broken("Hi Sam! I'm Mia. You can stop at any time. Where do you live?") == []
    assert Rule.TOO_MANY_SENTENCES in broken("I'm Mia. I ask. You can stop. Where do you live?")


def test_judging_is_told_and_does_not_block() -> None:
    """Everything else does."""
    assert [rule for rule in Rule if not rule.blocking] == [Rule.JUDGING]


def test_what_is_public_or_quoted_leaks_nothing() -> None:
    """What an instruction puts into quotation marks is there to be said, and so is the brief."""
    said = "This chat is held by the city of Abu Dhabi and takes five minutes of your time."
    assert broken(said) == []
    study = "We study how people who cross the island every day buy their fuel."
    assert ReplyContext(secret=(study,), public=(study,)).fields == ()
    assert breaches(study, ReplyContext(secret=(study,), public=(study,))) == []
    assert [b.rule for b in breaches(study, ReplyContext(secret=(study,)))] == [Rule.LEAK]


def test_the_breach_names_what_is_to_be_avoided() -> None:
    """A model cannot mend what it is not told."""
    (breach,) = breaches("One for my checklist.", surroundings({}))
    assert "my checklist" in breach.told


def test_control_characters_and_quotation_marks_around_it_all_are_dropped() -> None:
    """PostgreSQL takes no NUL and UTF-8 no half of a pair; line breaks and emoji stay."""
    assert cleaned(" Hi\x00\x1b there\ud83d!\n\u200bOK 😊 ") == "Hi there!\n\u200bOK 😊"
    assert cleaned('"Hi there!"') == "Hi there!"
    assert cleaned('"Hi" and "bye"') == '"Hi" and "bye"'


PIECES = """a|? |\n| \n|a. |- a\n|1. |www.|a.b.|[|{a|how do you and |can you tell |my |**|(|😀|ก|9
|9 |_a|\\|¿|a@|"|. a|you |और |ve """


@pytest.mark.parametrize("piece", PIECES.split("|"))
def test_hostile_output_costs_no_more_than_its_first_kilobytes(piece: str) -> None:
    """What stands behind them is too long anyway. The suite's timeout would tell of a hang."""
    reply = piece * (100_000 // len(piece))
    context = surroundings({"said": (Said(reply),) * 3, "heard": (reply,), "public": (reply,)})
    assert breaches(reply, context)
    assert len(repair(reply, context)) <= MAX_LENGTH


TEXT = st.text(
    st.one_of(
        st.sampled_from("aA .,!?…。？؟।\"'()[]{}<>*_-#|`\n\t12:;/&¿Àéİßñكوأहैを😀"),
        st.characters(),
    ),
    max_size=80,
)
PARTS = """How|old|you|and|where|do|live|?|!|.|Tell me|more|about|your|car|\n|- |1. |2)|1)|Hi|Sam
**|[Name]|Q1:|¿|y|dónde|vives|what|a)|b)|,|Me:|#|current_station|and |Question 1 of 7:|\n1. |are"""
WORDS = st.lists(st.sampled_from(PARTS.split("|")), max_size=40).map(" ".join)


@given(reply=st.one_of(TEXT, WORDS), ending=st.booleans(), said=TEXT)
@settings(max_examples=400, deadline=None)
def test_a_repaired_reply_keeps_the_rules_that_can_be_kept(
    reply: str, said: str, *, ending: bool
) -> None:
    """Whatever the model says, nothing is raised, and a second repair changes nothing."""
    context = surroundings({"ending": ending, "heard": (said,), "said": (Said(said, "hobby"),)})
    mended = repair(reply, context)
    assert not NEVER_AFTER_REPAIR & {breach.rule for breach in breaches(mended, context)}
    assert repair(mended, context) == mended
