"""What a table is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol, assert_never

Cell = str | int | float | bool | date | datetime | tuple[str, ...] | None
Row = Sequence[Cell]


class Kind(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    CHOICE = "choice"
    JSON = "json"
    LIST = "list"


BETWEEN = "; "
"""What stands between the items of a list where a cell can only be text."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: unique in its table, whatever the case.
        kind: what its cells are. A cell of kind JSON is a string that holds JSON.
        label: what it is, in words.
        choices: the values of a choice, in their order.
        plain: whether its text is ids and names of ours, in which no formula can stand.
    """

    name: str
    kind: Kind
    label: str = ""
    choices: tuple[str, ...] = ()
    plain: bool = False


class TableWriter(Protocol):
    """Takes rows in and makes a file of them."""

    def write(self, rows: Sequence[Row]) -> None:
        """Adds rows, each with a cell for every column."""

    def close(self) -> None:
        """Completes the file. Without it the file is of no use."""


@dataclass(frozen=True, slots=True)
class Names:
    """Gives names that are unique whatever their case, as SQL and SPSS want them."""

    taken: dict[str, None] = field(default_factory=dict)
    longest: int = 64

    def take(self, wanted: str) -> str:
        """The name, with a number behind it if it is taken."""
        name, number = wanted[: self.longest], 2
        while name.casefold() in self.taken:
            suffix = f"_{number}"
            name, number = wanted[: self.longest - len(suffix)] + suffix, number + 1
        self.taken[name.casefold()] = None
        return name


def joined(items: tuple[str, ...]) -> str:
    """A list as text."""
    return BETWEEN.join(items)


def as_json(cell: Cell) -> Any:
    """The cell as JSON has it: times and dates as text, lists as arrays."""
    return cell.isoformat() if isinstance(cell, date) else cell


def from_json(kind: Kind, raw: Any) -> Cell:
    """The cell that a kind of column has for a JSON value; None for what is not of the kind."""
    if raw is None:
        return None
    try:
        return _typed(kind, raw)
    except (TypeError, ValueError, OverflowError):
        return None


def _typed(kind: Kind, raw: Any) -> Cell:  # noqa: PLR0911 - one return per kind
    match kind:
        case Kind.INTEGER:
            return int(raw)
        case Kind.NUMBER:
            return float(raw)
        case Kind.BOOLEAN:
            return bool(raw)
        case Kind.DATE:
            return date.fromisoformat(raw)
        case Kind.TIME:
            return datetime.fromisoformat(raw)
        case Kind.LIST:
            return tuple(map(str, raw))
        case Kind.TEXT | Kind.CHOICE | Kind.JSON:
            return str(raw)
        case _:
            assert_never(kind)


def column_as_json(column: Column) -> Mapping[str, Any]:
    """The column as plain data."""
    return {
        "name": column.name,
        "kind": column.kind.value,
        "label": column.label,
        "choices": list(column.choices),
    }


def column_from_json(raw: Mapping[str, Any]) -> Column:
    """The column that `column_as_json` describes."""
    return Column(raw["name"], Kind(raw["kind"]), raw["label"], tuple(raw["choices"]))
