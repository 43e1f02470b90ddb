"""Whole interviews between the scripted interviewer and each personality."""

from __future__ import annotations

import pytest

from meshsim.contract import Field
from meshsim.participants import PERSONALITIES
from meshsim.questions import wording
from meshsim.schema_fit import fit
from tests.sim.interviews import ALL_TYPES, GAS_STATION, Interview, Schema, interview, person

ENDS = {
    "stops": {"opted_out"},
    "leaves": {"opted_out"},
    "hostile": {"complete", "declined"},
    "silent": {"continue"},
    "forgetful": {"continue"},
    "vanishes": {"continue"},
}


@pytest.mark.parametrize("schema", [GAS_STATION, ALL_TYPES], ids=["gas station", "all types"])
@pytest.mark.parametrize("personality", PERSONALITIES)
def test_an_interview_of_each_personality_reaches_its_end(personality: str, schema: Schema) -> None:
    """Within three turns per field everybody is done, and knows it."""
    for number in range(30):
        talk, memory = interview(schema, person(personality, number), 3 * len(schema) + 1)
        assert talk.outcome in ENDS.get(personality, {"complete"})
        assert memory.finished == (talk.outcome != "continue")


@pytest.mark.parametrize("personality", ["cooperative", "terse", "vague", "bursty", "wanders"])
def test_an_interview_finds_the_hidden_facts(personality: str) -> None:
    """What a participant knows is what the interview writes down, with its type."""
    for number in range(30):
        profile = person(personality, number)
        talk, _ = interview(GAS_STATION, profile, 20)
        for fact in profile.facts:
            value = str(talk.noted[fact.topic]["value"])
            assert value in {fact.value, fact.answer, fact.short}
        assert isinstance(talk.noted["satisfaction"]["value"], int)


def test_a_refusing_participant_is_left_alone_about_it() -> None:
    """A refusal is noted once and not asked about again."""
    talks = [interview(GAS_STATION, person("refuses", n), 20)[0] for n in range(20)]
    refused = [(t, name) for t in talks for name in t.noted if t.noted[name]["state"] == "refused"]
    assert refused
    assert all(sum(a.asked == name for a in t.answers) == 1 for t, name in refused)


def started(**entry: str) -> Interview:
    """Start an interview about one field."""
    talk = Interview({"thing": {"type": "string", **entry}})
    talk.turn("opening")
    return talk


def test_the_opening_introduces_itself_and_asks_one_thing() -> None:
    """An opening says what it is, that one can stop, and asks one question."""
    reply = Interview(GAS_STATION).turn("opening").reply
    assert "research chat" in reply
    assert "stop at any time" in reply
    assert reply.count("?") == 1


def test_a_vague_answer_is_probed_once_and_then_noted_as_vague() -> None:
    """The first vague answer gets a probe, the second ends the topic."""
    talk = started(description="Where they currently refuel")
    talk.hear("hmm, depends")
    assert talk.turn().reply.endswith("Could you say a bit more about where you currently refuel?")
    assert talk.noted == {}
    talk.hear("not sure really")
    assert talk.turn().outcome == "complete"
    assert talk.noted["thing"]["state"] == "vague"


def test_an_aside_is_brought_back_to_the_question() -> None:
    """What is off the topic is not an answer."""
    talk = started(description="Where they currently refuel")
    talk.hear("Haha did you see the match last night?")
    assert "where do you currently refuel?" in talk.turn().reply
    assert talk.noted == {}


def test_who_asks_for_a_human_is_told_the_truth() -> None:
    """A participant's question about the interviewer is answered before his own."""
    talk = started(description="Where they currently refuel")
    talk.hear("wait, are you a bot?")
    assert "automated" in talk.turn().reply


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Stop. Thank you", "opted_out"),
        ("please leave me alone", "opted_out"),
        ("I don't want to continue", "opted_out"),
        ("We have got to STOP this bill", "complete"),
        ("At the end of my street", "complete"),
        ("no thanks, not interested", "declined"),
        ("sometimes I want to die", "distress"),
        ("I'd rather not say", "complete"),
    ],
)
def test_intentions_are_told_from_answers(text: str, outcome: str) -> None:
    """Whoever wants to leave may, and nobody is sent away for a word."""
    talk = started(description="Where they currently refuel")
    talk.hear(text)
    assert talk.turn().outcome == outcome


@pytest.mark.parametrize(
    ("entry", "texts", "value"),
    [
        ({"type": "number", "description": "1-10 satisfaction"}, ["I'd say eight"], 8),
        ({"type": "number", "description": "1-10 satisfaction"}, ["one sec", "7.5 I guess"], 7.5),
        ({"type": "integer", "description": "How many cars they have"}, ["a couple"], 2),
        ({"type": "boolean", "description": "Whether they own a car"}, ["nope"], False),
        ({"type": "date", "description": "Date of the visit"}, ["on 14 March 2025"], "2025-03-14"),
        ({"type": "array", "description": "Apps they use"}, ["Maps, Uber and X"], None),
        ({"type": "string", "description": "Where they refuel"}, ["hm", "ENOC", ":)"], "ENOC"),
    ],
)
def test_values_come_out_typed(entry: dict[str, str], texts: list[str], value: object) -> None:
    """An answer becomes a value of the field's type, quoted from the message that holds it."""
    talk = started(**entry)
    talk.hear(*texts)
    talk.turn()
    expected = value if value is not None else ["Maps", "Uber", "X"]
    assert talk.noted["thing"]["value"] == expected


def test_a_choice_is_recognised_without_being_offered() -> None:
    """The question does not list the choices, and the answer is one of them."""
    schema = {"fuel": {"type": "string", "enum": ["petrol", "diesel"], "description": "Fuel type"}}
    talk = Interview(schema)
    assert "diesel" not in talk.turn("opening").reply
    talk.hear("It's a Diesel, why?")
    talk.turn()
    assert talk.noted["fuel"]["value"] == "diesel"


@pytest.mark.parametrize(
    ("kind", "description", "question"),
    [
        ("string", "Age bracket, e.g. 25-34", "May I ask your age bracket?"),
        ("string", "How often they drive", "How often do you drive?"),
        ("string", "What would make them switch", "What would make you switch?"),
        ("boolean", "Whether they have ever tried it", "Have you ever tried it?"),
        ("boolean", "Owns a pet", "Do you own a pet?"),
        ("string", "Where they refueled last", "Could you tell me where you refueled last?"),
        ("string", "How the participant feels about it", "How do you feel about it?"),
        (
            "number",
            "Satisfaction (1-5) with the canteen",
            "On a scale from 1 to 5, how would you rate your satisfaction with the canteen?",
        ),
    ],
)
def test_questions_are_plain_language(kind: str, description: str, question: str) -> None:
    """A description is turned into a question as one person asks another."""
    assert wording(Field("x", kind, description)).question == question


def test_a_refusal_fits_a_schema_of_strings() -> None:
    """Where the schema wants text for a value, a missing one is empty and a number is written."""
    items = {"type": "object", "properties": {"value": {"type": "string"}}, "required": ["value"]}
    schema = {"type": "OBJECT", "properties": {"extractions": {"type": "ARRAY", "items": items}}}
    given = {"reply": "Fine.", "extractions": [{"value": None, "field": "x"}, {"value": 8}]}
    assert fit(given, schema) == {"extractions": [{"value": ""}, {"value": "8"}]}


def test_a_value_goes_to_the_variant_that_names_it() -> None:
    """Of several object schemas the one whose fixed values agree is meant."""
    kinds = {"age": "string", "score": "number"}
    variants = [
        {"properties": {"field": {"enum": [name]}, "value": {"type": kind}}}
        for name, kind in kinds.items()
    ]
    assert fit({"field": "score", "value": 8}, {"anyOf": variants}) == {
        "field": "score",
        "value": 8,
    }


def test_unusual_separators_of_lines_stay_within_a_message() -> None:
    """A message may hold any character that JSON lets through."""
    talk = started(description="Where they currently refuel")
    talk.hear("ENOC\u2028near the bridge")
    assert talk.turn().outcome == "complete"
