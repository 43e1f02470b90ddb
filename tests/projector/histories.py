"""Histories: commits as the services write them, whole interviews, and plain disorder."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from meshcore.domain.commit import Commit
from meshcore.domain.events import (
    CampaignCompleted,
    CampaignCreated,
    CampaignLaunched,
    CampaignPaused,
    ConversationEnded,
    ConversationStarted,
    DeliveryStatus,
    DeliveryStatusChanged,
    EndReason,
    Event,
    ExtractionRecorded,
    FieldState,
    Media,
    MediaTranscribed,
    MessageComposed,
    MessageFailed,
    MessageKind,
    MessageReceived,
    MessageSent,
    MessageSuppressed,
    OpeningsClosed,
    OpeningsPlanned,
    OptOutSource,
    ParticipantOptedIn,
    ParticipantOptedOut,
    ParticipantsEnrolled,
    SendPostponed,
    SendScheduled,
    SendStarted,
    SuppressionReason,
    TurnTaken,
    UnroutedMessageReceived,
)
from meshcore.domain.outreach import Outreach, Quota
from meshcore.domain.participant import conversation_id
from meshcore.domain.schema import FieldSpec, FieldType
from meshcore.log import codec, subjects
from meshcore.log.subjects import ConversationRef, Lane
from meshcore.service import Shell

T = TypeVar("T")

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)

CREATED = CampaignCreated(
    name="Yas Island",
    research_brief="We want to know where commuters refuel.",
    extraction_schema={
        "station": FieldSpec(type=FieldType.STRING, description="where they refuel"),
        "satisfaction": FieldSpec(type=FieldType.NUMBER, description="1 to 10", maximum=10),
    },
)
BY_CITY = Quota(attribute="city", targets={"Dubai": 1, "Sharjah": 3})
BY_STATION = Quota(field="station", targets={"ADNOC": 2, "7": 1})


def created(outreach: Outreach) -> CampaignCreated:
    """The same campaign with these settings of its outreach."""
    return CREATED.model_copy(update={"outreach": outreach})


class Pen:
    """Writes commits down, each a second after the one before, with ids that a seed decides."""

    def __init__(self, seed: int = 0) -> None:
        self.dice = random.Random(seed)
        self.written: list[tuple[str, Commit]] = []

    def id(self) -> str:
        """A UUID that was not given before."""
        return str(uuid.UUID(int=self.dice.getrandbits(128), version=4))

    def participants(self, count: int) -> tuple[str, ...]:
        """Ids of participants."""
        return tuple(self.id().replace("-", "") for _ in range(count))

    def write(self, subject: str, *events: Event) -> datetime:
        """Writes one commit and returns its time."""
        at = START + timedelta(seconds=len(self.written))
        commit = self.id()
        self.written.append((subject, Commit(commit, at, events, commit)))
        return at

    def campaign(self, campaign: str, *events: Event) -> datetime:
        """Writes to a campaign's lane."""
        return self.write(subjects.campaign(campaign), *events)

    def lane(self, lane: Lane, campaign: str, participant: str, *events: Event) -> datetime:
        """Writes to a lane of the participant's conversation."""
        ref = ConversationRef(campaign, conversation_id(campaign, participant))
        return self.write(subjects.lane(ref, lane), *events)

    def consent(self, participant: str, *events: Event) -> datetime:
        """Writes to a participant's consent lane."""
        return self.write(subjects.consent(participant), *events)


async def append(shell: Shell, written: Sequence[tuple[str, Commit]]) -> int:
    """Puts commits on the log, and returns the position of the last.

    Only that one is waited for: the server takes what comes over one connection in its order.
    """
    for subject, commit in written[:-1]:
        body, headers = codec.encode(commit, "tests")
        await shell.nats.publish(subject, body, headers=headers)
    return await shell.log.append(*written[-1])


def plan(*participants: str, first: datetime = START, interval: float = 6.0) -> OpeningsPlanned:
    """Slots for these participants."""
    slots = tuple(first + n * timedelta(seconds=interval) for n in range(len(participants)))
    return OpeningsPlanned(slots=slots, participants=participants)


def launched(pen: Pen, *participants: str) -> str:
    """A campaign that is launched, with a slot for everybody; returns its id."""
    campaign = pen.id()
    pen.campaign(campaign, CREATED)
    pen.campaign(campaign, ParticipantsEnrolled(participants=participants))
    pen.campaign(campaign, CampaignLaunched())
    pen.campaign(campaign, plan(*participants))
    return campaign


def opened(pen: Pen, campaign: str, participant: str) -> str:
    """Opens the conversation; returns the id of the message."""
    started = (ConversationStarted(participant=participant), TurnTaken(answers=()))
    return _said(pen, campaign, participant, MessageKind.OPENING, started)


def answered(pen: Pen, campaign: str, participant: str, *, last: bool = False) -> tuple[str, str]:
    """The participant writes, and is answered; returns the ids of both messages."""
    sid = f"SM{pen.id()}"
    received = MessageReceived(message_sid=sid, participant=participant, text="At ADNOC, mostly.")
    pen.lane(Lane.IN, campaign, participant, received)
    extracted = ExtractionRecorded(
        field="station", state=FieldState.EXTRACTED, value="ADNOC", quote="At ADNOC",
        message_sid=sid,
    )  # fmt: skip
    before = (TurnTaken(answers=(sid,)), extracted)
    if not last:
        return sid, _said(pen, campaign, participant, MessageKind.REPLY, before)
    end = ConversationEnded(reason=EndReason.COMPLETED)
    return sid, _said(pen, campaign, participant, MessageKind.GOODBYE, before, end)


def interviewed(pen: Pen, campaign: str, participant: str, exchanges: int = 3) -> None:
    """A whole interview that ends well."""
    opened(pen, campaign, participant)
    for n in range(1, exchanges + 1):
        answered(pen, campaign, participant, last=n == exchanges)


def _said(
    pen: Pen,
    campaign: str,
    participant: str,
    kind: MessageKind,
    before: tuple[Event, ...],
    *after: Event,
) -> str:
    message, sid = pen.id(), f"SM{pen.id()}"
    composed = MessageComposed(message_id=message, kind=kind, text=f"This is the {kind}.")
    pen.lane(Lane.TURN, campaign, participant, *before, composed, *after)
    pen.lane(Lane.OUT, campaign, participant, SendStarted(message_id=message))
    pen.lane(Lane.OUT, campaign, participant, MessageSent(message_id=message, message_sid=sid))
    for status in (DeliveryStatus.SENT, DeliveryStatus.DELIVERED):
        pen.lane(Lane.IN, campaign, participant, report(message, sid, status))
    return message


def report(message: str, sid: str, status: DeliveryStatus) -> DeliveryStatusChanged:
    """What Twilio says of a message."""
    return DeliveryStatusChanged(message_id=message, message_sid=sid, status=status)


class Disorder:
    """Commits in an order that no service would write them in; nothing about it makes sense.

    Few campaigns, participants and messages meet again and again, so that every rule is touched:
    enrolment after the interview, plans for strangers, pauses between, receipts before the message.
    """

    def __init__(self, seed: int) -> None:
        self.pen = Pen(seed)
        self._dice = self.pen.dice
        self._campaigns = [self.pen.id() for _ in range(3)]
        self._participants = self.pen.participants(8)
        self._messages = [self.pen.id() for _ in range(4)]
        self._strangers = [self.pen.id() for _ in range(2)]

    def write(self, commits: int) -> list[tuple[str, Commit]]:
        """Writes this many commits."""
        for _ in range(commits):
            roll = self._dice.random()
            if roll < 0.25:
                self.pen.campaign(self._one(self._campaigns), *self._some(self._campaign_event))
            elif roll < 0.32:
                self.pen.consent(self._one(self._participants), *self._some(self._consent_event))
            else:
                self._conversation()
        return self.pen.written

    def _conversation(self) -> None:
        campaign, participant = self._one(self._campaigns), self._one(self._participants)
        conversation = conversation_id(campaign, participant)
        if self._dice.random() < 0.05:
            conversation = self._one(self._strangers)  # an id that belongs to no participant
        subject = subjects.lane(ConversationRef(campaign, conversation), self._one(list(Lane)))
        self.pen.write(subject, *self._some(lambda: self._lane_event(participant)))

    def _some(self, event: Callable[[], Event]) -> list[Event]:
        return [event() for _ in range(self._dice.randint(1, 3))]

    def _one(self, of: Sequence[T]) -> T:
        return self._dice.choice(of)

    def _crowd(self) -> tuple[str, ...]:
        return tuple(self._dice.sample(self._participants, self._dice.randint(1, 5)))

    def _campaign_event(self) -> Event:
        first = START + timedelta(minutes=self._dice.randrange(100))
        return self._one([
            created(Outreach(target_completes=2, quota=self._one([None, BY_CITY, BY_STATION]))),
            self._enrolled(),
            self._enrolled(),
            CampaignLaunched(),
            CampaignPaused(),
            CampaignPaused(reason="Twilio refuses us", error_code=self._one([20003, 2**40])),
            OpeningsClosed(cell=self._one([None, "Dubai", "Sharjah", "elsewhere"])),
            plan(*self._crowd(), first=first),
            plan(*self._crowd(), first=first),
            CampaignCompleted(),
        ])  # fmt: skip

    def _enrolled(self) -> Event:
        crowd = self._crowd()
        zones = tuple(self._one([None, "Asia/Dubai"]) for _ in crowd)
        cells = tuple(self._one([None, "Dubai", "Sharjah", "Ajman"]) for _ in crowd)
        return ParticipantsEnrolled(
            participants=crowd, timezones=self._one([(), zones, zones[:1]]), cells=cells
        )

    def _consent_event(self) -> Event:
        return self._one([
            ParticipantOptedOut(source=OptOutSource.KEYWORD, message_sid="SM0"),
            ParticipantOptedIn(message_sid="SM0"),
            UnroutedMessageReceived(message_sid="SM0", text="?"),
        ])  # fmt: skip

    def _at(self) -> datetime:
        return START + timedelta(minutes=self._dice.randrange(200))

    def _turn(self, sid: str) -> Event:
        return TurnTaken(
            answers=(sid,), model=self._one([None, "m"]), input_tokens=self._one([0, 700, 2**63]),
            output_tokens=7, cost_usd=self._one([None, 0.1, 0.7]),
            breaches=self._one([(), ("length",), ("length", "lists \x00", "length")]),
            fallback=self._one([False, True]), language=self._one([None, "ar-AE"]),
        )  # fmt: skip

    def _lane_event(self, participant: str) -> Event:
        message, sid = self._one(self._messages), f"SM{self._one(self._messages)}"
        return self._one([
            MessageReceived(
                message_sid=sid, participant=participant, text="I refuel \x00 here",
                media=(Media(content_type="image/png", url="https://example.org/1"),),
                opt_out=self._one([None, None, None, OptOutSource.KEYWORD]),
            ),
            report(message, sid, self._one(list(DeliveryStatus))),
            ConversationStarted(participant=participant),
            self._turn(sid),
            MediaTranscribed(
                message_sid=sid, index=self._one([0, 1]), text=self._one([None, "At \x00 ENOC"]),
                opt_out=self._one([None, None, None, OptOutSource.PHRASE]), model="m",
                input_tokens=40, cost_usd=self._one([None, 0.3]),
            ),
            ExtractionRecorded(
                field=self._one(["station", "satisfaction"]), state=self._one(list(FieldState)),
                value=self._one([None, 7, "ADNOC \x00", ("a", "b")]), quote="\x00", message_sid=sid,
            ),
            MessageComposed(
                message_id=message, kind=self._one(list(MessageKind)), text="And?",
                asked=self._one([None, "station", "satisfaction"]),
                due=self._one([None, self._at()]),
            ),
            SendScheduled(message_id=message, due=self._at()),
            ConversationEnded(reason=self._one(list(EndReason))),
            SendStarted(message_id=message),
            MessageSent(message_id=message, message_sid=sid),
            SendPostponed(message_id=message, reason="busy", error_code=20429),
            MessageFailed(
                message_id=message, reason="blocked",
                error_code=self._one([None, 63024, 20003, 2**40]),
            ),
            MessageSuppressed(message_id=message, reason=self._one(list(SuppressionReason))),
        ])  # fmt: skip
