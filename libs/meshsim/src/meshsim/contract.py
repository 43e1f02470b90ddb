"""The prompt of an interview turn as the agent writes it: fields, conversation, progress, task."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

Task = Literal["opening", "turn", "late"]


@dataclass(frozen=True)
class Field:
    """One entry of the extraction schema with its state in this conversation."""

    name: str
    type: str
    description: str
    state: str = "pending"
    required: bool = True
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[Any, ...] = ()

    @property
    def pending(self) -> bool:
        """Whether the interview still lacks it."""
        return self.state == "pending"


@dataclass(frozen=True)
class Line:
    """One message of the conversation, numbered from 1; a reminder asks nothing."""

    n: int
    sender: str
    text: str
    reminder: bool = False

    @property
    def ours(self) -> bool:
        """Whether the interviewer wrote it."""
        return self.sender == "you"


@dataclass(frozen=True)
class Prompt:
    """What the interviewer is to do and knows."""

    task: Task
    fields: tuple[Field, ...]
    lines: tuple[Line, ...]

    @property
    def unanswered(self) -> tuple[Line, ...]:
        """The participant's messages after the interviewer's last one."""
        last = max((i for i, line in enumerate(self.lines) if line.ours), default=-1)
        return self.lines[last + 1 :]

    @property
    def asked(self) -> tuple[Line, ...]:
        """The interviewer's own messages, reminders aside."""
        return tuple(line for line in self.lines if line.ours and not line.reminder)


def parse_prompt(text: str) -> Prompt | None:
    """Read a prompt that keeps the contract; None for any other text.

    Sections that are not known, and lines in a known one that do not parse, are skipped.
    """
    sections = _sections(text)
    told = next((line.strip().lower() for line in sections.get("task", []) if line.strip()), "")
    task: Task | None = next((task for task in get_args(Task) if task == told), None)
    if task is None or "fields" not in sections:
        return None
    states = {
        _name(item): str(item["state"])
        for item in _json_lines(sections.get("progress", []))
        if "state" in item
    }
    fields = tuple(_field(item, states) for item in _json_lines(sections["fields"]) if _name(item))
    lines = tuple(
        Line(
            _number(item.get("n"), place),
            str(item.get("from")),
            str(item.get("text") or ""),
            reminder=bool(item.get("reminder")),
        )
        for place, item in enumerate(_json_lines(sections.get("conversation", [])), 1)
    )
    return Prompt(task, fields, lines)


def _sections(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.split("\n"):  # JSON may hold other separators of lines
        if line.startswith("## "):
            current = found[line[3:].strip().lower()] = []
        else:
            current.append(line)
    return found


def _json_lines(lines: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    for line in lines:
        try:
            item = json.loads(line)
        except ValueError:
            continue
        if isinstance(item, dict):
            yield item


def _name(item: Mapping[str, Any]) -> str:
    return str(item.get("field") or item.get("name") or "")


def _number(given: object, otherwise: int) -> int:
    return given if isinstance(given, int) else otherwise


def _bound(given: object) -> float | None:
    return float(given) if isinstance(given, int | float) else None


def _field(item: Mapping[str, Any], states: Mapping[str, str]) -> Field:
    kind = item.get("type") or "string"
    kinds = [k for k in kind if k != "null"] if isinstance(kind, list) else [kind]
    choices = item.get("enum") or item.get("choices") or ()
    if item.get("format") in {"date", "date-time"}:
        kinds = ["date"]
    return Field(
        name=_name(item),
        type=str(kinds[0] if kinds else "string").lower(),
        description=str(item.get("description") or _name(item).replace("_", " ")),
        state=states.get(_name(item)) or str(item.get("state") or "pending"),
        required=item.get("required") is not False,
        minimum=_bound(item.get("minimum")),
        maximum=_bound(item.get("maximum")),
        choices=tuple(choices) if isinstance(choices, list | tuple) else (),
    )
