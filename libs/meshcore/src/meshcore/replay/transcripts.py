"""Conversations as people read them: plain text, Markdown, HTML or JSON."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from meshcore.domain.events import FieldState

if TYPE_CHECKING:
    from meshcore.domain.conversation import Conversation, Message
    from meshcore.domain.schema import Value

_MARKUP = re.compile(r"[\\`*_\[\]|~$]|^ *(?:[#+=-]|\d+(?=[.)]))", re.MULTILINE)
"""What Markdown takes for markup, anywhere or where a line begins."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
"""What could move the cursor of a terminal, or turn the text around it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message.

    Attributes:
        at: when it was received or composed, UTC.
        sender: agent or participant.
        text: what was written.
        status: how far a message of ours has come.
        kind: what a message of ours is for.
        heard: what was said in voice notes.
        files: the content types of files.
        id: of the message.
    """

    at: datetime
    sender: str
    text: str
    status: str
    kind: str | None = None
    heard: str | None = None
    files: tuple[str, ...] = ()
    id: str = ""

    @property
    def said(self) -> str:
        """Everything that it says, files and voice notes included."""
        voice = f"[voice note] {self.heard}" if self.heard else ""
        files = "" if self.heard else " ".join(f"[{kind}]" for kind in self.files)
        return "\n".join(part for part in (self.text, voice, files) if part)

    @property
    def remark(self) -> str:
        """What has to be known of it besides: that it is no reply, that it never arrived."""
        kind = self.kind if self.kind not in {None, "reply"} else None
        status = self.status if self.status in {"failed", "suppressed", "composed"} else None
        return ", ".join(part for part in (kind, status) if part)


@dataclass(frozen=True, slots=True)
class Found:
    """What became of one field, and the words that say so."""

    state: str
    value: Value | None
    quote: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """One conversation."""

    conversation: str
    participant: str | None
    status: str
    end_reason: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    lines: tuple[Line, ...] = ()
    found: Mapping[str, Found] = field(default_factory=dict)

    @property
    def outcome(self) -> str:
        """How it stands, in a few words."""
        return f"{self.status} ({self.end_reason})" if self.end_reason else self.status


def transcript_of(conversation: str, state: Conversation) -> Transcript:
    """The transcript of a conversation as it stands."""
    return Transcript(
        conversation=conversation,
        participant=state.participant,
        status=state.status,
        end_reason=state.end_reason,
        started_at=state.started_at,
        ended_at=state.ended_at,
        lines=tuple(map(_line, state.messages)),
        found={
            name: Found(e.state, e.value, e.quote, e.message_sid)
            for name, e in state.extractions.items()
        },
    )


def _line(message: Message) -> Line:
    return Line(
        at=message.at,
        sender=message.sender,
        text=message.text,
        status=message.status,
        kind=message.kind,
        heard=message.transcript,
        files=tuple(media.content_type for media in message.media),
        id=message.id,
    )


def as_text(transcript: Transcript) -> str:
    """Plain text, fit for a terminal whatever a participant wrote."""
    head = f"{transcript.conversation}  {transcript.outcome}"
    lines = [f"{_clock(line.at)}  {_who(line)}: {_indented(line)}" for line in transcript.lines]
    found = [
        f"  {name} = {_value(f)}" + (f'  "{cleaned(f.quote)}"' if f.quote else "")
        for name, f in transcript.found.items()
    ]
    return "\n".join([head, "", *lines, *(["", "What was found:", *found] if found else [])]) + "\n"


def as_markdown(transcript: Transcript) -> str:
    """Markdown in which nothing that was written is markup."""
    head = f"## {escaped(transcript.conversation)}\n\n*{escaped(transcript.outcome)}*\n"
    lines = [
        f"**{_who(line)}** {_clock(line.at)}\n\n{_quoted(line.said)}\n" for line in transcript.lines
    ]
    found = [
        f"- {escaped(name)}: **{escaped(_value(f))}**"
        + (f" — {escaped(_flat(f.quote))}" if f.quote else "")
        for name, f in transcript.found.items()
    ]
    return "\n".join([head, *lines, *found]) + "\n"


def as_html(transcript: Transcript) -> str:
    """A section of an HTML page."""
    lines = "".join(
        f'<p class="{line.sender}" dir="auto"><b>{_who(line)}</b> <time>{_clock(line.at)}</time>'
        f"<br>{_html(line.said)}</p>\n"
        for line in transcript.lines
    )
    found = "".join(
        f"<tr><th>{_html(name)}</th><td dir=auto>{_html(_value(f))}</td>"
        f"<td dir=auto>{_html(f.quote)}</td></tr>\n"
        for name, f in transcript.found.items()
    )
    table = f"<table>\n{found}</table>\n" if found else ""
    name = _html(transcript.conversation)
    return (
        f'<section id="{name}">\n<h2>{name}</h2>\n'
        f"<p>{_html(transcript.outcome)}</p>\n{lines}{table}</section>\n"
    )


def as_json(transcript: Transcript) -> str:
    """One JSON object."""
    return json.dumps(asdict(transcript), ensure_ascii=False, default=str, indent=2) + "\n"


def _who(line: Line) -> str:
    who = "Agent" if line.sender == "agent" else "Participant"
    return f"{who} ({line.remark})" if line.remark else who


def _clock(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def _value(found: Found) -> str:
    if found.state != FieldState.EXTRACTED or found.value is None:
        return found.state
    if isinstance(found.value, str | tuple | list):
        items = [found.value] if isinstance(found.value, str) else found.value
        return cleaned("; ".join(map(str, items)))
    return json.dumps(found.value)


def cleaned(text: str) -> str:
    """The text without what could move the cursor of a terminal, or turn the text around it."""
    return _CONTROL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _flat(text: str) -> str:
    return " ".join(cleaned(text).split())


def _indented(line: Line) -> str:
    return cleaned(line.said).replace("\n", "\n    ")


def escaped(text: str) -> str:
    """The text as Markdown in which nothing is markup."""
    plain = html.escape(cleaned(text), quote=False)
    return _MARKUP.sub(_guarded, plain)


def _guarded(found: re.Match[str]) -> str:
    """The sign with a backslash; a number has it behind, before its point."""
    sign = found[0]
    return f"{sign}\\" if sign[-1].isdigit() else f"{sign[:-1]}\\{sign[-1]}"


def _quoted(text: str) -> str:
    """A quotation, line for line."""
    return "\n".join(f"> {escaped(line)}  " for line in (cleaned(text) or " ").split("\n"))


def _html(text: str) -> str:
    return html.escape(cleaned(text)).replace("\n", "<br>")
