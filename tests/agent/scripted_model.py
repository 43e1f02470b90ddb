"""A model that says what a test wants, and waits where a test wants it to wait."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from mesh_agent.models.protocol import Answer, Prompt

Scripted = Mapping[str, Any] | str | Exception


class ScriptedModel:
    """Gives its answers in order; the last one for ever.

    Attributes:
        prompts: what it was asked.
        asked: set as soon as it is asked.
        may_answer: cleared by a test that wants it to think on.
    """

    def __init__(self, *answers: Scripted, cost_usd: float | None = None) -> None:
        self._cost_usd = cost_usd
        self._answers = list(answers)
        self.prompts: list[Prompt] = []
        self.asked = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def generate(self, prompt: Prompt) -> Answer:
        """The next answer, or the next error."""
        self.prompts.append(prompt)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        self.asked.set()
        await self.may_answer.wait()
        if isinstance(answer, Exception):
            raise answer
        text = answer if isinstance(answer, str) else json.dumps(answer)
        return Answer(text, "scripted", 10, 3, cost_usd=self._cost_usd)


def says(reply: str, outcome: str = "continue", *extractions: Mapping[str, Any]) -> dict[str, Any]:
    """A turn in the form that the prompt's schema asks for."""
    return {"extractions": list(extractions), "outcome": outcome, "reply": reply, "asked": None}


def claim(field: str, value: object, quote: str, message: int, state: str = "extracted") -> Any:
    """An extraction as a model claims it."""
    return {"field": field, "state": state, "value": value, "quote": quote, "message": message}
