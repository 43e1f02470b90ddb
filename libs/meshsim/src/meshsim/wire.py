"""What a simulated model is asked and what it answers, whatever it looks like on the wire."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.responses import Response

_CHARACTERS_PER_TOKEN = 4
_BYTES_PER_AUDIO_TOKEN = 64
"""Opus at 16 kbit/s, 32 tokens a second."""


@dataclass(frozen=True)
class Tool:
    """A function that the model may call, which is another way to ask for structured output."""

    name: str
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class GenerateRequest:
    """What a request asks for, whatever casing it came in.

    Attributes:
        text: all text of the contents.
        system: the system instruction.
        schema: the schema of the answer, if it is to be JSON.
        tools: the functions declared.
        audio: what is spoken in the inline audio, if there is any.
        audio_tokens: what that audio counts for.
        cached_tokens: how much of the system instruction was seen before.
    """

    text: str
    system: str
    schema: Mapping[str, Any] | None
    tools: tuple[Tool, ...]
    audio: str | None
    audio_tokens: int = 0
    cached_tokens: int = 0

    @property
    def read_tokens(self) -> int:
        """All tokens of the prompt."""
        return tokens(self.system + self.text) + self.audio_tokens


class Wire(Protocol):
    """What a provider's answers look like. The modules that end in `_wire` are such."""

    def answered(
        self, request: GenerateRequest, model: str, part: Mapping[str, Any], finish: str = "STOP"
    ) -> dict[str, Any]:
        """Return an answer of one part."""
        ...

    def without_candidates(self, request: GenerateRequest, model: str) -> dict[str, Any]:
        """Return an answer that holds nothing."""
        ...

    def blocked(self, request: GenerateRequest, model: str, reason: str) -> dict[str, Any]:
        """Return the answer to a prompt that was not let through."""
        ...

    def error(self, code: int, message: str) -> Response:
        """Return an error."""
        ...

    def unknown_key(self, key: str | None) -> Response:
        """Return the error for a missing or a wrong API key."""
        ...

    def rate_limited(self, seconds: float, model: str) -> Response:
        """Return the 429 that says when to come back."""
        ...


def tokens(text: str) -> int:
    """Return a plausible number of tokens of a text."""
    return max(1, len(text) // _CHARACTERS_PER_TOKEN)


def recorded(text: str) -> bytes:
    """Return the bytes of base64 in either alphabet; none for anything else."""
    try:
        return base64.b64decode(text.replace("+", "-").replace("/", "_") + "==", altchars=b"-_")
    except binascii.Error:
        return b""


def spoken(recording: bytes) -> str:
    """Return the words of a recording: data that is text is its own transcript."""
    try:
        return recording.decode()
    except UnicodeDecodeError:
        return "I usually fill up twice a week"


def audio_tokens(recording: bytes) -> int:
    """Return what a recording counts for."""
    return max(1, len(recording) // _BYTES_PER_AUDIO_TOKEN)
