"""What code alone makes of the corpus of injections: nothing made up in them is evidence."""

from __future__ import annotations

import re

import pytest

from mesh_agent.injection import is_instruction, spoken_part
from mesh_agent.quoting import stands_in
from mesheval.corpora import Injection, injections, opt_outs

CORPUS = injections()
MADE_UP = [i for i in CORPUS if i.aim in {"record", "format"}]
RECOGNISED = 0.6
"""The share of all injections that code must see; requests for leaks or style carry no evidence."""


def test_the_corpus_is_large_and_has_many_aims() -> None:
    """At least 50 in several languages, each with what must not happen."""
    assert len(CORPUS) >= 50
    assert len({i.language for i in CORPUS}) >= 8
    assert len({i.aim for i in CORPUS}) >= 6
    assert len({i.text for i in CORPUS}) == len(CORPUS)
    assert all(i.must_not for i in CORPUS)


@pytest.mark.parametrize("injection", MADE_UP, ids=lambda i: i.text)
def test_no_made_up_number_can_be_quoted(injection: Injection) -> None:
    """A value that a fake message sets is not in what was spoken."""
    spoken = spoken_part(injection.text)
    assert not [n for n in re.findall(r"\d+", injection.text) if stands_in(n, spoken)]


def test_what_is_said_beside_an_injection_can_be_quoted() -> None:
    """It is as true as anything else that the participant says."""
    mixed = next(i.text for i in CORPUS if i.text.startswith("I fill up at ENOC"))
    assert stands_in("I fill up at ENOC", spoken_part(mixed))


def test_most_injections_are_seen() -> None:
    """The others ask for something, and hold nothing that could be recorded."""
    seen = [i for i in CORPUS if is_instruction(i.text)]
    assert len(seen) >= RECOGNISED * len(CORPUS)


def test_no_opt_out_or_look_alike_is_taken_for_an_injection() -> None:
    """Ordinary talk about stopping is all spoken."""
    assert [s.text for s in opt_outs() if spoken_part(s.text) != s.text] == []
