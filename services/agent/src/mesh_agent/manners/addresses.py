"""Addresses on the web, of mail and telephone numbers in a message."""

from __future__ import annotations

import re

URL = re.compile(
    r"(?i:https?://|www\.)\S*[^\s?!.,;:)\u061f\uff1f]"
    r"|(?<![\w.-])(?:[a-z0-9-]{1,40}\.){1,4}(?:(?:com|org|net|info|gov|edu|io|ai|app)\b"
    r"|[a-z]{2,8}(?=/\w))(?:/\S*[^\s?!.,;:)\u061f\uff1f])?",
)
"""An address on the web; a mark at its very end belongs to the sentence around it."""

_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}")
_PHONE = re.compile(r"(?:\+|\b00)\d[\d\s().-]{6,18}\d|\b\d(?:[\s().-]?\d){8,14}\b")
_NOT_A_DIGIT = re.compile(r"\D")


def unknown_address(text: str, known: str) -> str | None:
    """The first address or telephone number in a text that does not stand in what is known.

    Args:
        text: the text.
        known: what is known, in small letters.
    """
    for found in (*URL.finditer(text), *_MAIL.finditer(text)):
        if found[0].casefold() not in known:
            return found[0]
    numbers = [found[0] for found in _PHONE.finditer(text)]
    digits = _NOT_A_DIGIT.sub("", known) if numbers else ""
    return next((n for n in numbers if _NOT_A_DIGIT.sub("", n) not in digits), None)
