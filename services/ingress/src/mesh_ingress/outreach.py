"""How participants are to be reached, as researchers may ask for it: checked before it is kept."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from mesh_ingress.attributes import AttributeName, one_line
from mesh_ingress.studies import GivenTemplate, fit_together
from mesh_ingress.texts import Text, wrong
from meshcore.domain.outreach import ContactHours, LocalTime, Outreach, Quota, Reminder, Weekday

WINDOW_HOURS = 24
"""After a participant's last message WhatsApp takes free text for so long, then only templates."""


def _as_text(at: object) -> object:
    """Numbers would count as seconds since midnight."""
    if not isinstance(at, str | time):
        raise wrong("time", "is not a time of day", "write it as 09:00; midnight is 00:00")
    return at


def _to_the_minute(at: time) -> time:
    if at.second or at.microsecond or at.tzinfo:
        raise wrong(
            "time",
            "has seconds or a time zone",
            "write it as 09:00; the zone is the participant's own",
        )
    return at


def _each_once(days: tuple[Weekday, ...]) -> tuple[Weekday, ...]:
    if not days:
        raise wrong("days", "names no day", "name some, or leave it out for every day")
    return tuple(day for day in Weekday if day in days)


GivenTime = Annotated[LocalTime, BeforeValidator(_as_text), AfterValidator(_to_the_minute)]
Days = Annotated[tuple[Weekday, ...], AfterValidator(_each_once)]
MOST = 1_000_000
Target = Annotated[int, Field(ge=0, le=MOST)]
TargetValue = Annotated[str, StringConstraints(min_length=1, max_length=200), Text]


class GivenContactHours(ContactHours):
    """When participants may be written to first, by the clock where they are."""

    days: Days = Field(default=tuple(Weekday), description="The days; every day if not told.")
    start: GivenTime = Field(default=time(9), description="From this time of day on, such as 09:00")
    end: GivenTime = Field(
        default=time(20),
        description="Until this time of day, such as 20:00; one before the start is on the next "
        "day, and 00:00 is midnight.",
    )

    @model_validator(mode="after")
    def _holds_time(self) -> Self:
        if self.start == self.end:
            raise wrong(
                "hours",
                "start and end are the same, so there is no time in between",
                "send another end, or leave contact_hours out to write at any hour",
            )
        return self


class GivenReminder(Reminder):
    """What a participant is told who has not answered for a while."""

    text: Text | None = Field(
        default=None,
        min_length=1,
        max_length=1_000,
        description="What they read; of a template, its body with its placeholders. Without it, a "
        "kind reminder in the participant's language.",
    )
    template: GivenTemplate | None = Field(
        default=None, description="The approved template that is sent in place of the text."
    )

    @model_validator(mode="after")
    def _can_be_sent(self) -> Self:
        if self.text is not None:
            fit_together(self.text, self.template)
        elif self.template:
            raise wrong(
                "reminder",
                "has a template but no text",
                "send as text what the template reads, with its placeholders",
            )
        if self.template is None and self.after_hours >= WINDOW_HOURS:
            raise wrong(
                "window",
                f"comes {WINDOW_HOURS} hours or more after the last message, when WhatsApp takes "
                "nothing but templates",
                f"name an approved template, or send it after less than {WINDOW_HOURS} hours",
            )
        return self


class GivenQuota(Quota):
    """How many completed interviews are wanted of each kind of participant."""

    attribute: AttributeName | None = Field(
        default=None, description="Column of the participants' list."
    )
    targets: dict[TargetValue, Target] = Field(
        min_length=1,
        max_length=1_000,
        description="Completed interviews wanted by value; other values have no target.",
    )

    @model_validator(mode="after")
    def _goes_by_one(self) -> Self:
        if (self.attribute is None) == (self.field is None):
            raise wrong(
                "quota",
                "needs exactly one of attribute and field",
                "name the column of the participants' list, or the field of the schema",
            )
        if self.attribute and any(value != one_line(value) for value in self.targets):
            raise wrong(
                "quota",
                "targets has a value with blanks around it, or more than one in a row, which no "
                "attribute has",
                "write single blanks, and none around the value",
            )
        return self


class GivenOutreach(Outreach):
    """The outreach of a campaign."""

    rate_per_minute: float | None = Field(
        default=None,
        ge=0.001,
        le=4_800,
        description="Openings a minute; never more than the sender's own rate.",
    )
    contact_hours: GivenContactHours | None = Field(
        default=None, description="When openings and reminders may go out; replies always may."
    )
    reminders: tuple[GivenReminder, ...] = Field(
        default=(), max_length=5, description="Sent one after the other while nobody answers."
    )
    target_completes: int | None = Field(
        default=None,
        ge=1,
        le=MOST,
        description="Completed interviews after which nobody new is written to.",
    )
    quota: GivenQuota | None = Field(default=None, description="The same by kind of participant.")

    @model_validator(mode="after")
    def _reminders_come_before_the_end(self) -> Self:
        for number, reminder in enumerate(self.reminders):
            if reminder.after_hours >= self.expire_after_hours:
                raise wrong(
                    "reminders",
                    f"reminders[{number}] comes after the conversation is given up",
                    "send it earlier, or raise expire_after_hours",
                )
        return self
