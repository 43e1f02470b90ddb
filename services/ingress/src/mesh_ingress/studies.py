"""How interviews are to be held, as researchers may ask for it: checked before it is written down.

What stands on the log is read for ever, so what is checked here is not part of the events.
"""

from __future__ import annotations

import re
import zoneinfo
from functools import cache, lru_cache
from typing import Annotated, Self

import langcodes
from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from mesh_ingress.attributes import is_attribute_name
from mesh_ingress.texts import Storable, Text, not_blank, storable, wrong
from meshcore.domain.study import Opening, Template, has_loose_braces, placeholders, rendered

MAX_RENDERED = 1_600
"""Characters that Twilio takes in one message."""

_NO_LANGUAGE = re.compile(r"und|mul|mis|zxx|x-.*|q[a-t][a-z]")
"""Texts in several, unknown or no languages, and in those that nobody else knows of."""

_NO_ZONES = frozenset({"localtime", "Factory"})
"""In some databases, but places in none."""

_REFERENCE = re.compile(r"\{([^{}]*)\}")
_NAME_IN_TEXT = re.compile(r"(?<!\{)\{[^\W\d][\w -]*\}(?!\})")
"""What looks like a reference to an attribute where none is filled in."""

_REFUSED_IN_VARIABLE = re.compile(r"[\n\r\t\v\f\u0085\u2028\u2029]| {4}")


@lru_cache(maxsize=1_000)
def _language(tag: str) -> str:
    if langcodes.tag_is_valid(tag):
        language = langcodes.Language.get(tag).language
        if language and not _NO_LANGUAGE.fullmatch(language):
            return langcodes.standardize_tag(tag)
    raise wrong(
        "language",
        "is not the tag of a language (BCP 47)",
        "send a tag such as en, pt-BR or ar-AE",
    )


@cache
def _zones() -> dict[str, str]:
    return {name.casefold(): name for name in zoneinfo.available_timezones() - _NO_ZONES}


def is_timezone(name: str) -> bool:
    """Whether the IANA database knows a time zone by exactly this name."""
    return _zones().get(name.casefold()) == name


def _timezone(name: str) -> str:
    zone = _zones().get(name.casefold())
    if zone is None:
        raise wrong(
            "timezone",
            "is not a time zone of the IANA database",
            "send a name such as Asia/Dubai, Europe/Berlin or UTC",
        )
    return zone


def _variable(value: str) -> str:
    if not value.strip():
        raise wrong(
            "variable", "is blank, which WhatsApp refuses", "send some text, or take it out"
        )
    if _REFUSED_IN_VARIABLE.search(value):
        raise wrong(
            "variable",
            "has a line break, a tab or four spaces in a row, which WhatsApp refuses in a variable",
            "send it in one line; line breaks belong in the template itself",
        )
    if not all(map(is_attribute_name, _REFERENCE.findall(value))):
        raise _loose_reference()
    if re.search(r"[{}]", _REFERENCE.sub("", value)):
        raise _loose_reference()
    return value


def _loose_reference() -> PydanticCustomError:
    return wrong(
        "reference",
        "has braces that refer to no attribute",
        "write {first_name} for the participant's attribute first_name, without blanks around it",
    )


Language = Annotated[Storable, AfterValidator(_language)]
Timezone = Annotated[Storable, AfterValidator(_timezone)]
SupportText = Annotated[
    str, Field(min_length=1, max_length=1_000), AfterValidator(storable), AfterValidator(not_blank)
]
VariableName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]{1,16}$")]
Variable = Annotated[Storable, AfterValidator(_variable)]


class GivenTemplate(Template):
    """A message template that WhatsApp has approved, as Twilio knows it."""

    variables: dict[VariableName, Variable] = Field(
        default_factory=dict,
        max_length=100,
        description="What is filled in for {{1}}, {{2}} and so on: one for each in the text. "
        "{first_name} in it stands for the participant's attribute first_name.",
    )


class GivenOpening(Opening):
    """The first message, word for word."""

    text: Text = Field(
        min_length=1,
        max_length=1_000,
        description="What the participant reads; of a template, its body with its placeholders.",
    )
    template: GivenTemplate | None = Field(
        default=None, description="The approved template that is sent in place of the text."
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        fit_together(self.text, self.template)
        return self


def fit_together(text: str, template: Template | None) -> None:
    """Checks that text and variables are made for each other.

    Raises:
        PydanticCustomError: they are not.
    """
    if has_loose_braces(text):
        raise wrong(
            "placeholders",
            "has double braces that make no placeholder",
            "write placeholders as {{1}}",
        )
    if _NAME_IN_TEXT.search(text):
        raise wrong(
            "reference",
            "has a name in single braces, for which nothing is filled in there",
            "refer to attributes in the variables of a template",
        )
    wanted = placeholders(text)
    given = template.variables if template else {}
    if missing := [name for name in wanted if name not in given]:
        raise _missing(missing, by_template=template is not None)
    if unused := [name for name in given if name not in wanted]:
        raise wrong(
            "variables",
            f"has a variable for {_braced(unused)}, which does not stand in the text",
            "write the text as the template reads, or take the variable out",
        )
    if len(rendered(Opening(text=text, template=template))) > MAX_RENDERED:
        raise wrong(
            "too_long",
            f"has more than {MAX_RENDERED} characters with its variables filled in",
            "shorten the text or the variables",
        )


def _missing(names: list[str], *, by_template: bool) -> PydanticCustomError:
    fix = "add it to template.variables" if by_template else "name the template that fills it in"
    return wrong(
        "variables",
        f"has {_braced(names)}, for which there is no variable",
        f"{fix}, or take it out of the text",
    )


def _braced(names: list[str]) -> str:
    return ", ".join(f"{{{{{name}}}}}" for name in names)
