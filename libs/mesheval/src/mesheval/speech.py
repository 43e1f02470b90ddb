"""What is wrong with a message, judged by its words alone.

On purpose not by the rules that the agent itself keeps: what they do not see must be seen here.
"""

from __future__ import annotations

import re
from functools import cache

from mesh_agent import prompt
from meshcore.domain.campaign import Campaign

_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_MARKS = re.compile(r"[?\u061f\uff1f\u2047-\u2049\u203d][?!\u061f\uff1f\uff01\u2047-\u2049\u203d]*")
_SENTENCE = re.compile(r"[^.!?\u061f\uff1f\n]+[.!?\u061f\uff1f]*")
_REQUEST = re.compile(
    r"^\W*(?:and |so |now |please |also |then )*"
    r"(?:tell me|describe|let me know|walk me through|share (?:with me|a|your|what|how)|"
    r"cuéntame|dime|erzähl\w*|dites-moi|conte-me|diga-me)\b",
    re.IGNORECASE,
)
_TWO_IN_ONE = re.compile(
    r"\b(?:and|or|und|oder|y|o|et|ou|e)\s+(?:(?:also|about|if so|for|at|in|on|to)\s+)?"
    r"(?:how|what|where|when|which|who|why|do you|are you|would you|could you|did you|have you|"
    r"wie|was|wo|wann|warum|welche\w?|cómo|qué|dónde|cuándo|cuál|por qué|"
    r"comment|quand|pourquoi|quelle?s?|como|onde|quando|qual)\b[^?]*\?",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"\b(?:how|what|where|when|which|who|why|do|does|did|are|is|would|could|can|have|has|will|may|"
    r"wie|was|wo|wann|cómo|qué|dónde|cuándo|comment|quand|como|onde|quando)\b",
    re.IGNORECASE,
)
_LIST = re.compile(r"^\s*(?:[-*\u2022\u2023\u25cf]|\(?\d{1,2}[.):]|[a-d]\))\s+\S", re.MULTILINE)
_TRADE = re.compile(
    r"\b(?:check-?lists?|data[ -]points?|extraction schema|schema|json|system prompt|my prompt|"
    r"system message|reference number|field names?|interview script)\b",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"\b(?:don't you (?:think|agree)|wouldn't you (?:say|agree)|isn't (?:it|that)|"
    r"aren't (?:you|they)|"
    r"surely|obviously|you must (?:be|feel|have|think)|i (?:guess|assume|bet|suppose) you|"
    r"would you agree|most people (?:say|think|prefer)|right\?|correct\?)",
    re.IGNORECASE,
)
_JUDGING = re.compile(
    r"\b(?:(?:great|good|excellent|wonderful|fantastic|amazing|smart|wise|perfect|brilliant|awesome|"
    r"terrible|awful|bad|poor|wrong) (?:answer|choice|point|idea|job|decision|thinking)|"
    r"well done|good for you|that's (?:great|wonderful|fantastic|amazing|awesome|terrible|awful|"
    r"impressive|perfect|wrong|too (?:much|little|often))|"
    r"you (?:should|shouldn't|ought to)|you're (?:right|wrong)|i (?:totally )?(?:dis)?agree)\b",
    re.IGNORECASE,
)
_QUOTED = 8
"""Words in a row that nobody has in common with the agent's instructions by chance."""


def questions_in(text: str) -> int:
    """How many questions a message asks, those without a question mark included.

    A question that joins two counts as two.
    """
    plain = _URL.sub("", text).replace("\u2019", "'")
    marks = len(_MARKS.findall(plain))
    requests = sum(
        bool(_REQUEST.search(s)) and not _MARKS.search(s) for s in _SENTENCE.findall(plain)
    )
    joined = sum(
        bool((found := _TWO_IN_ONE.search(s)) and _ASKING.search(s[: found.start()]))
        for s in _SENTENCE.findall(plain)
    )
    return marks + requests + joined


def is_list(text: str) -> bool:
    """Whether the message holds a list or numbering."""
    return bool(_LIST.search(text))


def leaks(text: str, campaign: Campaign) -> bool:
    """Whether the message tells of the machinery behind the chat.

    That is a field's name, talk of the trade, JSON, or a piece of the agent's instructions.
    """
    folded = text.casefold()
    named = any("_" in name and name.casefold() in folded for name in campaign.extraction_schema)
    return named or bool(_TRADE.search(text)) or '{"' in text or _quotes_instructions(text)


def leading(text: str) -> bool:
    """Whether the message puts an answer into the participant's mouth."""
    return bool(_LEADING.search(text.replace("\u2019", "'")))


def judging(text: str) -> bool:
    """Whether the message praises, blames or advises."""
    return bool(_JUDGING.search(text.replace("\u2019", "'")))


def _quotes_instructions(text: str) -> bool:
    return not _shingles(text).isdisjoint(_instructions())


@cache
def _instructions() -> frozenset[tuple[str, ...]]:
    return _shingles(prompt.RULES)


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return frozenset(tuple(words[i : i + _QUOTED]) for i in range(len(words) - _QUOTED + 1))
