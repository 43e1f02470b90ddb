"""A small history of two interviews, a second apart, with words that could break a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from meshcore.domain.commit import Commit
from meshcore.domain.events import (
    CampaignCreated,
    CampaignLaunched,
    ConversationEnded,
    ConversationStarted,
    EndReason,
    Event,
    ExtractionRecorded,
    FieldState,
    MessageComposed,
    MessageKind,
    MessageReceived,
    MessageSent,
    OptOutSource,
    ParticipantOptedOut,
    ParticipantsEnrolled,
    SendStarted,
    TurnTaken,
    UnroutedMessageReceived,
)
from meshcore.domain.participant import conversation_id
from meshcore.domain.schema import FieldSpec, FieldType
from meshcore.ids import new_id
from meshcore.log import subjects
from meshcore.log.event_log import EventLog
from meshcore.log.subjects import ConversationRef, Lane

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
NASTY = "=1+1 \"quoted\"; 'x', two\r\nlines\u2028 \x00 nul 😀 مرحبا " + "long " * 3_000
SCHEMA = {"station": FieldSpec(type=FieldType.STRING, description="Where they refuel")}


@dataclass
class Story:
    """What was written, and where it stands."""

    campaign: str
    talkative: str
    silent: str
    positions: list[int]

    @property
    def start(self) -> datetime:
        """When the first commit was decided; each further one a second later."""
        return START


async def write(log: EventLog) -> Story:
    """Writes the history of a new campaign."""
    campaign, people = new_id(), [new_id().replace("-", "") for _ in range(3)]
    talkative, silent, _ = (conversation_id(campaign, person) for person in people)
    first, second = ConversationRef(campaign, talkative), ConversationRef(campaign, silent)
    sid, m1, m2 = f"SM{new_id()}", new_id(), new_id()
    created = CampaignCreated(name="Yas", research_brief="Fuel.", extraction_schema=SCHEMA)
    commits: list[tuple[str, tuple[Event, ...]]] = [
        (subjects.campaign(campaign), (created,)),
        (subjects.campaign(campaign), (ParticipantsEnrolled(participants=tuple(people)),)),
        (subjects.campaign(campaign), (CampaignLaunched(),)),
        (subjects.lane(first, Lane.TURN), _opening(people[0], m1)),
        (subjects.lane(first, Lane.OUT), (SendStarted(message_id=m1),)),
        (subjects.lane(first, Lane.OUT), (MessageSent(message_id=m1, message_sid="SMx"),)),
        (subjects.lane(second, Lane.TURN), _opening(people[1], m2)),
        (
            subjects.lane(first, Lane.IN),
            (MessageReceived(message_sid=sid, participant=people[0], text=NASTY),),
        ),
        (
            subjects.lane(first, Lane.TURN),
            (
                TurnTaken(answers=(sid,), model="scripted"),
                ExtractionRecorded(
                    field="station",
                    state=FieldState.EXTRACTED,
                    value="=1+1",
                    quote="=1+1",
                    message_sid=sid,
                ),
                MessageComposed(message_id=new_id(), kind=MessageKind.GOODBYE, text="Thank you!"),
                ConversationEnded(reason=EndReason.COMPLETED),
            ),
        ),
        (
            subjects.consent(people[2]),
            (ParticipantOptedOut(source=OptOutSource.KEYWORD, message_sid="SMy"),),
        ),
        (
            subjects.unrouted(people[2]),
            (UnroutedMessageReceived(message_sid="SMz", text="Who is this?"),),
        ),
    ]
    positions = [
        await log.append(subject, _commit(number, events))
        for number, (subject, events) in enumerate(commits)
    ]
    return Story(campaign, talkative, silent, positions)


def _opening(participant: str, message: str) -> tuple[Event, ...]:
    return (
        ConversationStarted(participant=participant),
        MessageComposed(message_id=message, kind=MessageKind.OPENING, text="Hi! Where to?"),
    )


def _commit(number: int, events: tuple[Event, ...]) -> Commit:
    commit = new_id()
    return Commit(commit, START + timedelta(seconds=number), events, commit)
