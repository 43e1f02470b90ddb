"""Somebody to be erased, and looking for what is left of them in files."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from meshcore.domain.events import (
    CampaignCreated,
    CampaignLaunched,
    ConversationEnded,
    ConversationStarted,
    EndReason,
    Event,
    ExtractionRecorded,
    FieldState,
    Media,
    MediaTranscribed,
    MessageComposed,
    MessageKind,
    MessageReceived,
    MessageSent,
    ParticipantsEnrolled,
    ReportRequested,
    ReportWritten,
    SendStarted,
    TurnTaken,
    UnroutedMessageReceived,
)
from meshcore.domain.participant import conversation_id
from meshcore.domain.report import Finding, Quote, Report
from meshcore.domain.schema import FieldSpec, FieldType
from meshcore.ids import new_commit, new_id, now
from meshcore.log import subjects
from meshcore.log.media_store import FileKey, KeptFile
from meshcore.log.subjects import ConversationRef, Lane, ReportLane

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from meshcore.service import Shell

WORDS = "the pink flamingo st\u00e4tion by the lagoon"
HEARD = "whispering about violet tortoises"
VALUE = "Flamingo Lagoon Fuel"
ATTRIBUTE = "Zebedee Quillfeather"
STRANGE = "hello from an unknown walrus"
PHOTO = b"\x89PNG of an orange pelican " * 20
SCHEMA = {"station": FieldSpec(type=FieldType.STRING, description="where they refuel")}


@dataclass
class Person:
    """A participant with one interview that has left traces everywhere."""

    shell: Shell
    phone: str
    campaign: str = field(default_factory=new_id)
    id: str = ""
    sid: str = field(default_factory=lambda: f"SM{new_id().replace('-', '')}")
    report: str = field(default_factory=new_id)
    at: datetime = field(default_factory=now)

    @property
    def address(self) -> str:
        """Where WhatsApp reaches them."""
        return f"whatsapp:{self.phone}"

    @property
    def ref(self) -> ConversationRef:
        """Their conversation."""
        return ConversationRef(self.campaign, conversation_id(self.campaign, self.id))

    @property
    def secrets(self) -> tuple[str | bytes, ...]:
        """Everything that must be in no file afterwards."""
        return (self.phone.lstrip("+"), WORDS, HEARD, VALUE, ATTRIBUTE, STRANGE, PHOTO[:40])

    async def happen(self, subject: str, *events: Event) -> int:
        """Writes one commit."""
        return await self.shell.log.append(subject, new_commit(events, self.at))

    async def lane(self, lane: Lane, *events: Event) -> int:
        """Writes to a lane of the conversation."""
        return await self.happen(subjects.lane(self.ref, lane), *events)

    async def live(self) -> int:
        """Is enrolled, interviewed, heard and quoted; returns the last position."""
        told = {"name": ATTRIBUTE}
        self.id = await self.shell.directory.register(self.address, self.campaign, told)
        await self.shell.directory.register(self.address, self.campaign, {**told, "more": "x"})
        created = CampaignCreated(
            name="Fuel", research_brief="Where?", extraction_schema=SCHEMA, keep_media=True
        )
        enrolled = ParticipantsEnrolled(participants=(self.id,))
        await self.happen(subjects.campaign(self.campaign), created, enrolled, CampaignLaunched())
        await self.shell.routes.lead(self.id, self.ref)
        await self._opened()
        await self._told()
        await self.shell.media.put(
            FileKey(self.ref.conversation, self.sid, 0), KeptFile(PHOTO, "image/png")
        )
        stranger = UnroutedMessageReceived(message_sid=new_id(), text=STRANGE)
        await self.happen(subjects.unrouted(self.id), stranger)
        return await self._reported()

    async def _opened(self) -> None:
        message = MessageComposed(
            message_id=new_id(), kind=MessageKind.OPENING, text=f"Hello {ATTRIBUTE}"
        )
        started = ConversationStarted(participant=self.id)
        await self.lane(Lane.TURN, started, TurnTaken(answers=()), message)
        await self.lane(Lane.OUT, SendStarted(message_id=message.message_id))
        sent = MessageSent(message_id=message.message_id, message_sid=f"SM{new_id()}")
        await self.lane(Lane.OUT, sent)

    async def _told(self) -> None:
        files = (
            Media(content_type="image/png", url="https://example.org/1"),
            Media(content_type="audio/ogg", url="https://example.org/2"),
        )
        said = MessageReceived(message_sid=self.sid, participant=self.id, text=WORDS, media=files)
        await self.lane(Lane.IN, said)
        await self.lane(
            Lane.TURN,
            MediaTranscribed(message_sid=self.sid, index=1, text=HEARD),
            TurnTaken(answers=(self.sid,)),
            ExtractionRecorded(
                field="station",
                state=FieldState.EXTRACTED,
                value=VALUE,
                quote=WORDS,
                message_sid=self.sid,
            ),
            MessageComposed(message_id=new_id(), kind=MessageKind.GOODBYE, text=f"So {VALUE}!"),
            ConversationEnded(reason=EndReason.COMPLETED),
        )

    async def _reported(self) -> int:
        quote = Quote(
            text=WORDS,
            field="station",
            conversation_id=self.ref.conversation,
            message_sid=self.sid,
        )
        finding = Finding(title="Lagoons", text=f"Many like {VALUE}.", quotes=(quote,))
        report = Report(
            title="Fuel", summary=VALUE, interviews=1, participants=1, findings=(finding,)
        )
        asked = ReportRequested(report_id=self.report)
        await self.happen(subjects.report_lane(self.campaign, ReportLane.REQUEST), asked)
        written = ReportWritten(report_id=self.report, report=report, model="m", cost_usd=0.5)
        return await self.happen(subjects.report_lane(self.campaign, ReportLane.RESULT), written)


def left_in(folder: Path, secrets: Iterable[str | bytes]) -> list[str]:
    """In which files of a folder any of these stand, however written."""
    forms = [form for secret in secrets for form in _forms(secret)]
    return [
        f"{path.name}: {form!r}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for data in [path.read_bytes()]
        for form in forms
        if form in data
    ]


def _forms(secret: str | bytes) -> set[bytes]:
    """As it is, as JSON writes it, and in base64 at each of the three places it can begin."""
    plain = {secret} if isinstance(secret, bytes) else _written(secret)
    return plain | {form for each in plain for form in _base64(each)}


def _written(text: str) -> set[bytes]:
    return {text.encode(), json.dumps(text)[1:-1].encode(), text.encode("utf-16-le")}


def _base64(data: bytes) -> set[bytes]:
    found = set()
    for shift in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            coded = encode(b"\0" * shift + data)
            found.add(coded[4 * (shift > 0) : -4])  # what its neighbours do not change
    return found
