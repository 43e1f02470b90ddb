"""Interviews to read, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshcore.domain.conversation import Message
from meshcore.domain.events import FieldState
from mesheval.counting import sent_messages
from mesheval.evaluation import Held
from mesheval.hard_rules import broken
from mesheval.interview import Interview
from mesheval.values import is_true


def transcripts(held: Sequence[Held]) -> str:
    """All of them, each with what was told and what was recorded."""
    return "".join(f"{line}\n" for one in held for line in _chapter(one))


def spoken(interview: Interview) -> list[Message]:
    """The messages as the participant saw them."""
    sent = {message.id for message in sent_messages(interview)}
    return [m for m in interview.state.messages if m.sender == "participant" or m.id in sent]


def ending(interview: Interview) -> str:
    """How it ended, in a word."""
    if interview.state.end_reason:
        return interview.state.end_reason.value
    if interview.failure:
        return f"broke down ({interview.failure})"
    return "no answer any more" if interview.unanswered else "not ended"


def _chapter(held: Held) -> Iterator[str]:
    interview = held.interview
    yield f"## {held.sitting.name}: {ending(interview)}"
    yield ""
    for rule, count in broken(held.tally).items():
        yield f"**Broken: {rule.value} ({count}).**"
        yield ""
    for message in spoken(interview):
        who = "MeshAI" if message.sender == "agent" else interview.profile.personality
        text = message.text.replace("\n", "\n> ")
        yield f"> **{who}**: {text}"
        yield ">"
    yield ""
    yield "| field | told | recorded | words |"
    yield "|---|---|---|---|"
    yield from _rows(interview)
    yield ""


def _rows(interview: Interview) -> Iterator[str]:
    truths = interview.truths
    for name, spec in interview.campaign.extraction_schema.items():
        told = truths.get(name, ("",))
        found = interview.state.extractions.get(name)
        if found is None:
            yield _row(name, told[0], "", "")
            continue
        recorded = str(found.value) if found.value is not None else f"({found.state})"
        if found.state is FieldState.EXTRACTED and found.value is not None:
            right = name in truths and is_true(spec, found.value, truths[name])
            recorded += "" if right else " (wrong)"
        yield _row(name, told[0], recorded, found.quote)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
