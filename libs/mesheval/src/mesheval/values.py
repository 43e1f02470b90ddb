"""Whether a recorded value is what the participant told."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from meshcore.domain.schema import FieldSpec, FieldType, Value
from meshsim.words import word_set, words

_ENOUGH = 0.6
_HALF = 0.5
_WORD = re.compile(r"[^\W_]+")
_EMPTY = word_set(
    "a an and at for i i'm in is it it's my of on or so that the to with m s d ll would say said "
    "mostly usually about around there then just be was are me we por la el los las de die der das "
    "ich le les des du o os as da do"
)
_NUMBERS = {
    word: str(number)
    for number, word in enumerate(words("zero one two three four five six seven eight nine ten"))
} | {"once": "1", "twice": "2", "thrice": "3"}
_PLAIN = (
    (re.compile(r"\bdaily\b"), "every day"),
    (re.compile(r"\bweekly\b"), "once a week"),
    (re.compile(r"\b(\d+)\s?x\b"), r"\1 times"),
    (re.compile(r"\b(?:each|per|every)\b"), "a"),
    (re.compile(r"\btimes\b"), " "),
)


def is_true(spec: FieldSpec, value: Value, forms: Iterable[str]) -> bool:
    """Whether the value says the same as one of the forms of the truth.

    Numbers, dates and yes or no must be equal, choices but for case; of a list at least half of all
    items must be common. Free text says the same if one holds all the words of the other, or they
    share at least 60 % of the words of the shorter one, and if its numbers are the same; small
    words do not count, and "twice", "two times" and "2x" are one.
    """
    match spec.type:
        case FieldType.NUMBER | FieldType.INTEGER:
            return any(_number(form) == _number(str(value)) for form in forms)
        case FieldType.BOOLEAN:
            return any(form == ("true" if value else "false") for form in forms)
        case FieldType.DATE:
            return any(form == value for form in forms)
        case FieldType.ENUM:
            return any(_folded(form) == _folded(str(value)) for form in forms)
        case FieldType.LIST:
            items = value if isinstance(value, tuple) else (str(value),)
            return any(_alike(items, form) for form in forms)
        case FieldType.STRING:
            return any(_says_the_same(str(value), form) for form in forms)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _folded(text: str) -> str:
    return text.replace("_", " ").casefold().strip()


def _alike(items: tuple[str, ...], form: str) -> bool:
    wanted = {_folded(item) for item in form.split(",")}
    found = {_folded(item) for item in items}
    return len(wanted & found) >= _HALF * len(wanted | found)


def _says_the_same(value: str, form: str) -> bool:
    mine, theirs = _words(value), _words(form)
    numbers = {word for word in mine if word.isdigit()}
    if not mine or not theirs:
        return _folded(value) == _folded(form)
    if numbers and numbers != {word for word in theirs if word.isdigit()}:
        return False
    shared = len(mine & theirs)
    return shared >= _ENOUGH * min(len(mine), len(theirs))


def _words(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    for shape, replacement in _PLAIN:
        plain = shape.sub(replacement, plain)
    return frozenset(_NUMBERS.get(w, w) for w in _WORD.findall(plain)) - _EMPTY
