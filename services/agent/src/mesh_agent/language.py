"""Which language a message is in, told only where it is certain.

Scripts first, which cost nothing; then py3langid, for texts that are long enough. Whoever mixes
languages, writes names only or romanises makes nothing certain, and is left alone
(`docs/decisions/0010-a-language-is-told-only-when-it-is-certain.md`).
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from langcodes import Language
from langcodes.tag_parser import LanguageTagError
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from mesh_agent.manners.addresses import URL
from mesh_agent.manners.sentences import BOUND

if TYPE_CHECKING:
    from collections.abc import Sequence

_SURE = 0.85
_HINT = 0.05
_LETTERS_TO_TELL = 20
_LETTERS_OF_A_REPLY = 12
_LETTERS_OF_A_SCRIPT = 6
_RECENT = 6
_PART = 5
_MOSTLY = 0.8

_SCRIPTS = {  # by ISO 15924; Hani with kana
    "Latn": "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u1e00-\u1eff\uff21-\uff3a",
    "Arab": "\u0620-\u064a\u066e-\u06d5\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc",
    "Deva": "\u0900-\u0963\u0970-\u097f",
    "Cyrl": "\u0400-\u052f",
    "Hani": "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff",
    "Hang": "\u1100-\u11ff\uac00-\ud7a3",
    "Grek": "\u0370-\u03ff\u1f00-\u1fff",
    "Hebr": "\u05d0-\u05ea",
    "Thai": "\u0e01-\u0e4e",
    "Beng": "\u0980-\u09ff",
    "Guru": "\u0a00-\u0a7f",
    "Gujr": "\u0a80-\u0aff",
    "Taml": "\u0b80-\u0bff",
    "Telu": "\u0c00-\u0c7f",
    "Knda": "\u0c80-\u0cff",
    "Mlym": "\u0d00-\u0d7f",
    "Sinh": "\u0d80-\u0dff",
    "Laoo": "\u0e80-\u0eff",
    "Mymr": "\u1000-\u109f",
    "Geor": "\u10a0-\u10ff",
    "Ethi": "\u1200-\u137f",
    "Khmr": "\u1780-\u17ff",
    "Armn": "\u0531-\u0587",
}
_LETTERS = re.compile("|".join(f"(?P<{name}>[{span}]+)" for name, span in _SCRIPTS.items()))
_HAN = {"Hans": "Hani", "Hant": "Hani", "Jpan": "Hani", "Kore": "Hang"}
_SEVERAL_SCRIPTS = frozenset({"az", "bs", "kk", "ku", "mn", "pa", "sr", "tg", "tt", "ug", "uz"})
_AKIN = tuple(
    frozenset(group.split())
    for group in (
        "en pcm",
        "es gl ca an ext ast",
        "pt gl",
        "fr oc wa ht gcf gcr",
        "it vec lij scn",
        "de lb nds",
        "nl af fy li",
        "da no nb nn se sv",
        "bs hr sl sr mk",
        "cs sk",
        "be uk",
        "be ru",
        "id ms jv su ace min",
        "tl fil ceb bcl",
        "hi ne mr bho mai",
        "ar arz ary apc",
        "fa ps tg",
        "tr az tk crh",
        "uz uzs",
        "kk ky tt ba",
        "zh yue wuu",
        "zu xh ss",
        "ga gd",
    )
)
_WRITTEN_AS = {"ary": "ar", "arz": "ar", "wuu": "zh", "yue": "zh", "nn": "no", "uzs": "uz"}
_SPEAKS_OF_A_LANGUAGE = re.compile(
    r"\b(?:english|spanish|french|german|portuguese|italian|turkish|arabic|hindi|indonesian|russian"
    r"|ingl[eé]s[ea]?|ingl[eê]s|anglais|englisch|ingilizce|inggris|espa[nñ]ol|espagnol|spanisch"
    r"|spagnolo|espanhol|fran[cç][eé]s|fran[cç]ais|franz[oö]sisch|francese|deutsch|alem[aá]n|allemand"
    r"|alem[aã]o|tedesco|portugu[eé]s|portugu[eê]s|portugais|italiano|t[uü]rk[cç]e|arabe|arabisch"
    r"|urdu|bahasa|tagalog|swahili|languages?|translat\w*|idioma|lengua|langue|sprache|l[ií]ngua"
    r"|lingua|traduc\w+|tradui\w+|tradu[zç]\w+|[uü]bersetz\w+|dil[id]?)\b"
    r"|\u0625?\u0646\u062c\u0644\u064a\u0632\u064a|\u0627\u0646\u0643\u0644\u064a\u0632|\u0639\u0631\u0628\u064a"
    r"|\u0644\u063a\u0629|\u0641\u0631\u0646\u0633\u064a|\u0905\u0902\u0917\u094d\u0930\u0947"
    r"|\u0939\u093f\u0902\u0926\u0940|\u0939\u093f\u0928\u094d\u0926\u0940|\u092d\u093e\u0937\u093e"
    r"|\u0430\u043d\u0433\u043b\u0438\u0439\u0441\u043a|\u0440\u0443\u0441\u0441\u043a|\u044f\u0437\u044b\u043a",
    re.IGNORECASE,
)


def load() -> None:
    """Loads what tells languages apart: 0.6 s and 90 MB, better at the start than in a turn."""
    _identifier()


def detected(text: str) -> str | None:
    """The language of a text as an ISO 639 code; None unless it is long enough and certain.

    Of Arabic and Chinese there is one, whatever is spoken where: one answers in the written one.
    """
    plain = URL.sub(" ", text[:BOUND])
    if _letters(plain).total() < _LETTERS_TO_TELL:
        return None
    ranked = _identifier().rank(plain)
    language = str(ranked[0][0])
    kin = _kin(language)
    sure = sum(share for tag, share in ranked if tag in kin) >= _SURE
    return _WRITTEN_AS.get(language, language) if sure and language != "zxx" else None


def base(tag: str) -> str:
    """The language of a BCP 47 tag without script and territory; "und" if it is no such tag."""
    return _parsed(tag).language or "und"


def is_tag(tag: str) -> bool:
    """Whether it is a BCP 47 tag that names a language; models may as well say "Spanish"."""
    return base(tag) != "und"


def akin(one: str | None, other: str | None) -> bool:
    """Whether two tags name the same language, or two that are easily mistaken for one another."""
    if one is None or other is None:
        return False
    return base(other) in _kin(base(one))


@lru_cache(maxsize=1_024)
def _kin(language: str) -> frozenset[str]:
    """The language and those that are easily mistaken for it."""
    return frozenset({language}).union(*(group for group in _AKIN if language in group))


def spoken(heard: Sequence[str], known: str | None, campaign: str | None) -> str | None:
    """The language to speak to somebody in, None if nothing tells.

    What the last messages are in, where that is certain; else what was known, else the campaign's.

    Args:
        heard: what the participant wrote, the latest last.
        known: the BCP 47 tag that was known so far.
        campaign: the campaign's.
    """
    tags = [tag for tag in (known, campaign) if tag and is_tag(tag)]
    for text in reversed(heard[-_RECENT:]):
        if found := detected(text):
            return next((tag for tag in tags if akin(tag, found)), found)
    script = _dominant(_letters(" ".join(heard[-_RECENT:])))
    fitting = [tag for tag in tags if script is None or script in _scripts(tag)]
    if script is not None and script != "Latn" and not fitting:
        return Language.make(script="Hans" if script == "Hani" else script).maximize().language
    return next(iter(fitting or tags), None)


def expected_instead(
    reply: str, heard: Sequence[str], known: str | None, campaign: str | None
) -> str | None:
    """The language or script that a reply should have been in; None if it is right or uncertain.

    Args:
        reply: our message.
        heard: what the participant wrote, the latest last. Nothing yet: the campaign's language is
            expected.
        known: the BCP 47 tag of the participant's language, as far as it is known.
        campaign: the campaign's.
    """
    plain = URL.sub(" ", reply[:BOUND])
    ours = _letters(plain)
    recent = [text[:BOUND] for text in heard[-_RECENT:]]
    theirs = "\n".join(recent)
    if ours.total() < _LETTERS_OF_A_REPLY or _SPEAKS_OF_A_LANGUAGE.search(theirs):
        return None
    script = _dominant(ours)
    if script is None:
        return None
    known, campaign = (tag if tag and is_tag(tag) else None for tag in (known, campaign))
    if not recent:
        return campaign if campaign and _differs(plain, script, campaign) else None
    if by_script := _other_script(script, theirs, known):
        return by_script
    return _other_language(plain, script, recent, known)


def _other_script(script: str, theirs: str, known: str | None) -> str | None:
    letters = _letters(theirs)
    wanted = _dominant(letters)
    if wanted in {None, script} or letters[script] >= _LETTERS_OF_A_SCRIPT:
        return None
    if wanted == "Latn":
        # Names are Latin everywhere, and many write Arabic or Hindi in Latin letters.
        told = detected(theirs)
        return told if told and script not in _scripts(known or told) else None
    fits = known is not None and wanted in _scripts(known)
    enough = letters.total() >= _LETTERS_OF_A_SCRIPT
    return known if fits else f"the script {wanted}" if enough else None


def _other_language(
    reply: str, script: str, recent: Sequence[str], known: str | None
) -> str | None:
    ours = detected(reply)
    if ours is None:
        return None
    told = detected("\n".join(recent))
    if akin(ours, told) or any(_hints_at(ours, text) for text in recent):
        return None
    if told is not None:
        return told
    return known if known and _differs(reply, script, known) else None


def _hints_at(language: str, text: str) -> bool:
    """Whether a part of the text may be in the language: many change it within a sentence."""
    ranked = _identifier().rank(text)
    enough = _letters(text).total() >= _LETTERS_OF_A_REPLY
    if enough and any(share >= _HINT for tag, share in ranked if tag in _kin(language)):
        return True
    found = text.split()
    parts = (" ".join(found[n : n + _PART]) for n in range(0, len(found), _PART))
    return any(_identifier().classify(part)[0] in _kin(language) for part in parts)


def _differs(text: str, script: str, tag: str) -> bool:
    """Whether a text in this script is certainly not in the language of the tag."""
    if script not in _scripts(tag):
        return True
    found = detected(text)
    return found is not None and not akin(found, tag)


def _letters(text: str) -> Counter[str]:
    """How many letters of each script a text has."""
    found: Counter[str] = Counter()
    for match in _LETTERS.finditer(text):
        found[match.lastgroup or ""] += match.end() - match.start()
    return found


def _dominant(letters: Counter[str]) -> str | None:
    """The script of nearly all letters, None if there are none or they are mixed."""
    if not letters:
        return None
    ((script, count),) = letters.most_common(1)
    return script if count >= _MOSTLY * letters.total() else None


def _scripts(tag: str) -> frozenset[str]:
    """The scripts that a language may be written in."""
    language = _parsed(tag).maximize()
    script = language.script or "Latn"
    found = {_HAN.get(script, script)}
    if language.language in _SEVERAL_SCRIPTS:
        found |= {"Latn", "Cyrl", "Arab"}
    return frozenset(found)


def _parsed(tag: str) -> Language:
    """A language tag; what is none names no language."""
    try:
        return Language.get(tag)
    except LanguageTagError:
        return Language.get("und")


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
