"""Conversations and a campaign in memory, for what needs no log."""

from __future__ import annotations

from datetime import timedelta

from meshcore.domain.campaign import Campaign
from meshcore.domain.commit import Stamp
from meshcore.domain.conversation import Conversation, evolve
from meshcore.domain.events import (
    ConversationStarted,
    Event,
    ExtractionRecorded,
    Media,
    MessageComposed,
    MessageKind,
    MessageReceived,
    TurnTaken,
)
from meshcore.domain.schema import FieldSpec, FieldType
from tests.support.desk import OPENING, SCHEMA, epoch

ANNA = "a" * 32
CAMPAIGN = Campaign(
    id="0197a3a0-0000-7000-8000-000000000001",
    name="Yas Island",
    research_brief="Refuelling habits of commuters.",
    extraction_schema=SCHEMA,
    created_at=epoch(0),
)
EVERY_TYPE = {
    "name": FieldSpec(type=FieldType.STRING, description="Their name"),
    "price": FieldSpec(type=FieldType.NUMBER, description="In dirhams", minimum=0, maximum=9.5),
    "children": FieldSpec(type=FieldType.INTEGER, description="How many", minimum=0),
    "drives": FieldSpec(type=FieldType.BOOLEAN, description="Whether they drive"),
    "fuel": FieldSpec(type=FieldType.ENUM, description="Which fuel", enum=("petrol", "diesel")),
    "moved_at": FieldSpec(type=FieldType.DATE, description="When they moved"),
    "brands": FieldSpec(type=FieldType.LIST, description="Brands", enum=("ENOC", "ADNOC")),
}


def sid(n: int) -> str:
    """The n-th MessageSid."""
    return f"SM{n:032x}"


def talk(*events: Event) -> Conversation:
    """The state after these events, one commit each."""
    state = Conversation()
    for position, event in enumerate(events, 1):
        state = evolve(state, event, Stamp(position, epoch(0) + timedelta(seconds=position)))
    return state


def opened() -> tuple[Event, ...]:
    """The agent wrote first: message 1."""
    return (
        ConversationStarted(participant=ANNA),
        TurnTaken(answers=()),
        MessageComposed(
            message_id="m1", kind=MessageKind.OPENING, text=OPENING, asked="current_station"
        ),
    )


def wrote(n: int, text: str, media: tuple[Media, ...] = ()) -> Event:
    """The participant's n-th message."""
    return MessageReceived(message_sid=sid(n), participant=ANNA, text=text, media=media)


def answered(n: int, text: str, asked: str | None = None) -> tuple[Event, ...]:
    """The agent's answer to the participant's n-th message."""
    return (
        TurnTaken(answers=(sid(n),)),
        MessageComposed(message_id=f"r{n}", kind=MessageKind.REPLY, text=text, asked=asked),
    )


def known(field: str, value: object) -> Event:
    """A field was settled by the participant's first message."""
    return ExtractionRecorded.model_validate(
        {
            "field": field,
            "state": "extracted",
            "value": value,
            "quote": "so",
            "message_sid": sid(1),
        }
    )
