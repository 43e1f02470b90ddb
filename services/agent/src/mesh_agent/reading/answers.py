"""Yes and no, where somebody says nothing else."""

# ruff: noqa: RUF001 - some letters of other alphabets look like Latin ones

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_YES: dict[str, str] = {
    "en": "yes yeah yep yup yea ya yah sure definitely absolutely certainly of-course true correct",
    "es": "sí si claro por-supuesto",
    "fr": "oui ouais bien-sûr",
    "de": "ja jawohl jo jep klar",
    "pt": "sim claro com-certeza",
    "it": "sì si certo",
    "nl": "ja jawel zeker",
    "da": "ja jo jep",
    "sv": "ja japp jo",
    "nb": "ja jo jepp",
    "fi": "kyllä joo juu",
    "pl": "tak no",
    "cs": "ano jo",
    "ro": "da",
    "hu": "igen",
    "el": "ναι",
    "ru": "да ага",
    "uk": "так",
    "tr": "evet",
    "az": "bəli hə",
    "ar": "نعم ايوه أيوه ايوا أيوا اه آه اي بلى",
    "he": "כן",
    "fa": "بله آره",
    "ur": "ہاں جی جی-ہاں",
    "hi": "हाँ हां जी जी-हाँ haan han ji",
    "bn": "হ্যাঁ হ্যা",
    "ta": "ஆம்",
    "ml": "അതെ",
    "id": "ya iya",
    "ms": "ya",
    "fil": "oo opo",
    "sw": "ndiyo",
    "vi": "có vâng dạ",
    "th": "ใช่",
    "zh": "是 是的 对 有 會 会",
    "ja": "はい うん ええ",
    "ko": "네 예 응",
}
_NO: dict[str, str] = {
    "en": "no nope nah never not-really not-at-all false incorrect",
    "es": "no nunca para-nada",
    "fr": "non jamais pas-du-tout",
    "de": "nein nee nö ne niemals",
    "pt": "não nao nunca",
    "it": "no mai",
    "nl": "nee neen nooit",
    "da": "nej aldrig",
    "sv": "nej aldrig",
    "nb": "nei aldri",
    "fi": "ei en",
    "pl": "nie",
    "cs": "ne nikdy",
    "ro": "nu",
    "hu": "nem",
    "el": "όχι",
    "ru": "нет неа никогда",
    "uk": "ні",
    "tr": "hayır yok",
    "az": "xeyr yox",
    "ar": "لا كلا أبدا ابدا",
    "he": "לא",
    "fa": "نه خیر",
    "ur": "نہیں جی-نہیں",
    "hi": "नहीं नही nahi nahin",
    "bn": "না",
    "ta": "இல்லை",
    "ml": "അല്ല ഇല്ല",
    "id": "tidak nggak enggak gak",
    "ms": "tidak tak",
    "fil": "hindi",
    "sw": "hapana",
    "vi": "không",
    "th": "ไม่ ไม่ใช่",
    "zh": "不 不是 没有 沒有 不会 不會",
    "ja": "いいえ いや ううん",
    "ko": "아니요 아니오 아뇨 아니",
}
"""The words of an answer by language; those of one expression are joined by hyphens."""

_POLITE = re.compile(r"\b(?:please|thanks?(?: you)?|sir|madam|i (?:do|am|have)(?:n't| not)?)\b")
_THUMBS = {"\N{THUMBS UP SIGN}": " yes ", "\N{THUMBS DOWN SIGN}": " no "}


def _pattern(words: str) -> re.Pattern[str]:
    either = "|".join(re.escape(word.replace("-", " ")) for word in words.split())
    return re.compile(rf"(?:{either})(?: (?:{either}))*")


_ANSWERS = {
    language: ((True, _pattern(_YES[language])), (False, _pattern(_NO[language])))
    for language in _YES
}


def bare_answer(text: str, languages: Iterable[str]) -> bool | None:
    """Whether a plain text is nothing but a yes (True) or a no (False).

    None if it says anything else, or if likely languages disagree: "no" is a no in English, and a
    yes in Polish.
    """
    for thumb, word in _THUMBS.items():
        text = text.replace(thumb, word)
    kept = (c if unicodedata.category(c)[0] in "LMN" else " " for c in _POLITE.sub(" ", text))
    words = " ".join("".join(kept).split())
    likely = [language for language in (*languages, "en") if language in _ANSWERS]
    verdicts = _verdicts(words, likely) or _verdicts(words, _ANSWERS)
    return verdicts.pop() if len(verdicts) == 1 else None


def _verdicts(words: str, languages: Iterable[str]) -> set[bool]:
    return {
        verdict
        for language in languages
        for verdict, pattern in _ANSWERS[language]
        if pattern.fullmatch(words)
    }
