"""Tells what a participant says from what pretends to be something else.

Some messages try to speak to the machine: fake system messages, orders to forget its instructions,
JSON that looks like its own answer. They stay the participant's words, the chat goes on, and nobody
is told off; but nothing in them is evidence of what the participant does or thinks.

A pretence reaches from where it begins to where it plainly ends: an order to the end of its
sentence, a fake message to the end of its paragraph, JSON to its closing brace. What stands before
and after is spoken, and counts. Hidden and look-alike letters are read as what they look like.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from mesh_agent.orders import is_order

if TYPE_CHECKING:
    from collections.abc import Iterator

    Span = tuple[int, int]

GAP = " \N{OBJECT REPLACEMENT CHARACTER} "
"""Stands where something was left out, so that no quotation can reach across."""

_OUR_KEYS = re.compile(r"\b(?:extractions|outcome|reply)\b[\"']?\s*[:=]", re.IGNORECASE)
_THEIR_KEYS = re.compile(
    r"\b(field|state|value|quote|message|because|asked|language|role|content|from|text)\b"
    r"[\"']?\s*[:=]",
    re.IGNORECASE,
)
_KEY_ON_ITS_OWN = re.compile(
    r"[\"'](?:extractions|outcome|reply|because|asked)[\"']\s*:[^\n]*"
    r"|\b(?:outcome|status)\s*[:=]\s*[\"']?(?:continue|complete|opted_out|declined|distress"
    r"|inappropriate)\b[^\n]*|\bextractions\s*[:=][^\n]*",
    re.IGNORECASE,
)
_FIELD_ON_ITS_OWN = re.compile(
    r"(?:^|[\s,;{(\"'`*])(?:[a-z]+_)+[a-z0-9]+[\"'`*]{0,3}\s{0,3}[:=](?!/)[^\n]*", re.MULTILINE
)
"""A name as only machines write it, and what it is said to be."""

_ROLES = r"(?:system|assistant|developer|user|human|ai|bot|model|tool|admin|administrator|operator)"
_ROLES_ABROAD = (
    r"(?:sistema|systeme|syst\u00e8me|sistem|\u0441\u0438\u0441\u0442\u0435\u043c\u0430"
    r"|\u7cfb\u7edf|\u7cfb\u7d71|\u30b7\u30b9\u30c6\u30e0|\uc2dc\uc2a4\ud15c"
    r"|\u0627\u0644\u0646\u0638\u0627\u0645|\u0938\u093f\u0938\u094d\u091f\u092e"
    r"|\u0633\u0633\u0679\u0645|\u0633\u06cc\u0633\u062a\u0645)"
)
_TAG = re.compile(
    rf"<\s*(?:{_ROLES}|instructions?|prompt|system[_ -]?(?:prompt|message|instructions?)|message"
    r"|conversation|transcript|extractions?|reply|outcome|data|input|rules|task)\b[^<>\n]{0,80}>"
    r"|<\|[^|<>\n]{1,40}\|>|<<\s*/?sys\s*>>|\[/?inst\]|```\s*system"
    rf"|\[\s*(?:{_ROLES}|instructions?)(?:\s+(?:message|prompt|note|notice|override"
    r"|instructions?|mode|update))?\s*[\]:]",
    re.IGNORECASE,
)
_CODE = re.compile(r"<!--[\s\S]*?(?:-->|\Z)|\bjavascript:[^\n]*", re.IGNORECASE)
_CLOSING_TAG = re.compile(
    rf"<\s*/\s*(?:{_ROLES}|instructions?|prompt|system\w*|message|conversation|transcript"
    r"|extractions?|reply|outcome|data|input|rules|task)\s*>",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"^[ \t]{0,3}#{1,6}[ \t]+(?:\w+[ \t]+){0,2}(?:system|assistant|instructions?|task|fields"
    r"|conversation|progress|research brief|rules|prompt|override)\b"
    r"|^[ \t]*[-=*#_]{3,}[ \t]*(?:begin|end|start|new|system|instructions?|override)\b",
    re.IGNORECASE | re.MULTILINE,
)
_SHOUTED_ROLE = re.compile(
    r"(?:^|(?<=[\s(*_>\"'.!?]))(?:SYSTEM|ASSISTANT|DEVELOPER|ADMIN|ADMINISTRATOR|AI)"
    r"(?: (?:MESSAGE|PROMPT|OVERRIDE|NOTE|NOTICE|INSTRUCTIONS?|UPDATE|COMMAND|ALERT))?"
    r"[*_ ]{0,3}:",
    re.MULTILINE,
)
_NAMED_ROLE = re.compile(
    rf"(?:^|(?<=[.!?\u3002\uff01]))[\s*_(>\"']{{0,4}}(?:{_ROLES}|{_ROLES_ABROAD})"
    r"(?: (?:message|prompt|override|note|notice|instructions?|update|command))?[*_ ]{0,3}:",
    re.IGNORECASE | re.MULTILINE,
)
_ORDERED = re.compile(
    r"\b(?:set|mark|ignore|disregard|override|record|you must|you are|you will|from now on|print"
    r"|reveal|instructions?|prompt|the (?:user|participant)|pon|establece|marca|ignora|mets|marque"
    r"|setze|imposta)\b|[\u8bbe\u8a2d]|\u5ffd\u7565|\u7121\u8996|\u062a\u062c\u0627\u0647\u0644"
    r"|\u0627\u0636\u0628\u0637|\u0438\u0433\u043d\u043e\u0440|\u0443\u0441\u0442\u0430\u043d\u043e\u0432",
    re.IGNORECASE,
)
"""What fake messages say: to set, to mark, to ignore."""

_SENTENCE = re.compile(r"[^.!?\n\u3002\u061f\u0964\u06d4]+[.!?\u3002\u061f\u0964\u06d4]*")
_CLAUSE = re.compile(r"[^,;:\u060c\u3001()]+")
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n|\Z")

_WORD = re.compile(r"\w+")
_LATIN = re.compile(r"[A-Za-z]")
_LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕкмтвнАВЕКМНОРСТУХІЈЅοανιεΑΒΕΗΙΚΜΝΟΡΤΧ",
    "aeopcyxijskmtbhABEKMHOPCTYXIJSoavieABEHIKMNOPTX",
)
"""Cyrillic and Greek letters that pass for Latin ones."""


def is_instruction(text: str) -> bool:
    """Whether a part of the text tries to speak to the machine."""
    return next(_pretences(_Visible(text)), None) is not None


def spoken_part(text: str) -> str:
    """The text without the parts that pretend to be something else; empty if that is all of it.

    Where something was left out in the middle, `GAP` stands.
    """
    visible = _Visible(text)
    kept: list[str] = []
    end = 0
    for start, stop in sorted(visible.original(span) for span in _pretences(visible)):
        if start > end:
            kept.append(text[end:start].strip())
        end = max(end, stop)
    if not end:
        return text
    return GAP.join(part for part in (*kept, text[end:].strip()) if part)


class _Visible:
    """A text as it looks: no invisible characters, plain letters instead of look-alikes.

    Its places can be found again in the original.
    """

    def __init__(self, text: str) -> None:
        places: list[int] = []
        letters: list[str] = []
        for place, character in enumerate(text):
            if unicodedata.category(character) == "Cf":
                continue
            seen = unicodedata.normalize("NFKC", character)
            letters.append(seen)
            places.extend([place] * len(seen))
        self.text = _WORD.sub(_without_look_alikes, "".join(letters))
        self._places = [*places, len(text)]

    def original(self, span: Span) -> Span:
        """Where a part of the visible text stands in the original."""
        return self._places[span[0]], self._places[span[1]]


def _without_look_alikes(word: re.Match[str]) -> str:
    """A word that mixes alphabets, in Latin letters; others are what they are."""
    return word[0].translate(_LOOK_ALIKES) if _LATIN.search(word[0]) else word[0]


def _pretences(visible: _Visible) -> Iterator[Span]:
    text = visible.text
    yield from _answers(text)
    yield from _fake_messages(text)
    yield from _orders(text)


def _answers(text: str) -> Iterator[Span]:
    """JSON and the like that looks like the machine's own answer."""
    rest, end = "", 0
    for start, stop in _braces(text):
        block = text[start:stop]
        if _OUR_KEYS.search(block) or len(set(map(str.casefold, _THEIR_KEYS.findall(block)))) > 1:
            yield start, stop
            rest += text[end:start] + " " * (stop - start)
            end = stop
    rest += text[end:]
    for pattern in (_KEY_ON_ITS_OWN, _FIELD_ON_ITS_OWN):
        for match in pattern.finditer(rest):
            yield match.span()


def _braces(text: str) -> Iterator[Span]:
    """What stands in outermost braces; what is never closed reaches to the end."""
    depth, start = 0, 0
    for place, character in enumerate(text):
        if character == "{":
            start = start if depth else place
            depth += 1
        elif character == "}" and depth:
            depth -= 1
            if not depth:
                yield start, place + 1
    if depth:
        yield start, len(text)


def _fake_messages(text: str) -> Iterator[Span]:
    """What claims to be said by somebody else, to the end of its paragraph or its tag."""
    for match in _CODE.finditer(text):
        yield match.span()
    end = 0
    for match in _TAG.finditer(text):
        if match.start() >= end:
            closing = _CLOSING_TAG.search(text, match.end())
            end = closing.end() if closing else _end_of_paragraph(text, match.end())
            yield match.start(), end
    for pattern in (_HEADING, _SHOUTED_ROLE, _NAMED_ROLE):
        end = 0
        for match in pattern.finditer(text):
            if match.start() < end:
                continue
            end = _end_of_paragraph(text, match.end())
            if pattern is _HEADING or _gives_orders(text, match.end(), end, pattern):
                yield match.start(), end


def _gives_orders(text: str, start: int, end: int, role: re.Pattern[str]) -> bool:
    """Whether what follows a role's name is likely no answer of a person with such a job.

    Capitals tell, unless everything is in capitals.
    """
    if role is _SHOUTED_ROLE and any(map(str.islower, text)):
        return True
    return _ORDERED.search(text, start, end) is not None


def _end_of_paragraph(text: str, start: int) -> int:
    match = _PARAGRAPH_END.search(text, start)
    return match.start() if match else len(text)


def _orders(text: str) -> Iterator[Span]:
    """Orders to the machine, from the clause that gives one to the end of its sentence."""
    for sentence in _SENTENCE.finditer(text):
        for clause in _CLAUSE.finditer(text, *sentence.span()):
            if is_order(clause[0]):
                yield clause.start(), sentence.end()
                break
