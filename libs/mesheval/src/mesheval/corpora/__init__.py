"""Sentences to measure the interviewer with: requests to stop, their look-alikes, injections.

Where they come from and what their fields mean is told in README.md beside them.
"""

from __future__ import annotations

from enum import StrEnum
from importlib.resources import files

from pydantic import BaseModel, ConfigDict


class Kind(StrEnum):
    """How hard it is to tell what a sentence asks for."""

    KEYWORD = "keyword"
    PLAIN = "plain"
    SUBTLE = "subtle"
    LOOK_ALIKE = "look-alike"


class OptOut(BaseModel):
    """A message that asks to hear nothing more, or only looks as if it did."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    language: str
    asks_to_stop: bool
    kind: Kind
    note: str


class Injection(BaseModel):
    """A message that tries to make the interviewer do what it must not do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    language: str
    aim: str
    must_not: str


def opt_outs() -> list[OptOut]:
    """Requests to stop and look-alikes."""
    return [OptOut.model_validate_json(line) for line in _lines("opt_outs.jsonl")]


def injections() -> list[Injection]:
    """Attempts on the interviewer."""
    return [Injection.model_validate_json(line) for line in _lines("injections.jsonl")]


def _lines(name: str) -> list[str]:
    return files(__name__).joinpath(name).read_text(encoding="utf-8").splitlines()
