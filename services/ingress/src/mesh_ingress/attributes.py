"""What researchers know of a participant beforehand: attributes, and references to them."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from mesh_ingress.texts import storable, wrong

MAX_ATTRIBUTES = 50
MAX_NAME = 64
MAX_VALUE = 500

_UNNAMEABLE = re.compile(r"[{}]")


def attribute_name(name: object) -> str:
    """The name without the blanks around it.

    Raises:
        PydanticCustomError: it is none.
    """
    bare = name.strip() if isinstance(name, str) else ""
    if not bare or len(bare) > MAX_NAME or _UNNAMEABLE.search(bare) or _has_control(bare):
        raise wrong(
            "attribute_name",
            "is not the name of an attribute",
            f"send 1 to {MAX_NAME} characters without braces or line breaks, such as first_name",
        )
    return storable(bare)


def is_attribute_name(text: str) -> bool:
    """Whether the text, just as it is, names an attribute."""
    try:
        return attribute_name(text) == text
    except PydanticCustomError:
        return False


def one_line(text: str) -> str:
    """The text without blanks around it, and with one for each run of blanks and line breaks."""
    return " ".join(text.split())


def attribute_value(value: object) -> str:
    """The value in one line: WhatsApp takes no line break, tab or run of blanks in a variable.

    Raises:
        PydanticCustomError: it cannot be kept or sent.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise wrong("attribute", "is neither text nor a number", "send a string")
    line = one_line(str(value))
    if len(line) > MAX_VALUE:
        raise wrong("attribute", f"has more than {MAX_VALUE} characters", "shorten it")
    if _has_control(line):
        raise wrong("attribute", "has a control character", "remove it")
    return storable(line)


def _has_control(text: str) -> bool:
    return not text.isprintable() and any(unicodedata.category(c) == "Cc" for c in text)


AttributeName = Annotated[str, BeforeValidator(attribute_name)]
AttributeValue = Annotated[str, BeforeValidator(attribute_value)]
Attributes = Annotated[dict[AttributeName, AttributeValue], Field(max_length=MAX_ATTRIBUTES)]
