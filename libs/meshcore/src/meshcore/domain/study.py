"""How a campaign's interviews are to be held: what a researcher may set beyond brief and schema."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")
_REFERENCE = re.compile(r"\{([^{}]+)\}")


class Template(BaseModel):
    """A message template that WhatsApp has approved, as Twilio knows it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    content_sid: str = Field(
        pattern=r"^HX[0-9a-fA-F]{32}$", description="Twilio's id of the template: HX, 32 hex digits"
    )
    variables: dict[str, str] = Field(
        default_factory=dict,
        description="What is filled in for {{1}}, {{2}} and so on; {name} in it stands for the "
        "participant's attribute of that name.",
    )


class Opening(BaseModel):
    """The first message, word for word."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(
        min_length=1,
        max_length=1_000,
        description="What the participant reads; of a template, what it reads as.",
    )
    template: Template | None = Field(
        default=None, description="The approved template that is sent in place of the text."
    )


def rendered(opening: Opening) -> str:
    """What the participant reads: the text with the template's variables filled in.

    A placeholder without a variable stays as it is.
    """
    variables = opening.template.variables if opening.template else {}
    return _PLACEHOLDER.sub(lambda found: variables.get(found[1], found[0]), opening.text)


def placeholders(text: str) -> list[str]:
    """The names of the variables that are to be filled in, in their order, each once."""
    return list(dict.fromkeys(_PLACEHOLDER.findall(text)))


def has_loose_braces(text: str) -> bool:
    """Whether there are double braces that make no placeholder: somebody mistyped one."""
    rest = _PLACEHOLDER.sub("", text)
    return "{{" in rest or "}}" in rest


def referred(template: Template) -> set[str]:
    """The names of the attributes that a template's variables refer to, as in `{first_name}`."""
    return {name for value in template.variables.values() for name in _REFERENCE.findall(value)}


def personal(template: Template, attributes: Mapping[str, str]) -> Template:
    """The template for one participant: references to attributes are replaced by their values.

    A value is never read for references itself. Of an attribute that is not known, the reference
    stays as it is; enrolment sees to it that whoever is enrolled has those that are referred to.
    """
    variables = {
        name: _REFERENCE.sub(lambda found: attributes.get(found[1], found[0]), value)
        for name, value in template.variables.items()
    }
    return template.model_copy(update={"variables": variables})


class Limits(BaseModel):
    """What an interview may take. Whoever reaches a limit gets a warm ending."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    probes_per_field: int = Field(
        default=2, ge=0, le=10, description="How often a field is asked about again."
    )
    turns: int | None = Field(
        default=None,
        ge=1,
        le=500,
        description="Turns per interview; by default three per field, and six.",
    )
    tokens: int | None = Field(default=None, ge=1, description="Tokens per interview.")
    cost_usd: float | None = Field(default=None, gt=0, description="US dollars per interview.")
    campaign_cost_usd: float | None = Field(
        default=None, gt=0, description="US dollars for all interviews together."
    )
