"""Where a rerun is kept: each conversation when it is done, and in the end what all amount to.

`conversations.jsonl` has all of each, `differences.md` what a person wants to read of it,
`rerun.json` the counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from meshcore.domain.conversation import Extraction
from meshcore.domain.events import FieldState
from meshcore.replay.transcripts import cleaned, escaped
from mesheval.rerun.again import Question, Rerun, Turn, Words
from mesheval.rerun.differences import (
    Compared,
    Difference,
    FieldCounts,
    Outcome,
    Schema,
    compared,
    says_otherwise,
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What was asked, of which conversations.

    Attributes:
        campaign: its id.
        question: what was wanted.
        model: as it is configured.
        simulated: whether it is the scripted one.
        schema: the file with another schema, if there is one.
        prompt: the file with other instructions, if there is one.
        answered: conversations of the campaign in which somebody answered.
        drawn: those that were to be run again.
        erased: those of them whose words were erased, and which are left out.
    """

    campaign: str
    question: Question
    model: str
    simulated: bool
    schema: str | None
    prompt: str | None
    answered: int
    drawn: int
    erased: int


class Keeping:
    """Keeps conversations as they come. What an earlier rerun left in the folder is replaced."""

    def __init__(self, place: Path, before: Schema, after: Schema) -> None:
        """Makes the folder and empty files.

        Raises:
            OSError: they cannot be written.
        """
        place.mkdir(parents=True, exist_ok=True)
        self._before, self._after = before, after
        self._summary = place / "rerun.json"
        self._rows = place / "conversations.jsonl"
        self._words = place / "differences.md"
        self._summary.unlink(missing_ok=True)
        self._rows.write_text("", "utf-8")
        self._words.write_text("# What differs\n", "utf-8")

    def add(self, rerun: Rerun) -> None:
        """Keeps a conversation that is done.

        Raises:
            OSError: it cannot be written.
        """
        differences = compared(rerun, self._before, self._after)
        row = json.dumps(document(rerun, differences), ensure_ascii=False)
        with self._rows.open("a", encoding="utf-8") as rows:
            rows.write(f"{row}\n")
        with self._words.open("a", encoding="utf-8") as words:
            words.writelines(f"{line}\n" for line in chapter(rerun, differences))

    def conclude(self, setting: Setting, found: Outcome) -> None:
        """Writes the counts; without them, a rerun did not come to its end in order.

        Raises:
            OSError: they cannot be written.
        """
        counts = {
            **asdict(setting),
            "conversations": found.conversations,
            "failed": found.failed,
            "fields": [_counts(each) for each in found.fields],
            "total": _counts(found.total),
            "turns": found.turns,
            "other_words": found.other_words,
            "other_ends": found.other_ends,
            "usage": asdict(found.usage),
            "recorded_usage": asdict(found.recorded_usage),
        }
        self._summary.write_text(json.dumps(counts, ensure_ascii=False, indent=2) + "\n", "utf-8")


def document(rerun: Rerun, differences: list[Compared]) -> dict[str, Any]:
    """A conversation as plain data."""
    return {
        "conversation": rerun.conversation,
        "failure": rerun.failure,
        "fields": [asdict(one) for one in differences],
        "turns": [{**asdict(turn), "other_words": says_otherwise(turn)} for turn in rerun.turns],
        "usage": asdict(rerun.usage),
        "recorded_usage": asdict(rerun.recorded_usage),
    }


def chapter(rerun: Rerun, differences: list[Compared]) -> Iterator[str]:
    """A conversation in Markdown: what differs, and each turn that would be another."""
    yield f"\n## {escaped(rerun.conversation)}\n"
    if rerun.failure:
        yield f"Broken off: {escaped(rerun.failure)}\n"
    other = [one for one in differences if one.difference is not Difference.SAME]
    for one in other if not rerun.turns else ():
        change = f"{_told(one.recorded)} → {_told(one.now)}"
        yield f"- **{escaped(one.field)}**, {one.difference}: {change}"
    for turn in rerun.turns:
        yield from _turn(turn)
    if not other and not rerun.turns and not rerun.failure:
        yield "No differences."


def shown(found: Extraction | None) -> str:
    """A field as a person reads it, in one line, fit for a terminal."""
    if found is None:
        return "-"
    if found.state is not FieldState.EXTRACTED:
        return f"({found.state})"
    value = found.value
    text = "; ".join(value) if isinstance(value, tuple) else str(value)
    return " ".join(cleaned(text).split())


def said(words: Words) -> str:
    """What is said, and how it ends, in one line, fit for a terminal."""
    text = " ".join(cleaned(words.text or "(nothing)").split())
    return f"{text} [{words.end}]" if words.end else text


def _turn(turn: Turn) -> Iterator[str]:
    for text in turn.heard:
        yield f"> {escaped(' '.join(text.split()))}\n"
    yield f"- said: {escaped(said(turn.recorded))}"
    now = escaped(said(turn.now)) if turn.now != turn.recorded else "the same"
    yield f"- now: {now}\n"


def _told(found: Extraction | None) -> str:
    quote = f" — “{escaped(' '.join(found.quote.split()))}”" if found and found.quote else ""
    return f"{escaped(shown(found))}{quote}"


def _counts(each: FieldCounts) -> dict[str, Any]:
    figures = ("recorded", "now", "precision", "recall")
    return {**asdict(each), **{name: getattr(each, name) for name in figures}}
