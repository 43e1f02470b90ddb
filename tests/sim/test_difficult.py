"""Participants who make it hard: what they say, and what of it is true."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from meshcore.domain.schema import Rejected, parse_value
from meshsim.number_words import in_words
from meshsim.participants import PERSONALITIES, Memory, after_the_end, make_profile, react
from meshsim.persona import Left, Profile
from meshsim.schema_facts import schema_facts
from tests.agent.talks import EVERY_TYPE
from tests.sim.interviews import GAS_STATION, interview, person

WHERE = "Hi! Where do you currently refuel?"
QUESTIONS = (
    WHERE,
    "And how often do you drive through Yas Island in a week?",
    "How satisfied are you with it, from 1 to 10?",
    "What would make you switch to a new station?",
    "May I ask your age?",
)


def said(
    profile: Profile, memory: Memory, text: str, asked: str | None = None
) -> tuple[str, Memory]:
    """Everything that the participant answers, as one text, and what they remember then."""
    reaction = react(profile, memory, text, asked)
    return "\n".join(u.text for u in reaction.utterances), reaction.memory


def answers(profile: Profile) -> Iterator[tuple[str, Memory]]:
    """The answers to a whole round of questions."""
    memory = Memory()
    for question in QUESTIONS:
        text, memory = said(profile, memory, question)
        yield text, memory


def people(personality: str) -> list[Profile]:
    """Thirty people of a kind."""
    return [person(personality, number) for number in range(30)]


def test_the_evasive_deflect_first_and_keep_some_things_to_themselves() -> None:
    """Nothing comes with the first question; the second brings the fact, or a refusal."""
    told = 0
    for profile in people("evasive"):
        first, memory = said(profile, Memory(), WHERE)
        assert profile.fact("current_station").value not in first  # type: ignore[union-attr]  # commuters know
        second, memory = said(profile, memory, "Which station do you refuel at?")
        assert ("rather" in second) == (not memory.revealed)
        told += bool(memory.revealed)
    assert 15 <= told < 30


def test_the_rambling_bury_the_answer_and_speak_of_other_things() -> None:
    """The answer is inside a long message; what else is told counts as told."""
    more = 0
    for profile in people("rambling"):
        text, memory = said(profile, Memory(), WHERE)
        assert len(text.split()) > 25
        for topic, value in memory.revealed:
            assert value in text
            assert profile.fact(topic)
        more += len(memory.revealed) - 1
    assert more > 10


def test_the_contradicting_take_back_what_was_wrong() -> None:
    """What was said last is the truth, and the first version was another."""
    for profile in people("contradicting"):
        talk = list(answers(profile))
        first = profile.fact("current_station")
        assert first is not None
        assert talk[0][0] == first.wrong != first.value
        assert dict(talk[0][1].revealed) == {"current_station": first.wrong}
        assert f"{first.value}, not {first.wrong}" in talk[1][0]
        last = talk[3][1]
        assert all(profile.fact(t).value == v for t, v in last.revealed)  # type: ignore[union-attr]  # own topics


def test_the_joking_get_serious_at_the_second_question_at_the_latest() -> None:
    """A joke alone reveals nothing."""
    jokes = 0
    for profile in people("joking"):
        text, memory = said(profile, Memory(), WHERE)
        if not memory.revealed:
            jokes += 1
            text, memory = said(profile, memory, "Seriously, where do you refuel?")
        assert profile.fact("current_station").answer in text  # type: ignore[union-attr]  # commuters know
    assert 0 < jokes < 30


def test_the_hostile_insult_refuse_and_tell() -> None:
    """They are all of that, and some have enough and say so."""
    left = {talk[-1][1].left for talk in map(list, map(answers, people("hostile")))}
    assert left == {Left.NOT, Left.GOODBYE}
    revealed = [len(list(answers(p))[-1][1].revealed) for p in people("hostile")]
    assert 0 < sum(revealed) < 5 * len(revealed)


@pytest.mark.parametrize(
    ("language", "question", "number"),
    [
        ("es", "¿Qué edad tienes?", "años"),
        ("de", "Wie alt bist du?", "Ich bin"),
        ("fr", "Quel âge avez-vous ?", "ans"),
        ("pt", "Quantos anos você tem?", "anos"),
        ("ar", "كم عمرك؟", "عمري"),
    ],
)
def test_the_multilingual_understand_and_answer_in_their_language(
    language: str, question: str, number: str
) -> None:
    """A question in their own language is recognised too; numbers are written in words."""
    profile = next(p for p in people("multilingual") if p.language == language)
    first, memory = said(profile, Memory(), question)
    assert number in first
    assert not any(c.isdigit() for c in first)
    assert [topic for topic, _ in memory.revealed] == ["age_range"]
    again, _ = said(profile, memory, "May I ask your age?")
    assert again.isdigit()


def test_the_injecting_tell_the_truth_beside_their_commands() -> None:
    """Every other message holds one of the commands that the profile brings, and the answer."""
    for number in range(10):
        profile = make_profile(
            f"+9715{number:07d}", seed=1, personality="injecting", injections=("OBEY!", "TALK!")
        )
        talk = list(answers(profile))
        assert [any(i in text for i in profile.injections) for text, _ in talk] == [
            *(True, False, True, False, True)
        ]
        for text, memory in talk:
            fact = profile.fact(memory.topics[-1])
            assert fact
            assert fact.answer in text


def test_who_vanishes_says_nothing_any_more() -> None:
    """They answer a few times and then leave without a word."""
    for profile in people("vanishes"):
        _, memory = interview(GAS_STATION, profile, 20)
        assert memory.left is Left.SILENCE
        assert 1 <= memory.answered <= 3
        assert after_the_end(profile, memory) is None


@pytest.mark.parametrize("personality", PERSONALITIES)
def test_what_is_revealed_is_what_was_said(personality: str) -> None:
    """The ground truth never holds what the interviewer cannot have read."""
    for profile in people(personality):
        talk, memory = interview(GAS_STATION, profile, 20)
        read = "\n".join(line["text"] for line in talk.lines if line["from"] == "participant")
        for topic, value in memory.revealed:
            fact = profile.fact(topic)
            assert fact
            assert any(form in read for form in (value, fact.answer, fact.short, *fact.also))


def test_a_question_for_more_is_about_the_same() -> None:
    """`Tell me more` repeats the answer instead of inventing another one."""
    profile = person("cooperative")
    first, memory = said(profile, Memory(), WHERE)
    assert said(profile, memory, "Thanks! Could you say a little more about that?")[0] == first


def test_who_is_asked_again_about_what_they_told_notices() -> None:
    """A follow-up question is none of that, nor is a second try at what was not told."""
    profile = person("cooperative")
    memory = Memory()
    for question, repeated in (
        (WHERE, 0),
        ("And which station do you refuel at mostly?", 0),
        ("May I ask your age?", 0),
        ("Where do you currently refuel?", 1),
    ):
        _, memory = said(profile, memory, question)
        assert memory.repeated == repeated
    evasive, memory = person("evasive"), Memory()
    for question in (WHERE, "May I ask your age?", WHERE):
        _, memory = said(evasive, memory, question)
    assert memory.repeated == 0


def test_an_unusual_wording_is_understood_by_what_it_is_said_to_ask() -> None:
    """The interviewer's word counts where keywords say nothing, and only there."""
    profile = person("terse")
    unusual = "Which place gets your business?"
    assert said(profile, Memory(), unusual, "current_station")[0] == profile.facts[2].short
    assert (
        said(profile, Memory(), "How old are you?", "current_station")[0] == profile.facts[0].short
    )


def test_nothing_asked_nothing_told() -> None:
    """A message that asks nothing is nodded at, and nobody takes it for a goodbye."""
    text, memory = said(person("cooperative"), Memory(), "Thanks for telling me that.")
    assert text in {"ok", "alright", "sure", ":)"}
    assert not memory.finished
    assert not memory.revealed


def test_nobody_takes_the_first_message_for_a_goodbye() -> None:
    """An opening that thanks and asks nothing gets an answer that tells nothing."""
    text, memory = said(person("terse"), Memory(), "Hi! I'm a researcher. Thanks for your time!")
    assert text
    assert not memory.finished
    assert not memory.revealed


def test_anything_else_is_answered_with_no() -> None:
    """The question before the goodbye brings no made-up facts."""
    asked = "Is there anything else that you'd like to add?"
    assert said(person("cooperative"), Memory(), asked, "age_range")[0] == "No, that's all"


@pytest.mark.parametrize("language", ["en", "es", "de", "fr", "pt", "ar"])
def test_facts_fit_any_schema(language: str) -> None:
    """Whatever a schema asks for, participants know a value that it accepts, and a wrong one."""
    for number in range(50):
        facts = schema_facts(EVERY_TYPE, seed=1, phone=str(number), language=language)
        assert [fact.topic for fact in facts] == list(EVERY_TYPE)
        for fact in facts:
            spec = EVERY_TYPE[fact.topic]
            values: list[object] = [fact.value, fact.wrong]
            if fact.topic == "brands":
                values = [value.split(", ") for value in (fact.value, fact.wrong)]
            for value in values:
                assert not isinstance(parse_value(spec, value), Rejected)
            assert fact.wrong != fact.value


def test_the_facts_of_a_schema_are_recognised_by_its_words() -> None:
    """A question in the words of the description finds its fact."""
    profile = make_profile("+1", seed=3, personality="terse", schema=EVERY_TYPE)
    for question, topic in (
        ("How many children do you have?", "children"),
        ("Which fuel do you use?", "fuel"),
        ("When did you move?", "moved_at"),
        ("Which brands do you like?", "brands"),
    ):
        _, memory = said(profile, Memory(), question)
        assert [known for known, _ in memory.revealed] == [topic]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (16, "sixteen dieciséis sechzehn seize dezesseis ستة_عشر"),
        (31, "thirty-one treinta_y_uno einunddreißig trente_et_un trinta_e_um واحد_وثلاثون"),
        (40, "forty cuarenta vierzig quarante quarenta أربعون"),
        (100, "100 100 100 100 100 100"),
    ],
)
def test_numbers_are_written_as_people_do(number: int, words: str) -> None:
    """The languages have their own ways with tens and units."""
    languages = ("en", "es", "de", "fr", "pt", "ar")
    expected = [word.replace("_", " ") for word in words.split()]
    assert [in_words(number, language) for language in languages] == expected
