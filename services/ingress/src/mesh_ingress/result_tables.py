"""What the interviews found, as tables: which columns there are, and what stands in them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from meshcore.domain.schema import FieldSpec, FieldType
from meshtables.table import Cell, Column, Kind, Names, from_json

_LEAD = (
    Column("conversation_id", Kind.TEXT, "The conversation"),
    Column("participant_id", Kind.TEXT, "The participant, the same in every campaign"),
    Column("completed_at", Kind.TIME, "When the interview was completed (UTC)"),
)
_EVIDENCE = (
    *_LEAD,
    Column("field", Kind.TEXT, "The field"),
    Column("state", Kind.TEXT, "extracted, vague or refused"),
    Column("value", Kind.TEXT, "The value; empty if there is none to be had"),
    Column("quote", Kind.TEXT, "The participant's own words"),
    Column("message_id", Kind.TEXT, "The message in which they stand"),
)

Schema = Mapping[str, FieldSpec]


@dataclass(frozen=True, slots=True)
class Interview:
    """What one completed interview found, as it is stored."""

    conversation: str
    participant: str
    completed_at: datetime
    data: Mapping[str, Any]
    evidence: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Wide:
    """One row per interview: a column for every field, in the researcher's order."""

    schema: Schema

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns."""
        return _LEAD + tuple(self.of_fields.values())

    @property
    def of_fields(self) -> dict[str, Column]:
        """The column of each field. A name that is taken, whatever its case, gets a number."""
        names = Names()
        for column in _LEAD:
            names.take(column.name)
        return {
            name: Column(names.take(name), _kind(spec), spec.description, spec.enum or ())
            for name, spec in self.schema.items()
        }

    def rows(self, interview: Interview) -> Iterator[list[Cell]]:
        """The one row of an interview."""
        kinds = ((name, _kind(spec)) for name, spec in self.schema.items())
        values = [from_json(kind, interview.data.get(name)) for name, kind in kinds]
        yield [*_lead(interview), *values]


@dataclass(frozen=True, slots=True)
class Long:
    """One row per interview and field, with the words that the value was taken from."""

    schema: Schema

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns."""
        return _EVIDENCE

    def rows(self, interview: Interview) -> Iterator[list[Cell]]:
        """The rows of an interview, in the researcher's order of fields."""
        for name, spec in self.schema.items():
            if found := interview.evidence.get(name):
                value = _as_text(from_json(_kind(spec), found.get("value")))
                words = found.get("quote"), found.get("message_sid")
                yield [*_lead(interview), name, found.get("state"), value, *words]


Layout = Wide | Long


def _lead(interview: Interview) -> list[Cell]:
    return [interview.conversation, interview.participant, interview.completed_at]


def _kind(spec: FieldSpec) -> Kind:  # noqa: PLR0911 - one return per type
    match spec.type:
        case FieldType.STRING:
            return Kind.CHOICE if spec.enum else Kind.TEXT
        case FieldType.ENUM:
            return Kind.CHOICE
        case FieldType.NUMBER:
            return Kind.NUMBER
        case FieldType.INTEGER:
            return Kind.INTEGER
        case FieldType.BOOLEAN:
            return Kind.BOOLEAN
        case FieldType.DATE:
            return Kind.DATE
        case FieldType.LIST:
            return Kind.LIST
        case _:
            assert_never(spec.type)


def _as_text(cell: Cell) -> str | None:
    match cell:
        case None:
            return None
        case bool():
            return str(cell).lower()
        case float():
            return f"{cell:.15g}"
        case tuple():
            return "; ".join(cell)
        case _:
            return str(cell)
