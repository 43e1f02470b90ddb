"""What the agent wants of a language model: one prompt in, one JSON answer out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Recording:
    """A voice note: its bytes and their media type, without parameters (`audio/ogg`)."""

    data: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the model is given.

    Attributes:
        system: the instructions; what never changes comes first, so that providers can cache it.
        user: the transcript and the state of the interview, in one text.
        schema: the JSON Schema that the answer must fit.
        recording: what the prompt is about, if it is about a voice note.
        most_tokens: how long an answer that fits can be, thoughts aside. What goes on beyond that
            runs in circles.
        seconds: how long one attempt may take, where that is longer than usual.
    """

    system: str
    user: str
    schema: dict[str, Any]
    recording: Recording | None = None
    most_tokens: int = 4_096
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model gave back.

    Attributes:
        text: JSON text, not yet validated.
        model: the model that answered, by the provider's word.
        input_tokens: tokens of the prompt, cached ones included.
        output_tokens: tokens of the answer, thoughts included.
        cached_tokens: those of the input tokens that the provider had cached.
        cost_usd: what the call cost, in US dollars; None where the price is not known.
    """

    text: str
    model: str
    input_tokens: int
    output_tokens: int
    cached_tokens: int = 0
    cost_usd: float | None = None


class Model(Protocol):
    """One attempt at one answer."""

    async def generate(self, prompt: Prompt) -> Answer:
        """Asks once.

        Raises:
            ModelError: there is no answer. It says whether, and after how long, to try again.
            UnusableAnswerError: the provider answered, but not usably.
            CannotHearError: the model does not take the prompt's recording.
        """
        ...
