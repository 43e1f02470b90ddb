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
_SERVICE = _any_of(unwanted.SERVICES)
_VERDICT = _any_of(unwanted.VERDICTS, end="")
_CODE = re.compile(r"[{\[]\s*[\"'](?:reply|outcome|extractions|field|n|asked|state|text)[\"']\s*:?")
_CAMEL = re.compile(r"[a-z0-9][A-Z]")
_TOKEN = re.compile(r"\w+")
_CODED = re.compile(r"[A-Za-z]\d|\d[A-Za-z]")
_CALLED_A_FIELD = re.compile(
    r"\bfields? (?:called |named )?[\"'\u201c\u2018`*]+([\w ]{1,64}?)[\"'\u201d\u2019`*]",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"^[^:\n]{1,64}:", re.MULTILINE)


def talk_of_tools(text: str, topics: str, public: str) -> str | None:
    """The first words of a text that speak of what stands behind the chat, None if there are none.

    A word of the trade (survey, schema, ...) may be the topic of a study: it passes where it is
    among the topics. What speaks of *our* list or prompt never passes.

    Args:
        text: the text.
        topics: what the researcher wrote of the study and the participant in the chat, in small
            letters.
        public: the researcher's part of it. What a participant calls the machinery is not taken
            over.
    """
    if found := _CODE.search(text) or _OURS.search(text):
        return found[0]
    for match in _TRADE.finditer(text):
        word = match[0].casefold()
        usable = public if unwanted.OF_THE_MACHINERY.search(word) else topics
        if word[: max(4, len(word) - 2)] not in usable:
            return match[0]
    return None


def service(sentence: str) -> str | None:
    """The first words of a sentence that offer help, as assistants do, None if there are none."""
    found = _SERVICE.search(sentence)
    return found[0] if found else None


def verdict(sentence: str) -> str | None:
    """The first words of a sentence that judge or lead, None if there are none."""
    found = _VERDICT.search(sentence)
    return found[0] if found else None


def field_named(text: str, names: Iterable[str], topics: str) -> str | None:
    """The first name of a field that stands in a text, None if there is none.

    A name counts as it is written in the schema if it is no ordinary word (`age_range`,
    `ageRange`, `q7`). In plain words it counts where it is used as a label ("Age range: ...") or
    called a field (the field "hobby"), and where its parts are no words (`nps_q7` as "nps q7").

    Args:
        text: the text.
        names: the names.
        topics: as of `talk_of_tools`; what mixes letters and digits there is a word (COVID19).
    """
    written = {token.casefold().strip("_") for token in _TOKEN.findall(text)}
    spoken = f" {' '.join(words(text))} "
    called = {found.casefold() for found in _CALLED_A_FIELD.findall(text)}
    labels = {line.partition(":")[0].strip(" *_-").casefold() for line in _LABELLED.findall(text)}
    for name in names:
        plain = _spoken(name)
        if _is_odd(name, topics) and name.casefold().strip("_") in written:
            return name
        if plain in called or name.casefold() in called:
            return name
        if " " in plain and (plain in labels or _is_no_word(plain, spoken)):
            return name
    return None


def _spoken(name: str) -> str:
    """The name in plain words."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_+", " ", name).casefold().strip()


def _is_odd(name: str, topics: str) -> bool:
    bare = name.strip("_")
    coded = bool(_CODED.search(bare)) and bare.casefold() not in topics
    return "_" in bare or bool(_CAMEL.search(bare)) or coded


def _is_no_word(plain: str, spoken: str) -> bool:
    return bool(_CODED.search(plain)) and f" {plain} " in spoken
