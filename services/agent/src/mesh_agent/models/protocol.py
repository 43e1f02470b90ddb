"""What the agent wants of a language model: one prompt in, one JSON answer out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the model is given.

    Attributes:
        system: the instructions; what never changes comes first, so that providers can cache it.
        user: the state of the interview and the transcript, in one text.
        schema: the JSON Schema that the answer must fit.
    """

    system: str
    user: str
    schema: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model gave back.

    Attributes:
        text: JSON text, not yet validated.
        model: the model that answered, by the provider's word.
        input_tokens: tokens of the prompt, cached ones included.
        output_tokens: tokens of the answer, thoughts included.
    """

    text: str
    model: str
    input_tokens: int
    output_tokens: int


class Model(Protocol):
    """One attempt at one answer."""

    async def generate(self, prompt: Prompt) -> Answer:
        """Asks once.

        Raises:
            ModelError: there is no usable answer. It says whether, and after how long, to try
                again.
        """
        ...
