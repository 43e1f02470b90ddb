"""Our own fixed texts: what is said where the model must not choose the words, or failed to.

`phrasebook/` holds them, one file per language. Each keeps every rule for replies; the tests see to
that.
"""

# ruff: noqa: RUF001 - other languages have letters of their own

from __future__ import annotations

import re
import tomllib
from enum import StrEnum
from importlib import resources
from typing import TYPE_CHECKING

from mesh_agent.describing import topic_of
from mesh_agent.language import base, detected
from mesh_agent.manners.sentences import REPEATED, alike, sentences, weight, words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


_ASK = ("Thanks! {}",)
_TELL = (
    "Thanks! Could you tell me {}?",
    "I see, thank you. Would you mind telling me {}?",
)


class Phrase(StrEnum):
    """What there are fixed texts for.

    Attributes:
        GOODBYE_TO_OPT_OUT: the only thing said to whoever asks to hear nothing more.
        GOODBYE: everything is known.
        GOODBYE_OUT_OF_BUDGET: not everything is known, and there shall be no more questions.
        DISTRESS_GOODBYE: the participant is in distress.
        CALM_GOODBYE: the participant insults or harasses.
        DECLINED: the participant does not want to take part.
        COURTESY: the one answer to what comes after the end.
        PLEASE_TYPE_IT: something came that cannot be seen or heard.
        FALLBACK: an acknowledgement and an open question that fits nearly anywhere.
        OPENING: who is asking, for how long, that one can stop, and something easy.
        REMINDER: to whoever has not answered for a while; it asks nothing.
        YOU_CAN_STOP: what an opening must not leave out.
    """

    GOODBYE_TO_OPT_OUT = "goodbye_to_opt_out"
    GOODBYE = "goodbye"
    GOODBYE_OUT_OF_BUDGET = "goodbye_out_of_budget"
    DISTRESS_GOODBYE = "distress_goodbye"
    CALM_GOODBYE = "calm_goodbye"
    DECLINED = "declined"
    COURTESY = "courtesy"
    PLEASE_TYPE_IT = "please_type_it"
    FALLBACK = "fallback"
    OPENING = "opening"
    REMINDER = "reminder"
    YOU_CAN_STOP = "you_can_stop"


def _read() -> dict[str, dict[str, tuple[str, ...]]]:
    """All phrases by language. They are complete, or nothing starts."""
    found = {}
    for file in (resources.files("mesh_agent") / "phrasebook").iterdir():
        language, _, suffix = file.name.partition(".")
        if suffix == "toml":
            texts = tomllib.loads(file.read_text(encoding="utf-8"))
            found[language] = {str(phrase): tuple(texts[phrase]) for phrase in Phrase}
    return found


_BOOK = _read()

_TO_STOP = re.compile(
    r"\b(?:can|could|may|free to|just say|just tell me|want to|wish to|like to)\b[^.?!]*\bstop\b"
    r"|\b(?:stop|opt out)\b[^.?!]*\b(?:any ?time|any moment|whenever)\b"
    r"|\bpued\w*[^.?!]*\b(?:parar|dejar\w*|terminar|detener\w*)\b"
    r"|\b(?:pouvez|peux|peut)\b[^.?!]*\barrêt\w*|\b(?:können|kannst|kann)\b[^.?!]*"
    r"\b(?:aufhören|beenden|abbrechen|stoppen)\b|\b(?:puoi|può|potete)\b[^.?!]*"
    r"\b(?:smettere|fermar\w*|interrompere)\b|\bpode\w*\b[^.?!]*\b(?:parar|encerrar|interromper)\b"
    r"|\b(?:bırakabilir|durdurabilir|sonlandırabilir)\w*"
    r"|\b(?:bisa|boleh|dapat)\b[^.?!]*\b(?:berhenti|stop)\b"
    r"|(?:يمكنك|تستطيع|بإمكانك)[^.؟!]*(?:توقف|إيقاف|إنهاء)|(?:कभी भी|जब चाहें)[^।?!]*(?:रुक|रोक|बंद)"
    r"|\b(?:можете|можешь)\b[^.?!]*(?:останов|прекрат|законч)|随时[^。？！]*(?:停|退出|结束)",
    re.IGNORECASE,
)
"""How openings say it in the languages that we know. When in doubt it was not said: to say it twice
does less harm than never.
"""


def tells_how_to_stop(text: str) -> bool:
    """Whether a message tells that one can stop."""
    return _TO_STOP.search(text) is not None


def languages() -> frozenset[str]:
    """The languages that there are phrases in."""
    return frozenset(_BOOK)


def variants(phrase: Phrase, language: str | None) -> tuple[str, ...]:
    """All texts of a phrase, in a language (BCP 47), else in its base language, else in English."""
    return _BOOK.get(base(language or "en"), _BOOK["en"])[phrase]


def say(phrase: Phrase, language: str | None, said: Collection[str] = ()) -> str:
    """A fixed text, one that was not said before if there is one.

    Args:
        phrase: which one.
        language: the language to say it in (BCP 47); English where there are no phrases in it.
        said: our earlier messages.
    """
    found = variants(phrase, language)
    return _fresh(found, said) or found[len(said) % len(found)]


def ask_about(description: str, language: str | None, said: Collection[str] = ()) -> str:
    """A question about one field where the model has failed to ask one.

    Made from the researcher's description, if that is English and can be asked about as it stands;
    else an open question that names nothing.

    Args:
        description: the field's.
        language: the language to ask in (BCP 47); where it is not known, the description's.
        said: our earlier messages.
    """
    english = base(language or detected(description) or "und") == "en"
    topic = topic_of(description) if english else None
    if topic is None:
        return say(Phrase.FALLBACK, language, said)
    frames = _ASK if topic.is_question else _TELL
    asked = _fresh([frame.format(topic.asked) for frame in frames], said)
    return asked or say(Phrase.FALLBACK, language, said)


def _fresh(texts: Iterable[str], said: Collection[str]) -> str | None:
    """The first text of which no longer sentence was said before; None if there is none."""
    earlier = [words(sentence) for text in said for sentence in sentences(text)]
    for text in texts:
        found = [words(sentence) for sentence in sentences(text)]
        longer = [sentence for sentence in found if weight(sentence) >= REPEATED]
        if not any(alike(sentence, other) for sentence in longer or found for other in earlier):
            return text
    return None
