"""A fixed opening: what its participant reads, and what its text leaves open."""

from __future__ import annotations

import pytest

from meshcore.domain.study import (
    Opening,
    Template,
    has_loose_braces,
    personal,
    placeholders,
    referred,
    rendered,
)


def opening(text: str, **variables: str) -> Opening:
    """An opening by template, with these variables (`_1` stands for 1)."""
    named = {name.removeprefix("_"): value for name, value in variables.items()}
    return Opening(text=text, template=Template(content_sid="HX" + "0" * 32, variables=named))


@pytest.mark.parametrize(
    ("text", "variables", "read"),
    [
        ("Hi, I am {{1}}.", {"_1": "Mia"}, "Hi, I am Mia."),
        ("{{1}} and {{2}}, {{1}}!", {"_1": "Mia", "_2": "Tom"}, "Mia and Tom, Mia!"),
        ("Hi {{name}}!", {"name": "Mia"}, "Hi Mia!"),
        ("{{10}}{{1}}", {"_1": "a", "_10": "b"}, "ba"),
        ("{{1}}", {"_1": "{{2}}", "_2": "x"}, "{{2}}"),
        (r"{{1}}", {"_1": r"\\1 \g<0>"}, r"\\1 \g<0>"),
        ("Hi {{3}}", {"_1": "Mia"}, "Hi {{3}}"),
        ("A {1} and a }} are no placeholders", {"_1": "x"}, "A {1} and a }} are no placeholders"),
    ],
)
def test_what_a_template_reads_as(text: str, variables: dict[str, str], read: str) -> None:
    """Every placeholder has its variable, filled in once and as it is."""
    assert rendered(opening(text, **variables)) == read


def test_an_opening_without_a_template_reads_as_it_is() -> None:
    """Nothing is filled in."""
    assert rendered(Opening(text="Hi {{1}}, got a minute?")) == "Hi {{1}}, got a minute?"


def test_the_placeholders_of_a_text_are_named_once_in_order() -> None:
    """However often they stand in it."""
    assert placeholders("{{2}} {{1}} {{2}} {{ 3 }} {4}") == ["2", "1", " 3 "]


@pytest.mark.parametrize(
    ("text", "loose"),
    [
        ("Hi {{1}}", False),
        ("{1} {a}", False),
        ("Hi {{1}", True),
        ("{1}}", True),
        ("{{{1}}}", False),
    ],
)
def test_braces_that_make_no_placeholder_are_noticed(text: str, *, loose: bool) -> None:
    """A mistyped placeholder would be read by every participant."""
    assert has_loose_braces(text) is loose


def template(**variables: str) -> Template:
    """A template with these variables."""
    return Template(content_sid="HX" + "0" * 32, variables=variables)


def test_the_attributes_that_variables_refer_to_are_named() -> None:
    """Each once, whatever language they are written in."""
    given = template(a="{first_name} of {city}", b="dear {first_name}", c="{Имя}", d="{} { x")
    assert referred(given) == {"first_name", "city", "Имя"}
    assert referred(template(a="Mia")) == set()


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("{first_name}", "Mia"),
        ("{first_name} of {city}, {first_name}!", "Mia of {first_name}, Mia!"),
        ("{unknown} and {first_name}", "{unknown} and Mia"),
        ("none", "none"),
    ],
)
def test_a_personal_template_has_the_participants_attributes(value: str, read: str) -> None:
    """As they are: what looks like a reference in one is none, and unknown ones stay."""
    told = {"first_name": "Mia", "city": "{first_name}"}
    assert personal(template(a=value), told) == template(a=read)
