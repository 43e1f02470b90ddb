"""What the API takes."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mesh_ingress import examples
from mesh_ingress.studies import GivenOpening, Language, SupportText, Timezone
from mesh_ingress.texts import Text, not_blank, storable
from meshcore.domain.events import CampaignCreated
from meshcore.domain.schema import ExtractionSchema, FieldSpec
from meshcore.domain.study import Limits, Opening

MAX_SCHEMA = 256 * 1024
"""Characters that an extraction schema may have as JSON: it travels in one message of the log."""


def _schema_storable(schema: dict[str, FieldSpec]) -> dict[str, FieldSpec]:
    texts = [text for spec in schema.values() for text in (spec.description, *(spec.enum or ()))]
    for text in texts:
        storable(text)
    if sum(map(len, texts)) > MAX_SCHEMA:
        raise ValueError(f"has more than {MAX_SCHEMA} characters; shorten it")
    return schema


Instructions = Annotated[
    str, Field(min_length=1, max_length=20_000), AfterValidator(storable), AfterValidator(not_blank)
]
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
    system_prompt_override: Instructions | None = Field(
        default=None,
        description="Further instructions for the interviewer; its own rules stay in force.",
    )
    language: Language | None = Field(
        default=None,
        description="The language to begin in, as a BCP 47 tag; whoever answers in another one is "
        "answered in that. Without it, the language of the brief.",
        examples=["en", "ar-AE"],
    )
    timezone: Timezone = Field(
        default="UTC",
        description='Where the participants are, by IANA\'s name: "next Friday" is a date there.',
        examples=["Asia/Dubai"],
    )
    opening: GivenOpening | None = Field(
        default=None,
        description="The first message, the same for everybody. Without it, the agent writes one.",
    )
    support_text: SupportText | None = Field(
        default=None, description="What somebody in distress is told, such as whom to call."
    )
    limits: Limits = Field(default_factory=Limits, description="What interviews may take.")
    keep_media: bool = Field(
        default=False, description="Whether files that participants send are kept."
    )

    def created(self) -> CampaignCreated:
        """The study as it is written down."""
        return CampaignCreated(
            name=self.name,
            research_brief=self.research_brief,
            extraction_schema=self.extraction_schema,
            system_prompt_override=self.system_prompt_override,
            language=self.language,
            timezone=self.timezone,
            opening=self.opening and Opening.model_validate(self.opening.model_dump()),
            support_text=self.support_text,
            limits=self.limits,
            keep_media=self.keep_media,
        )


class EnrolParticipants(BaseModel):
    """Participants to be added to a campaign."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [examples.ENROL_PARTICIPANTS]}
    )

    phone_numbers: PhoneNumbers
