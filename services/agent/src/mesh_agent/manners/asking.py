"""How many questions a message asks: with a question mark, without one, and two under one mark.

One sentence after the other. A mark within an address on the web asks nothing, and ?! is one
question. What the expressions of `two_in_one` do not know is one question: a false alarm costs more
than a slip.
"""

# ruff: noqa: RUF001 - other languages have letters of their own

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mesh_agent.manners.addresses import URL
from mesh_agent.manners.sentences import sentences, words
from mesh_agent.manners.two_in_one import second_question

if TYPE_CHECKING:
    from collections.abc import Sequence

_MARKS = "?\u037e\u055e\u061f\u1367\ufe56\uff1f\u203d\u2047-\u2049"
_QUESTION = re.compile(rf"[{_MARKS}][{_MARKS}!\uff01]*")
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
_GREEK_QUESTION = re.compile(r";(?=\s|$)")

_START = r"^(?:(?:ok(?:ay)?|and|also|but|great|now|please|so|thanks|then),?\s+)*"
_YOU = r"(?:you|your|they)"
_UNMARKED = re.compile(
    _START + r"(?:(?:what|how|where|when|which|who|why)"
    r"(?:\s+(?!you\b|it\b|they\b|we\b|i\b|he\b|she\b|that\b|the\b|there\b|people\b)[\w']+){0,3}"
    rf"\s+(?:do|does|did|are|were|have|can|could|will|would|should)\s+{_YOU}\b"
    r"|(?:what|where|when|which|who|how)\s+(?:is|are|was|were)\s+your\b"
    r"|(?:do|did|are|have|can|could|would|will|were)\s+you\b)",
    re.IGNORECASE,
)
_MORE = r"(?:\s*(?:about|on)\s+(?:it|that|this|them))?\s*[.!\u2026]*$"
_TOLD_TO_TELL = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        _START + r"(?:(?:tell|walk|talk)\s+me|describe|explain|share(?:\s+with\s+me)?)\s+"
        r"(?!(?:a\s+(?:bit|little)\s+)?more" + _MORE + r"|(?:if|when|whenever|whatever|only|any|as"
        r"|to|that|so|no|about\s+(?:it|that|this)\s*[.!]*$)\b)",
        _START + r"let\s+me\s+know\s+(?:what|how|where|which|who|why|about|your)\b",
        (
            r"^(?:por favor,?\s+)?(?:cu[eé]nt[ae](?:me|nos)|d[ií](?:game|me)|descr[ií]b[ae](?:me)?"
            r"|expl[ií](?:ca|que)me|h[aá]bl[ae]me)\s+(?!(?:un\s+poco\s+)?m[aá]s\s*[.!]*$|si\b|cuando\b)"
        ),
        (
            r"^(?:dites|dis|racontez|raconte|parlez|parle|d[ée]crivez|d[ée]cris|expliquez|explique)-moi"
            r"\s+(?!(?:en\s+|un\s+peu\s+)*plus\s*[.!]*$|si\b|quand\b)"
        ),
        (
            r"^(?:bitte\s+)?(?:erz[äa]hl(?:en\s+sie|e)?|beschreib(?:en\s+sie|e)?|schildern\s+sie"
            r"|sag(?:en\s+sie|e)?)\s+(?:mir|uns)\s+(?:doch\s+|bitte\s+|mal\s+|etwas\s+)*"
            r"(?!(?:gern\s+|noch\s+)*mehr\s*[.!]*$|bescheid|einfach|wenn\b|jederzeit)"
        ),
        (
            r"^(?:por favor,?\s+)?"
            r"(?:me\s+(?:cont[ea]|diga|fale)|(?:conte|diga|fale)-me|descreva)\s+"
            r"(?!(?:um\s+pouco\s+)?mais\s*[.!]*$|se\b|quando\b)"
        ),
        (
            r"^(?:per favore,?\s+)?(?:raccontami|mi\s+racconti|dimmi|mi\s+dica|parlami|mi\s+parli"
            r"|descrivimi|mi\s+descriva)\s+"
            r"(?!(?:qualcosa\s+)?(?:di|in)?\s*pi[uù]\s*[.!]*$|se\b|quando\b)"
        ),
        (
            r"^(?!.*(?:rsen|rsan|biraz daha|daha fazla))(?:\S+\s+){2,}"
            r"(?:anlat[ıi]n(?:[ıi]z)?|s[öo]yleyin(?:iz)?|payla[şs][ıi]n(?:[ıi]z)?)\s*[.!\u2026]*$"
        ),
        (
            r"^(?:tolong\s+|coba\s+|silakan\s+)?(?:ceritakan|ceritain|jelaskan|sebutkan|gambarkan)\s+"
            r"(?!(?:sedikit\s+)?lebih\b|lagi\b|jika\b|kalau\b|bila\b)"
        ),
        (
            r"^(?:من فضلك[،,]?\s+)?"
            r"(?:أخبرني|اخبرني|أخبريني|حد[ّ]?ثني|احك لي|احكي لي|صف لي|اشرح لي)\s+"
            r"(?!المزيد|أكثر|إذا|متى)"
        ),
        (
            r"^(?!.*(?:अगर|यदि|और बताइए|थोड़ा और))(?:\S+\s+){3,}"
            r"(?:बताइए|बताइये|बताएं|बताएँ|बताओ)\s*[।.!]*$"
        ),
    )
)
_HOW_ARE_YOU = re.compile(
    r"how(?:'s| is| are) (?:you|it going|things|your day)\b|how have you been|how do you do\b"
    r"|¿?(?:cómo estás?|cómo está usted|cómo te va|qué tal)\b|comment (?:allez-vous|vas-tu|ça va)"
    r"|wie geht(?:['’]?s| es)|(?:tudo bem|como vai|como está)\b|come (?:va|stai|sta)\b"
    r"|nasılsın(?:ız)?|apa kabar|كيف حالك|आप कैसे हैं|как (?:дела|вы)",
    re.IGNORECASE,
)
_PLEASANTRY_WORDS = 7


def questions(text: str, language: str | None = None) -> int:
    """How many questions a text asks."""
    return sum(map(asks, sentences(text, language)))


def asks(sentence: str) -> int:
    """How many questions one sentence asks."""
    marks = len(_marks(sentence))
    if marks == 1:
        return 1 if second_question(_without_urls(sentence)) is None else 2
    return marks or int(_asks_unmarked(sentence))


def is_asking(sentence: str) -> bool:
    """Whether the sentence asks anything."""
    return bool(_marks(sentence)) or _asks_unmarked(sentence)


def asks_pleasantly(sentence: str) -> bool:
    """Whether the sentence is a mere "how are you?"."""
    return bool(_HOW_ARE_YOU.search(sentence)) and len(words(sentence)) <= _PLEASANTRY_WORDS


def first_question(sentence: str) -> str:
    """The sentence as far as its first question goes."""
    marks = _marks(sentence)
    if not marks:
        return sentence
    second = second_question(_without_urls(sentence)) if len(marks) == 1 else None
    if second is not None:
        return sentence[:second].rstrip(" ,;:&\u060c\uff0c\u2013\u2014-") + marks[0][0]
    return sentence[: marks[0].end()]


def asking(found: Sequence[str]) -> list[str]:
    """Those of the sentences that ask."""
    return [sentence for sentence in found if is_asking(sentence)]


def _marks(sentence: str) -> list[re.Match[str]]:
    plain = _without_urls(sentence)
    if _GREEK.search(plain):
        plain = _GREEK_QUESTION.sub("?", plain)
    found = list(_QUESTION.finditer(plain))
    opened = plain.count("\u00bf")
    return found if len(found) >= opened else list(re.finditer("\u00bf", plain))


def _without_urls(sentence: str) -> str:
    """The sentence with its addresses blanked out, every other character in its place."""
    return URL.sub(lambda found: "_" * len(found[0]), sentence)


def _asks_unmarked(sentence: str) -> bool:
    if sentence.rstrip().endswith(("!", "\uff01")) and not sentence.lower().startswith("tell me"):
        return False
    plain = sentence.strip()
    return bool(_UNMARKED.match(plain)) or any(p.match(plain) for p in _TOLD_TO_TELL)
