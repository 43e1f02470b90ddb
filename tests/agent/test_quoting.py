"""A quotation stands in a text or it does not: what may differ, and what may not."""

# ruff: noqa: RUF001 - typography is what some of these tests are about

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh_agent.quoting import count_words, places, plain, stands_in


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("i'm AT enoc", "I’m at  ENOC, 4.5 dirhams"),
        ("I'm at\nENOC", "I’m at ENOC"),
        ('"petrol"', "“petrol”"),
        ("dirhams - two", "4.5 dirhams – two kids"),
        ("cheap - good", "cheap—good"),
        ("I fill up at ENOC.", "I fill up at ENOC"),
        ("I fill up at ENOC...", "I fill up at ENOC every day"),
        ("8", "8-9 times"),
        ("9", "8–9 times"),
        ("4.5", "it costs 4.5."),
        ("5", "5."),
        ("5", "I'd say 5, maybe"),
        ("15", "١٥ مرة"),
        ("5", "我每周加油5次"),
        ("加油", "我每周加油5次"),
        ("ปั๊ม", "ไปปั๊มทุกวัน"),
        ("essence", "je cherche de l’essence"),
        ("İstanbul", "istanbul'da"),
        ("ISTANBUL", "İstanbul'da"),
        ("❤", "❤️"),
        ("👍", "👍"),
        ("they will", "they \u200bwill"),
        ("ＥＮＯＣ", "at enoc"),
        ("can't", "I can’t say"),
    ],
)
def test_a_faithful_quotation_stands(quote: str, text: str) -> None:
    """Case, spaces, typography, digits' script and outer punctuation do not matter."""
    assert stands_in(quote, text)


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("", "anything"),
        ("   ", "any thing"),
        ("…", "well …"),
        ("-", "a - b"),
        ("5", "15"),
        ("5", "51 times"),
        ("5", "4.5 dirhams"),
        ("4", "4.5 dirhams"),
        ("1", "1,500 a month"),
        ("5", "15, 25 and 4.5"),
        ("5", "5k a month"),
        ("five", "twenty-five"),
        ("smoker", "a non-smoker"),
        ("can", "I can't say"),
        ("art", "we start"),
        ("कर", "मत करो"),
        ("I am at ENOC", "I'm at ENOC"),
        ("I'm ENOC", "I'm at ENOC"),
        ("5", "我加油15次"),
        ("no", "nothing"),
    ],
)
def test_half_words_and_other_words_do_not_stand(quote: str, text: str) -> None:
    """A number within a number, a part of a word, a gap or a paraphrase prove nothing."""
    assert not stands_in(quote, text)


def test_one_whole_place_is_enough() -> None:
    """That the words also stand within others before it takes nothing away."""
    assert stands_in("5", "15 or 25, no: 5")


@pytest.mark.parametrize(
    "quote", ["I drive ... every day", "I drive… every day", "i drive [...] day", "...I ... day."]
)
def test_words_may_be_left_out_where_an_ellipsis_says_so(quote: str) -> None:
    """The pieces stand there, whole and in their order."""
    (way,) = places(quote, "Well, I drive my car every day")
    assert len(way) == 2


@pytest.mark.parametrize(
    "quote",
    [
        "every day ... I drive",
        "I ... my ... ship",
        "I dri ... day",
        "... every",
        "every day",
        "...",
    ],
)
def test_an_ellipsis_joins_only_what_is_there(quote: str) -> None:
    """Turned round, invented or cut pieces stand nowhere; one piece is no gap."""
    assert places(quote, "I drive my car daily") == []


def test_every_place_is_found() -> None:
    """The same words may stand there more than once; places are those of the plain text."""
    assert places("“No”", "No,  no: not now. NO") == [((0, 2),), ((4, 6),), ((17, 19),)]


@given(st.lists(st.from_regex(r"[a-z0-9]{1,5}", fullmatch=True), min_size=1, max_size=8), st.data())
def test_any_run_of_whole_words_stands(words: list[str], data: st.DataObject) -> None:
    """Wherever it begins and ends."""
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    assert stands_in(" ".join(words[start:end]), " ".join(words))


@given(st.text())
def test_every_text_with_words_stands_in_itself(text: str) -> None:
    """Plainness is the same for the quotation and the quoted."""
    assert stands_in(text, text) or count_words(text) == 0


@given(st.text())
def test_plain_text_is_plain(text: str) -> None:
    """To make it plain again changes nothing that a comparison could see."""
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("?!", 0), ("stop", 1), ("don't go", 2), ("5 km - or so", 4), ("别发了", 3)],
)
def test_words_are_counted(text: str, words: int) -> None:
    """Dashes are no words; a Chinese character counts as one."""
    assert count_words(text) == words
