"""Texts that researchers send: what can be stored, and what says anything."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

_SURROGATE = re.compile("[\ud800-\udfff]")


def wrong(kind: str, reason: str, fix: str) -> PydanticCustomError:
    """What is wrong with a field, and what to do about it; for a validator to raise."""
    return PydanticCustomError(kind, "{reason}", {"reason": reason, "fix": fix})


def storable(text: str) -> str:
    """The text, if the log and PostgreSQL can hold it.

    Raises:
        PydanticCustomError: they cannot.
    """
    if _SURROGATE.search(text):
        raise wrong("unicode", "is not well-formed Unicode", "send well-formed Unicode")
    if "\x00" in text:
        raise wrong("nul", "contains the character NUL", "remove it")
    return text


def not_blank(text: str) -> str:
    """The text, if it says anything.

    Raises:
        PydanticCustomError: it does not.
    """
    if not text.strip():
        raise wrong("blank", "is blank", "write some text")
    return text


Storable = Annotated[str, AfterValidator(storable)]
Text = Annotated[Storable, AfterValidator(not_blank)]
