"""What columns and values are called in SPSS files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshtables.table import Kind, Names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshtables.table import Column

_RESERVED = frozenset(
    {"ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"}
)
_YES_NO = {0.0: "No", 1.0: "Yes"}


def variable_names(columns: Sequence[Column]) -> list[str]:
    """The names that SPSS takes, for the columns in their order.

    They begin with a letter, end with none of its signs, and are none of its words.
    """
    names = Names()
    found = []
    for column in columns:
        name = column.name if column.name[:1].isalpha() else f"v{column.name}"
        name = name.rstrip("._") or "v"
        found.append(names.take(f"{name}_1" if name.upper() in _RESERVED else name))
    return found


def codes_of(column: Column) -> dict[float, str]:
    """The number that stands for each value of a choice or of yes and no; else nothing."""
    match column.kind:
        case Kind.BOOLEAN:
            return _YES_NO
        case Kind.CHOICE:
            return {float(n): choice for n, choice in enumerate(column.choices, 1)}
        case _:
            return {}
