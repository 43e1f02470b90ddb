"""What a field's description asks for, in words that can be put to the participant.

Researchers describe fields for themselves: "How often they drive there", "Age bracket, e.g. 25-34".
What reads like a note to the interviewer is never put to anybody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mesh_agent.language import detected
from mesh_agent.manners.asking import asks, questions
from mesh_agent.manners.layout import is_form, placeholder
from mesh_agent.manners.wording import talk_of_tools, verdict

_MOST_WORDS = 16
_FEW = 2
_ASIDE = re.compile(
    r"\s*[(\[][^)\]]*[)\]]?|[\s,;:\u2013\u2014-]*(?<!\w)"
    r"(?:e\.\s?g\.|i\.\s?e\.|eg|ie|for (?:example|instance)|such as|like:)(?!\w).*$",
    re.IGNORECASE | re.DOTALL,
)
_FIRST = re.compile(r"[^.;:!?\n]*")
_NOTE = re.compile(
    r"\b(?:ask|asks|probe|do not|don['\u2019]t|avoid|never|must|should|shall|code|record|note|only"
    r"|mention|unless|ignore|reply|answer|value|values|field|null|true|false|iso|format|enum|string"
    r"|integer|boolean|between|sensitive|secret|we|our|us|i|my|if)\b|[_{}<>|=*#\"`\u201c\u201d]",
    re.IGNORECASE,
)
_SOMEBODY = r"(?:the|this|each)\s+(?:participant|respondent|person|customer|interviewee|user)"
_OWNED = re.compile(rf"\b(?:{_SOMEBODY}['\u2019]s|their|his or her)\b", re.IGNORECASE)
_ACTING = re.compile(rf"\b{_SOMEBODY}\s+(?P<verb>[a-z]+)\b", re.IGNORECASE)
_SPOKEN_OF = re.compile(rf"\b(?:{_SOMEBODY}|they|them|themselves)\b", re.IGNORECASE)
_VERBS = {"is": "are", "has": "have", "was": "were", "does": "do", "goes": "go", "says": "say"}
_SCALE = re.compile(r"^\s*(?P<low>\d{1,2})\s*(?:-|\u2013|to)\s*(?P<high>\d{1,3})\s+(?P<rest>.+)")
_WH = re.compile(r"(?:how|what|where|when|which|who|whom|whose|why|whether)\b", re.IGNORECASE)
_INVERTED = re.compile(
    r"(?:how|what|where|when|which|who|why)\b(?:\s+(?!you\b)[\w'\u2019]+){0,4}?"
    r"\s+(?:do|did|are|were|have|can|could|would|will)\s+you\b"
    r"|(?:do|did|are|were|have|can|could|would|will)\s+you\b",
    re.IGNORECASE,
)
_OF_SOMETHING = re.compile(
    r"(?:number|date|time|amount|kind|type|place|share|level)\s+of\b", re.IGNORECASE
)
_PREPOSITION = re.compile(r"(?:in|on|at|by|per|from|for|with|of|as|to)\b", re.IGNORECASE)
_DETERMINED = re.compile(r"(?:your|the|a|an|any|some|all|you)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Topic:
    """What is to be asked.

    Attributes:
        asked: the words: a whole question, or what can follow "could you tell me".
        is_question: which of the two.
    """

    asked: str
    is_question: bool


def topic_of(description: str) -> Topic | None:
    """The topic of an English description; None where it cannot be put to anybody as it stands."""
    text = " ".join(_FIRST.match(_ASIDE.sub("", description.strip()))[0].split())  # type: ignore[index]
    if detected(description) not in {None, "en"} or not text.isascii() or _NOTE.search(text):
        return None
    topic = _put_to_you(text.strip(" ,-"))
    return topic if topic and _may_be_said(topic) else None


def _put_to_you(text: str) -> Topic | None:
    if not 0 < len(text.split()) <= _MOST_WORDS or not re.search("[a-zA-Z]{3}", text):
        return None
    scale = _SCALE.match(text)
    if scale is not None:
        rated = _about(_second_person(scale["rest"]))
        frame = f"On a scale from {scale['low']} to {scale['high']}, how would you rate"
        return Topic(f"{frame} {rated}?", is_question=True)
    text = _second_person(text)
    if _INVERTED.match(text):
        return Topic(f"{text[0].upper()}{text[1:]}?", is_question=True)
    if _WH.match(text):
        return Topic(_lowered(text), is_question=False) if len(text.split()) > _FEW else None
    return None if _PREPOSITION.match(text) else Topic(_told(text), is_question=False)


def _told(text: str) -> str:
    """A thing as something that can follow "could you tell me"."""
    found = _about(text)
    short = len(text.split()) <= _FEW or _OF_SOMETHING.match(text)
    return found if short else f"about {found}"


def _second_person(text: str) -> str:
    text = _OWNED.sub("your", text)
    text = _ACTING.sub(lambda found: f"you {_plural(found['verb'])}", text)
    return _SPOKEN_OF.sub("you", text)


def _plural(verb: str) -> str:
    """The verb as it goes with "you"."""
    lowered = verb.lower()
    if lowered in _VERBS:
        return _VERBS[lowered]
    if lowered.endswith("ies"):
        return f"{lowered[:-3]}y"
    return lowered[:-1] if lowered.endswith("s") and not lowered.endswith("ss") else lowered


def _about(text: str) -> str:
    """A thing as something that can follow "about"."""
    text = _lowered(text)
    if _DETERMINED.match(text):
        return text
    return f"the {text}" if _OF_SOMETHING.match(text) else f"your {text}"


def _lowered(text: str) -> str:
    """The text to go on a sentence with; names and capitals keep theirs."""
    first = text.partition(" ")[0]
    return text if first[1:] != first[1:].lower() else text[0].lower() + text[1:]


def _may_be_said(topic: Topic) -> bool:
    whole = topic.asked if topic.is_question else f"Could you tell me {topic.asked}?"
    return (
        questions(whole) == asks(whole) == 1
        and not is_form(whole)
        and placeholder(whole) is None
        and talk_of_tools(whole, "", "") is None
        and verdict(whole) is None
    )
