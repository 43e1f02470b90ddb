"""The commuters of the gas-station study, who know what it asks, in several languages."""

from __future__ import annotations

from random import Random

from meshsim.commuters_abroad import ABROAD, Phrases
from meshsim.dice import dice
from meshsim.facts import Fact
from meshsim.number_words import in_words

LANGUAGES = tuple(ABROAD)
"""What else than English commuters speak."""

_AGES = (("18-24", 18, 24), ("25-34", 25, 34), ("35-44", 35, 44), ("45-54", 45, 54))
_FREQUENCIES = (
    ("5 times a week", "I drive through there every workday, so 5 times a week"),
    ("twice a week", "Usually twice a week, when I go to the office"),
    ("3 times a week", "About 3 times a week I'd say"),
    ("every day", "Pretty much every day, it's on my way to work"),
    ("once a week", "Once a week, mostly on Saturdays"),
)
_STATIONS = (
    ("ENOC", "Mostly at the ENOC on the highway"),
    ("ADNOC", "I fill up at the ADNOC close to the bridge"),
    ("EPPCO", "There's an EPPCO near my office, I go there"),
    ("Emarat", "Usually Emarat, right after the exit"),
)
_REASONS = (
    ("lower prices", "Lower prices, or a proper loyalty card"),
    ("shorter queues", "Shorter queues, I hate waiting in the morning"),
    ("a good coffee shop", "A good coffee shop where I can also grab breakfast"),
    ("being right on my way", "If it was right on my way so I don't have to take a detour"),
    ("electric charging", "Fast electric charging, my next car won't need petrol"),
)
_STRONG = {
    "age_range": ("age", "how old are you"),
    "commute_frequency": ("drive through", "pass through", "how often you drive"),
    "current_station": ("refuel", "fill up", "which station", "refueling"),
    "satisfaction": ("satisfaction", "satisfied", "how happy"),
    "switch_reason": ("switch", "change station", "new station"),
}
_WEAK = {
    "age_range": ("bracket", "old"),
    "commute_frequency": (
        *("often", "drive", "week", "yas", "frequently", "frequency", "times", "commute"),
    ),
    "current_station": ("currently", "station", "fuel", "petrol", "tank", "gas"),
    "satisfaction": ("rate", "scale", "happy", "fueling", "options"),
    "switch_reason": ("make", "convince", "attract", "different", "new"),
}


def bank_facts(seed: int, phone: str, language: str = "en") -> tuple[Fact, ...]:
    """The facts of a commuter, drawn by seed and phone: the same ones in every language.

    Args:
        seed: of the world.
        phone: of the commuter.
        language: `en`, or one of `LANGUAGES`.
    """
    draw = dice(seed, phone, "facts")
    bracket, low, high = draw.choice(_AGES)
    often = draw.randrange(len(_FREQUENCIES))
    station, station_said = draw.choice(_STATIONS)
    reason = draw.randrange(len(_REASONS))
    score, age = draw.randint(2, 10), draw.randint(low, high)
    other = dice(seed, phone, "wrong")
    wrong = {
        "age_range": _other(other, [each[0] for each in _AGES], bracket),
        "commute_frequency": _other(other, [f[0] for f in _FREQUENCIES], _FREQUENCIES[often][0]),
        "current_station": _other(other, [each[0] for each in _STATIONS], station),
        "satisfaction": str(score % 10 + 1),
        "switch_reason": _other(other, [r[0] for r in _REASONS], _REASONS[reason][0]),
    }
    said = {
        "age_range": (bracket, f"I'm {age}, so {bracket}", bracket, str(age)),
        "commute_frequency": (*_FREQUENCIES[often], _FREQUENCIES[often][0]),
        "current_station": (station, station_said, station),
        "satisfaction": (str(score), f"I'd give it {score} out of 10", str(score)),
        "switch_reason": (*_REASONS[reason], _REASONS[reason][0]),
    }
    if language in ABROAD:
        phrases = ABROAD[language]
        numbers = (in_words(age, language), in_words(score, language))
        said = _abroad(phrases, said, (often, reason), numbers)
        return tuple(_fact(topic, said[topic], wrong[topic], phrases) for topic in said)
    return tuple(_fact(topic, said[topic], wrong[topic]) for topic in said)


def _other(draw: Random, values: list[str], true: str) -> str:
    return draw.choice([value for value in values if value != true])


def _fact(topic: str, said: tuple[str, ...], wrong: str, phrases: Phrases | None = None) -> Fact:
    value, answer, short, *also = said
    known = phrases.keywords.get(topic, ()) if phrases else ()
    strong = (*_STRONG[topic], *known)
    return Fact(topic, value, answer, short, strong, _WEAK[topic], tuple(also), wrong)


def _abroad(
    phrases: Phrases,
    said: dict[str, tuple[str, ...]],
    drawn: tuple[int, int],
    numbers: tuple[str, str],
) -> dict[str, tuple[str, ...]]:
    """The same, said in another language; the English value stays as true."""
    bracket, _, _, age = said["age_range"]
    often, often_said = phrases.frequencies[drawn[0]]
    reason, reason_said = phrases.reasons[drawn[1]]
    station, score = said["current_station"][0], said["satisfaction"][0]
    return {
        "age_range": (bracket, phrases.age.format(numbers[0]), age, age, numbers[0]),
        "commute_frequency": (often, often_said, often, said["commute_frequency"][0]),
        "current_station": (station, phrases.station.format(station), station),
        "satisfaction": (score, phrases.score.format(numbers[1]), score),
        "switch_reason": (reason, reason_said, reason, said["switch_reason"][0]),
    }
