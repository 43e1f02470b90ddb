"""Answers that are nothing but a figure, and the words that a model makes of them."""

from __future__ import annotations

import pytest

from meshcore.domain.schema import FieldSpec
from tests.agent.claims import reason, recorded, told


def asks(description: str, kind: str = "string", choices: tuple[str, ...] = ()) -> FieldSpec:
    """A field that is to find this out."""
    spec = {"type": kind, "description": description}
    return FieldSpec.model_validate({**spec, "enum": list(choices)} if choices else spec)


OFTEN = asks("How often they drive through Yas Island per week")
WHY = asks("What would make them switch to a new station")
WHERE = asks("Where they currently refuel")
CONTENT = asks("How satisfied they are with their options")
AGE = asks("Age bracket, e.g. 25-34")
IDEAS = asks("What they would add", "list")
BRAND = asks("Where they refuel", choices=("ADNOC", "ENOC"))
BRACKET = asks("Age", choices=("18-24", "25-34", "35-44"))


@pytest.mark.parametrize(
    ("text", "language", "spec", "value"),
    [
        ("I'd give it 7 out of 10", "en", OFTEN, "weekly"),
        ("I'd give it 7 out of 10", "en", WHY, "to open a new gas station"),
        ("6/10", "en", OFTEN, "often"),
        ("7", "en", WHERE, "ENOC"),
        ("7", "en", IDEAS, ["a coffee shop"]),
        ("12 March 2024", "en", WHY, "lower prices"),
        ("Le pondría un dos", "es", WHERE, "ENOC"),
        ("Ich würde sagen acht", "de", WHERE, "ADNOC"),
        ("Je lui donnerais 7 sur 10", "fr", WHY, "des prix plus bas"),
        ("7 out of 10", "en", BRAND, "ENOC"),
        ("2", "en", BRAND, "ADNOC"),
    ],
)
def test_nothing_else_is_made_of_a_figure(
    text: str, language: str, spec: FieldSpec, value: object
) -> None:
    """A rating is no habit, no place and no reason, however truly it is quoted."""
    assert "nothing but a figure" in reason(told(text, spec, value, language=language))


def test_a_choice_of_figures_is_the_one_that_was_said() -> None:
    """Twenty-eight years are in one bracket; who tells the year of their birth is understood."""
    assert recorded(told("28", BRACKET, "25-34")).value == "25-34"
    assert recorded(told("I'm 28", BRACKET, "25-34")).value == "25-34"
    assert recorded(told("1990", BRACKET, "35-44")).value == "35-44"
    assert "another figure" in reason(told("28", BRACKET, "35-44"))


@pytest.mark.parametrize(
    ("text", "language", "spec", "value"),
    [
        ("9/10", "en", CONTENT, "very satisfied"),
        ("Le pondría un dos", "es", CONTENT, "poco satisfecho"),
        ("28", "en", AGE, "a young adult"),
        ("3", "en", OFTEN, "three times a week"),
        ("7", "en", OFTEN, "daily"),
        ("5", "en", OFTEN, "every workday"),
        ("10", "en", OFTEN, "very often"),
        ("٣", "ar", OFTEN, "three times a week"),
        ("Tengo treinta y dos años", "es", AGE, "32"),
        ("2", "en", BRAND, "ENOC"),
        ("12 March", "en", asks("When they last went"), "in spring"),
        ("E11", "en", WHERE, "on the E11"),
        ("station 7", "en", WHERE, "the seventh station"),
        ("the 7-eleven", "en", WHERE, "7-Eleven"),
    ],
)
def test_a_figure_is_put_into_words_where_one_was_asked_for(
    text: str, language: str, spec: FieldSpec, value: str
) -> None:
    """Marks are put into words, counts too, and a choice may be called by its number."""
    assert recorded(told(text, spec, value, language=language)).value == value
