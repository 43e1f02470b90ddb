"""Two questions under one question mark: "How old are you and where do you live?".

What is looked for is a second question word behind an "and", where a first question has been asked;
behind an "or" only another one, for alternatives are one question.
Relative clauses ("where you live and where you work"), infinitives ("what to buy and where to go")
and pairs ("when and where") are one question.
"""

# ruff: noqa: RUF001 - other languages have letters of their own

from __future__ import annotations

import re
from dataclasses import dataclass

_FLAGS = re.IGNORECASE | re.UNICODE
_WITHOUT_SPACES = ("，", "か")
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class _Language:
    """How a first question is told, and a second one behind it.

    Attributes:
        first: a question word or a clause in the order of a question.
        second: "and" with what makes another question; its group `word`, if it has one, is a
            question word that may as well open a relative clause, and counts only if it is new.
    """

    first: re.Pattern[str]
    second: re.Pattern[str]


def _language(first: str, second: str) -> _Language:
    return _Language(re.compile(first, _FLAGS), re.compile(second, _FLAGS))


_WH = r"(?:what|how|where|when|which|who|whom|whose|why)"
_AUX = (
    r"(?:do|does|did|are|is|was|were|have|has|had|can|could|will|would|should|might"
    r"|don't|doesn't|didn't|aren't|isn't)"
)
_SUBJECT = (
    r"(?:you|your|it|its|they|their|that|there|this|the|these|those|people|he|she|we|one|a|an|any)"
)
_NO_SUBJECT = (
    r"(?!(?:you|it|they|we|i|he|she|that|there|people|to|not)\b|(?:you|it|that|there)['\u2019])"
)
_SHORT_ASIDE = r"(?:(?:also|then|so|roughly|about|on|in|at|for|with|to|from|by|since)\s+)?"
_INVERTED = (
    rf"{_WH}(?:['\u2019]s|['\u2019]re|['\u2019]d)\b(?!\s+(?:you|your)?\s*\?)"
    rf"|{_WH}(?:\s+{_NO_SUBJECT}[\w'\u2019-]+){{0,3}}?\s+{_AUX}\s+{_SUBJECT}\b"
    r"|what\s+(?:made|makes|brought|brings|kept|keeps|got|gets|happens|happened)\b"
    r"|(?:what|who|(?:what|which)\s+\w+)\s+(?:would|could|will|might)\s+\w+"
)
_ABOUT_A_PERSON = (
    r"(?:age(?:\s+(?:group|range|bracket))?|gender|nationality|occupation|profession|job|income"
    r"|marital\s+status|education|household\s+size)"
)
_ENGLISH = (
    _language(
        rf"\b(?:{_INVERTED}"
        r"|(?:which|what|where|who|why|how\s+(?:often|many|much|long|far|old))\s+"
        rf"(?!an?\b){_NO_SUBJECT}\w+"
        rf"|{_AUX}\s+(?:you|your|it|they|there|this|the)\b)|^\W*{_AUX}\s",
        rf"(?:,|;|\s[\u2013\u2014-])?\s*(?:\band|\bplus|&)\s+{_SHORT_ASIDE}"
        rf"(?:{_INVERTED}|{_WH}(?!\s+else)(?:\s+{_NO_SUBJECT}[\w'\u2019]+){{0,2}}\s*\?"
        rf"|{_AUX}\s+(?:you|it|they|there|that|this)\b|if\s+so\b|where\s+to\s*\?)"
        r"|[,;]?\s*(?:\b(?:and\s+)?why\s+)?\bor\s+why(?:\s+not)?\s*\?"
        r"|[,;]?\s*\bor\s+(?P<word>how|where|when|who|why)"
        rf"(?:\s+{_NO_SUBJECT}[\w'\u2019-]+){{0,2}}?\s+{_AUX}\s+you\b"
        r"|(?:,|;|\s[\u2013\u2014-])\s*(?:why|how\s+(?:come|so))\s*\?"
        rf"|(?:,|;|\s[\u2013\u2014-])\s*{_SHORT_ASIDE}"
        rf"(?:{_WH}(?:\s+{_NO_SUBJECT}[\w'\u2019-]+){{0,3}}?\s+{_AUX}\s+(?:you|they|your)\b)",
    ),
    _language(
        r"\byour\s+(?=" + _ABOUT_A_PERSON + r"\s)",
        rf"(?<=\w)\s+and\s+(?:your\s+)?{_ABOUT_A_PERSON}\b",
    ),
    _language(
        r"\b(?:(?:can|could|would|will)\s+you\s+(?:please\s+)?(?:tell|share|describe|explain|provide"
        r"|give|elaborate)"
        r"|(?:can|could)\s+you\s+say|(?:may|can|could)\s+i\s+ask"
        r"|(?:i['\u2019]d|i\s+would)\s+(?:love|like)\s+to\s+(?:know|hear)"
        r"|i['\u2019]m\s+(?:curious|wondering)|i\s+wonder)\b"
        r".*?(?:\b(?:what|how|where|why|who|which|about|on)\b"
        r"|\byour(?:\s+[\w'\u2019]+){1,2}(?=\s+and\b))",
        r",?\s+and\s+(?:what|how|where|why|who|which)\s+(?!to\b)(?:\w+\s+){0,2}?"
        r"(?:you|your|they|their)\b",
    ),
)
_PLEADED = _language(
    r"^\W*(?:\w+,\s+)?(?:can|could|would|will|may|might|shall)\s+(?:you|we|i)\b"
    rf"(?![^?]*\b{_WH}\b[^?]*\band\b)",  # what joins such clauses is told by the rules above
    r",?\s+and\s+(?:also\s+)?(?:how|what|where|why|when|who|which|if|whether)\s+(?!to\b|so\b)"
    r"(?:[\w'\u2019-]+\s+){0,2}?(?:you|your|they|their)\b"
    rf"|,\s+{_WH}\s+(?:[\w'\u2019-]+\s+){{0,2}}?(?:you|your|they|their)\b[^?,]*,\s+(?:and\s+)?{_WH}\b",
)
_PREPOSITION = {
    "es": r"(?:(?:a|de|en|con|por|para|desde|hasta|cada)\s+)?",
    "pt": r"(?:(?:a|de|em|com|por|para|desde|há)\s+)?",
    "it": r"(?:(?:a|di|da|in|con|per|su)\s+)?",
    "fr": r"(?:(?:à|de|en|avec|pour|depuis|dans|par|chez)\s+)?",
    "ru": r"(?:(?:в|на|с|по|до|от|за|из)\s+)?",
}
_ES = r"(?:qué(?!\s+tal\b)|cómo|a?dónde|cuándo|cuánt[oa]s?|cuál(?:es)?|quién(?:es)?)"
_DE = r"(?:wie|wo|was|wann|warum|wieso|weshalb|wohin|woher|wer|wen|wem|welche[rsnm]?)"
_NL = r"(?:hoe|waar|wat|wanneer|waarom|wie|welke?)"
_TR = r"(?:neden|nerede|nereye|nereden|nasıl|kaç|kim\w*|niçin|niye|hangi|ne)"
_ID = r"(?:apa(?:kah)?|siapa|kapan|bagaimana|gimana|mengapa|kenapa|berapa|seberapa)"
_ID_WHERE = r"(?:(?:di|ke|dari)\s*mana)"
_AR = r"(?:كم|أين|اين|وين|كيف|متى|لماذا|ليش|ماذا|شو|هل|أي)"
_HI = r"(?:क्या|कहाँ|कहां|कब|कैसे|कैसा|कैसी|कितन[ाीे]|क्यों|कौन|किस|किन)"
_ZH = r"(?:什么|哪[里儿个些]|怎么|多少|几[个次点]|谁)"
_JA = r"(?:何|どこ|誰|いつ|どう|なぜ|どの|どれ|いくつ|いくら)"
_RU = r"(?:как(?!\s+(?:бы|раз|только)\b)|где|куда|откуда|почему|зачем|сколько|како[йе]|какая|какие)"
_LANGUAGES = (
    *_ENGLISH,
    _PLEADED,
    _language(
        rf"\u00bf\s*\w+|\b{_ES}\b",
        rf",?\s+(?:y|e)\s+{_PREPOSITION['es']}{_ES}\b(?!\s+\w*[aei]r\b)",
    ),
    _language(
        r"\b(?:o\s+que|como|onde|aonde|quando|quant[oa]s?|qual|quais|quem|por\s+qu[eê]|você)\b",
        rf",?\s+e\s+{_PREPOSITION['pt']}(?:(?:o\s+que|como|quant[oa]s?|qual|quais|por\s+qu[eê])\b"
        r"(?!\s+(?:\w*[aei]r|mais|também)\b)|(?P<word>onde|quem)\b)",
    ),
    _language(
        r"\b(?:che|cosa|come|dove|quando|quant[oaie]|quale?|quali|chi|perch[éè])\b",
        rf",?\s+e\s+{_PREPOSITION['it']}(?:(?:che\s+cosa|cosa|come|quant[oaie]|quale?|quali|perch[éè])"
        r"\b(?!\s+(?:\w+[aei]re|più)\b)|(?P<word>dove|chi)\b)",
    ),
    _language(
        r"\b(?:que|quel(?:le)?s?|comment|où|quand|combien|pourquoi|qui|quoi)\b|\bqu['\u2019]"
        r"|-(?:vous|tu)\b",
        rf",?\s+et\s+{_PREPOSITION['fr']}(?:(?:comment|pourquoi|combien|quel(?:le)?s?)\b"
        r"(?!\s+\w+(?:er|ir|re)\b)"
        r"|(?:où|quand|qui|que|quoi|qu['\u2019]\w+)\b[^?]{0,80}?(?:-(?:vous|tu|il|elle|ce)\b|-ce\b))",
    ),
    _language(
        rf"\b{_DE}\b|^\W*\w+\s+(?:sie|du|ihr)\b",
        rf",?\s+und\s+(?:(?:seit|von|bis|in|aus|mit|zu)\s+)?{_DE}\s*(?:\?"
        r"|(?!\s*(?:sie|du|ihr|ihnen|dir|euch|ich|man|es|er|dort|da)\b)(?:\s*[\w-]+){1,3}?"
        r"\s+(?:sie|du|ihr|ihnen|dir|euch)\b)",
    ),
    _language(
        rf"\b{_NL}\b|^\W*\w+\s+(?:je|jij|u|jullie)\b",
        rf",?\s+en\s+{_NL}\s*(?:\?"
        r"|(?!\s*(?:je|jij|u|jullie|ik|men|het)\b)(?:\s*[\w-]+){1,3}?\s+(?:je|jij|u|jullie)\b)",
    ),
    _language(
        rf"\b{_TR}\b|\bm[ıiuü](?:s[ıiuü]n)?(?:[ıiuü]z)?\b",
        r",?\s+ve\s+(?:\w+\s+){0,4}?(?:neden|nerede|nereye|nereden|nasıl|kaç|kim\w*|niçin|niye|hangi"
        r"|ne\s+(?:zaman|kadar|sıklıkla|tür))\b",
    ),
    _language(
        rf"\b(?:{_ID}|{_ID_WHERE}|mana)\b",
        rf",?\s+dan\s+(?:{_ID}|(?P<word>{_ID_WHERE}))\b",
    ),
    _language(
        rf"(?<!\w)(?:{_AR}|ما)(?!\w)",
        rf"[،,]?\s+و\s?(?:(?:من|إلى|في|منذ)\s+)?(?:{_AR}|ما\s+(?:هو|هي|الذي|رأيك))(?!\w)",
    ),
    _language(_HI, rf",?\s+और\s+[^?।]{{0,80}}?{_HI}"),
    _language(_ZH, rf"，[^，？?]{{0,12}}?{_ZH}"),
    _language(_JA, rf"か、[^？?。]{{0,20}}?{_JA}"),
    _language(
        rf"\b(?:{_RU}|когда|кто|что|ли)\b",
        rf",?\s+(?:и|а)\s+{_PREPOSITION['ru']}(?:(?:как(?!\s+(?:бы|раз|только)\b)|почему|зачем|сколько"
        r"|како[йе]|какая|какие)\b|(?P<word>где|куда|откуда)\b)",
    ),
)
_LEAD_IN = re.compile(
    r"\b(?:what\s+do\s+you\s+think|(?:what|how)\s+would\s+you\s+say|how\s+about\s+you"
    r"|(?:can|may|could)\s+i\s+ask(?:\s+you)?(?:\s+something)?|(?:do|would)\s+you\s+mind)\s*"
    r"(?=[,:\u2026-]\s*(?!and\b))",
    re.IGNORECASE,
)


def second_question(sentence: str) -> int | None:
    """Where the second question of a sentence with one mark begins; None if it has none."""
    plain = _LEAD_IN.sub(lambda found: "_" * len(found[0]), sentence)
    return next(
        (at for language in _LANGUAGES if (at := _second(plain, language)) is not None), None
    )


def _second(sentence: str, language: _Language) -> int | None:
    first = language.first.search(sentence)
    if first is None:
        return None
    for second in language.second.finditer(sentence, first.end()):
        between = sentence[first.end() : second.start()]
        relative = second.groupdict().get("word")
        if relative is not None and relative.casefold() in sentence[: second.start()].casefold():
            continue
        clause = between + first[0].partition(" ")[2]
        if _LETTERS.search(clause) or second[0].startswith(_WITHOUT_SPACES):
            return second.start()
    return None
