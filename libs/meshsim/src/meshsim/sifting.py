"""What of a message is meant as an answer: no jokes, insults, orders, or talk of other things.

English, and from patterns: a script has no understanding. What they do not know is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from meshsim.contract import Field
from meshsim.words import content_stems, overlap

_SENTENCES = re.compile(r"[^\n]+?(?:[.!?\u2026]+(?=\s|$)|(?=\n)|$)")
_LAUGHS = re.compile(r"\b(?:l+o+l+|lmao|(?:ha){2,}h?|jk)\b|[\U0001f602\U0001f923]", re.IGNORECASE)
_SERIOUSLY = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|no|but|now|and)[\s,]+)*"
    r"(?:seriously|(?:just |only )?(?:kidding|joking)|jk|for real|ok(?:ay)? ok(?:ay)?)(?: now)?"
    r"\s*(?:[:,.!\u2026-]+\s*|$)",
    re.IGNORECASE,
)
_INSULT = r"(?:idiots?|morons?|dumb(?:ass)?|stupid|annoying|useless|jerks?|fools?)"
_CURSES_US = re.compile(
    rf"\b(?:you(?:'re| are| bots?)?|question|bots?)\b.*\b{_INSULT}\b"
    rf"|\b{_INSULT}\b.*\b(?:question|bots?|or what)\b|\bhappy now\b",
    re.IGNORECASE,
)
_CURSE = re.compile(rf"(?:,?\s*\bobviously\b)?,?\s*\b(?:you )?{_INSULT}\b[\s.!?]*$", re.IGNORECASE)
_GRUNT = re.compile(r"^\W*(?:ugh+|pff+|meh|whatever|jeez)\W*$", re.IGNORECASE)
_DODGES = re.compile(
    r"\b(?:that would be telling|wouldn't you like to know|let's just say|(?:nice|good) try"
    r"|why do you (?:want to know|ask|care)|i have my (?:ways|reasons)"
    r"|ask\w* (?:me )?(?:the |such )?(?:strange|weird|odd|funny)\w*|it's a secret)\b",
    re.IGNORECASE,
)
_ORDERS = re.compile(
    r"\b(?:system\W*prompt|prompts?|schema|json|base64|markdown|check-?list|data points?"
    r"|(?:your|previous|all|new|the|more) (?:\w+ )?(?:instructions|rules|guidelines|developer)"
    r"|pretend (?:to be|you)|act as|from now on you|you are now|sudo|developer mode|jailbreak"
    r"|(?:other|all) (?:participants?|people) (?:say|said|answer)|phone numbers?"
    r"|(?:which|your) fields|(?:repeat|forget|ignore|disregard) (?:the|everything|all)"
    r"|complete this sentence|(?:end|finish) (?:the )?interview|number your questions"
    r"|ask me (?:two|three|\d)|write (?:a|an|me|\d+) |say the word|reply (?:with|in|only)"
    r"|answer only|tell me my answer|show me \w+'s)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:^|[,;:]|\b(?:and|about|it)\b)\s*(?:my|the|as for the|as for)\s+"
    r"(?P<topic>[a-z][a-z ]{2,40}?)\s*(?::|=|\bis\b)\s*(?P<rest>.+)$",
    re.IGNORECASE,
)
_TAKES_BACK = re.compile(
    r"\b(?:actually|sorry|correct\w*|wrong|mistake|meant|scratch that)\b", re.IGNORECASE
)
_INSTEAD = re.compile(
    r"^\W*(?:(?:it's|it is|actually|make that|i meant|rather|should be)[\s,]+)*"
    r"(?P<value>.+?)(?:,?\s*\b(?:and )?not\b\s*(?P<wrong>.+?))?[\s.!]*$",
    re.IGNORECASE,
)
_SAME_TOPIC = 0.99


@dataclass(frozen=True)
class Aside:
    """What a message tells about a field by its name.

    Attributes:
        field: the field.
        text: what is said about it, as it stands in the message.
        instead: whether it takes back what was said before.
    """

    field: Field
    text: str
    instead: bool


@dataclass(frozen=True)
class Sifted:
    """A message taken apart.

    Attributes:
        meant: what may answer the question, each piece as it stands in the message.
        asides: what it tells of by name.
    """

    meant: tuple[str, ...]
    asides: tuple[Aside, ...]


def sift(text: str, fields: Sequence[Field]) -> Sifted:
    """Take a message apart; of what is taken back by "seriously", nothing is meant."""
    plain = text.replace("\u2019", "'")
    meant: list[str] = []
    asides: list[Aside] = []
    for sentence in _sentences(plain):
        if serious := _SERIOUSLY.match(sentence):
            meant.clear()
            sentence = sentence[serious.end() :]  # noqa: PLW2901 - what is left of it
        if aside := _aside(sentence, fields):
            asides.append(aside)
        elif said := _said(sentence):
            meant.append(said)
    return Sifted(tuple(text[start:end] for start, end in _runs(meant, plain)), tuple(asides))


def takes_back(text: str) -> bool:
    """Whether a message says that what was sent before it was a joke."""
    return bool(_SERIOUSLY.match(text.replace("\u2019", "'")))


def _sentences(text: str) -> Iterator[str]:
    yield from (found[0].strip() for found in _SENTENCES.finditer(text) if found[0].strip())


def _said(sentence: str) -> str | None:
    """The sentence without a curse at its end; None if it is no answer to anything."""
    if any(shape.search(sentence) for shape in (_LAUGHS, _CURSES_US, _GRUNT, _DODGES, _ORDERS)):
        return None
    return _CURSE.sub("", sentence) or None


def _aside(sentence: str, fields: Sequence[Field]) -> Aside | None:
    label = _LABEL.search(sentence)
    field = _called(label["topic"], fields) if label else None
    if label is None or field is None:
        return None
    found = _INSTEAD.match(label["rest"])
    told = found["value"] if found else label["rest"]
    return Aside(field, told, bool(_TAKES_BACK.search(sentence)))


def _called(topic: str, fields: Sequence[Field]) -> Field | None:
    """The field that goes by this name."""
    stems = content_stems(topic)
    named = ((overlap(content_stems(f.name.replace("_", " ")), stems), f) for f in fields)
    likeness, field = max(named, key=lambda pair: pair[0], default=(0.0, None))
    return field if likeness >= _SAME_TOPIC else None


def _runs(pieces: Sequence[str], text: str) -> list[tuple[int, int]]:
    """Where the pieces stand in the text, those that follow each other as one."""
    runs: list[tuple[int, int]] = []
    for piece in pieces:
        behind = runs[-1][1] if runs else 0
        at = text.index(piece, behind)
        if runs and not text[behind:at].strip():
            runs[-1] = (runs[-1][0], at + len(piece))
        else:
            runs.append((at, at + len(piece)))
    return runs
