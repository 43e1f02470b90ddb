"""The words that end, or resume, all contact. They never wait for a model.

The opt-in words are the ones that WhatsApp senders and carriers use.
"""

from __future__ import annotations

import unicodedata

OPT_OUT_KEYWORDS = frozenset({"stop", "quit", "cancel", "end"})
OPT_IN_KEYWORDS = frozenset({"start", "unstop"})


def is_opt_out_keyword(text: str) -> bool:
    """Whether the message is nothing but an opt-out keyword.

    Case, and the punctuation, spaces and emoji around it, do not matter.
    """
    return _bare_word(text) in OPT_OUT_KEYWORDS


def is_opt_in_keyword(text: str) -> bool:
    """Whether the message is nothing but an opt-in keyword."""
    return _bare_word(text) in OPT_IN_KEYWORDS


def _bare_word(text: str) -> str:
    """The text without what surrounds its letters.

    Full-width letters are made plain, zero-width characters dropped.
    """
    plain = unicodedata.normalize("NFKC", text)
    visible = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    start, end = 0, len(visible)
    while start < end and not visible[start].isalnum():
        start += 1
    while end > start and not visible[end - 1].isalnum():
        end -= 1
    return visible[start:end].casefold()
