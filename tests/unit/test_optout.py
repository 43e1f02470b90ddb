"""The words that end all contact, and what merely looks like them."""

from __future__ import annotations

import pytest

from meshcore.domain.optout import (
    OPT_IN_KEYWORDS,
    OPT_OUT_KEYWORDS,
    is_opt_in_keyword,
    is_opt_out_keyword,
)

DRESSES = [
    "{}", "  {}  ", "\n{}\n", "{}.", "{}!!!", "“{}”", "({})", "¡{}!", "🛑 {} 🛑", "{}🙏🏽",
    "{} ❤️", "*{}*", "_{}_", "\u200b{}\u200e", "\ufeff{}", "{}…", "\u00a0{}", "- {} -",
]  # fmt: skip


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("word", sorted(OPT_OUT_KEYWORDS))
def test_a_keyword_opts_out_in_any_dress(word: str, dress: str) -> None:
    """Case, punctuation, spaces, emoji and invisible characters do not matter."""
    for written in (word, word.upper(), word.title(), word.swapcase()):
        assert is_opt_out_keyword(dress.format(written))
        assert not is_opt_in_keyword(dress.format(written))


def test_the_keywords_are_the_briefs() -> None:
    """Exactly these four."""
    assert {"stop", "quit", "cancel", "end"} == OPT_OUT_KEYWORDS


@pytest.mark.parametrize(
    "text",
    ["ＳＴＯＰ", "ｓｔｏｐ", "𝐒𝐓𝐎𝐏", "ⓢⓣⓞⓟ", "s\u200btop", "ST\u00adOP"],  # noqa: RUF001 - the point
)
def test_a_keyword_in_other_letters_opts_out(text: str) -> None:
    """Full-width keyboards and ornamental fonts say the same word."""
    assert is_opt_out_keyword(text)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "!", "🛑", "stopping", "stopped", "nonstop", "stops", "end of story", "the end",
        "we should stop this bill", "STOP this nonsense tax", "stop stop", "cancel my subscription",
        "don't stop", "quit smoking", "weekend", "s t o p", "stop1", "2stop", "started", "unstop",
    ],
)  # fmt: skip
def test_what_merely_holds_a_keyword_does_not_opt_out(text: str) -> None:
    """Longer messages are for the model to understand."""
    assert not is_opt_out_keyword(text)


@pytest.mark.parametrize("word", sorted(OPT_IN_KEYWORDS))
def test_an_opt_in_keyword_opts_in(word: str) -> None:
    """In any dress too."""
    assert is_opt_in_keyword(f" {word.upper()}! ")
    assert not is_opt_out_keyword(word)


@pytest.mark.parametrize("text", ["starting", "let's start", "start of it", ""])
def test_what_merely_holds_an_opt_in_word_does_not_opt_in(text: str) -> None:
    """Contact resumes only when it is asked for."""
    assert not is_opt_in_keyword(text)
