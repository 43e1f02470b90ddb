"""The words for amounts that the library does not know, language by language."""

# ruff: noqa: RUF001 - some letters of other alphabets look like Latin ones

from __future__ import annotations

import re

Span = tuple[float, float]
"""What an amount may be: from, to, both included."""


def _exactly(**amounts: float) -> dict[str, Span]:
    return {word: (amount, amount) for word, amount in amounts.items()}


AMOUNTS: dict[str, dict[str, Span]] = {
    "en": {
        **_exactly(
            once=1, twice=2, thrice=3, both=2, couple=2, pair=2, dozen=12, half=0.5, quarter=0.25,
            lakh=1e5, lakhs=1e5, lac=1e5, crore=1e7, crores=1e7,
        ),
        "teens": (13, 19), "twenties": (20, 29), "thirties": (30, 39), "forties": (40, 49),
        "fifties": (50, 59), "sixties": (60, 69), "seventies": (70, 79), "eighties": (80, 89),
        "nineties": (90, 99),
    },
    "es": _exactly(
        medio=0.5, media=0.5, par=2, ambos=2, ambas=2, decena=10, docena=12,
        veintidos=22, veintitres=23, veintiseis=26, millon=1e6,
    ),
    "fr": _exactly(
        demi=0.5, demie=0.5, paire=2, dizaine=10, douzaine=12, quinzaine=15, vingtaine=20,
        trentaine=30, quarantaine=40, cinquantaine=50, centaine=100,
    ),
    "de": _exactly(
        eine=1, einen=1, einem=1, einer=1, beide=2, zwo=2, fuenf=5, zwoelf=12, fuenfzehn=15,
        fuenfzig=50, dutzend=12, halb=0.5, halbe=0.5, halben=0.5, halber=0.5, halbes=0.5,
        anderthalb=1.5, eineinhalb=1.5,
    ),
    "pt": _exactly(
        meio=0.5, meia=0.5, par=2, ambos=2, ambas=2, dezena=10, duzia=12, dúzia=12,
    ),
    "it": _exactly(
        mezzo=0.5, mezza=0.5, paio=2, entrambi=2, entrambe=2, decina=10, dozzina=12, quindicina=15,
        ventina=20, trentina=30,
    ),
    "nl": _exactly(beide=2, half=0.5, halve=0.5, anderhalf=1.5, anderhalve=1.5, dozijn=12),
    "da": _exactly(
        begge=2, halv=0.5, halvt=0.5, halve=0.5, halvanden=1.5, halvandet=1.5, dusin=12,
    ),
}  # fmt: skip
"""Single words. The library's own languages are these."""

ENDINGS: dict[str, tuple[tuple[str, float], ...]] = {
    "de": (("einhalb", 0.5), ("mal", 0)),
    "nl": (("maal", 0), ("enhalf", 0.5)),
}
"""What number words grow at their end, and how much it adds."""

PHRASES: dict[str, tuple[tuple[re.Pattern[str], tuple[float, ...]], ...]] = {
    language: tuple((re.compile(rf"\b(?:{phrase})\b"), amounts) for phrase, amounts in phrases)
    for language, phrases in {
        "en": (
            (r"every ?day|each day|daily|all week|the whole week", (1, 7)),
            (r"(?:every )?week ?days?|work(?:ing)? ?days?|monday (?:to|through|till) friday", (5,)),
            (r"week ?ends?", (2,)),
            (r"every other day", (3, 4)),
            (r"every week|weekly|every month|monthly|every year|yearly|annually", (1,)),
            (r"alone|myself|only me|just me|single", (1,)),
        ),
        "es": ((r"todos los d[ií]as|cada d[ií]a|a diario|diario|diariamente", (1, 7)),),
        "fr": ((r"tous les jours|chaque jour|quotidien(?:nement)?", (1, 7)),),
        "de": ((r"jeden tag|täglich|taeglich", (1, 7)), (r"allein|alleine", (1,))),
        "pt": ((r"todos os dias|todo (?:o )?dia|cada dia|diariamente", (1, 7)),),
        "it": ((r"tutti i giorni|ogni giorno|quotidianamente", (1, 7)),),
        "nl": ((r"elke dag|iedere dag|dagelijks", (1, 7)),),
        "da": ((r"hver dag|dagligt?", (1, 7)),),
    }.items()
}
"""What names an amount without naming a number."""

NOTHING = re.compile(
    r"\b(?:none|nothing|never|nobody|no ?one|neither|no|not|nope|without|zero|don'?t|doesn'?t|"
    r"haven'?t|ningun[oa]?|ningún|nunca|nada|nadie|sin|aucune?|jamais|rien|personne|pas|sans|"
    r"keine?[nmrs]?|nie|niemals|nichts|niemand|ohne|nicht|nein|nenhuma?|ninguém|sem|não|nao|"
    r"nessun[oa]?|mai|niente|non|senza|geen|nooit|niets|niemand|zonder|niet|nee|"
    r"ingen|intet|aldrig|uden|ikke|nej)\b"
)
"""What may amount to zero, where no number stands beside it."""

UNSURE = re.compile(
    r"\b(?:not (?:really |so |quite )?(?:sure|certain)|(?:do ?n[o']?t|can'?t) (?:really )?"
    r"(?:know|remember|recall|say)|no (?:idea|clue)|no s[eé]|ni idea|sais pas|aucune idée|"
    r"keine ahnung|wei(?:ss|ß) nicht|não sei|nao sei|non (?:lo )?so|geen idee|weet (?:ik )?niet|"
    r"ved (?:det )?ikke|ingen ide)\b"
)

ONE = re.compile(r"\b(?:an?|my|only)(?! (?:lot|bit|few|while|little|good|great|long|couple)\b)\b")
"""What may amount to one, where no number stands beside it."""

ONE_AND_A_HALF = re.compile(r"\b(?:an?|one)(?= \w+ and a half\b)")

DENIAL = re.compile(
    r"(?<!why )(?<!if )\b(?:not|isn't|wasn't|aren't|weren't|rather than|instead of|no longer|"
    r"no|pas|nicht|keine?|não|nao|non|niet|geen|ikke) (?:the |an? |about )?$"
)
"""What stands before a number that is not meant: "30, not 25"."""

MINUS = re.compile(r"(?:(?<![\w%)] )(?<![\w%)])-|\b(?:minus|negative|menos|moins|meno|min)) ?$")
PERCENT = re.compile(r" ?(?:%|percent|per ?cent|por ciento|pour cent|prozent|por cento|procent)")

_OR = (
    r"-|~|\u301c|/|to|or|till|until|through|maybe|perhaps|a|o|u|ó|ou|à|bis|oder|of|tot|eller|til|"
    r"hasta|até|или|либо|до|أو|او|إلى|الى|से|या|或|到|至|か|から|veya|ya da|ila|atau|sampai|o kaya"
)
_AND = r"and|y|e|i|et|und|en|og|to|a|à|و|и|ve|dan"
_COUNTED = r"(?:\s?[^\W\d]+)?[\s$€£%]*"
OR = re.compile(rf"{_COUNTED},?\s*(?:or maybe|{_OR})[\s$€£]*(?:maybe |perhaps |about )?")
BETWEEN = re.compile(
    r"(?:between|from|entre|zwischen|tussen|mellem|tra|fra|بين|между|arasında)(?: the| about)?\W*$"
)
OR_BETWEEN = re.compile(rf"{_COUNTED}\s*(?:-|{_AND})[\s$€£]*")
"""What stands between the two ends of a range; in the latter case, after a "between"."""

PLUS = re.compile(r"(?: [^\W\d]+){0,3},? ?(?:\b(?:and|plus|y|e|et|und|en|og)\b|[+&]) ?")
PLUS_ONE = re.compile(r"[^.!?\d]{1,30}\band an? (?!half|few|bit|lot|couple)")
PLUS_HALF = re.compile(
    r"\s(?:[^\W\d]+ )?(?:and|y|et|e|en|og|und)\s(?:an? |one |een |eine?n? |un[ae]? )?"
)
TIMES = re.compile(r" ?| of | de | d'|-")
TIMES_A = re.compile(r" (?:of )?an? ")
OUT_OF = re.compile(
    r"\s*(?:/|out of|of|von|sur|sobre|de|su|van de|ud af|em|من|из)\s*(?:an? |the |il )?"
)
"""What stands between numbers that are added or multiplied, or between a mark and its scale."""

_MINUTES = {
    "minute": 1.0, "hour": 60.0, "day": 1440.0, "week": 10080.0, "month": 43800.0,
    "year": 525600.0,
}  # fmt: skip
_UNIT = re.compile(
    r"[\s-]?(?:"
    r"(?P<minute>min(?:s|uten?|utes?|utos?|uti|utter|uut)?)|"
    r"(?P<hour>h|hrs?|hours?|horas?|heures?|stunden?|std|or[ae]|uur|uren|timer)|"
    r"(?P<day>days?|d[ií]as?|jours?|tage?n?|giorn[io]|dag(?:en|e)?)|"
    r"(?P<week>weeks?|wks?|semanas?|semaines?|wochen?|settiman[ae]|weken|uger?)|"
    r"(?P<month>months?|mes|meses|mois|monate?n?|m[eê]s|mes[ei]|maand(?:en)?|måned(?:er)?)|"
    r"(?P<year>years?|yrs?|años?|ans|années?|jahre?n?|anos?|ann[io]|jaar|jaren|år)"
    r")(?![^\W\d])"
)


_OF_A = re.compile(r"(?<=half|rter)(?: of)? an?(?= )")


def minutes_after(text: str, at: int) -> float | None:
    """How many minutes the unit of time lasts that stands there, if one does."""
    of_a = _OF_A.match(text, at)
    unit = _UNIT.match(text, of_a.end() if of_a else at)
    return _MINUTES[unit.lastgroup] if unit and unit.lastgroup else None


CONVERSIONS: dict[float, tuple[float, ...]] = {
    1.0: (1 / 60, 60),
    60.0: (60, 1 / 24),
    1440.0: (24, 1 / 7),
    10080.0: (7, 1 / 4, 1 / 52),
    43800.0: (30, 4, 1 / 12),
    525600.0: (365, 52, 12),
}
"""By the minutes of a unit: what makes a number of them one of the units that fields ask for."""

FALSE_FRIENDS = frozenset(
    {
        "an",
        "cent",
        "due",
        "elf",
        "en",
        "et",
        "fire",
        "half",
        "media",
        "mil",
        "once",
        "par",
        "ti",
        "to",
        "um",
    }
)
"""Number words of one language that are everyday words of another, or other numbers there."""
