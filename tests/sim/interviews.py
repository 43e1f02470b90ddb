"""Interviews without servers: the scripted interviewer and a participant, coupled directly."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from meshctl.demo import CAMPAIGN
from meshsim.contract import parse_prompt
from meshsim.interviewer import Answer, answer
from meshsim.participants import Memory, Profile, make_profile, react

Schema = dict[str, dict[str, Any]]

GAS_STATION: Schema = CAMPAIGN["extraction_schema"]
ALL_TYPES: Schema = {
    "children": {"type": "integer", "description": "How many children they have"},
    "pet": {"type": "boolean", "description": "Owns a pet"},
    "brand": {"type": "string", "description": "Favorite brand (such as Nike)"},
    "recommend": {
        "type": "integer",
        "description": "How likely they are to recommend their bank, 0-10",
    },
    "visit": {"type": "string", "format": "date", "description": "Date of their last visit"},
    "apps": {"type": "array", "description": "Which apps they use daily"},
    "place": {"type": "string", "description": "Where they refueled last time"},
}


@dataclass
class Interview:
    """A conversation as the agent would keep it."""

    schema: Schema
    lines: list[dict[str, Any]] = field(default_factory=list)
    noted: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        """How the last turn ended."""
        return self.answers[-1].outcome

    def hear(self, *texts: str, sender: str = "participant") -> None:
        """Add messages to the conversation."""
        for text in texts:
            self.lines.append({"n": len(self.lines) + 1, "from": sender, "text": text})

    def turn(self, task: str = "turn") -> Answer:
        """Let the interviewer answer, check the rules that always hold, and note the result."""
        prompt = parse_prompt(self._prompt(task))
        assert prompt is not None
        made = answer(prompt)
        assert made.reply.count("?") <= 1
        assert not any(name in made.reply for name in self.schema if "_" in name)
        for item in made.extractions:
            assert item["quote"] in self.lines[item["message"] - 1]["text"]
            assert self.lines[item["message"] - 1]["from"] == "participant"
            self.noted[item["field"]] = dict(item)
        self.answers.append(made)
        self.hear(made.reply, sender="you")
        return made

    def _prompt(self, task: str) -> str:
        fields = [
            json.dumps(
                {
                    "field": name,
                    **entry,
                    "state": self.noted.get(name, {}).get("state", "pending"),
                    "value": self.noted.get(name, {}).get("value"),
                    "asked": sum(made.asked == name for made in self.answers),
                }
            )
            for name, entry in self.schema.items()
        ]
        said = [json.dumps(line, ensure_ascii=False) for line in self.lines]
        parts = ["## Brief", "Anything.", "## Task", task, "## Fields", *fields]
        return "\n".join([*parts, "## Conversation", *said])


def interview(schema: Schema, profile: Profile, turns: int) -> tuple[Interview, Memory]:
    """Run an interview until it ends, falls silent, or has taken `turns` turns."""
    talk, memory = Interview(schema), Memory()
    for number in range(turns):
        made = talk.turn("turn" if number else "opening")
        reaction = react(profile, memory, made.reply)
        memory = reaction.memory
        if made.outcome != "continue" or not reaction.utterances:
            break
        talk.hear(*(utterance.text for utterance in reaction.utterances))
    return talk, memory


def person(personality: str, number: int = 0, seed: int = 0) -> Profile:
    """Make a participant with the built-in facts."""
    return make_profile(f"+97150{number:07d}", seed=seed, personality=personality)
