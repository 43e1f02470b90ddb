"""The words that may be quoted."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from meshcore.domain.events import FieldState
from meshreport.quotes import QuoteSample
from tests.report.interviews import SCHEMA, interview, told, untold


def sampled(*interviews: object) -> list[str]:
    """The texts that were chosen."""
    sample = QuoteSample(SCHEMA)
    for one in interviews:
        sample.add(one)  # type: ignore[arg-type]  # they are interviews
    return [quote.text for quote in sample.quotes().values()]


def test_quotes_are_verbatim_and_tell_where_they_stand() -> None:
    """With the conversation and the message."""
    sample = QuoteSample(SCHEMA)
    sample.add(interview(7, drives=told(value=True, quote="Yes, I drive  every day")))
    [quote] = sample.quotes().values()
    assert (quote.text, quote.field) == ("Yes, I drive  every day", "drives")
    assert (quote.conversation_id, quote.message_sid) == ("c7", "SM1")


@pytest.mark.parametrize(
    "words",
    ["yes", "write to me@example.com please", "call 050 123 45 67 any time", "see www.example.com"],
)
def test_words_that_say_nothing_or_give_somebody_away_are_left_out(words: str) -> None:
    """Too short, an address, a number to call, a link."""
    assert sampled(interview(drives=told(value=True, quote=words))) == []


def test_nobody_is_quoted_who_broke_off_or_asked_to_hear_nothing_more() -> None:
    """Nor on what they did not want to say."""
    said = {"drives": told(value=True)}
    assert sampled(interview(0, said, completed=False)) == []
    assert sampled(replace(interview(0, said), quotable=False)) == []
    assert sampled(interview(drives=untold(FieldState.REFUSED))) == []


def test_the_sample_is_bounded_and_does_not_depend_on_the_order() -> None:
    """However many interviews there are."""
    interviews = [
        interview(n, drives=told(value=True, quote=f"I drive in my way, {n}")) for n in range(500)
    ]
    chosen = sampled(*interviews)
    assert len(chosen) == 8
    random.Random(1).shuffle(interviews)
    assert sampled(*interviews) == chosen
