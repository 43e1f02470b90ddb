"""Plain repairs: what can be taken out of a message without putting anything in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mesh_agent.manners.asking import asks, asks_pleasantly, first_question, is_asking
from mesh_agent.manners.courtesies import greets
from mesh_agent.manners.layout import is_form, plain
from mesh_agent.manners.sentences import BOUND, sentences

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_SENTENCES = 3
MAX_LENGTH = 600
"""Characters; about what a telephone shows at once. WhatsApp would take `HARD_LENGTH`."""

HARD_LENGTH = 1_600
_ROUNDS = 4
_WIDE = ("\u3002", "\uff01", "\uff1f")


def counted(found: list[str]) -> int:
    """How many sentences count: all but a greeting at the start of others."""
    return len(found) - int(len(found) > 1 and greets(found[0]))


@dataclass(frozen=True, slots=True)
class Mending:
    """How a message is mended.

    Attributes:
        breaks: whether a sentence by itself breaks a rule.
        ending: whether the message is a goodbye.
        said: what the participant wrote last.
        language: the BCP 47 tag of the message, as far as it is known.
    """

    breaks: Callable[[str], bool]
    ending: bool = False
    said: str = ""
    language: str | None = None

    def mended(self, text: str) -> str:
        """The message with its plain repairs; empty if they lead nowhere."""
        text = text[:BOUND].strip()
        for _ in range(_ROUNDS):
            before, text = text, self._once(text)
            if text == before:
                break
        return text if self._is_mended(text) else ""

    def _once(self, text: str) -> str:
        parts = sentences(plain(text, self.said), self.language)
        good = [part for part in parts if is_asking(part) or not self.breaks(part)] or parts
        return _short(_few(_without_questions(good) if self.ending else _up_to_the_question(good)))

    def _is_mended(self, text: str) -> bool:
        parts = sentences(text, self.language)
        return (
            counted(parts) <= MAX_SENTENCES
            and sum(map(asks, parts)) <= int(not self.ending)
            and len(text) <= MAX_LENGTH
            and not is_form(text, self.said)
        )


def _without_questions(parts: list[str]) -> list[str]:
    return [part for part in parts if not is_asking(part)]


def _up_to_the_question(parts: list[str]) -> list[str]:
    """Everything up to the first question; "how are you?" is none where a real one follows."""
    if sum(map(asks, parts)) <= 1:
        return parts
    asking = [part for part in parts if is_asking(part)]
    kept: list[str] = []
    for part in parts:
        if part in asking:
            if asks_pleasantly(part) and part != asking[-1]:
                continue
            return [*kept, first_question(part)]
        kept.append(part)
    return kept


def _few(parts: list[str]) -> list[str]:
    """At most three sentences besides a greeting: the first one and the last ones."""
    head = 1 + int(len(parts) > 1 and greets(parts[0]))
    spare = counted(parts) - MAX_SENTENCES
    return [*parts[:head], *parts[head + spare :]] if spare > 0 else parts


def _short(parts: list[str]) -> str:
    """The sentences in one line, as many of the last ones as there is room for."""
    while len(parts) > 1 and len(_line(parts)) > MAX_LENGTH:
        parts = parts[1:]
    text = _line(parts)
    if len(text) <= MAX_LENGTH:
        return text
    cut = text[: MAX_LENGTH - 1]
    return f"{cut.rpartition(' ')[0] or cut}\u2026"


def _line(parts: list[str]) -> str:
    """The sentences one after the other; there is no space behind a wide full stop."""
    return "".join(p if p.endswith(_WIDE) else f"{p} " for p in parts).strip()
