"""Looking at plain text: words, sentences and the question in a message."""

from __future__ import annotations

import re


def word_set(text: str) -> frozenset[str]:
    """Return the words of a list that is written down with spaces between them."""
    return frozenset(text.split())


STOPWORDS = word_set(
    "a about all also am an and any are as at be been bit but by can could did do does e for from "
    "g get got had has have how i if in into is it its just let like many may me might more much "
    "my now of ok on one or our out please say so some tell than thank thanks that the their them "
    "then there they this to up us was we were what when where which who why will with would you "
    "your"
)
_WORD = re.compile(r"[^\W_]+(?:'[^\W\d_]+)?")
_SENTENCE = re.compile(r"[^.!?\u061f\uff1f\n]+[.!?\u061f\uff1f]*")
_MARKS = ("?", "\u061f", "\uff1f")
_SUFFIXES = ("ingly", "ation", "ing", "ies", "ely", "ed", "es", "ly", "s", "e")
_SHORTEST_STEM = 3


def words(text: str) -> list[str]:
    """Return the words of `text` in lower case, in order."""
    return _WORD.findall(text.lower().replace("\u2019", "'"))


def stem(word: str) -> str:
    """Return `word` without a common English ending, so that `drives` meets `driving`."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            return word[: -len(suffix)]
    return word


def content_stems(text: str) -> frozenset[str]:
    """Return the stems of the words of `text` that carry its meaning."""
    return frozenset(stem(word) for word in words(text) if word not in STOPWORDS)


def sentences(text: str) -> list[str]:
    """Split `text` after full stops, exclamation and question marks."""
    return [part.strip() for part in _SENTENCE.findall(text) if part.strip()]


def last_question(text: str) -> str | None:
    """Return the last sentence of `text` that ends with a question mark, if there is one."""
    return next((part for part in reversed(sentences(text)) if part.endswith(_MARKS)), None)


def overlap(left: frozenset[str], right: frozenset[str]) -> float:
    """Return how much of the smaller set the other one shares, between 0 and 1."""
    if not left or not right:
        return 0.0
    return len(left & right) / min(len(left), len(right))
