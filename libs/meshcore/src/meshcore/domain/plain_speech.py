"""What somebody plainly says: a message without courtesy, if it may be taken literally."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from meshcore.domain.phrases import courtesies, hedges
from meshcore.domain.wording import Clause, Phrasebook, clauses, folded, is_quoting, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from meshcore.domain.wording import Words

MOST_WORDS = 80
"""What is longer tells a story: the model must judge."""

_LONGEST_COURTESY = 8

_FILLERS = frozenset(words(courtesies.FILLERS))
_REPORTED = frozenset(words(hedges.REPORTED))
_OTHERS = frozenset(words(hedges.OTHERS))
_JOKES = frozenset(words(hedges.JOKES))
_JOKING_RUNS = tuple(map(folded, hedges.JOKING_RUNS.split()))
_REPORTED_RUNS = tuple(map(folded, hedges.REPORTED_RUNS.split()))


@dataclass(frozen=True, slots=True)
class Point:
    """A clause that says more than a courtesy does.

    Attributes:
        clause: as it was written.
        gist: its words without courtesies at either end and without fillers.
    """

    clause: Clause
    gist: Words

    @property
    def is_aside(self) -> bool:
        """Whether it takes nothing from a request that it goes with."""
        return self.is_in(_asides())

    def is_in(self, phrases: Phrasebook) -> bool:
        """Whether it is one of the phrases, with the courtesies or without."""
        either = (self.gist, self.clause.words)
        return any(phrases.has(said, asked=self.clause.asks) for said in either)


def points(text: str) -> list[Point]:
    """The points that a message plainly makes.

    There are none where it quotes, jokes or tells a long story: it may not mean what it says.
    """
    said = clauses(text)
    if is_quoting(text) or sum(len(c.words) for c in said) > MOST_WORDS or _is_joking(text, said):
        return []
    made: list[Point] = []
    for clause in said:
        gist = _gist(clause.words)
        requested = _requests().has_at_the_start(gist, _LONGEST_COURTESY)
        if gist := gist[requested:]:
            reported = clause.reported and bool(made)  # "Please: stop" is not reported
            asks = clause.asks and not requested
            made.append(Point(replace(clause, reported=reported, asks=asks), gist))
    return made


def readings(made: Sequence[Point]) -> Iterator[tuple[Point, list[Point]]]:
    """Each point, and each two of one sentence as one ("hört auf, mir zu schreiben").

    With each come all the other points.
    """
    for at, point in enumerate(made):
        yield point, [*made[:at], *made[at + 1 :]]
        if at + 1 < len(made) and made[at + 1].clause.sentence == point.clause.sentence:
            yield _joined(point, made[at + 1]), [*made[:at], *made[at + 2 :]]


def is_reported(point: Point) -> bool:
    """Whether it talks of what somebody said, or of what might be."""
    said = point.clause.words
    run = "".join(said)
    return not _REPORTED.isdisjoint(said) or any(r in run for r in _REPORTED_RUNS)


def is_about_others(point: Point) -> bool:
    """Whether it talks of other people."""
    return not _OTHERS.isdisjoint(point.clause.words)


def _joined(first: Point, second: Point) -> Point:
    said = first.clause.words + second.clause.words
    clause = replace(first.clause, words=said, asks=second.clause.asks)
    return Point(clause, first.gist + second.gist)


def _gist(said: Words) -> Words:
    kept = tuple(word for word in said if word not in _FILLERS)
    while n := _courtesies().has_at_the_start(kept, _LONGEST_COURTESY) or _aside(kept):
        kept = kept[n:]
    while n := _courtesies().has_at_the_end(kept, _LONGEST_COURTESY):
        kept = kept[:-n]
    return kept


def _aside(said: Words) -> int:
    """The length of the aside that the words begin with, unless it is a mere "no"."""
    n = _asides().has_at_the_start(said, _LONGEST_COURTESY)
    return n if n > 1 else 0


def _is_joking(text: str, said: Sequence[Clause]) -> bool:
    plain = folded(text)
    return (
        not _JOKES.isdisjoint(word for clause in said for word in clause.words)
        or any(run in plain for run in _JOKING_RUNS)
        or not set(hedges.JOKING_FACES).isdisjoint(text)
    )


@cache
def _courtesies() -> Phrasebook:
    return Phrasebook(courtesies.COURTESIES)


@cache
def _requests() -> Phrasebook:
    return Phrasebook(courtesies.REQUESTS)


@cache
def _asides() -> Phrasebook:
    return Phrasebook(courtesies.ASIDES)
