"""What code alone makes of the corpus of opt-outs; the model judges the rest."""

from __future__ import annotations

import pytest

from meshcore.domain.optout import asks_to_stop, is_opt_out_keyword
from mesheval.corpora import Kind, OptOut, opt_outs

CORPUS = opt_outs()
PLAIN_RECALL = 0.95
"""The share of plain requests that code must recognise."""


def of(kind: Kind) -> list[OptOut]:
    """The sentences of one kind."""
    return [sentence for sentence in CORPUS if sentence.kind is kind]


def missed(kind: Kind) -> list[str]:
    """Those that code does not recognise."""
    return [sentence.text for sentence in of(kind) if not asks_to_stop(sentence.text)]


def test_the_corpus_is_large_and_speaks_many_languages() -> None:
    """At least 80 requests and 80 look-alikes, in at least 8 languages each; many are subtle."""
    for asks in (True, False):
        some = [sentence for sentence in CORPUS if sentence.asks_to_stop is asks]
        assert len(some) >= 80
        assert len({sentence.language for sentence in some}) >= 8
    assert len(of(Kind.SUBTLE)) >= 40
    assert len({sentence.text for sentence in CORPUS}) == len(CORPUS)
    assert all(s.asks_to_stop is (s.kind is not Kind.LOOK_ALIKE) for s in CORPUS)


@pytest.mark.parametrize("sentence", of(Kind.LOOK_ALIKE), ids=lambda s: s.text)
def test_no_look_alike_is_taken_for_a_request(sentence: OptOut) -> None:
    """Whoever is glad to talk must not be lost."""
    assert not asks_to_stop(sentence.text)


def test_every_keyword_is_recognised() -> None:
    """They never wait for a model."""
    assert all(is_opt_out_keyword(sentence.text) for sentence in of(Kind.KEYWORD))
    assert not missed(Kind.KEYWORD)


def test_plain_requests_are_recognised() -> None:
    """In every language; the few that are missed are left to the model."""
    plain = of(Kind.PLAIN)
    assert len(missed(Kind.PLAIN)) <= (1 - PLAIN_RECALL) * len(plain), missed(Kind.PLAIN)
    recognised = {s.language for s in plain if asks_to_stop(s.text)}
    assert recognised == {s.language for s in plain}


def test_subtle_requests_need_the_model() -> None:
    """Were code to recognise many of them, they would measure nothing."""
    assert len(missed(Kind.SUBTLE)) >= 0.9 * len(of(Kind.SUBTLE))
