"""What a message says, clause by clause, and whether a clause is one of the phrases we know.

Precise rather than clever: a phrase counts only as a whole clause, never as a part of one. The time
it takes grows with the length of the text and no faster: there is no backtracking.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Words = tuple[str, ...]

_APOSTROPHES = "'\u2018\u2019\u02bc\u00b4`"
_WITHIN_CLAUSES = frozenset("-_*~/\u2010\u2011")
_ENDS_OF_SENTENCES = frozenset(".!?;\n\u061f\u061b\u0964\u06d4\u3002")
_QUESTION_MARKS = frozenset("?\u061f")
_QUOTED = re.compile(
    "[\"\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a\u300c-\u300f]|(?<!\\w)['\u2018]\\w"
)
_LETTERS = str.maketrans(
    {
        "\u0131": "i",  # Turkish dotless i
        "\u0142": "l",
        "\u00f8": "o",
        "\u0111": "d",
        "\u06cc": "\u064a",  # Persian and Urdu letters that look like Arabic ones
        "\u0649": "\u064a",
        "\u06a9": "\u0643",
        "\u06c1": "\u0647",
        "\u0629": "\u0647",
        "\u0901": "\u0902",  # Hindi: two signs for one sound
        "\u093c": None,  # nuktas, which many leave out
        "\u09bc": None,
        "\u0640": None,  # Arabic lengthening
    }
)
_LENGTHENED = re.compile(r"(.)\1{2,}")
_FIRST_MARK_THAT_SPELLS = 0x0900
"""From here on, combining marks are vowels; before, accents that people leave out."""

_UNSPACED = ((0x3005, 0x30FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
"""First and last code points of Chinese and Japanese: every character is a word."""


@dataclass(frozen=True, slots=True)
class Clause:
    """The words between two marks of punctuation, plainly written.

    Attributes:
        sentence: the number of the sentence that the clause is part of.
        asks: whether a question mark ends it.
        reported: whether a colon stands before it.
    """

    words: Words
    sentence: int = 0
    asks: bool = False
    reported: bool = False


def folded(text: str) -> str:
    """The text without case, accents, ornamental letters, apostrophes and invisible characters."""
    bare = "".join(c for c in text if c not in _APOSTROPHES)
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", bare).casefold())
    kept = "".join(c for c in apart.translate(_LETTERS) if not _is_left_out(c))
    return unicodedata.normalize("NFC", kept)


def is_quoting(text: str) -> bool:
    """Whether the text holds quotation marks, so that its words may be somebody else's."""
    return _QUOTED.search(text) is not None


def words(text: str) -> Words:
    """The words of the text; letters repeated for emphasis count once."""
    return tuple(word for clause in clauses(text) for word in clause.words)


def clauses(text: str) -> list[Clause]:
    """The clauses of the text, in order."""
    found: list[Clause] = []
    sentence, marks = 0, ""
    for run, after in _runs(folded(text)):
        clause = Clause(run, sentence, bool(_QUESTION_MARKS & set(after)), ":" in marks)
        found.append(clause)
        marks = after
        if _ENDS_OF_SENTENCES & set(after) and ":" not in after and "..." not in after:
            sentence += 1
    return found


def _runs(text: str) -> Iterator[tuple[Words, str]]:
    """Runs of words, each with the marks that follow it."""
    run: list[str] = []
    marks: list[str] = []
    for piece in _pieces(text):
        if not _is_of_a_word(piece[0]):
            marks.append(piece)
            continue
        if marks and run:
            yield tuple(run), "".join(marks)
            run = []
        marks = []
        run.append(_LENGTHENED.sub(r"\1", piece))
    if run:
        yield tuple(run), "".join(marks)


def _pieces(text: str) -> Iterator[str]:
    """Words and marks, one at a time; what merely parts words is left out."""
    word: list[str] = []
    for character in text:
        if _is_of_a_word(character) and not _is_unspaced(character):
            word.append(character)
            continue
        if word:
            yield "".join(word)
            word = []
        if character == "\n" or not (character.isspace() or character in _WITHIN_CLAUSES):
            yield character
    if word:
        yield "".join(word)


def _is_left_out(character: str) -> bool:
    match unicodedata.category(character):
        case "Cf":
            return True
        case "Mn":
            return ord(character) < _FIRST_MARK_THAT_SPELLS or "\ufe00" <= character <= "\ufe0f"
        case _:
            return False


def _is_of_a_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


def _is_unspaced(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _UNSPACED)


# Phrases ------------------------------------------------------------------------------------------

_GROUP = re.compile(r"\(([^)]*)\)|\[([^\]]*)\]|([^(\[]+)")


@dataclass(frozen=True, slots=True)
class _Part:
    """One of these runs of words must come next, or may."""

    either: tuple[Words, ...]
    optional: bool


@dataclass(frozen=True, slots=True)
class _Phrase:
    parts: tuple[_Part, ...]
    may_ask: bool

    def is_said_by(self, said: Words) -> bool:
        """Whether the phrase is all that these words say."""
        ends = {0}
        for part in self.parts:
            further = set(ends) if part.optional else set()
            for run in part.either:
                further |= {end + len(run) for end in ends if said[end : end + len(run)] == run}
            ends = further
        return len(said) in ends

    def first_words(self) -> set[str]:
        """The words that it can begin with."""
        return _edge_words(self.parts, 0)

    def last_words(self) -> set[str]:
        """The words that it can end with."""
        return _edge_words(self.parts[::-1], -1)


def _edge_words(parts: Sequence[_Part], edge: int) -> set[str]:
    found: set[str] = set()
    for part in parts:
        found |= {run[edge] for run in part.either}
        if not part.optional:
            break
    return found


class Phrasebook:
    """Phrases, written `(one|other) word [may be left out|or this]`; with ` ?` it may be asked.

    What is written without case, accents or apostrophes in a message is the same phrase.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_edges: dict[tuple[str, str], list[_Phrase]] = defaultdict(list)
        for written in phrases:
            phrase = _phrase(written)
            for edges in product(phrase.first_words(), phrase.last_words()):
                self._by_edges[edges].append(phrase)

    def has(self, said: Words, *, asked: bool = False) -> bool:
        """Whether these words, all together, are one of the phrases."""
        known = self._by_edges.get((said[0], said[-1]), ()) if said else ()
        return any(p.is_said_by(said) for p in known if p.may_ask or not asked)

    def has_at_the_start(self, said: Words, most: int) -> int:
        """The length of the longest phrase that the words begin with; 0 if there is none."""
        return next((n for n in range(min(most, len(said)), 0, -1) if self.has(said[:n])), 0)

    def has_at_the_end(self, said: Words, most: int) -> int:
        """The length of the longest phrase that the words end with; 0 if there is none."""
        return next((n for n in range(min(most, len(said)), 0, -1) if self.has(said[-n:])), 0)


def _phrase(written: str) -> _Phrase:
    asked = written.endswith(" ?")
    parts = [
        p for match in _GROUP.finditer(written.removesuffix(" ?")) for p in _parts(*match.groups())
    ]
    return _Phrase(tuple(parts), asked)


def _parts(needed: str | None, optional: str | None, literal: str | None) -> Iterator[_Part]:
    if literal is not None:
        if run := _words(literal):
            yield _Part((run,), optional=False)
        return
    either = tuple(_words(one) for one in (needed or optional or "").split("|"))
    yield _Part(either, optional=optional is not None)


@cache
def _words(text: str) -> Words:
    return words(text)
