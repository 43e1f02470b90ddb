"""When a recorded value says what was told."""

from __future__ import annotations

import pytest

from meshcore.domain.schema import FieldSpec, FieldType, Value
from mesheval.values import is_true


def spec(kind: FieldType) -> FieldSpec:
    """A field of a type."""
    allowed = ("very_good", "bad") if kind is FieldType.ENUM else None
    return FieldSpec(type=kind, description="A thing", enum=allowed)


@pytest.mark.parametrize(
    ("kind", "value", "told", "same"),
    [
        (FieldType.NUMBER, 7, "7", True),
        (FieldType.NUMBER, 7.5, "7.50", True),
        (FieldType.NUMBER, 7, "17", False),
        (FieldType.INTEGER, 3, "three", False),
        (FieldType.BOOLEAN, True, "true", True),
        (FieldType.BOOLEAN, False, "true", False),
        (FieldType.ENUM, "very_good", "very good", True),
        (FieldType.ENUM, "bad", "very_good", False),
        (FieldType.DATE, "2025-03-14", "2025-03-14", True),
        (FieldType.DATE, "2025-04-13", "2025-03-14", False),
        (FieldType.LIST, ("Price", "quality"), "quality, price", True),
        (FieldType.LIST, ("price",), "price, quality", True),
        (FieldType.LIST, ("price",), "price, quality, staff", False),
        (FieldType.LIST, ("price", "staff"), "quality", False),
        (FieldType.STRING, "ENOC", "enoc", True),
        (FieldType.STRING, "ENOC", "Mostly at the ENOC on the highway", True),
        (FieldType.STRING, "the ENOC by the highway, usually", "ENOC", True),
        (FieldType.STRING, "ADNOC", "ENOC", False),
        (FieldType.STRING, "5 times per week", "5 times a week", True),
        (FieldType.STRING, "two times a week", "twice a week", True),
        (FieldType.STRING, "2x a week", "twice a week", True),
        (FieldType.STRING, "daily", "every day", True),
        (FieldType.STRING, "3 times a week", "5 times a week", False),
        (FieldType.STRING, "25-34", "I'm 29, so 25-34", False),
        (FieldType.STRING, "25", "25-34", False),
        (FieldType.STRING, "shorter waiting times", "shorter queues", False),
        (FieldType.STRING, "precios m\u00e1s bajos", "Precios m\u00e1s bajos, o una tarjeta", True),
        (FieldType.STRING, "the", "on", False),
    ],
)
def test_a_value_is_true_if_it_says_the_same(
    kind: FieldType, value: Value, told: str, *, same: bool
) -> None:
    """By the type of the field; free text by its words, but never with other numbers."""
    assert is_true(spec(kind), value, [told]) is same


def test_any_form_of_the_truth_will_do() -> None:
    """A person's age is as true as the bracket that it is in."""
    forms = ("25-34", "I'm 29, so 25-34", "29")
    text = spec(FieldType.STRING)
    assert all(is_true(text, value, forms) for value in ("29", "25-34", "29 (25-34)"))
    assert not any(is_true(text, value, forms) for value in ("25", "34", "30", "35-44"))
