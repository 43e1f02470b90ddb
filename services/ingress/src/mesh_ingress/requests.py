"""What the API takes."""

from __future__ import annotations

from math import isfinite
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from mesh_ingress import examples
from mesh_ingress.attributes import Attributes
from mesh_ingress.outreach import GivenOutreach
from mesh_ingress.studies import GivenOpening, Language, SupportText, Timezone
from mesh_ingress.texts import Text, not_blank, storable, wrong
from meshcore.domain.events import CampaignCreated
from meshcore.domain.outreach import Outreach, Quota
from meshcore.domain.quotas import cell_name
from meshcore.domain.schema import ExtractionSchema, FieldSpec, FieldType
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


class GivenParticipant(BaseModel):
    """Somebody to be interviewed, and what is known of them."""

    model_config = ConfigDict(extra="forbid")

    phone: str = Field(description="The number with country code.", examples=["+971501234567"])
    language: Language | None = Field(
        default=None, description="The language to begin in (BCP 47), where it is another one."
    )
    timezone: Timezone | None = Field(
        default=None, description="By IANA's name; without it, as the number tells."
    )
    attributes: Attributes = Field(
        default_factory=dict,
        description="Whatever else is known of them; templates and quotas may refer to it.",
    )


Participants = Annotated[
    list[GivenParticipant],
    Field(
        description="The same with what is known of each. Repeated ones are merged.",
        examples=[examples.PARTICIPANTS],
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
    participants: Participants = Field(default_factory=list)
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
    outreach: GivenOutreach = Field(
        default_factory=GivenOutreach,
        description="How participants are reached: hours, rate, reminders and targets.",
    )

    @field_validator("outreach")
    @classmethod
    def _quota_fits_the_schema(cls, outreach: GivenOutreach, info: ValidationInfo) -> GivenOutreach:
        quota, schema = outreach.quota, info.data.get("extraction_schema")
        if quota and quota.field is not None and schema is not None:
            _check_field_of(quota, schema)
        return outreach

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
            outreach=Outreach.model_validate(self.outreach.model_dump()),
        )


def _check_field_of(quota: Quota, schema: dict[str, FieldSpec]) -> None:
    """Checks that the field that a quota goes by exists and can have the values named."""
    spec = schema.get(quota.field or "")
    if spec is None:
        raise wrong(
            "quota",
            "quota.field is not a field of extraction_schema",
            "name one of its fields, or send attribute for a column of the participants' list",
        )
    if spec.type in {FieldType.NUMBER, FieldType.INTEGER} and not all(
        _is_number(value, whole=spec.type is FieldType.INTEGER) for value in quota.targets
    ):
        raise wrong(
            "quota",
            "quota.targets has a value that is no number, or not written as one of JSON",
            'write it in its shortest form, such as "7" or "7.5"',
        )
    possible = {"true", "false"} if spec.type is FieldType.BOOLEAN else set(spec.enum or ())
    if possible and not quota.targets.keys() <= possible:
        raise wrong(
            "quota",
            "quota.targets has a value that the field cannot have",
            f"send some of: {', '.join(sorted(possible))}",
        )


def _is_number(value: str, *, whole: bool) -> bool:
    """Whether a cell of a number's quota can have this name."""
    try:
        number = float(value)
    except ValueError:
        return False
    is_one = number.is_integer() if whole else isfinite(number)
    return is_one and cell_name(number) == value


class EnrolParticipants(BaseModel):
    """Participants to be added to a campaign."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [examples.ENROL_PARTICIPANTS]}
    )

    phone_numbers: PhoneNumbers = Field(default_factory=list)
    participants: Participants = Field(default_factory=list)

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if not self.model_fields_set:
            raise wrong("missing", "names no list", "send phone_numbers, participants, or both")
        return self


class ImportSuppressions(BaseModel):
    """People to whom nobody is to write."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [examples.PHONES]})

    phone_numbers: PhoneNumbers
