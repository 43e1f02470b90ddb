"""What counts as a value of each field type, and as a field."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given as holds_for
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from meshcore.domain.events import ExtractionRecorded, FieldState
from meshcore.domain.schema import (
    MAX_FIELDS,
    MAX_ITEMS,
    MAX_TEXT,
    ExtractionSchema,
    FieldSpec,
    FieldType,
    Rejected,
    missing_required,
    parse_value,
)

SCHEMA: TypeAdapter[dict[str, FieldSpec]] = TypeAdapter(ExtractionSchema)


def spec(kind: str, **more: Any) -> FieldSpec:
    """A field of this type."""
    return FieldSpec.model_validate({"type": kind, "description": "d", **more})


def deep() -> list[Any]:
    """A list in a list in a list, deeper than Python prints."""
    nested: list[Any] = []
    for _ in range(50_000):
        nested = [nested]
    return nested


COLOUR = spec("enum", enum=["Red", "Dark blue"])
AGES = spec("enum", enum=["Under 25", "25\u201334"])
SCORE = spec("number", minimum=1, maximum=10)


@pytest.mark.parametrize(
    ("field", "raw", "value"),
    [
        (spec("string"), "  at the harbour ", "at the harbour"),
        (spec("string"), 7, "7"),
        (spec("string"), 7.5, "7.5"),
        (spec("string"), "x" * MAX_TEXT, "x" * MAX_TEXT),
        (spec("string", enum=["Yes", "No"]), "yes", "Yes"),
        (SCORE, 7, 7),
        (SCORE, "7", 7),
        (SCORE, " 7.5 ", 7.5),
        (SCORE, 7.0, 7),
        (SCORE, 1, 1),
        (SCORE, 10, 10),
        (spec("number"), "1,200", 1200),
        (spec("number"), "1,200.5", 1200.5),
        (spec("number"), "1.200,5", 1200.5),
        (spec("number"), "1.200.000", 1_200_000),
        (spec("number"), "1.200", 1.2),
        (spec("number"), "1,50,000", 150_000),
        (spec("number"), "1 200", 1200),
        (spec("number"), "12\u202f345,6", 12345.6),
        (spec("number"), "1'200", 1200),
        (spec("number"), "-4,5", -4.5),
        (spec("number"), "0,500", 0.5),
        (spec("number"), "\u0661\u0665", 15),
        (spec("number"), -0.0, 0),
        (spec("number"), 10**300, 10**300),
        (spec("integer"), 3, 3),
        (spec("integer"), "3.0", 3),
        (spec("boolean"), True, True),
        (spec("boolean"), "Yes", True),
        (spec("boolean"), "FALSE", False),
        (COLOUR, "red", "Red"),
        (COLOUR, " DARK BLUE ", "Dark blue"),
        (AGES, "25-34", "25\u201334"),
        (AGES, "25 \u2014  34", "25\u201334"),
        (AGES, "under\n25", "Under 25"),
        (spec("enum", enum=["a-b", "A-B", "a - b"]), "A-B", "A-B"),
        (spec("enum", enum=["a-b", "A-B", "a - b"]), "A - b", "a - b"),
        (spec("enum", enum=["1", "2"]), 2, "2"),
        (spec("date"), "2026-01-05", "2026-01-05"),
        (spec("date"), "2026-01-05T09:00:00Z", "2026-01-05"),
        (spec("list"), ["shop", " shop ", "", "coffee"], ("shop", "coffee")),
        (spec("list"), "shop", ("shop",)),
        (spec("list"), [1, "two"], ("1", "two")),
        (spec("list", enum=["Shop"]), ["shop"], ("Shop",)),
    ],
)
def test_a_value_is_read_into_its_stored_form(field: FieldSpec, raw: object, value: object) -> None:
    """Numbers, booleans and dates may come as text; case, spaces and dashes do not matter."""
    parsed = parse_value(field, raw)
    assert (type(parsed), parsed) == (type(value), value)


@pytest.mark.parametrize("kind", list(FieldType))
@pytest.mark.parametrize(
    "raw",
    [None, {}, {"value": 1}, "", " ", "x" * 10_240, 10**400, -(10**5_000), b"x", object(), deep()],
    ids=[
        "none", "empty-object", "object", "empty", "spaces", "10kB", "huge", "too-huge-to-print",
        "bytes", "other", "nested",
    ],
)  # fmt: skip
def test_no_type_takes_nonsense(kind: FieldType, raw: object) -> None:
    """A model's answer is hostile input: it is rejected with a reason, and raises nothing."""
    field = spec(kind, enum=["a"] if kind is FieldType.ENUM else None)
    rejected = parse_value(field, raw)
    assert isinstance(rejected, Rejected)
    assert 0 < len(rejected.reason) < 200


@pytest.mark.parametrize(
    ("field", "raw", "words"),
    [
        (spec("string"), True, "not text"),
        (spec("string"), math.nan, "not text"),
        (spec("string"), ["a"], "not text"),
        (spec("string"), "a\0b", "cannot be stored"),
        (spec("string"), "\ud83d", "cannot be stored"),
        (SCORE, True, "not a number"),
        (SCORE, math.nan, "not a number"),
        (SCORE, math.inf, "not a number"),
        (SCORE, "nan", "not a number"),
        (SCORE, "-Infinity", "not a number"),
        (SCORE, "1e999", "not a number"),
        (SCORE, "seven", "not a number"),
        (SCORE, [7], "not a number"),
        (SCORE, "7, 8", "not a number"),
        (SCORE, "7 8", "not a number"),
        (SCORE, "1,2,3", "not a number"),
        (SCORE, 0.99, "below the minimum of 1"),
        (SCORE, 11, "above the maximum of 10"),
        (SCORE, 10**308, "above the maximum of 10"),
        (spec("integer"), 3.5, "not a whole number"),
        (spec("integer"), False, "not a number"),
        (spec("integer", minimum=2), 1, "below the minimum of 2"),
        (spec("boolean"), 1, "neither true nor false"),
        (spec("boolean"), "maybe", "neither true nor false"),
        (COLOUR, "green", "not one of Red, Dark blue"),
        (COLOUR, ["Red"], "not text"),
        (spec("date"), "yesterday", "YYYY-MM-DD"),
        (spec("date"), "2026-02-30", "YYYY-MM-DD"),
        (spec("date"), 20260105, "YYYY-MM-DD"),
        (spec("list"), [], "not a list"),
        (spec("list"), [[["a"]]], "item that is not text"),
        (spec("list"), [None], "item that is not text"),
        (spec("list"), [True], "item that is not text"),
        (spec("list"), ["x" * (MAX_TEXT + 1)], "item that is longer"),
        (spec("list"), ["a\0b"], "item that holds characters"),
        (spec("list"), ["a"] * (MAX_ITEMS + 1), f"more than {MAX_ITEMS}"),
        (spec("list"), ["", " "], "empty list"),
        (spec("list", enum=["Shop"]), ["shop", "bar"], "item that is not one of Shop"),
    ],
)
def test_what_does_not_fit_is_rejected_with_the_reason(
    field: FieldSpec, raw: object, words: str
) -> None:
    """The reason is handed back to the model, so that it can do better."""
    rejected = parse_value(field, raw)
    assert isinstance(rejected, Rejected)
    assert words in rejected.reason


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@holds_for(st.sampled_from(FieldType), _json)
def test_whatever_comes_is_rejected_or_can_be_stored_and_read_again(
    kind: FieldType, raw: object
) -> None:
    """And a stored value is a value of its own field."""
    field = spec(kind, enum=["a", "1"] if kind is FieldType.ENUM else None)
    value = parse_value(field, raw)
    if isinstance(value, Rejected):
        return
    stored = ExtractionRecorded(
        field="f", state=FieldState.EXTRACTED, value=value, quote="q", message_sid="SM1"
    )
    assert ExtractionRecorded.model_validate_json(stored.model_dump_json()) == stored
    assert parse_value(field, list(value) if isinstance(value, tuple) else value) == value


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"type": "text", "description": "d"}, ["f", "string", "enum", "list"]),
        ({"type": "string"}, ["f", "description", "required"]),
        ({"type": "string", "description": ""}, ["f", "description", "at least 1"]),
        ({"type": "enum", "description": "d"}, ["f", '"enum"', "list of allowed values"]),
        ({"type": "number", "description": "d", "enum": ["1"]}, ["f", '"enum"', "number"]),
        ({"type": "string", "description": "d", "minimum": 1}, ["f", '"minimum"', "string"]),
        (
            {"type": "number", "description": "d", "minimum": 9, "maximum": 1},
            ["f", '"minimum" 9', '"maximum" 1'],
        ),
        ({"type": "number", "description": "d", "minimum": "nan"}, ["f", "minimum", "finite"]),
        ({"type": "number", "description": "d", "maximum": math.inf}, ["f", "maximum", "finite"]),
        ({"type": "string", "description": "d", "min": 1}, ["f", "min", "not permitted"]),
    ],
)
def test_a_field_that_is_wrong_is_named_with_what_is_expected(
    given: dict[str, object], words: list[str]
) -> None:
    """The researcher sees the field's name and the fix."""
    with pytest.raises(ValidationError) as caught:
        SCHEMA.validate_python({"fine": {"type": "string", "description": "d"}, "f": given})
    told = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in caught.value.errors()]
    assert len(told) == 1
    for word in words:
        assert word in told[0]


@pytest.mark.parametrize("name", ["", "1st", "first name", "naïve", "x" * 65, "a.b", "a\n"])
def test_a_name_that_is_no_field_name_is_refused(name: str) -> None:
    """Names become columns and JSON keys."""
    with pytest.raises(ValidationError, match="letters, digits and underscores"):
        SCHEMA.validate_python({name: {"type": "string", "description": "d"}})


def test_a_schema_has_at_least_one_field_and_not_too_many() -> None:
    """An interview has an end."""
    one = {"type": "string", "description": "d"}
    for count in (0, MAX_FIELDS + 1):
        with pytest.raises(ValidationError, match="item"):
            SCHEMA.validate_python({f"f{n}": one for n in range(count)})
    assert len(SCHEMA.validate_python({f"f{n}": one for n in range(MAX_FIELDS)})) == MAX_FIELDS


def test_the_required_fields_that_are_not_settled_are_missing_in_order() -> None:
    """Optional ones never are."""
    schema = {"b": spec("string"), "a": spec("string"), "c": spec("string", required=False)}
    assert missing_required(schema, {"b"}) == ["a"]
    assert missing_required(schema, set()) == ["b", "a"]
