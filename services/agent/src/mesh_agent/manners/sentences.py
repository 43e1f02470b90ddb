"""Sentences and words of short messages, in any script, and which of them are nearly the same."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from rapidfuzz import fuzz
from sentencex import segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BOUND = 4_000
"""Characters of a text that are looked at. No message is as long; a model may run on for ever."""

Shingle = tuple[str, ...]
"""Some words in a row."""

REPEATED = 4
"""Words from which on a sentence that was said before is a repetition."""

_ALIKE = 90
_SAME_WORD = 80
_LETTER = re.compile(r"[^\W_]")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]"
)
"""Letters of the scripts that put no spaces between words: Thai, Lao, Burmese, Khmer, kana, Han."""

_VOWEL_SIGNS = re.compile("[\u0640\u064b-\u0652]")
"""Of Arabic, and what stretches its words: they may be written or not."""

_AFTER_A_MARK = re.compile(r"(?<=[!?\u061f\uff01\uff1f])\s+(?=\S)")
_AFTER_A_STOP = re.compile(r"(?<=[^\W\d_]{3}\.)\s+(?=\S)")
_KNOWN_CODES = 4_096


class _Plain(dict[int, str | None]):
    """For `str.translate`: letters, marks and digits stay, joiners go, all else is a space."""

    def __missing__(self, code: int) -> str | None:
        """What becomes of a character; kept for the common ones."""
        character = chr(code)
        category = unicodedata.category(character)
        found: str | None = character if category[0] in "LMN" else " "
        if category == "Cf" or character in "'\u2019" or _VOWEL_SIGNS.match(character):
            found = None
        if len(self) < _KNOWN_CODES:
            self[code] = found
        return found


_PLAIN = _Plain()


def sentences(text: str, language: str | None = None) -> list[str]:
    """The sentences of a text, in their order, without the spaces around them.

    Abbreviations, decimals and ellipses end none; a line break does. What holds neither a letter
    nor a digit (an emoji, a stray mark) belongs to the sentence before it. At most `BOUND`
    characters are looked at.

    Args:
        text: the text.
        language: its BCP 47 tag, which tells the abbreviations; English where it is not known.
    """
    found: list[str] = []
    # A lone surrogate is no text, and the segmenter takes none.
    whole = text[:BOUND].encode("utf-8", "ignore").decode("utf-8")
    lower = whole == whole.lower()
    for line in whole.splitlines():
        for part in _parts(line, language or "en", lower=lower):
            if _LETTER.search(part) or not found:
                found.append(part)
            else:
                found[-1] += f" {part}"
    return found


def _parts(line: str, language: str, *, lower: bool) -> Iterable[str]:
    for sentence in segment(language.partition("-")[0].lower(), line):
        for part in _AFTER_A_MARK.split(sentence.strip()):
            # Where there are no capitals, the segmenter takes every full stop for an abbreviation.
            yield from filter(None, _AFTER_A_STOP.split(part) if lower else [part])


def words(text: str, bound: int = BOUND) -> list[str]:
    """The words of a text in small letters, without marks and apostrophes."""
    return unicodedata.normalize("NFKC", text[:bound]).casefold().translate(_PLAIN).split()


def weight(found: Sequence[str]) -> float:
    """How many words these are; two letters of a script without spaces count for one word."""
    return sum(max(1.0, len(word) / 2) if _UNSPACED.match(word) else 1.0 for word in found)


def alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two sentences (as `words`) say nearly the same in the same words.

    Another ending, order or slip of the pen makes no other sentence; another name, number or word
    does.
    """
    if fuzz.token_sort_ratio(" ".join(one), " ".join(other), score_cutoff=_ALIKE) == 0:
        return False
    new, old = set(one) - set(other), set(other) - set(one)
    if not new or not old:
        return True
    return _paired(new, old) and _paired(old, new)


def _paired(found: set[str], among: set[str]) -> bool:
    return all(any(fuzz.ratio(a, b) >= _SAME_WORD for b in among) for a in found)


def shingles(text: str, size: int, bound: int = BOUND) -> frozenset[Shingle]:
    """All runs of `size` words; where a script has no spaces, of twice as many letters."""
    found = words(text, bound)
    if any(_UNSPACED.match(word) for word in found):
        found = [letter for word in found for letter in word]
        size *= 2
    return frozenset(tuple(found[n : n + size]) for n in range(len(found) - size + 1))
