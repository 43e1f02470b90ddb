"""One conversation held against another study, without a log."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from mesh_agent.interviewer import Interviewer
from mesh_agent.models.protocol import Answer, Prompt
from meshcore.domain.commit import Stamp
from meshcore.domain.conversation import Extraction
from meshcore.domain.events import (
    ConversationStarted,
    Event,
    ExtractionRecorded,
    FieldState,
    MessageComposed,
    MessageKind,
    MessageReceived,
    TurnTaken,
)
from meshcore.domain.schema import FieldSpec, FieldType
from mesheval.rerun.again import Question, Rerun, run_again
from mesheval.rerun.differences import Difference, compared, outcome
from mesheval.rerun.history import Entry, History
from mesheval.rerun.running import Change
from mesheval.study import default_study

NUMBER = FieldSpec(type=FieldType.NUMBER, description="How many cars they have")
TEXT = FieldSpec(type=FieldType.STRING, description="How often they drive")
SCHEMA = {"cars": NUMBER, "often": TEXT}
STUDY = replace(default_study().campaign(), extraction_schema=SCHEMA)


class Noting:
    """A model that notes what it is told, and claims two cars with the words of a message."""

    def __init__(self, quote: str, message: int) -> None:
        self.prompts: list[Prompt] = []
        self._claim = {"field": "cars", "value": 2, "quote": quote, "message": message}

    async def generate(self, prompt: Prompt) -> Answer:
        """Always the same."""
        self.prompts.append(prompt)
        answer = {
            "outcome": "continue",
            "reply": "Thanks. And how often do you drive?",
            "asked": "often",
            "extractions": [self._claim],
        }
        return Answer(json.dumps(answer), "noting", 10, 1, cost_usd=0.5)


def history(*commits: tuple[Event, ...]) -> History:
    """A conversation with these commits, a minute apart."""
    start = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)

    def entries(number: int, events: tuple[Event, ...]) -> tuple[Entry, ...]:
        stamp = Stamp(number, start + timedelta(minutes=number))
        return tuple((stamp, event) for event in events)

    return History("c", tuple(entries(n, events) for n, events in enumerate(commits, 1)))


OPENING = (
    ConversationStarted(participant="p"),
    TurnTaken(answers=()),
    MessageComposed(message_id="m1", kind=MessageKind.OPENING, text="Hi! How many cars?"),
)
TWO = MessageReceived(message_sid="SM1", participant="p", text="I have two cars")
LATE = MessageReceived(message_sid="SM2", participant="p", text="and a boat")
REPLY = (
    TurnTaken(answers=("SM1",), model="old", input_tokens=7, cost_usd=0.1),
    ExtractionRecorded(
        field="cars", state=FieldState.EXTRACTED, value=3, quote="two cars", message_sid="SM1"
    ),
    MessageComposed(message_id="m2", kind=MessageKind.REPLY, text="Where to?"),
)


async def test_the_agents_rules_judge_the_claims() -> None:
    """What participants did not say is not found now either."""
    borne_out = await run_again(
        history(OPENING, (TWO,), REPLY), STUDY, Interviewer(Noting("two cars", 2)), Question.VALUES
    )
    made_up = await run_again(
        history(OPENING, (TWO,), REPLY), STUDY, Interviewer(Noting("two boats", 2)), Question.VALUES
    )
    assert borne_out.now["cars"].value == 2
    assert compared(borne_out, SCHEMA, SCHEMA)[0].difference is Difference.CHANGED
    assert compared(made_up, SCHEMA, SCHEMA)[0].difference is Difference.LOST
    assert made_up.usage.cost_usd == 2 * 0.5  # it is told once what was wrong
    assert made_up.recorded_usage.input_tokens == 7


async def test_what_came_while_the_model_was_thinking_is_not_seen() -> None:
    """It stands before the answer on the log, but the agent had not read it."""
    model = Noting("two cars", 2)
    await run_again(
        history(OPENING, (TWO,), (LATE,), REPLY), STUDY, Interviewer(model), Question.WORDS
    )
    assert "two cars" in model.prompts[-1].user
    assert all("boat" not in prompt.user for prompt in model.prompts)


async def test_other_instructions_reach_the_model() -> None:
    """In place of the campaign's; an empty text takes them away."""
    old = replace(STUDY, system_prompt_override="Be brisk.")
    for given, told in (("Be warm.", "Be warm."), ("", None)):
        model = Noting("two cars", 2)
        study = Change(instructions=given).of(old)
        chat = history(OPENING, (TWO,), REPLY)
        rerun = await run_again(chat, study, Interviewer(model), Question.WORDS)
        assert "Be brisk." not in model.prompts[-1].system
        assert told is None or told in model.prompts[-1].system
        assert rerun.turns[-1].recorded.text == "Where to?"
        assert rerun.turns[-1].now.text == "Thanks. And how often do you drive?"


def test_the_same_in_other_words_is_the_same() -> None:
    """And a refusal that is a value now is a change."""

    def found(value: str | None) -> Extraction:
        state = FieldState.REFUSED if value is None else FieldState.EXTRACTED
        return Extraction(state, value, "", "SM1")

    pairs = [
        ("twice a week", "2x a week", Difference.SAME),
        ("twice a week", "never", Difference.CHANGED),
        (None, "never", Difference.CHANGED),
        (None, None, Difference.SAME),
    ]
    for then, now, difference in pairs:
        rerun = Rerun("c", recorded={"often": found(then)}, now={"often": found(now)})
        assert compared(rerun, SCHEMA, SCHEMA)[0].difference is difference


def test_precision_and_recall_are_of_fields_in_both_schemas() -> None:
    """A field that was not asked for then can be neither right nor wrong."""
    value = Extraction(FieldState.EXTRACTED, 2, "two", "SM1")
    rerun = Rerun("c", recorded={"cars": value}, now={"cars": value, "more": value})
    total = outcome([rerun], SCHEMA, {**SCHEMA, "more": NUMBER}).total
    assert (total.precision, total.recall, total.new) == (1.0, 1.0, 0)
