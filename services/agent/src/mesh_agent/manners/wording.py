"""Words that do not belong into a chat: of the tools behind it, of judgement, names of fields."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mesh_agent.manners import unwanted
from mesh_agent.manners.sentences import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def _any_of(table: Mapping[str, Iterable[str]], end: str = r"(?!\w)") -> re.Pattern[str]:
    """One expression for all of them, each from the edge of a word on."""
    patterns = "|".join(pattern for patterns in table.values() for pattern in patterns)
    return re.compile(rf"(?<!\w)(?:{patterns}){end}".replace(" ", r"\s+"), re.IGNORECASE)


_OURS = _any_of(unwanted.OF_OURS)
_TRADE = _any_of(unwanted.OF_THE_TRADE)
_VERDICT = _any_of(unwanted.VERDICTS, end="")
_CODE = re.compile(r"[{\[]\s*[\"'](?:reply|outcome|extractions|field|n|asked|state|text)[\"']\s*:?")
_CAMEL = re.compile(r"[a-z0-9][A-Z]")
_TOKEN = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")


def talk_of_tools(text: str, topics: str) -> str | None:
    """The first words of a text that speak of what stands behind the chat, None if there are none.

    A word of the trade (survey, schema, ...) may be the topic of a study: it passes where it is
    among the topics. What speaks of *our* list or prompt never passes.

    Args:
        text: the text.
        topics: what the researcher wrote of the study and the participant in the chat, in small
            letters.
    """
    if found := _CODE.search(text) or _OURS.search(text):
        return found[0]
    for match in _TRADE.finditer(text):
        word = match[0].casefold()
        if word[: max(4, len(word) - 2)] not in topics:
            return match[0]
    return None


def verdict(sentence: str) -> str | None:
    """The first words of a sentence that judge or lead, None if there are none."""
    found = _VERDICT.search(sentence)
    return found[0] if found else None


def field_named(text: str, names: Iterable[str]) -> str | None:
    """The first name of a field that stands in a text, None if there is none.

    A name counts as it is written in the schema if it is no ordinary word (`age_range`,
    `ageRange`, `q7`). In plain words it counts where it is used as a label ("Age range: ...") or
    called a field, and where its parts are no ordinary words (`nps_q7` as "nps q7").
    """
    written = {token.casefold().strip("_") for token in _TOKEN.findall(text)}
    spoken = f" {' '.join(words(text))} "
    lowered = text.casefold()
    for name in names:
        parts = _parts(name)
        if _is_odd(name) and name.casefold().strip("_") in written:
            return name
        plain = " ".join(parts)
        if f" {plain} field " in spoken or f" field {plain} " in spoken:
            return name
        if (
            len(parts) > 1
            and f" {plain} " in spoken
            and (_DIGIT.search(plain) or _is_label(plain, lowered))
        ):
            return name
    return None


def _parts(name: str) -> list[str]:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_+", " ", name).casefold().split()


def _is_odd(name: str) -> bool:
    bare = name.strip("_")
    return "_" in bare or bool(_CAMEL.search(bare)) or bool(_DIGIT.search(bare))


def _is_label(plain: str, text: str) -> bool:
    return any(line.strip(" *_-").startswith(f"{plain}:") for line in text.splitlines())
