"""What the API takes and answers."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mesh_ingress import examples
from meshcore.domain.campaign import Campaign as CampaignState
from meshcore.domain.campaign import CampaignStatus
from meshcore.domain.conversation import ConversationStatus, SendStatus
from meshcore.domain.events import EndReason, FieldState, Media, MessageKind
from meshcore.domain.schema import ExtractionSchema, FieldSpec, Value

MAX_SCHEMA = 256 * 1024
"""Characters that an extraction schema may have as JSON: it travels in one message of the log."""

_SURROGATE = re.compile("[\ud800-\udfff]")


def _example(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


def _storable(text: str) -> str:
    if _SURROGATE.search(text):
        raise ValueError("is not well-formed Unicode")
    if "\x00" in text:
        raise ValueError("contains the character NUL; remove it")
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("is blank; write some text")
    return text


def _schema_storable(schema: dict[str, FieldSpec]) -> dict[str, FieldSpec]:
    texts = [text for spec in schema.values() for text in (spec.description, *(spec.enum or ()))]
    for text in texts:
        _storable(text)
    if sum(map(len, texts)) > MAX_SCHEMA:
        raise ValueError(f"has more than {MAX_SCHEMA} characters; shorten it")
    return schema


Text = Annotated[str, AfterValidator(_storable), AfterValidator(_not_blank)]
PhoneNumbers = Annotated[
    list[str],
    Field(
        description="Phone numbers with country code. Repeated ones are merged.",
        examples=[examples.PHONE_NUMBERS],
    ),
]


class CreateCampaign(BaseModel):
    """A study to be made."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [examples.CREATE_CAMPAIGN]}
    )

    name: Text = Field(min_length=1, max_length=200, description="What researchers call it.")
    research_brief: Text = Field(
        min_length=1, max_length=20_000, description="What is to be found out, and why."
    )
    extraction_schema: Annotated[ExtractionSchema, AfterValidator(_schema_storable)] = Field(
        description="The data points wanted, by name: a type and a description in words are enough."
    )
    phone_numbers: PhoneNumbers = Field(default_factory=list)
    system_prompt_override: Text | None = Field(
        default=None,
        min_length=1,
        max_length=20_000,
        description="Further instructions for the interviewer; its own rules stay in force.",
    )


class EnrolParticipants(BaseModel):
    """Participants to be added to a campaign."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [examples.ENROL_PARTICIPANTS]}
    )

    phone_numbers: PhoneNumbers


class Counts(BaseModel):
    """Conversations by status; all but `participants` are null while they cannot be asked for."""

    participants: int = Field(description="Everybody enrolled.")
    pending: int | None
    outreach_sent: int | None
    active: int | None
    completed: int | None
    abandoned: int | None
    failed: int | None


class Campaign(BaseModel):
    """A campaign."""

    model_config = _example(examples.CAMPAIGN)

    id: str
    name: str
    research_brief: str
    extraction_schema: dict[str, dict[str, Any]] = Field(
        description="As it was given, without defaults."
    )
    system_prompt_override: str | None
    status: CampaignStatus = Field(description="draft -> active <-> paused, active -> completed")
    created_at: datetime
    launched_at: datetime | None
    completed_at: datetime | None
    counts: Counts

    @classmethod
    def of(cls, state: CampaignState) -> Self:
        """The campaign as its lane tells it.

        A draft's counts are known; of a launched campaign's only the participants.
        """
        assert state.created_at is not None  # noqa: S101 - the caller knows that it exists
        draft = state.status is CampaignStatus.DRAFT
        enrolled, none = state.enrolled_count, 0 if draft else None
        return cls(
            id=state.id,
            name=state.name,
            research_brief=state.research_brief,
            extraction_schema=as_given(state.extraction_schema),
            system_prompt_override=state.system_prompt_override,
            status=state.status,
            created_at=state.created_at,
            launched_at=state.launched_at,
            completed_at=state.completed_at,
            counts=Counts(
                participants=enrolled,
                pending=enrolled if draft else None,
                outreach_sent=none,
                active=none,
                completed=none,
                abandoned=none,
                failed=none,
            ),
        )


class CreatedCampaign(Campaign):
    """A campaign that was just created."""

    model_config = _example(examples.CREATED_CAMPAIGN)

    duplicates_merged: int = Field(description="Phone numbers that were given more than once.")


class Enrolment(BaseModel):
    """What became of the participants sent."""

    model_config = _example(examples.ENROLMENT)

    added: int = Field(description="How many are new to the campaign.")
    already_enrolled: int = Field(description="How many were in it before.")
    duplicates_merged: int = Field(description="Phone numbers that were given more than once.")
    campaign: Campaign


class Stats(BaseModel):
    """How the interviews go."""

    messages_sent: int = Field(description="Messages that Twilio accepted.")
    messages_received: int = Field(description="Messages that participants wrote.")
    median_turns: float | None = Field(description="Turns of a completed interview, in the middle.")


class CampaignDetail(Campaign):
    """A campaign and how its interviews go."""

    model_config = _example(examples.CAMPAIGN_DETAIL)

    stats: Stats


class CampaignPage(BaseModel):
    """Campaigns, the newest first."""

    model_config = _example(examples.CAMPAIGN_PAGE)

    campaigns: list[Campaign]
    next_cursor: str | None = Field(description="Where the next page begins; null on the last.")


class ConversationSummary(BaseModel):
    """A conversation, without what was said."""

    id: str
    participant_id: str = Field(description="Stands for the same person in every campaign.")
    phone: str | None = Field(description="Masked; null if no address is known (any more).")
    status: ConversationStatus
    extracted_data: dict[str, Value] = Field(description="The values found so far, by field.")
    end_reason: EndReason | None
    failure: str | None = Field(description="Why a message could not be delivered.")
    turns: int = Field(description="How often the agent wrote or decided.")
    started_at: datetime | None
    last_message_at: datetime | None
    ended_at: datetime | None


class ConversationPage(BaseModel):
    """Conversations, in the order of enrolment."""

    model_config = _example(examples.CONVERSATION_PAGE)

    conversations: list[ConversationSummary]
    next_cursor: str | None = Field(description="Where the next page begins; null on the last.")


class Evidence(BaseModel):
    """How a field came to its value, or why it has none."""

    state: FieldState
    value: Value | None = None
    quote: str = Field(description="The participant's own words.")
    message_sid: str = Field(description="The message in which they stand.")


class Message(BaseModel):
    """One message of a conversation."""

    id: str
    sender: Literal["agent", "participant"]
    kind: MessageKind | None = Field(description="What the agent's message is for.")
    text: str
    media: list[Media]
    created_at: datetime
    status: SendStatus = Field(description="How far it has come.")
    twilio_sid: str | None
    error: str | None
    error_code: int | None = Field(description="Twilio's code.")


class ConversationDetail(ConversationSummary):
    """A conversation with everything that was said."""

    model_config = _example(examples.CONVERSATION_DETAIL)

    campaign_id: str
    evidence: dict[str, Evidence]
    messages: list[Message]


class Extraction(BaseModel):
    """What one completed interview found."""

    conversation_id: str
    participant_id: str
    data: dict[str, Value]
    completed_at: datetime


class Extractions(BaseModel):
    """What the completed interviews of a campaign found, in the order of completion."""

    model_config = _example(examples.EXTRACTIONS)

    campaign_id: str
    total_completed: int = Field(description="How many interviews are completed in all.")
    extractions: list[Extraction]
    next_cursor: str | None = Field(description="Where the next page begins; null on the last.")


class Health(BaseModel):
    """Whether the service works."""

    model_config = _example(examples.HEALTH)

    status: Literal["ok", "degraded"] = Field(
        description="Degraded: webhooks are taken, reads fail."
    )
    checks: dict[Literal["nats", "postgres"], Literal["ok", "down"]]


def as_given(schema: dict[str, FieldSpec]) -> dict[str, dict[str, Any]]:
    """A schema without the defaults that nobody wrote."""
    return {
        name: spec.model_dump(mode="json", exclude_defaults=True) for name, spec in schema.items()
    }
