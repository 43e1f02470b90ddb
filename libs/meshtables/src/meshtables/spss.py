"""SPSS files, by pyreadstat: variable labels, value labels, measures.

The format wants to know beforehand how long the longest text is, so the table is held in memory.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyreadstat

from meshtables.spss_names import codes_of, variable_names
from meshtables.table import Kind, joined

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from meshtables.table import Cell, Column, Row

_LONGEST = 32_767
_LONGEST_LABEL = 250
_LONGEST_VALUE_LABEL = 120
_MEASURES = {Kind.INTEGER: "scale", Kind.NUMBER: "scale", Kind.DATE: "scale", Kind.TIME: "scale"}


class SavWriter:
    """Writes an SPSS file. Choices are numbers with labels; what is missing is system-missing."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._path = path
        self._columns = columns
        self._cells: list[list[Cell]] = [[] for _ in columns]
        self._codes = [
            {choice: code for code, choice in codes_of(c).items()} if c.kind is Kind.CHOICE else {}
            for c in columns
        ]

    def write(self, rows: Sequence[Row]) -> None:
        """Adds rows."""
        for cells, column, codes, added in zip(
            self._cells, self._columns, self._codes, zip(*rows, strict=True), strict=False
        ):
            cells.extend(_cell(column.kind, codes, cell) for cell in added)

    def close(self) -> None:
        """Writes the file."""
        names = variable_names(self._columns)
        series = {
            name: _series(column.kind, cells)
            for name, column, cells in zip(names, self._columns, self._cells, strict=True)
        }
        named = list(zip(names, self._columns, strict=True))
        pyreadstat.write_sav(
            pd.DataFrame(series),
            str(self._path),
            column_labels=[_shortened(c.label, _LONGEST_LABEL) for c in self._columns],
            variable_value_labels={
                name: {n: _shortened(label, _LONGEST_VALUE_LABEL) for n, label in codes.items()}
                for name, column in named
                if (codes := codes_of(column))
            },
            variable_measure={name: _MEASURES.get(c.kind, "nominal") for name, c in named},
            row_compress=True,
        )


def _cell(kind: Kind, codes: dict[str, float], cell: Cell) -> Any:  # noqa: PLR0911 - one return per kind
    match cell:
        case None:
            return "" if kind in {Kind.TEXT, Kind.JSON, Kind.LIST} else None
        case tuple():
            return _cell(kind, codes, joined(cell))
        case str() if kind is Kind.CHOICE:
            return codes.get(cell)
        case str():
            return _shortened(cell.replace("\x00", "\ufffd"), _LONGEST)
        case datetime():
            return cell.astimezone(UTC).replace(tzinfo=None)
        case date():
            return cell
        case _:
            return float(cell)


def _series(kind: Kind, cells: list[Any]) -> pd.Series[Any]:
    match kind:
        case Kind.TEXT | Kind.JSON | Kind.LIST | Kind.DATE:
            return pd.Series(cells, dtype="object")
        case Kind.TIME:
            return pd.Series(cells, dtype="datetime64[us]")
        case _:
            return pd.Series(cells, dtype="float64")


def _shortened(text: str, most: int) -> str:
    """The text in at most so many bytes of UTF-8, of whole characters."""
    whole = text.encode(errors="replace")
    return whole[:most].decode(errors="ignore") if len(whole) > most else whole.decode()
