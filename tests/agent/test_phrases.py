"""Our own fixed texts keep the rules that the model's words must keep."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesh_agent.describing import topic_of
from mesh_agent.phrases import (
    Phrase,
    ask_about,
    languages,
    say,
    tells_how_to_stop,
    variants,
)
from mesh_agent.reply_rules import ReplyContext, Said, breaches
from tests.agent.test_language import SAID

ASKING = {Phrase.FALLBACK, Phrase.PLEASE_TYPE_IT, Phrase.OPENING}
TEXTS = [(p, tag, text) for tag in sorted(languages()) for p in Phrase for text in variants(p, tag)]


def test_there_are_phrases_in_ten_languages() -> None:
    """Those that most participants write in."""
    assert languages() >= {"en", "es", "fr", "de", "pt", "it", "ar", "hi", "tr", "id"}


@pytest.mark.parametrize(("phrase", "tag", "text"), TEXTS)
def test_every_phrase_keeps_every_rule(phrase: Phrase, tag: str, text: str) -> None:
    """In its own language, said to somebody who writes it; goodbyes ask nothing."""
    context = ReplyContext(
        fields=("age_range", "hobby"),
        ending=phrase not in ASKING,
        heard=(SAID[tag],),
        secret=("You are a curious, friendly researcher who chats with one person.",),
        language=tag,
    )
    assert breaches(text, context) == []


@pytest.mark.parametrize("tag", sorted(languages()))
def test_what_asks_has_variants_that_do_not_repeat_each_other(tag: str) -> None:
    """Five answers that the model spoils in a row get five different ones of ours."""
    for phrase in ASKING - {Phrase.OPENING}:
        said: list[str] = []
        for text in variants(phrase, tag):
            context = ReplyContext(said=tuple(Said(earlier) for earlier in said), language=tag)
            assert breaches(text, context) == []
            assert say(phrase, tag, said) == text
            said.append(text)
        assert say(phrase, tag, said) in variants(phrase, tag)
    assert len(variants(Phrase.FALLBACK, tag)) >= 5


@pytest.mark.parametrize("tag", sorted(languages()))
def test_an_opening_of_ours_tells_how_to_stop(tag: str) -> None:
    """And what tells it can be put before any other."""
    for phrase in (Phrase.OPENING, Phrase.YOU_CAN_STOP):
        assert tells_how_to_stop(say(phrase, tag))
    assert not tells_how_to_stop(say(Phrase.GOODBYE, tag))


def test_an_unknown_language_is_answered_in_english() -> None:
    """A regional tag in its base language."""
    assert say(Phrase.GOODBYE, "es-MX") == say(Phrase.GOODBYE, "es")
    assert say(Phrase.GOODBYE, "zh-Hant") == say(Phrase.GOODBYE, None) == say(Phrase.GOODBYE, "en")
    assert say(Phrase.GOODBYE, "no tag at all") == say(Phrase.GOODBYE, "en")


@pytest.mark.parametrize(
    ("description", "question"),
    [
        ("Age bracket, e.g. 25-34", "Could you tell me your age bracket?"),
        ("How often they drive there", "Could you tell me how often you drive there?"),
        ("How the participant commutes", "Could you tell me how you commute?"),
        ("Where they currently refuel", "Could you tell me where you currently refuel?"),
        ("Whether the respondent has a car", "Could you tell me whether you have a car?"),
        ("What would make them switch", "Could you tell me what would make you switch?"),
        ("What do they like most?", "What do you like most?"),
        ("The participant's job (if any)", "Could you tell me your job?"),
        ("Number of children", "Could you tell me the number of children?"),
        ("Main reason for leaving", "Could you tell me about your main reason for leaving?"),
        ("1-10 trust in it", "On a scale from 1 to 10, how would you rate your trust in it?"),
    ],
)
def test_a_description_becomes_a_question(description: str, question: str) -> None:
    """Put to the participant, without the examples."""
    assert ask_about(description, "en") == f"Thanks! {question}"


@pytest.mark.parametrize(
    "description",
    [
        "Ask about income gently",
        "Never mention the scandal when they speak of trust",
        "Age and where they live",
        "Biggest pain with the survey",
        "In dirhams",
        "satisfaction_score",
        "Edad del participante y su lugar de residencia actual en la ciudad",
        "",
        "?",
        "Which fuel",
        "How " + "very " * 20 + "old they are",
    ],
)
def test_what_reads_like_a_note_is_never_put_to_anybody(description: str) -> None:
    """Then an open question is asked that names nothing."""
    assert topic_of(description) is None
    assert ask_about(description, "en") in variants(Phrase.FALLBACK, "en")


def test_a_description_is_asked_about_in_english_only() -> None:
    """Nobody who writes Spanish reads half a question in English."""
    assert ask_about("Their job", "es-MX") in variants(Phrase.FALLBACK, "es")
    assert ask_about("Their job", None) in variants(Phrase.FALLBACK, "en")
    described = "How often they drive through the island in a normal week"
    assert "how often you drive" in ask_about(described, None)


def test_a_question_that_was_asked_is_asked_in_another_way() -> None:
    """And at last not at all."""
    said: list[str] = []
    for _ in range(5):
        said.append(ask_about("Where they currently refuel", "en", said))
    assert len(set(said)) == 5
    assert sum("currently refuel" in text for text in said) == 2


@given(description=st.one_of(st.text(max_size=80), st.from_regex(r"[A-Za-z ,;.?'-]{0,80}")))
@settings(max_examples=300, deadline=None)
def test_whatever_is_described_the_question_keeps_the_rules(description: str) -> None:
    """A researcher may write anything."""
    assert breaches(ask_about(description, "en"), ReplyContext(language="en")) == []
