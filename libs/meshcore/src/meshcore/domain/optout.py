"""The words that end, or resume, all contact.

The keywords never wait for a model. Beyond them, `asks_to_stop` knows the plain ways of asking for
the same in many languages. It backs up the model, which judges everything subtler: what it takes
for a request is one; what it does not may still be.

The opt-in words are the ones that WhatsApp senders and carriers use.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from meshcore.domain.phrases.optout import ALONE, PLAINLY
from meshcore.domain.plain_speech import is_about_others, is_reported, points, readings
from meshcore.domain.wording import Phrasebook

if TYPE_CHECKING:
    from meshcore.domain.plain_speech import Point

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


def asks_to_stop(text: str) -> bool:
    """Whether the message plainly asks to hear nothing more, in words that need no judgement.

    Quotations, reports of what others said, conditions, jokes and long stories never count.
    """
    if is_opt_out_keyword(text):
        return True
    made = points(text)
    return _is_nothing_but_a_request(made) or _requests_among_others(made)


def _is_nothing_but_a_request(made: list[Point]) -> bool:
    requests = [p for p in made if not p.is_aside]
    return bool(requests) and all(_is_said(p, _alone()) for p in requests)


def _requests_among_others(made: list[Point]) -> bool:
    """Whether one point asks to stop, and no other casts doubt on who is asked, or whether."""
    return any(
        _is_said(point, _plainly()) and not any(map(_casts_doubt, others))
        for point, others in readings(made)
    )


def _casts_doubt(point: Point) -> bool:
    return is_reported(point) or is_about_others(point)


def _is_said(point: Point, phrases: Phrasebook) -> bool:
    return point.is_in(phrases) and not point.clause.reported


@cache
def _plainly() -> Phrasebook:
    return Phrasebook(PLAINLY)


@cache
def _alone() -> Phrasebook:
    return Phrasebook(PLAINLY + ALONE)


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
