"""Clauses, and phrases that are whole clauses."""

# ruff: noqa: RUF001 - other scripts have letters that look like Latin ones

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshcore.domain.phrases.courtesies import ASIDES, COURTESIES
from meshcore.domain.phrases.distress import DISTRESS
from meshcore.domain.phrases.optout import ALONE, PLAINLY
from meshcore.domain.wording import Phrasebook, clauses, folded, is_quoting, words


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Déjame EN PAZ", "dejame en paz"),
        ("don’t", "dont"),
        ("İstanbul ılık", "istanbul ilik"),
        ("ＳＴＯＰ", "stop"),
        ("لا تُراسِلْنِي", "لا تراسلني"),
        ("أرسلوا إليّ", "ارسلوا الي"),
        ("छोड़ो", "छोडो"),
        ("s\u200btop", "stop"),
        ("문자", "문자"),
    ],
)
def test_folding_takes_away_what_people_leave_out(written: str, plain: str) -> None:
    """Case, accents, apostrophes, vowel marks and invisible characters."""
    assert folded(written) == plain


def test_punctuation_and_emoji_part_clauses() -> None:
    """Each knows its sentence, whether it is asked, and whether a colon announces it."""
    found = clauses("Hi, well… who? She said: stop it 👍 bye")
    assert [(c.words, c.sentence, c.asks, c.reported) for c in found] == [
        (("hi",), 0, False, False),
        (("well",), 0, False, False),
        (("who",), 0, True, False),
        (("she", "said"), 1, False, False),
        (("stop", "it"), 1, False, True),
        (("bye",), 1, False, False),
    ]


def test_chinese_characters_are_words() -> None:
    """Nothing else would part them."""
    assert words("别发了 ok") == ("别", "发", "了", "ok")


def test_letters_repeated_for_emphasis_count_once() -> None:
    """Doubled ones are spelling."""
    assert words("stoooop will pleeeease") == ("stop", "will", "please")


@pytest.mark.parametrize("text", ['say "no"', "«non»", "he said 'no'", "「停」", "“no”"])
def test_quotation_marks_are_seen(text: str) -> None:
    """Of any country."""
    assert is_quoting(text)


@pytest.mark.parametrize("text", ["don't", "it's the drivers' choice", "l’eau", ""])
def test_apostrophes_are_no_quotation_marks(text: str) -> None:
    """They stand within or behind a word."""
    assert not is_quoting(text)


BOOK = Phrasebook(("(stop|do not go on) texting [me|us all] now", "(can|could) you stop ?"))


@pytest.mark.parametrize(
    "text", ["Stop texting now", "do not go on texting us all NOW", "stop texting me now"]
)
def test_a_phrase_is_any_of_its_forms(text: str) -> None:
    """One of the first, all that is bare, perhaps one of the last."""
    assert BOOK.has(words(text))
    assert not BOOK.has(words(text), asked=True)


@pytest.mark.parametrize("text", ["", "stop", "stop texting", "please stop texting now", "now"])
def test_a_part_of_a_phrase_is_none(text: str) -> None:
    """Nor is one with other words around it."""
    assert not BOOK.has(words(text))


def test_only_marked_phrases_may_be_asked() -> None:
    """A question otherwise asks about the words."""
    assert BOOK.has(words("could you stop"), asked=True)
    assert BOOK.has(words("could you stop"))


def test_the_longest_phrase_at_either_end_counts() -> None:
    """So that courtesies can be taken off."""
    book = Phrasebook(("thank you [so much]",))
    assert book.has_at_the_start(words("thank you so much for that"), 8) == 4
    assert book.has_at_the_end(words("stop thank you"), 8) == 2
    assert book.has_at_the_end(words("stop"), 8) == 0


def test_every_phrase_is_written_in_the_notation() -> None:
    """Brackets are closed and never nested, and no alternative is empty."""
    phrases = (*PLAINLY, *ALONE, *DISTRESS, *COURTESIES, *ASIDES)
    nested = re.compile(r"[(\[][^)\]]*[(\[]|[)\]][^(\[]*[)\]]")
    empty = re.compile(r"[(\[|][)\]|]")
    assert [p for p in phrases if nested.search(p) or empty.search(p)] == []
    unclosed = [p for p in phrases for a, z in ("()", "[]") if p.count(a) != p.count(z)]
    assert unclosed == []


@given(st.text())
def test_clauses_hold_all_words_and_only_words(text: str) -> None:
    """Nothing that people send breaks the reading."""
    assert all(word and not word.isspace() for c in clauses(text) for word in c.words)
