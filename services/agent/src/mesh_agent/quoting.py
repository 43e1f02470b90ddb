"""Whether words that a model quotes really stand in what somebody wrote.

A faithful quotation may change case, spaces, typography, the digits' script and the punctuation
around it; nothing else. Its words stand there whole: "5" is not in "15" nor in "4.5", "can" not in
"can't". Scripts that put no spaces between words are exempt from that.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Place = tuple[int, int]
"""Where words start and end in a plain text."""

_ELLIPSIS = re.compile(r"\.{2,}|[\[(]\.{2,}[\])]")
_TYPOGRAPHY = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u00b4": "'", "`": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2212": "-",
        "\u2014": " - ", "\u2015": " - ",
        "\u066b": ".", "\u066c": ",", "\u060c": ",",
    }
)  # fmt: skip

_UNSPACED = (
    (0x0E00, 0x0FFF),  # Thai, Lao, Tibetan
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0x2FDF),  # radicals
    (0x3005, 0x30FF),  # Hiragana, Katakana
    (0x3400, 0x9FFF),  # Han
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
"""First and last code points of the scripts that are written without spaces."""


def plain(text: str) -> str:
    """The text without what a faithful quotation may change within it."""
    spaced = unicodedata.normalize("NFKC", text.translate(_TYPOGRAPHY)).translate(_TYPOGRAPHY)
    seen = "".join(_plain_character(c) for c in spaced.casefold())
    return " ".join(seen.split())


def stands_in(quote: str, text: str) -> bool:
    """Whether the quoted words stand in the text, whole and in this order.

    A quotation of nothing but spaces and punctuation stands nowhere.
    """
    return any(True for _ in _places(plain(quote), plain(text)))


def places(quote: str, text: str) -> list[tuple[Place, ...]]:
    """Where the quoted words stand in the plain text: each way to find them there.

    Where the quotation leaves words out ("I drive ... every day"), a way is as many places as it
    has pieces, in their order.
    """
    wanted, within = plain(quote), plain(text)
    whole: list[tuple[Place, ...]] = [(place,) for place in _places(wanted, within)]
    if whole:
        return whole
    pieces = [piece for piece in _ELLIPSIS.split(wanted) if _without_edges(piece)]
    found: list[Place] = []
    for piece in pieces if len(pieces) > 1 else ():
        behind = found[-1][1] if found else 0
        place = next((p for p in _places(piece, within) if p[0] >= behind), None)
        if place is None:
            return []
        found.append(place)
    return [tuple(found)] if found else []


def count_words(text: str) -> int:
    """How many words the text has; in scripts without spaces, each character counts as one."""
    padded = (f" {c} " if _is_unspaced(c) else c for c in plain(text))
    return sum(any(map(_is_of_a_word, w)) for w in "".join(padded).split())


def _places(quote: str, text: str) -> Iterator[Place]:
    """The places of one piece; both texts are plain."""
    wanted = _without_edges(quote)
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        end = at + len(wanted)
        if _parts(text, at) and _parts(text, end):
            yield at, end
        at = text.find(wanted, at + 1)


def _plain_character(character: str) -> str:
    if (
        character in "\u0307\ufe0e\ufe0f"
    ):  # the dot that casefold leaves of a Turkish I; emoji style
        return ""
    match unicodedata.category(character):
        case "Cf":  # zero width: direction marks, joiners
            return ""
        case "Nd":
            return str(unicodedata.decimal(character))
        case _:
            return character


def _without_edges(quote: str) -> str:
    start, end = 0, len(quote)
    while start < end and unicodedata.category(quote[start])[0] in "PZ":
        start += 1
    while end > start and unicodedata.category(quote[end - 1])[0] in "PZ":
        end -= 1
    return quote[start:end]


def _parts(text: str, at: int) -> bool:
    """Whether a word may end before, and another begin at, this place."""
    before, after = text[max(0, at - 2) : at], text[at : at + 2]
    if not before or not after:
        return True
    left, right = before[-1], after[0]
    if _is_of_a_word(left) and _is_of_a_word(right):
        return _is_unspaced(left) or _is_unspaced(right)
    return not (
        _joins(left, before[:-1], right) or _joins(right, left, after[1:]) or _negates(text, at)
    )


def _joins(mark: str, left: str, right: str) -> bool:
    """Whether a mark holds two halves together: the 4.5 of a number, the - of twenty-five."""
    if mark in ".,":
        return left.isdecimal() and right.isdecimal()
    return mark == "-" and left.isalpha() and right.isalpha()


def _negates(text: str, at: int) -> bool:
    """Whether what follows is the end of "can't": without it the words say the opposite."""
    return text[at : at + 2] == "'t" and not text[at + 2 : at + 3].isalnum()


def _is_of_a_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


def _is_unspaced(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _UNSPACED)
