"""What a simulated participant knows: hidden facts, and answers to any other question."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from meshsim.words import content_stems, stem, words

_ENOUGH = 2


@dataclass(frozen=True)
class Fact:
    """One thing that a participant knows.

    Attributes:
        topic: a short name, e.g. `current_station`.
        value: the bare truth, for comparison with what an interview found out.
        answer: what a talkative participant says when asked.
        short: what a terse participant says when asked.
        strong: words or phrases that are enough to recognise a question about it.
        weak: words of which two are needed.
        also: other values that are as true.
        wrong: something of the same kind that is not true.
    """

    topic: str
    value: str
    answer: str
    short: str
    strong: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    wrong: str = ""

    @property
    def spoken(self) -> str:
        """The topic, as one may write it."""
        return self.topic.replace("_", " ")

    def score(self, question: str) -> int:
        """Return how well `question` fits; below 2 it is about something else."""
        plain = " ".join(words(question))
        stems = content_stems(question)
        strong = sum(_occurs(keyword, plain, stems) for keyword in self.strong)
        weak = sum(_occurs(keyword, plain, stems) for keyword in self.weak)
        return 2 * strong + weak


def _occurs(keyword: str, plain: str, stems: frozenset[str]) -> bool:
    return keyword in plain if " " in keyword else stem(keyword) in stems


def matching_fact(facts: tuple[Fact, ...], question: str) -> Fact | None:
    """Return the fact that `question` asks about, or None when none fits well enough."""
    best = max(facts, key=lambda fact: fact.score(question), default=None)
    return best if best is not None and best.score(question) >= _ENOUGH else None


def facts_from(given: Mapping[str, str]) -> tuple[Fact, ...]:
    """Make facts from `topic: answer` pairs as a researcher or a test writes them."""
    return tuple(
        Fact(topic, answer, answer, answer, strong=tuple(words(topic.replace("_", " "))))
        for topic, answer in given.items()
    )


_RANGE = re.compile(r"(\d+)\s*(?:-|to|and|\u2013)\s*(\d+)")
_FREE = (
    "Mostly the price and how close it is",
    "For me it's all about saving time in the morning",
    "I just like that it is simple and nobody bothers me",
    "My brother recommended it, and it has worked well since",
    "Good service matters most to me",
)
_POLITE = re.compile(
    r"^.*\b(?:(?:could|can|would) you|may i|just so that i get it right) ?"
    r"(?:tell me|say|ask|share|describe)? ?(?:a bit|a little)? ?(?:more)? ?(?:about)? ?"
)
_SHAPES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"^(hi |hello |hey |so )?how are you\b|\bhow's it going\b", ("Good, thanks", "All fine")),
    (r"\bhow many\b|\bnumber\b", ("2", "3", "4", "About 5", "7 or so")),
    (
        r"\bhow much\b|\bspend\b|\bcost\b",
        ("Around 200 dirhams", "About 150", "Roughly 300 a month"),
    ),
    (
        r"\bhow (often|frequently|regularly)\b",
        ("About 3 times a week", "Once a month", "Every day"),
    ),
    (r"\bhow (long|far)\b", ("Around 20 minutes", "About 45 minutes", "Roughly 2 years")),
    (r"\bhow old\b", ("34", "27", "41")),
    (r"\b(date|day)\b", ("14 March 2025", "2 June 2025", "2025-01-20")),
    (r"\bwhen\b|\bwhat time\b", ("Mostly in the evening after work", "Early, around 7 am")),
    (r"\bwhere\b|\bcity\b|\btown\b", ("In Khalifa City", "Near Al Reem, close to the mall")),
    (r"\bwho\b", ("Mostly with my family", "My wife and the two kids")),
    (r"\b(apps?|websites?)\b", ("WhatsApp, Instagram and Maps", "Mostly WhatsApp and Careem")),
    (r"\b(brand|make|model)\b", ("Samsung, for years now", "Toyota", "Nike mostly")),
    (r"\b(job|profession|occupation|work as)\b", ("I'm a nurse", "Accountant", "I drive a taxi")),
    (r"\bname\b", ("Sam", "Aisha", "Omar")),
    (
        r"^(do|does|did|are|is|was|were|have|has|had|would|will|could|can|should)\b",
        ("Yes, most of the time", "No, not really", "Yes, definitely"),
    ),
)


def generic_answer(question: str, draw: Random) -> str:
    """Return a plausible answer to any question: a number, yes or no, a frequency or free text."""
    plain = _POLITE.sub("", " ".join(words(question)))
    scale = _RANGE.search(question)
    if scale and int(scale[1]) < int(scale[2]):
        return str(draw.randint(int(scale[1]), int(scale[2])))
    if re.search(r"\b(rate|scale|rating|score)\b", plain):
        return str(draw.randint(1, 10))
    for shape, answers in _SHAPES:
        if re.search(shape, plain):
            return draw.choice(answers)
    return draw.choice(_FREE)
