"""What a message to a participant must look like, whatever the model says."""

from __future__ import annotations

import re

MAX_LENGTH = 1_000
"""Characters; WhatsApp takes 1,600, and nobody enjoys reading that much."""

_LIST = re.compile(r"^\s*(?:[-*\u2022]|\d+[.)])\s+", re.MULTILINE)
_TALK_OF_THE_TRADE = re.compile(
    r"\b(?:check-?list|data points?|schema|json|system prompt|my prompt|extraction"
    r"|reference number)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?\u061f\u3002\uff1f])\s+")
_QUESTION = re.compile(r"[?\u061f\uff1f]+")


def breaches(reply: str, field_names: list[str], *, ending: bool) -> list[str]:
    """What is wrong with a reply, in words that a model understands; nothing if it may be sent.

    Args:
        reply: the message.
        field_names: names that must never be seen (only those that are no ordinary words).
        ending: whether it is a goodbye, which asks nothing.
    """
    found = []
    questions = len(_QUESTION.findall(reply))
    if not reply.strip():
        found.append("the reply is empty")
    if len(reply) > MAX_LENGTH:
        found.append(f"the reply is longer than {MAX_LENGTH} characters")
    if questions > 1:
        found.append("the reply asks more than one question")
    if ending and questions:
        found.append("a goodbye asks no question")
    if _LIST.search(reply):
        found.append("the reply holds a list")
    if _TALK_OF_THE_TRADE.search(reply):
        found.append("the reply talks of the tools behind the chat")
    if any(name in reply for name in field_names if "_" in name):
        found.append("the reply holds the name of a field")
    return found


def repair(reply: str, *, ending: bool) -> str:
    """The reply with what can be mended plainly mended: everything behind the first question goes.

    For a goodbye, sentences that ask go. What cannot be mended stays; `breaches` tells.
    """
    sentences = _SENTENCE.split(reply.strip())
    kept: list[str] = []
    for sentence in sentences:
        asks = bool(_QUESTION.search(sentence))
        if asks and ending:
            continue
        kept.append(sentence)
        if asks:
            break
    return " ".join(kept)[:MAX_LENGTH].strip()
