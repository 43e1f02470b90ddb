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
_SENTENCE = re.compile(r"(?<=[.!?\u061f])\s+|(?<=[\u3002\uff01\uff1f])\s*(?!$)")
_QUESTION = re.compile(
    r"[?\u061f\uff1f\u2047-\u2049\u203d][?!\u061f\uff1f\uff01\u2047-\u2049\u203d]*"
)
_URL = re.compile(r"(?:https?://|www\.)\S*[^\s?!.,;:)\u061f\uff1f]", re.IGNORECASE)
"""An address on the web; a mark at its very end belongs to the sentence around it."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def cleaned(reply: str) -> str:
    """The reply without what no person writes and no database takes: control characters."""
    return _CONTROL.sub("", reply).strip()


def breaches(reply: str, field_names: list[str], *, ending: bool) -> list[str]:
    """What is wrong with a reply, in words that a model understands; nothing if it may be sent.

    Args:
        reply: the message.
        field_names: names that must never be seen (only those that are no ordinary words).
        ending: whether it is a goodbye, which asks nothing.
    """
    found = []
    questions = _questions(reply)
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
    if any(name.casefold() in reply.casefold() for name in field_names if "_" in name):
        found.append("the reply holds the name of a field")
    return found


def repair(reply: str, *, ending: bool) -> str:
    """The reply with what can be mended plainly mended: everything behind the first question goes.

    For a goodbye, sentences that ask go. What cannot be mended stays; `breaches` tells.
    """
    sentences = _SENTENCE.split(reply.strip())
    kept: list[str] = []
    for sentence in sentences:
        asks = _questions(sentence) > 0
        if asks and ending:
            continue
        kept.append(sentence)
        if asks:
            break
    return " ".join(kept)[:MAX_LENGTH].strip()


def _questions(text: str) -> int:
    """How many questions are asked. The ? within an address on the web is none; ?! is one."""
    return len(_QUESTION.findall(_URL.sub("", text)))
