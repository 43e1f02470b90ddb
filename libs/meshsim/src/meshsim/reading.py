"""Understanding what a participant wrote: intentions, vagueness, and typed values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Literal

from meshsim.contract import Field
from meshsim.questions import scale_of, wording
from meshsim.words import STOPWORDS, sentences, word_set, words

Intention = Literal["opt_out", "decline", "distress", "inappropriate"]

_STOP_WORD = re.compile(
    r"^\W*(please )?(stop|quit|cancel|end|unsubscribe)\b(?P<rest>.{0,25})$", re.IGNORECASE
)
_STOP_REST = re.compile(
    r"[\s.,!]*((it|this|now|please|thanks?|thank you|bye)[\s.,!]*)*", re.IGNORECASE
)
_PLEASE = (
    r"(?:(?:please|pls|just|ok(?:ay)?|no|sorry|look|hey|can you|could you|i(?:'d| would)? "
    r"(?:rather|like|want|need|asked|told) you(?: to)?)[\s,]+)*"
)
_STOP_IT = (
    r"leave me alone|no more (?:messages|questions|texts)|lose my number"
    r"|(?:take|remove) me (?:off|from)(?: (?:this|that|your|the|all|contact|mailing|list|lists)\b)*"
    r"|remove me|(?:stop|quit) (?:messag|text|contact|writ|send|ask|bother)ing"
    r"|(?:i )?(?:don'?t|do not|no longer) want to (?:continue|keep going|chat|talk|be contacted"
    r"|take part|do this)"
    r"|(?:don'?t|do not) (?:ever )?(?:message|text|contact|call|write) ?(?:to )?me"
    r"|(?:i'm|i am) (?:out|done)"
)
_AND_NO_MORE = (
    r"(?:[\s,]+(?:please|now|already|thanks?|thank you|bye|any ?more|again|ever|from now on"
    r"|for good|(?:with )?(?:this|that|it|you|me)|(?:to|with) (?:you|me)|messages|texts|questions"
    r"|(?:and|or) (?:don'?t|do not|stop|never|delete|lose)\b[^.!?,\n]{0,30}))*"
)
_INTENTIONS: tuple[tuple[Intention, re.Pattern[str]], ...] = (
    (
        "distress",
        re.compile(
            r"\b(kill(ing)? myself|suicid\w*|want to die|end my life|hurt(ing)? myself|"
            r"self[- ]harm|don'?t want to live|he (beats|hits) me)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "inappropriate",
        re.compile(
            r"\b(send (me )?nudes?|are you single|sexy|f+uck you|i('ll| will) kill you)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "opt_out",
        re.compile(
            rf"(?:^|[.!?\n])\W*{_PLEASE}(?:{_STOP_IT}){_AND_NO_MORE}\W*(?:$|[.!?\n])",
            re.IGNORECASE,
        ),
    ),
    (
        "decline",
        re.compile(
            r"^\W*(sorry,? )?(no,? ?)?(thanks,? |thank you,? )?((i'?m |i am )?not interested"
            r"( at all| anymore)?|no,? (thanks|thank you)|i('d| would) rather not take part)"
            r"([,.! ]*(thanks|thank you|sorry))?\W*$",
            re.IGNORECASE,
        ),
    ),
)
_REFUSAL = re.compile(
    r"\b((rather|prefer) not|no comment|none of your (\w+ )?business|too personal|"
    r"keep (that|this|it) to myself|"
    r"that's (private|personal)|(don't|do not) want to (say|answer|share|talk about)|"
    r"(skip|pass on) (this|that|it))\b",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"\b(depends|not (really )?sure|i guess|maybe|dunno|idk|(don't|do not) (really )?know|no idea|"
    r"hard to say|whatever|so-so|kind of|sort of|varies|it changes|hmm+)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"^\W*((btw|by the way|anyways?|random|speaking of)\b|"
    r"((ha){2,}h?|lol|hey|and|but|sorry|wait|so|well|hold on)?[\s,]*"
    r"(do|did|does|is|are|was|were|can|could|would|will|have|has|what|who|why|how|when|where|which)"
    r"\b.*\?\W*$)",
    re.IGNORECASE | re.DOTALL,
)
_HOW_MANY = re.compile(
    r"\b(how (often|many|much|long|old)|age|frequency|number of|per (day|week|month))\b",
    re.IGNORECASE,
)
_HABIT = re.compile(
    r"\b((every|each|most) \w*(day|week|month|year|morning|time)s?|daily|weekly|monthly)\b",
    re.IGNORECASE,
)
_CONCRETE = re.compile(r"\d|(?<=\s)(?!I\b|I')[A-Z]")
_NOT_A_NUMBER = re.compile(
    r"\b(one (sec|second|moment|minute)|(good|this|that|which|no|the|another) one)\b"
)
_EMPTY_WORDS = STOPWORDS | word_set(
    "hm hmm hmmm haha hahaha lol yes yeah yep no nope nah hi hello hey well really think sec good "
    "question sure okay fine alright right depends maybe guess dunno idk know idea hard varies "
    "whatever kind sort not don't time times thing things mood changes day days i'm i'd i'll it's "
    "that's always honest honestly actually quite pretty wait thinking man sometimes"
)
_YES_OR_NO = re.compile(r"(do|are|have|would|will|can|is) you\b", re.IGNORECASE)
_YES = re.compile(
    r"\b(yes|yeah|yep|yup|sure|definitely|of course|absolutely|i do|i am)\b", re.IGNORECASE
)
_NO = re.compile(r"\b(no|nope|nah|not|never|none|don't|do not)\b", re.IGNORECASE)
_UP_TO_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_BY_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS = {word: value for value, word in enumerate(words(_UP_TO_TWENTY))}
_TENS = {word: 10 * value for value, word in enumerate(words(_BY_TENS), start=2)}
_AMOUNTS = {"once": 1, "twice": 2, "thrice": 3, "couple": 2, "dozen": 12, "hundred": 100}
_NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?|[a-z]+(?:-[a-z]+)?", re.IGNORECASE)
_DATES = re.compile(
    r"\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}[/.]\d{4}|\d{1,2}\.? [a-z]{3,9} \d{4}|"
    r"[a-z]{3,9} \d{1,2},? \d{4}",
    re.IGNORECASE,
)
_DATE_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y")


def intention(text: str) -> Intention | None:
    """Return what a message means for the interview as a whole, if anything."""
    plain = text.replace("\u2019", "'").strip()
    stop = _STOP_WORD.match(plain)
    if stop and _STOP_REST.fullmatch(stop["rest"]):
        return "opt_out"
    return next((name for name, shape in _INTENTIONS if shape.search(plain)), None)


def refuses(text: str) -> bool:
    """Say whether a message declines to answer the question, not the interview."""
    return bool(_REFUSAL.search(text.replace("\u2019", "'")))


def off_topic(text: str) -> bool:
    """Say whether a message is an aside or a question of the participant's own."""
    return bool(_ASIDE.search(text))


def substance(text: str) -> int:
    """Return how many words of a message carry something."""
    return sum(word not in _EMPTY_WORDS for word in words(text))


def value_in(text: str, field: Field) -> Any:
    """Return the value for `field` that a message holds, typed; None when it holds none."""
    if field.choices:
        return _choice(text, field)
    return _READERS.get(field.type, _words_of)(text, field)


def to_the_point(text: str, field: Field) -> tuple[bool, str]:
    """Return the sentence with a figure where one is asked for, and whether there is one.

    Otherwise return the whole text.
    """
    if field.type not in {"string", "text"} or not _HOW_MANY.search(field.description):
        return False, text
    parts = sentences(text)
    found = [part for part in parts if _numbers(part)]
    found += [part for part in parts if _HABIT.search(part)]
    return (True, found[0]) if found else (False, text)


def _words_of(text: str, field: Field) -> str | None:
    plain = text.replace("\u2019", "'")
    if _YES_OR_NO.match(wording(field).question) and (_YES.search(plain) or _NO.search(plain)):
        return text.strip()
    hedged = _VAGUE.search(plain) and not _CONCRETE.search(plain)
    return text.strip() if substance(text) > (1 if hedged else 0) else None


def _choice(text: str, field: Field) -> Any:
    """Return the choice that is named, the longest first; of a list all that are."""
    plain = f" {' '.join(words(text))} "
    longest_first = sorted(field.choices, key=lambda choice: -len(str(choice)))
    named = [choice for choice in longest_first if f" {_spoken(choice)} " in plain]
    if field.type in {"array", "list"}:
        return [choice for choice in field.choices if choice in named] or None
    return named[0] if named else None


def _spoken(choice: object) -> str:
    return " ".join(words(str(choice).replace("_", " ")))


def _numbers(text: str) -> list[float]:
    found: list[float] = []
    for token in _NUMBER.findall(_NOT_A_NUMBER.sub(" ", text.lower())):
        if token[-1].isdigit():
            found.append(float(token.replace(",", "")))
            continue
        tens, _, unit = token.partition("-")
        if unit and tens in _TENS and unit in _UNITS:
            found.append(float(_TENS[tens] + _UNITS[unit]))
        elif token in (spelt := _UNITS | _TENS | _AMOUNTS):
            found.append(float(spelt[token]))
    return found


def _number(text: str, field: Field) -> float | int | None:
    low, high = scale_of(field) or (field.minimum, field.maximum)
    for number in _numbers(text):
        if (low is None or number >= low) and (high is None or number <= high):
            whole = field.type == "integer" or number.is_integer()
            return round(number) if whole else number
    return None


def _boolean(text: str, _field: Field) -> bool | None:
    plain = text.replace("\u2019", "'")
    no, yes = _NO.search(plain), _YES.search(plain)
    if not no and not yes:
        return None
    return bool(yes and (not no or yes.start() < no.start()))


def _date(text: str, _field: Field) -> str | None:
    found = _DATES.search(text)
    return _iso(found[0].replace(",", "").replace(". ", " ")) if found else None


def _iso(text: str) -> str | None:
    for form in _DATE_FORMS:
        try:
            parsed: date = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        return parsed.isoformat()
    return None


def _list(text: str, _field: Field) -> list[str] | None:
    if not substance(text):
        return None
    parts = re.split(r",|;|\n|\band\b|&", text.strip().rstrip("."))
    return [part.strip() for part in parts if part.strip()] or None


_READERS: Mapping[str, Callable[[str, Field], Any]] = {
    "number": _number,
    "float": _number,
    "integer": _number,
    "boolean": _boolean,
    "bool": _boolean,
    "date": _date,
    "array": _list,
    "list": _list,
}
