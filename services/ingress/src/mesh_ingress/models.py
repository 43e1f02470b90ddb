"""What the API answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from mesh_ingress import examples
from mesh_ingress.figures import Progress, Stats
from meshcore.domain.campaign import Campaign as CampaignState
from meshcore.domain.campaign import CampaignStatus
from meshcore.domain.conversation import ConversationStatus, SendStatus
from meshcore.domain.disposition import Disposition
from meshcore.domain.events import EndReason, FieldState, Media, MessageKind
from meshcore.domain.outreach import Outreach
from meshcore.domain.schema import FieldSpec, Value
from meshcore.domain.study import Limits, Opening

Flag = Literal["distress", "inappropriate"]


def _example(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


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
    language: str | None = Field(description="BCP 47; null: the participant's own, as it shows.")
    timezone: str = Field(description='IANA; dates such as "next Friday" are understood in it.')
    opening: Opening | None = Field(description="Word for word; null: the agent writes its own.")
    support_text: str | None = Field(description="What somebody in distress is told.")
    limits: Limits
    keep_media: bool = Field(description="Whether files that participants send are kept.")
    outreach: Outreach = Field(
        default_factory=Outreach, description="How participants are reached."
    )
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
            language=state.language,
            timezone=state.timezone,
            opening=state.opening,
            support_text=state.support_text,
            limits=state.limits,
            keep_media=state.keep_media,
            outreach=state.outreach,
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
    suppressed: int = Field(description="How many have opted out: nobody writes to them.")


class Enrolment(BaseModel):
    """What became of the participants sent."""

    model_config = _example(examples.ENROLMENT)

    added: int = Field(description="How many are new to the campaign.")
    already_enrolled: int = Field(description="How many were in it before.")
    duplicates_merged: int = Field(description="Phone numbers that were given more than once.")
    suppressed: int = Field(description="How many have opted out: nobody writes to them.")
    campaign: Campaign


class RowError(BaseModel):
    """What is wrong with a row."""

    field: str = Field(description="Its place, such as `line 7` or `participants[3].phone`.")
    reason: str
    fix: str


class Rehearsal(BaseModel):
    """What would become of the participants sent: nothing was changed."""

    model_config = _example(examples.REHEARSAL)

    dry_run: Literal[True] = True
    valid: int = Field(description="Participants whom the campaign can take, known ones included.")
    already_enrolled: int = Field(description="How many of the valid ones are in it already.")
    suppressed: int = Field(description="How many of the valid ones have opted out.")
    duplicates_merged: int = Field(description="Phone numbers that were given more than once.")
    error_count: int = Field(description="While there are any, enrolling this list is refused.")
    errors: list[RowError]


class Suppression(BaseModel):
    """Somebody to whom nobody writes."""

    participant_id: str = Field(description="Stands for the same person in every campaign.")
    phone: str | None = Field(description="Masked; null if no address is known (any more).")


class SuppressionPage(BaseModel):
    """Those to whom nobody writes, in the order of their ids."""

    model_config = _example(examples.SUPPRESSION_PAGE)

    suppressions: list[Suppression]
    next_cursor: str | None = Field(description="Where the next page begins; null on the last.")


class SuppressionImport(BaseModel):
    """What became of the numbers sent."""

    model_config = _example(examples.SUPPRESSION_IMPORT)

    added: int = Field(description="How many are new on the list.")
    already_suppressed: int = Field(description="How many were on it before.")
    duplicates_merged: int = Field(description="Phone numbers that were given more than once.")


class CampaignDetail(Campaign):
    """A campaign, how far it has come, and how its interviews go."""

    model_config = _example(examples.CAMPAIGN_DETAIL)

    progress: Progress
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
    disposition: Disposition = Field(description="What has become of the participant.")
    extracted_data: dict[str, Value] = Field(description="The values found so far, by field.")
    end_reason: EndReason | None
    flag: Flag | None = Field(
        description="Somebody should look at it; it may show only after the end."
    )
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
    transcript: str | None = Field(description="What was said in its voice notes.")
    created_at: datetime
    status: SendStatus = Field(description="How far it has come.")
    twilio_sid: str | None
    error: str | None
    error_code: int | None = Field(description="Twilio's code.")


class ConversationDetail(ConversationSummary):
    """A conversation with everything that was said."""

    model_config = _example(examples.CONVERSATION_DETAIL)

    campaign_id: str
    language: str | None = Field(description="The participant's, as far as it showed (BCP 47).")
    tokens: int = Field(description="What models read and wrote for it.")
    cost_usd: float | None = Field(
        description="What that cost, in US dollars, as far as prices are known; null if none is."
    )
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
