"""Simulated participants, as pure functions."""

from __future__ import annotations

import re

import pytest

from meshsim.dice import parse_mix
from meshsim.participants import PERSONALITIES, Memory, make_profile, react
from tests.sim.interviews import GAS_STATION, interview, person

QUESTION = "Hi! Where do you currently refuel?"


@pytest.mark.parametrize("personality", PERSONALITIES)
def test_the_same_seed_gives_the_same_conversation(personality: str) -> None:
    """Everything that is drawn comes from the seed and the phone number."""
    first, second = (interview(GAS_STATION, person(personality, 5), 20) for _ in range(2))
    assert first == second


def test_another_seed_gives_other_people() -> None:
    """Facts depend on the seed."""
    facts = {person("cooperative", 1, seed).facts for seed in range(10)}
    assert len(facts) > 5


def test_most_people_are_cooperative() -> None:
    """Without a choice the personality is drawn from the mix, mostly cooperative."""
    drawn = [make_profile(f"+1555{n:07d}", seed=1).personality for n in range(500)]
    assert 0.6 < drawn.count("cooperative") / len(drawn) < 0.8
    assert set(drawn) >= {"terse", "vague", "bursty", "wanders", "stops", "silent"}


def test_a_burst_is_within_a_third_of_a_second() -> None:
    """Messages of a burst follow each other at once, after one human pause."""
    said = [react(person("bursty", n), Memory(), QUESTION).utterances for n in range(20)]
    assert all(2 <= len(burst) <= 4 for burst in said)
    assert all(sum(u.after for u in burst[1:]) <= 0.3 for burst in said)
    assert all(burst[0].after >= 1 for burst in said)


def test_vague_once_concrete_when_probed() -> None:
    """The first answer to a question says nothing, the second the fact."""
    profile = person("vague")
    station = next(fact for fact in profile.facts if fact.topic == "current_station")
    first = react(profile, Memory(), QUESTION)
    assert station.value not in first.utterances[0].text
    probe = "I see. Could you say a bit more about where you currently refuel?"
    second = react(profile, first.memory, probe)
    assert second.utterances[0].text == station.answer


def test_who_has_been_thanked_stays_silent() -> None:
    """After a goodbye nothing more is said, even when asked."""
    profile = person("cooperative")
    goodbye = react(profile, Memory(heard=1), "That was all, thank you for your time!")
    assert goodbye.memory.finished
    assert react(profile, goodbye.memory, QUESTION).utterances == ()


def test_thanks_with_a_request_is_no_goodbye() -> None:
    """A question may come without a question mark."""
    said = react(person("cooperative"), Memory(), "Thanks! Tell me about where you refuel.")
    assert said.utterances


def test_who_has_said_stop_stays_silent() -> None:
    """After one to three answers comes a keyword, and then nothing."""
    for number in range(30):
        talk, memory = interview(GAS_STATION, person("stops", number), 20)
        last = [line["text"] for line in talk.lines if line["from"] == "participant"][-1]
        assert last.strip(" .!").lower() in {"stop", "quit", "cancel", "end"}
        assert 1 <= memory.answered <= 3
        assert react(person("stops", number), memory, QUESTION).utterances == ()


@pytest.mark.parametrize(
    ("question", "shape"),
    [
        ("On a scale from 1 to 5, how clean is the gym?", r"[1-5]"),
        ("How many bicycles do you have?", r".*\d.*"),
        ("Do you like tea?", r"(Yes|No)\b.*"),
        ("Could you tell me a bit about your favourite brand?", r"[A-Z].*"),
    ],
)
def test_any_question_gets_a_plausible_answer(question: str, shape: str) -> None:
    """A question that nobody prepared for gets an answer of the right kind, and the same again."""
    profile = person("cooperative", 3)
    first = react(profile, Memory(), question)
    [said] = first.utterances
    assert re.fullmatch(shape, said.text)
    assert react(profile, first.memory, question).utterances[0].text == said.text


def test_given_facts_go_before_the_built_in_ones() -> None:
    """A test may decide what a participant knows."""
    facts = {"current station": "Shell, always"}
    profile = make_profile("+1", seed=0, personality="terse", facts=facts)
    [said] = react(profile, Memory(), "What's your current station?").utterances
    assert said.text == "Shell, always"


def test_an_unknown_personality_is_refused() -> None:
    """A misspelt personality is an error, not a cooperative participant."""
    with pytest.raises(ValueError, match="unknown personality"):
        make_profile("+1", seed=0, personality="imaginary")


def test_a_mix_is_read_from_text() -> None:
    """Weights on a command line are name=number."""
    assert parse_mix("terse=2, vague=0.5") == {"terse": 2, "vague": 0.5}
    with pytest.raises(ValueError, match="name=weight"):
        parse_mix("terse")
