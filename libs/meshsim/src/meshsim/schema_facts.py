"""Facts of somebody who is going to be asked what any extraction schema wants to know."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from random import Random

from meshcore.domain.schema import FieldSpec, FieldType, Rejected, parse_value
from meshsim.dice import dice
from meshsim.facts import Fact, generic_answer
from meshsim.number_words import in_words
from meshsim.words import content_stems, words

_TODAY = date(2026, 1, 12)
_SCALE = re.compile(r"(\d+)\s*(?:-|\u2013|to|and)\s*(\d+)")
_EXAMPLES = re.compile(
    r"(?:e\.\s?g\.?|for example|for instance|such as)[,:]?\s*([^.;)\]]+)", re.IGNORECASE
)
_PLAUSIBLE: tuple[tuple[str, int, int], ...] = (
    (r"\bage\b|\bold\b", 18, 70),
    (r"\bchild|\bkids?\b|\bpets?\b|\bcars?\b|\bpeople\b|\bhousehold\b", 0, 5),
    (r"\bweek|\bdays?\b", 1, 7),
    (r"\bhours?\b", 1, 12),
    (r"\bminutes?\b|\bkm\b|\bdistance\b|\bkilomet", 5, 60),
    (r"\bincome\b|\bsalary\b", 3_000, 20_000),
    (r"\bprice|\bspend|\bcosts?\b|\bbudget|\bpay\b|\bpaid\b", 20, 500),
    (r"\byear\b", 1990, 2025),
    (r"%|\bpercent", 0, 100),
)
_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "age": ("how old", "years old"),
    "occupation": ("work", "job", "do for a living"),
    "job": ("work", "do for a living"),
    "income": ("earn", "salary"),
    "satisfaction": ("satisfied", "how happy"),
    "satisfied": ("satisfaction", "how happy"),
    "frequency": ("how often", "how many times"),
    "often": ("frequently", "how many times"),
    "price": ("cost", "pay", "how much"),
    "spend": ("cost", "pay", "how much"),
    "city": ("live", "based"),
    "home": ("live", "based"),
    "reason": ("why",),
    "children": ("kids",),
    "family": ("household",),
    "date": ("when",),
    "recommend": ("recommendation",),
}
_TO_COME = re.compile(
    r"\bnext|\bplan|\bwill\b|\bfuture|\bintend|\bupcoming|\bexpect", re.IGNORECASE
)
_BIRTH = re.compile(r"\bbirth|\bborn\b", re.IGNORECASE)
_ITEMS = ("price", "quality", "location", "friendly staff", "opening hours", "cleanliness")
_EVERYBODY = frozenset(
    {"participant", "respondent", "person", "customer", "user", "interviewe", "whether", "current"}
)
_SAID: Mapping[str, tuple[str, ...]] = {
    "en": ("I'd say {}", "{}", "{}, more or less", "That would be {}"),
    "es": ("Diría que {}", "{}", "Pues {}"),
    "de": ("Ich würde sagen {}", "{}", "Also {}"),
    "fr": ("Je dirais {}", "{}", "Alors {}"),
    "pt": ("Eu diria {}", "{}", "Olha, {}"),
    "ar": ("\u0623\u0642\u0648\u0644 {}", "{}"),
}
_YES_NO: Mapping[str, tuple[str, str]] = {
    "en": ("Yes", "No"),
    "es": ("S\u00ed", "No"),
    "de": ("Ja", "Nein"),
    "fr": ("Oui", "Non"),
    "pt": ("Sim", "N\u00e3o"),
    "ar": ("\u0646\u0639\u0645", "\u0644\u0627"),
}


def schema_facts(
    schema: Mapping[str, FieldSpec],
    seed: int,
    phone: str,
    language: str = "en",
    known: tuple[Fact, ...] = (),
) -> tuple[Fact, ...]:
    """One fact for each field, drawn by seed, phone and field.

    Args:
        schema: what is going to be asked.
        seed: of the world.
        phone: of the participant.
        language: what they answer in.
        known: facts that are better than made-up ones, where they fit a field of that name.
    """
    stems = {name: _stems(name, spec) for name, spec in schema.items()}
    common = Counter(stem for each in stems.values() for stem in each)
    facts = []
    for name, spec in schema.items():
        fitting = next((f for f in known if f.topic == name and _is_value(spec, f.value)), None)
        own = frozenset(stem for stem in stems[name] if common[stem] == 1)
        facts.append(
            fitting or _made_up(name, spec, dice(seed, phone, "field", name), language, own)
        )
    return tuple(facts)


def _is_value(spec: FieldSpec, value: str) -> bool:
    return not isinstance(parse_value(spec, value), Rejected)


def _stems(name: str, spec: FieldSpec) -> frozenset[str]:
    described = _EXAMPLES.sub("", spec.description)
    return content_stems(f"{name.replace('_', ' ')} {described}") - _EVERYBODY


def _made_up(name: str, spec: FieldSpec, draw: Random, language: str, own: frozenset[str]) -> Fact:
    value, wrong = _two_values(name, spec, draw)
    answer, short, also = _put(value, spec, draw, language)
    plain = words(f"{name.replace('_', ' ')} {spec.description}")
    synonyms = [s for word in plain for s in _SYNONYMS.get(word, ())]
    shared = _stems(name, spec) - own
    return Fact(
        *(name, value, answer, short),
        strong=(*sorted(stem for stem in own if not stem.isdigit()), *synonyms),
        weak=tuple(sorted(shared)),
        also=also,
        wrong=wrong,
    )


def _two_values(name: str, spec: FieldSpec, draw: Random) -> tuple[str, str]:
    """A true value and, where there is one, another that is not."""
    make = _MAKERS[spec.type] if not spec.enum or spec.type is FieldType.LIST else _choice
    value = make(name, spec, draw)
    others = (make(name, spec, draw) for _ in range(20))
    return value, next((other for other in others if other != value), "")


def _put(
    value: str, spec: FieldSpec, draw: Random, language: str
) -> tuple[str, str, tuple[str, ...]]:
    """How the value is said at length and shortly, and what else is as true."""
    said = draw.choice(_SAID[language])
    if spec.type is FieldType.BOOLEAN:
        word = _YES_NO[language][value == "false"]
        return word, word, ()
    if spec.type is FieldType.DATE:
        spoken = _date_in_words(date.fromisoformat(value), language)
        return said.format(spoken), spoken, ()
    if spec.type in {FieldType.NUMBER, FieldType.INTEGER}:
        number = in_words(int(value), language)
        in_figures = language == "en" and draw.random() < 0.7  # noqa: PLR2004 - most people
        return said.format(value if in_figures else number), value, ()
    spoken = value.replace("_", " ")
    return said.format(spoken) if spec.enum else spoken, spoken, ()


def _date_in_words(day: date, language: str) -> str:
    return f"{day.day} {day:%B %Y}" if language == "en" else f"{day:%d/%m/%Y}"


def _number(_name: str, spec: FieldSpec, draw: Random) -> str:
    low, high = _range(spec)
    return str(draw.randint(low, max(low, high)))


def _range(spec: FieldSpec) -> tuple[int, int]:
    scale = _SCALE.search(spec.description)
    low, high = next(
        (
            (low, high)
            for shape, low, high in _PLAUSIBLE
            if re.search(shape, spec.description, re.IGNORECASE)
        ),
        (1, 20),
    )
    if scale and int(scale[1]) < int(scale[2]):
        low, high = int(scale[1]), int(scale[2])
    if spec.minimum is not None:
        low = int(-(-spec.minimum // 1))
        high = max(high, low)
    if spec.maximum is not None:
        high = int(spec.maximum // 1)
        low = min(low, high) if spec.minimum is None else low
    return low, high


def _boolean(_name: str, _spec: FieldSpec, draw: Random) -> str:
    return draw.choice(("true", "false"))


def _choice(_name: str, spec: FieldSpec, draw: Random) -> str:
    return draw.choice(spec.enum or ("",))


def _date(_name: str, spec: FieldSpec, draw: Random) -> str:
    away = timedelta(days=draw.randint(20, 400))
    if _BIRTH.search(spec.description):
        away *= 30
    day = _TODAY + away if _TO_COME.search(spec.description) else _TODAY - away
    return day.replace(day=draw.randint(13, 28)).isoformat()  # no mix-up of day and month


def _list(_name: str, spec: FieldSpec, draw: Random) -> str:
    items = spec.enum or _examples(spec) or _ITEMS
    chosen = draw.sample(items, min(len(items), draw.randint(1, 3)))
    return ", ".join(chosen)


def _text(name: str, spec: FieldSpec, draw: Random) -> str:
    examples = _examples(spec)
    if examples:
        return draw.choice(examples)
    return generic_answer(f"{spec.description} {name.replace('_', ' ')}", draw)


def _examples(spec: FieldSpec) -> tuple[str, ...]:
    """What the description gives as examples; people's answers look like them."""
    found = _EXAMPLES.search(spec.description)
    parts = re.split(r",|\bor\b|\band\b|/", found[1]) if found else []
    return tuple(part.strip(" '\"") for part in parts if part.strip(" '\""))


_MAKERS: Mapping[FieldType, Callable[[str, FieldSpec, Random], str]] = {
    FieldType.STRING: _text,
    FieldType.NUMBER: _number,
    FieldType.INTEGER: _number,
    FieldType.BOOLEAN: _boolean,
    FieldType.ENUM: _choice,
    FieldType.DATE: _date,
    FieldType.LIST: _list,
}
