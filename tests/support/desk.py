"""A campaign on a real log, and a hand to write its facts with."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from pydantic import SecretStr

from meshcore.domain.conversation import Conversation
from meshcore.domain.events import (
    CampaignCreated,
    CampaignLaunched,
    ConversationStarted,
    Event,
    Media,
    MessageComposed,
    MessageKind,
    MessageReceived,
    MessageSent,
    OpeningsPlanned,
    OptOutSource,
    ParticipantOptedIn,
    ParticipantOptedOut,
    ParticipantsEnrolled,
    SendStarted,
    TurnTaken,
)
from meshcore.domain.participant import conversation_id
from meshcore.domain.schema import FieldSpec, FieldType
from meshcore.domain.study import Template
from meshcore.handling import WakeUp
from meshcore.ids import new_commit, new_id, now
from meshcore.log import subjects
from meshcore.log.event_log import EventLog
from meshcore.log.histories import Conversations, load_consent
from meshcore.log.subjects import ConversationRef, Lane
from meshcore.service import Shell, connect
from meshcore.settings import CoreSettings
from meshsim.servers import NatsServer

SCHEMA = {
    "current_station": FieldSpec(type=FieldType.STRING, description="Where they refuel"),
    "satisfaction": FieldSpec(
        type=FieldType.NUMBER, description="1-10, how content they are", minimum=1, maximum=10
    ),
    "hobby": FieldSpec(type=FieldType.STRING, description="What they like", required=False),
}
CREATED = CampaignCreated(
    name="Yas Island", research_brief="Refuelling habits.", extraction_schema=SCHEMA
)
OPENING = "Hi! I am Mia, a researcher. Where do you usually refuel?"

_PHONES = count(1)


def new_sid() -> str:
    """A MessageSid that nobody else uses."""
    return f"SM{uuid.uuid4().hex}"


def new_address() -> str:
    """A WhatsApp address that no other test uses."""
    return f"whatsapp:+97150{next(_PHONES):07d}"


@asynccontextmanager
async def shell_on(nats_url: str, name: str = "test") -> AsyncIterator[Shell]:
    """What a service of this name has in hand; each call is a process of its own to the log."""
    settings = CoreSettings(nats_url=nats_url, participant_key=SecretStr("a key for one test"))
    async with connect(name, settings) as shell:
        yield shell


def started(folder: Path) -> NatsServer:
    """A nats-server that runs."""
    server = NatsServer(folder)
    server.start()
    return server


@dataclass
class Desk:
    """One campaign with participants of its own."""

    shell: Shell
    campaign: str = field(default_factory=new_id)
    participants: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    plan: int = 0

    @property
    def log(self) -> EventLog:
        """The log."""
        return self.shell.log

    @property
    def lane(self) -> str:
        """The campaign's own lane."""
        return subjects.campaign(self.campaign)

    def ref(self, n: int = 0) -> ConversationRef:
        """The conversation with the n-th participant."""
        return self.ref_of(self.participants[n])

    def ref_of(self, participant: str) -> ConversationRef:
        """The conversation with this participant."""
        return ConversationRef(self.campaign, conversation_id(self.campaign, participant))

    async def create(self, participants: int = 1) -> None:
        """A draft with so many enrolled participants, whose addresses are known."""
        await self.happen(self.lane, CREATED)
        await self.enrol(participants)

    async def enrol(self, participants: int) -> None:
        """So many more participants."""
        new = [new_address() for _ in range(participants)]
        ids = [await self.shell.directory.register(address) for address in new]
        await self.happen(self.lane, ParticipantsEnrolled(participants=tuple(ids)))
        self.participants += ids
        self.addresses += new

    async def launch(self, *, planned: bool = True) -> None:
        """Launched; with slots for everybody, if wanted."""
        await self.happen(self.lane, CampaignLaunched())
        if planned:
            everybody = tuple(self.participants)
            slots = tuple(now() + n * timedelta(seconds=0.1) for n in range(len(everybody)))
            planned_now = OpeningsPlanned(slots=slots, participants=everybody)
            self.plan = await self.happen(self.lane, planned_now)

    async def happen(self, subject: str, *events: Event, at: datetime | None = None) -> int:
        """Writes one commit, as if by whoever writes there, and returns its position."""
        return await self.log.append(subject, new_commit(events, at or now()))

    async def happen_in(
        self, lane: Lane, *events: Event, n: int = 0, at: datetime | None = None
    ) -> int:
        """Writes one commit to a lane of the n-th conversation."""
        return await self.happen(subjects.lane(self.ref(n), lane), *events, at=at)

    async def open(
        self,
        n: int = 0,
        message_id: str | None = None,
        *,
        text: str = OPENING,
        template: Template | None = None,
        due: datetime | None = None,
        sender: str | None = None,
    ) -> str:
        """The agent's opening, composed; returns the message's id. By default it is due now."""
        message_id = message_id or new_id()
        await self.happen_in(
            Lane.TURN,
            ConversationStarted(participant=self.participants[n], sender=sender),
            TurnTaken(answers=()),
            MessageComposed(
                message_id=message_id,
                kind=MessageKind.OPENING,
                text=text,
                asked="current_station",
                template=template,
                due=due or now(),
            ),
            n=n,
        )
        return message_id

    async def open_and_send(self, n: int = 0) -> str:
        """The opening, taken by Twilio."""
        message_id = await self.open(n)
        await self.happen_in(Lane.OUT, SendStarted(message_id=message_id), n=n)
        await self.happen_in(
            Lane.OUT, MessageSent(message_id=message_id, message_sid=new_sid()), n=n
        )
        return message_id

    async def compose(
        self, text: str, kind: MessageKind = MessageKind.REPLY, n: int = 0, answers: str = ""
    ) -> str:
        """A message of the agent, composed; returns its id."""
        message_id = new_id()
        turn = TurnTaken(answers=(answers,) if answers else ())
        composed = MessageComposed(message_id=message_id, kind=kind, text=text)
        await self.happen_in(Lane.TURN, turn, composed, n=n)
        return message_id

    async def write(
        self,
        text: str,
        opt_out: OptOutSource | None = None,
        n: int = 0,
        at: datetime | None = None,
        *,
        opt_in: bool = False,
        media: tuple[Media, ...] = (),
    ) -> str:
        """A message of the participant; returns its sid."""
        sid = new_sid()
        received = MessageReceived(
            message_sid=sid,
            participant=self.participants[n],
            text=text,
            opt_out=opt_out,
            opt_in=opt_in,
            media=media,
        )
        await self.happen_in(Lane.IN, received, n=n, at=at)
        return sid

    async def consent(self, *, given: bool, n: int = 0) -> None:
        """The participant opted in or out, in whatever campaign."""
        sid = new_sid()
        event = (
            ParticipantOptedIn(message_sid=sid)
            if given
            else ParticipantOptedOut(source=OptOutSource.KEYWORD, message_sid=sid)
        )
        await self.happen(subjects.consent(self.participants[n]), event)

    async def has_opted_out(self, n: int = 0) -> bool:
        """Whether the consent lane says that the participant wants no more messages."""
        return (await load_consent(self.log, self.participants[n])).opted_out

    async def state(self, n: int = 0) -> Conversation:
        """The conversation as of now."""
        return (await Conversations(self.log).load(self.ref(n))).state

    async def commits(self, lane: Lane, n: int = 0) -> list[tuple[Event, ...]]:
        """The commits on a lane of the n-th conversation."""
        records = await self.log.load(subjects.lane(self.ref(n), lane))
        return [record.commit.events for record in records]

    async def names(self, lane: Lane, n: int = 0) -> list[str]:
        """The wire names of all events on a lane of the n-th conversation."""
        return [event.wire_name for events in await self.commits(lane, n) for event in events]

    async def campaign_events(self) -> list[Event]:
        """Everything on the campaign's lane."""
        return [e for r in await self.log.load(self.lane) for e in r.commit.events]

    async def wake_up(self, subject: str, body: bytes = b"{}") -> WakeUp:
        """A delivery that tells of the newest commit on a subject, or of nothing on the log."""
        last = await self.log.last(subject) if not subject.startswith("mesh.work.") else None
        headers = {"ce-id": last.commit.id} if last else {}
        if last:
            headers["ce-type"] = ",".join(e.wire_name for e in last.commit.events)
        return WakeUp(subject, last.position if last else 0, headers, body)


def epoch(seconds: float) -> datetime:
    """A fixed time, so many seconds after an arbitrary beginning."""
    return datetime.fromtimestamp(1_800_000_000 + seconds, UTC)
