"""Figures are put into texts by code; texts that bring their own are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshreport.texts import fill
from tests.report.interviews import interview, material, told

MATERIAL = material(
    interview(0, satisfaction=told(7, "a solid seven, I think"), age_range=told("25-34")),
    interview(1, satisfaction=told(8.5)),
)


def test_placeholders_become_figures() -> None:
    """Numbers as people write them, shares with one percent sign."""
    text = (
        "{{fig:interviews.completed}} said {{ fig:satisfaction.mean }}; {{fig:age_range.v1.share}}%"
    )
    assert MATERIAL.problems(text) == []
    assert fill(text, MATERIAL.figures) == "2 said 7.75; 100 %"


@given(st.from_regex(r"[a-z ,]*\d+[a-z .]*", fullmatch=True))
def test_digits_that_come_from_no_figure_are_refused(text: str) -> None:
    """Whatever stands around them, unless the schema says so word for word."""
    words = {word.strip(",. ") for word in text.split()}
    if not words & {"1", "10", "25-34"}:
        assert MATERIAL.problems(text)


@pytest.mark.parametrize("text", ["from 1 to 10", "those aged 25-34"])
def test_digits_of_the_schema_may_be_repeated(text: str) -> None:
    """They name what was asked, and count nothing."""
    assert MATERIAL.problems(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "about 40 %",
        "half (50%) of them",
        "in \u0663 cases",
        "\uff15 people",
        "25 people",
        "{{fig:satisfaction.mode}}",
        "{{fig:}}",
        "{{fig:satisfaction.mean}",
        "{{quote:q1}}",
        "see https://example.com",
        "<b>content</b>",
        "they said “it is wonderful here”",
        'they said "never again, thanks"',
        "sie sagten „nie wieder“",
    ],
)
def test_a_text_is_refused_that_says_what_nothing_shows(text: str) -> None:
    """Figures and quotations that nobody has counted or said; unknown ids; links and markup."""
    assert MATERIAL.problems(text)


def test_words_in_quotation_marks_must_be_somebodys() -> None:
    """Those of a participant who may be quoted, or the study's own."""
    assert MATERIAL.problems("one called it “a solid seven”") == []
    assert MATERIAL.problems("the field “Whether they drive”") == []
