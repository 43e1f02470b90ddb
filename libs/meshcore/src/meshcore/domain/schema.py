"""The extraction schema: what a campaign wants to know, and what counts as a field's value."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Self, assert_never

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

Value = bool | int | float | str | tuple[str, ...]
"""A field's value as it is stored: dates as ISO 8601 strings, lists as tuples of strings."""

MAX_FIELDS = 100
MAX_TEXT = 4_000
MAX_ITEMS = 100
_FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_TRUE = frozenset({"true", "yes", "y"})
_FALSE = frozenset({"false", "no", "n"})
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""PostgreSQL takes no NUL, and half a surrogate pair is not UTF-8."""


class FieldType(StrEnum):
    """The types that a field can have."""

    STRING = "string"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    ENUM = "enum"
    DATE = "date"
    LIST = "list"


class FieldSpec(BaseModel):
    """One field of the schema.

    `{"type": ..., "description": ...}` is enough; the rest narrows it down.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    type: FieldType = Field(description="string, number, integer, boolean, enum, date or list")
    description: str = Field(
        min_length=1, max_length=1_000, description="What is wanted, in words."
    )
    enum: tuple[str, ...] | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="The values allowed; needed by type enum.",
    )
    minimum: float | None = Field(default=None, description="The smallest value (number, integer).")
    maximum: float | None = Field(default=None, description="The largest value (number, integer).")
    required: bool = Field(
        default=True, description="Whether an interview is complete only with it."
    )

    @model_validator(mode="after")
    def _constraints_fit_the_type(self) -> Self:
        numeric = self.type in {FieldType.NUMBER, FieldType.INTEGER}
        choosable = self.type in {FieldType.ENUM, FieldType.STRING, FieldType.LIST}
        if self.type is FieldType.ENUM and not self.enum:
            raise ValueError('type "enum" needs "enum": the list of allowed values')
        if self.enum and not choosable:
            raise ValueError(
                f'"enum" does not go with type "{self.type}"; use type "enum", "string" or "list"'
            )
        if not numeric and (self.minimum is not None or self.maximum is not None):
            raise ValueError(
                f'"minimum" and "maximum" go with number and integer, not with type "{self.type}"'
            )
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f'"minimum" {self.minimum:g} is above "maximum" {self.maximum:g}')
        return self


def _check_names(fields: dict[str, FieldSpec]) -> dict[str, FieldSpec]:
    for name in fields:
        if not _FIELD_NAME.fullmatch(name):
            shown = name[:80].encode(errors="replace").decode()
            raise ValueError(
                f'"{shown}" is not a field name: use letters, digits and underscores '
                "(64 at most), not starting with a digit"
            )
    return fields


ExtractionSchema = Annotated[
    dict[str, FieldSpec], Field(min_length=1, max_length=MAX_FIELDS), AfterValidator(_check_names)
]
"""Field name to specification, in the researcher's order."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why something is not a value of a field."""

    reason: str


def parse_value(spec: FieldSpec, raw: object) -> Value | Rejected:  # noqa: C901, PLR0911 - one return per field type
    """Reads what a model or a person gave as a value of the field.

    Args:
        spec: the field.
        raw: JSON-like data; numbers, booleans and dates may also come as text.

    Returns:
        The value in its stored form, or `Rejected` with the reason.
    """
    if isinstance(raw, str):
        raw = raw.strip()
        if not raw:
            return Rejected("is empty")
        if len(raw) > MAX_TEXT:
            return Rejected(f"is longer than {MAX_TEXT} characters")
    match spec.type:
        case FieldType.STRING:
            return _text(spec, raw)
        case FieldType.NUMBER:
            return _number(spec, raw)
        case FieldType.INTEGER:
            return _integer(spec, raw)
        case FieldType.BOOLEAN:
            return _boolean(raw)
        case FieldType.ENUM:
            return _text(spec, raw)
        case FieldType.DATE:
            return _date(raw)
        case FieldType.LIST:
            return _list(spec, raw)
        case _:
            assert_never(spec.type)


def missing_required(schema: Mapping[str, FieldSpec], settled: AbstractSet[str]) -> list[str]:
    """The required fields that are not among the settled ones, in the schema's order."""
    return [name for name, spec in schema.items() if spec.required and name not in settled]


def _text(spec: FieldSpec, raw: object) -> str | Rejected:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return Rejected("is not text")
    if not isinstance(raw, str):
        if not _is_finite(raw):
            return Rejected("is not text")
        raw = str(raw)
    if len(raw) > MAX_TEXT:
        return Rejected(f"is longer than {MAX_TEXT} characters")
    if _UNSTORABLE.search(raw):
        return Rejected("holds characters that cannot be stored")
    return _one_of(spec.enum, raw) if spec.enum else raw


def _is_finite(number: float) -> bool:
    """Whether it is a number that a float can hold: not every int is one."""
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def _number(spec: FieldSpec, raw: object) -> float | int | Rejected:
    if isinstance(raw, str):
        try:
            raw = float(_without_separators(raw))
        except ValueError:
            return Rejected("is not a number")
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not _is_finite(raw):
        return Rejected("is not a number")
    if spec.minimum is not None and raw < spec.minimum:
        return Rejected(f"is below the minimum of {spec.minimum:g}")
    if spec.maximum is not None and raw > spec.maximum:
        return Rejected(f"is above the maximum of {spec.maximum:g}")
    return int(raw) if isinstance(raw, float) and raw.is_integer() else raw


def _without_separators(text: str) -> str:
    """A number in Python's own form: 1200.5 for "1,200.50", "1.200,50" and "1 200,5".

    A lone point is always a decimal one, as JSON has it.
    """
    joined = re.sub(r"(?<=\d)['\u2019\s](?=\d{3}(?!\d))", "", text)
    if _POINTS_GROUP.fullmatch(joined):
        return joined.replace(".", "").replace(",", ".")
    if _COMMAS_GROUP.fullmatch(joined):
        return joined.replace(",", "")
    return joined.replace(",", ".") if joined.count(",") == 1 else joined


_POINTS_GROUP = re.compile(r"[+-]?[1-9]\d{0,2}((\.\d{3})+,\d+|(\.\d{3}){2,})")
_COMMAS_GROUP = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{2,3})*,\d{3}(\.\d+)?")
"""The twos are those of India: 1,50,000."""


def _integer(spec: FieldSpec, raw: object) -> int | Rejected:
    number = _number(spec, raw)
    if isinstance(number, float):
        return Rejected("is not a whole number")
    return number


def _boolean(raw: object) -> bool | Rejected:
    if isinstance(raw, bool):
        return raw
    word = raw.casefold() if isinstance(raw, str) else ""
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    return Rejected("is neither true nor false")


def _one_of(allowed: tuple[str, ...], raw: str) -> str | Rejected:
    for form in (str, str.casefold, _plain):
        wanted = form(raw)
        for value in allowed:
            if form(value) == wanted:
                return value
    return Rejected(f"is not one of {', '.join(allowed)}")


def _plain(choice: str) -> str:
    """The choice without what may be written in several ways: case, spaces, dashes."""
    unified = re.sub(r"\s*[\u2010-\u2015\u2212-]\s*", "-", unicodedata.normalize("NFKC", choice))
    return " ".join(unified.casefold().split())


def _date(raw: object) -> str | Rejected:
    try:
        return date.fromisoformat(raw[:10] if isinstance(raw, str) else "").isoformat()
    except ValueError:
        return Rejected("is not a date of the form YYYY-MM-DD")


def _list(spec: FieldSpec, raw: object) -> tuple[str, ...] | Rejected:
    items = [raw] if isinstance(raw, str) else raw
    if not isinstance(items, list | tuple) or not items:
        return Rejected("is not a list")
    if len(items) > MAX_ITEMS:
        return Rejected(f"has more than {MAX_ITEMS} items")
    values: list[str] = []
    for item in items:
        value = _text(spec, item.strip() if isinstance(item, str) else item)
        if isinstance(value, Rejected):
            return Rejected(f"has an item that {value.reason}")
        if value not in ("", *values):
            values.append(value)
    return tuple(values) if values else Rejected("is an empty list")
