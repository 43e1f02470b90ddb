"""Histories written by hand, for the checker to find the faults in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from meshcore.domain.commit import Commit, Recorded
from meshcore.domain.events import (
    CampaignCreated,
    CampaignLaunched,
    ConversationStarted,
    Event,
    MessageComposed,
    MessageKind,
    MessageReceived,
    MessageSent,
    OpeningsPlanned,
    OptOutSource,
    ParticipantOptedOut,
    ParticipantsEnrolled,
    SendStarted,
    TurnTaken,
)
from meshcore.domain.participant import conversation_id
from meshcore.domain.schema import FieldSpec, FieldType
from meshcore.log import subjects
from meshcore.log.subjects import ConversationRef, Lane
from tests.faults.history import History
from tests.faults.read_side import tables_of

BEGINNING = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
CAMPAIGN = "0190c1a0-0000-7000-8000-000000000001"
OTHER = "0190c1a0-0000-7000-8000-000000000002"
ANNA = "a" * 32


def sid(n: int) -> str:
    """The n-th MessageSid."""
    return f"SM{n:032x}"


def ref(campaign: str = CAMPAIGN, participant: str = ANNA) -> ConversationRef:
    """The participant's conversation in the campaign."""
    return ConversationRef(campaign, conversation_id(campaign, participant))


@dataclass
class Scene:
    """A history in the making. One second passes with every commit and every entry."""

    records: list[Recorded] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)
    parked: list[str] = field(default_factory=list)
    seconds: int = 0

    @property
    def at(self) -> datetime:
        """The present."""
        return BEGINNING + timedelta(seconds=self.seconds)

    def commit(self, subject: str, *events: Event) -> Self:
        """Appends a commit."""
        self.seconds += 1
        position = len(self.records) + 1
        commit = Commit(f"c{position}", self.at, events, correlation="c1")
        self.records.append(Recorded(position, subject, commit))
        return self

    def entry(self, kind: str, **details: object) -> Self:
        """Adds to the simulated WhatsApp's record."""
        self.seconds += 1
        at = self.at.timestamp()
        self.entries.append({"n": len(self.entries), "at": at, "kind": kind, **details})
        return self

    def campaign(self, campaign: str = CAMPAIGN) -> Self:
        """A launched campaign in which Anna has a slot at once."""
        subject = subjects.campaign(campaign)
        created = CampaignCreated(
            name="Fuel",
            research_brief="How people refuel",
            extraction_schema={"place": FieldSpec(type=FieldType.STRING, description="Where")},
        )
        self.commit(subject, created, ParticipantsEnrolled(participants=(ANNA,)))
        self.commit(subject, CampaignLaunched())
        plan = OpeningsPlanned(slots=(self.at,), participants=(ANNA,))
        return self.commit(subject, plan)

    def turn(
        self,
        message_id: str,
        *answers: str,
        kind: MessageKind = MessageKind.REPLY,
        campaign: str = CAMPAIGN,
    ) -> Self:
        """The agent answers with a message."""
        begin = [ConversationStarted(participant=ANNA)] if kind is MessageKind.OPENING else []
        composed = MessageComposed(message_id=message_id, kind=kind, text=f"text of {message_id}")
        lane = subjects.lane(ref(campaign), Lane.TURN)
        return self.commit(lane, *begin, TurnTaken(answers=answers), composed)

    def started(self, message_id: str, campaign: str = CAMPAIGN) -> Self:
        """Outreach is about to hand a message over."""
        lane = subjects.lane(ref(campaign), Lane.OUT)
        return self.commit(lane, SendStarted(message_id=message_id))

    def taken(self, message_id: str, n: int, campaign: str = CAMPAIGN) -> Self:
        """Twilio takes a message."""
        where = ref(campaign)
        query = f"campaign={campaign}&conversation={where.conversation}&message={message_id}"
        self.entry(
            "create_accepted", sid=sid(n), body="", status_callback=f"http://x/status?{query}"
        )
        self.entries[-1]["came_at"] = self.entries[-1]["at"]
        return self

    def sent(self, message_id: str, n: int, campaign: str = CAMPAIGN) -> Self:
        """The log says that Twilio took a message."""
        lane = subjects.lane(ref(campaign), Lane.OUT)
        return self.commit(lane, MessageSent(message_id=message_id, message_sid=sid(n)))

    def delivered(self, message_id: str, n: int, campaign: str = CAMPAIGN) -> Self:
        """A message goes its whole way to Twilio."""
        self.started(message_id, campaign).taken(message_id, n, campaign)
        return self.sent(message_id, n, campaign)

    def says(self, n: int, text: str = "at Hill's", campaign: str = CAMPAIGN) -> Self:
        """Anna writes, and the webhook is taken."""
        return self.receives(n, text, campaign).webhook(n, text)

    def receives(self, n: int, text: str = "at Hill's", campaign: str = CAMPAIGN) -> Self:
        """The log says that Anna wrote."""
        event = MessageReceived(
            message_sid=sid(n),
            participant=ANNA,
            text=text,
            opt_out=OptOutSource.KEYWORD if text == "stop" else None,
        )
        return self.commit(subjects.lane(ref(campaign), Lane.IN), event)

    def consents_no_more(self, n: int, position: int | None = None) -> Self:
        """The consent lane says that Anna opted out."""
        event = ParticipantOptedOut(
            source=OptOutSource.KEYWORD, message_sid=sid(n), message_position=position
        )
        return self.commit(subjects.consent(ANNA), event)

    def webhook(self, n: int, text: str = "at Hill's", status: int = 200) -> Self:
        """Twilio's webhook for a message of Anna's, and how it was answered."""
        self.entry("inbound", sid=sid(n), body=text, http_status=status, attempts=1)
        self.entries[-1]["answered_at"] = self.at.timestamp()
        return self

    def stops(self, n: int, campaign: str = CAMPAIGN) -> Self:
        """Anna says stop, and the webhook is taken."""
        self.receives(n, "stop", campaign).consents_no_more(n)
        return self.webhook(n, "stop")

    def history(self, seconds_later: int = 60) -> History:
        """The history, with read tables that are right."""
        tables = {t: list(rows.values()) for t, rows in tables_of(self.records).items()}
        return History(
            records=list(self.records),
            entries=list(self.entries),
            tables=tables,
            checkpoint=len(self.records),
            parked=list(self.parked),
            at=self.at + timedelta(seconds=seconds_later),
        )


def interview() -> Scene:
    """Anna is opened, answers, gets a reply, and says stop; she hears one goodbye."""
    scene = Scene().campaign()
    scene.turn("m1", kind=MessageKind.OPENING).delivered("m1", 901)
    scene.says(1).turn("m2", sid(1)).delivered("m2", 902)
    scene.stops(2).turn("m3", sid(2), kind=MessageKind.GOODBYE).delivered("m3", 903)
    return scene


def without(history: History, position: int) -> History:
    """The history without one commit of the log, and tables to match."""
    records = [r for r in history.records if r.position != position]
    tables = {t: list(rows.values()) for t, rows in tables_of(records).items()}
    return replace(history, records=records, tables=tables)
