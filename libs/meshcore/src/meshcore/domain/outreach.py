"""How a campaign's participants are reached: what a researcher may set about times and numbers."""

from __future__ import annotations

from datetime import time
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from meshcore.domain.study import Template

EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Weekday(StrEnum):
    """The days of the week, in the order of `date.weekday()`."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


def _hours_and_minutes(at: time) -> str:
    return f"{at:%H:%M}"


LocalTime = Annotated[time, PlainSerializer(_hours_and_minutes, return_type=str)]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class ContactHours(_Settings):
    """When participants may be written to first, by the clock where they are.

    `start` is included, `end` is not; an `end` before the `start` is on the next day.
    """

    days: tuple[Weekday, ...] = Field(
        default=tuple(Weekday), min_length=1, description="The days; every day if not told."
    )
    start: LocalTime = Field(default=time(9), description="From this time of day on, such as 09:00")
    end: LocalTime = Field(default=time(20), description="Until this time of day, such as 20:00")


class Reminder(_Settings):
    """What a participant is told who has not answered for a while."""

    after_hours: float = Field(
        gt=0, le=720, description="Hours of silence after the last message that was sent."
    )
    text: str | None = Field(
        default=None,
        min_length=1,
        max_length=1_000,
        description="What they read; of a template, what it reads as. Without it, a kind "
        "reminder in the participant's language.",
    )
    template: Template | None = Field(
        default=None, description="The approved template that is sent in place of the text."
    )


class Quota(_Settings):
    """How many completed interviews are wanted of each kind of participant.

    The kind is the value of an attribute that participants are enrolled with, or of a field.
    """

    attribute: str | None = Field(default=None, description="Column of the participants' list.")
    field: str | None = Field(default=None, description="Name of a field of the schema.")
    targets: dict[str, Annotated[int, Field(ge=0, le=1_000_000)]] = Field(
        min_length=1,
        max_length=1_000,
        description="Completed interviews wanted by value; other values have no target.",
    )


class Outreach(_Settings):
    """The outreach of a campaign. By default: at any hour, no reminder, a week's patience."""

    rate_per_minute: float | None = Field(
        default=None,
        gt=0,
        le=4_800,
        description="Openings a minute; never more than the sender's own rate.",
    )
    contact_hours: ContactHours | None = Field(
        default=None, description="When openings and reminders may go out; replies always may."
    )
    reminders: tuple[Reminder, ...] = Field(
        default=(), max_length=5, description="Sent one after the other while nobody answers."
    )
    expire_after_hours: float = Field(
        default=168,
        gt=0,
        le=8_760,
        description="Hours of silence after which a conversation is given up.",
    )
    target_completes: int | None = Field(
        default=None, ge=1, description="Completed interviews after which nobody new is written to."
    )
    quota: Quota | None = Field(default=None, description="The same by kind of participant.")
