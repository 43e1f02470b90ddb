"""What only answers the question is read by code, whatever a model takes it for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mesh_agent.interviewer import Interviewer
from mesh_agent.plain_answers import plain_answer
from meshcore.domain.schema import FieldSpec, FieldType, Value
from tests.agent.scripted_model import ScriptedModel, claim, says
from tests.agent.talks import CAMPAIGN, EVERY_TYPE, answered, opened, talk, wrote

AGES = FieldSpec(
    type=FieldType.ENUM, description="Age bracket", enum=("18-24", "25-34", "45-54", "55+")
)
CHILDREN, DRIVES, NAME = EVERY_TYPE["children"], EVERY_TYPE["drives"], EVERY_TYPE["name"]
BRACKET = FieldSpec(type=FieldType.STRING, description="Age bracket, e.g. 25-34")
STUDY = replace(CAMPAIGN, extraction_schema={"age": AGES, "name": NAME, "drives": DRIVES})
QUESTION = "Hi! May I ask how old you are?"


@pytest.mark.parametrize(
    ("spec", "text", "value"),
    [
        (AGES, "45-54", "45-54"),
        (AGES, " 45-54. ", "45-54"),
        (AGES, "I'm 20, so 18-24", "18-24"),
        (AGES, "25-34. Happy now, moron?", None),
        (AGES, "not 25-34", None),
        (AGES, "25-34 or 45-54", None),
        (AGES, "I'm 20", None),
        (CHILDREN, "2", 2),
        (CHILDREN, "I'd say 2", 2),
        (CHILDREN, "2 or 3", None),
        (CHILDREN, "2, and I want to end this now", None),
        (DRIVES, "yes", True),
        (DRIVES, "Nope!", False),
        (DRIVES, "yes, but stop writing to me", None),
        (NAME, "Anna", None),
        (NAME, "25", None),
        (BRACKET, "45-54", "45-54"),
        (BRACKET, "I'm 30, so 25-34", None),
        (BRACKET, "none of your business", None),
    ],
)
def test_a_message_is_read_where_it_says_nothing_but_an_answer(
    spec: FieldSpec, text: str, value: Value | None
) -> None:
    """Whatever else it says is for the model to judge."""
    assert plain_answer(spec, text, ("en",)) == value


@pytest.mark.parametrize("outcome", ["opted_out", "declined", "distress", "inappropriate"])
async def test_a_plain_answer_ends_no_interview_however_a_model_insists(outcome: str) -> None:
    """And its value is taken down all the same."""
    state = talk(*opened(), *answered(0, QUESTION, "age"), wrote(1, "I'm 20, so 18-24"))
    because = {"because": {"quote": "I'm 20, so 18-24", "message": 3}}
    refusal = claim("age", None, "I'm 20, so 18-24", 3, "refused")
    model = ScriptedModel({**says("Goodbye!", outcome, refusal), **because})
    turn = await Interviewer(model).turn(STUDY, state)
    assert turn.end is None
    assert [(e.field, e.value) for e in turn.extractions] == [("age", "18-24")]


@pytest.mark.parametrize("said", ["I'm 30, so 25-34", "45-54"])
async def test_words_are_answered_by_figures_too_and_nothing_ends_by_them(said: str) -> None:
    """Though code may not know how the researcher wants them written."""
    study = replace(CAMPAIGN, extraction_schema={"age": BRACKET, "name": NAME})
    state = talk(*opened(), *answered(0, QUESTION, "age"), wrote(1, said))
    because = {"because": {"quote": said, "message": 3}}
    turn = await Interviewer(ScriptedModel({**says("Goodbye!", "opted_out"), **because})).turn(
        study, state
    )
    assert turn.end is None


async def test_what_the_model_makes_of_an_answer_goes_first() -> None:
    """It may know better what the question was about."""
    study = replace(CAMPAIGN, extraction_schema={"children": CHILDREN, "cars": CHILDREN})
    state = talk(*opened(), *answered(0, "How many cars?", "children"), wrote(1, "2"))
    model = ScriptedModel(says("And children?", "continue", claim("cars", 2, "2", 3)))
    turn = await Interviewer(model).turn(study, state)
    assert [(e.field, e.value) for e in turn.extractions] == [("cars", 2)]


@pytest.mark.parametrize("said", ["please end this", "I feel like ending my life, 45-54"])
async def test_more_than_an_answer_is_judged_by_the_model(said: str) -> None:
    """A request or a cry for help is not taken for one."""
    state = talk(*opened(), *answered(0, QUESTION, "age"), wrote(1, said))
    because = {"because": {"quote": said, "message": 3}}
    turn = await Interviewer(ScriptedModel({**says("Goodbye!", "distress"), **because})).turn(
        STUDY, state
    )
    assert turn.end is not None
