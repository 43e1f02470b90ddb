"""Excel workbooks, by XlsxWriter in its constant-memory mode: a written row is on disk."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import IO, TYPE_CHECKING

from xlsxwriter import Workbook

from meshtables.neutral import begins_like_a_formula
from meshtables.table import Kind, joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from meshtables.table import Cell, Column, Row

MAX_ROWS = 1_048_575
"""What a sheet holds beside its head; more go to a next sheet."""

_LONGEST = 32_767
"""Characters, as Excel counts them: in UTF-16."""

_EXACT = 2**53
"""Above, Excel's numbers lose digits, so that they are better text."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""What XML cannot hold."""


class XlsxWriter:
    """Writes a workbook.

    Text is written as text, so that nothing in it is a formula, a link or a number; what begins
    like a formula is marked to stay text also when somebody edits it. Times are UTC.
    """

    def __init__(self, sink: IO[bytes], columns: Sequence[Column]) -> None:
        self._columns = columns
        self._book = Workbook(
            sink, {"constant_memory": True, "remove_timezone": True, "use_zip64": True}
        )
        self._head = self._book.add_format({"bold": True})
        self._quoted = self._book.add_format({"quote_prefix": True})
        self._formats: dict[Kind, Format] = {
            Kind.DATE: self._book.add_format({"num_format": "yyyy-mm-dd"}),
            Kind.TIME: self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        self._sheet = self._next_sheet()
        self._row = 0

    def write(self, rows: Sequence[Row]) -> None:
        """Adds rows."""
        for row in rows:
            if self._row == MAX_ROWS:
                self._sheet, self._row = self._next_sheet(), 0
            self._row += 1
            for number, (column, cell) in enumerate(zip(self._columns, row, strict=True)):
                if cell is not None:
                    self._write(number, column.kind, cell)

    def close(self) -> None:
        """Completes the file; the sink stays open."""
        self._book.close()

    def _next_sheet(self) -> Worksheet:
        sheet: Worksheet = self._book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for number, column in enumerate(self._columns):
            sheet.write_string(0, number, column.name, self._head)
            sheet.set_column(number, number, 24 if column.kind is Kind.TEXT else 18)
        return sheet

    def _write(self, number: int, kind: Kind, cell: Cell) -> None:
        match cell:
            case bool():
                self._sheet.write_boolean(self._row, number, cell)
            case int() | float() if abs(cell) <= _EXACT:
                self._sheet.write_number(self._row, number, cell)
            case tuple():
                self._write_text(number, joined(cell))
            case date():
                self._write_date(number, kind, cell)
            case _:
                self._write_text(number, str(cell))

    def _write_text(self, number: int, text: str) -> None:
        form = self._quoted if begins_like_a_formula(text) else None
        self._sheet.write_string(self._row, number, _storable(text), form)

    def _write_date(self, number: int, kind: Kind, cell: date) -> None:
        if cell.year < 1900:  # noqa: PLR2004 - where Excel's calendar begins
            self._sheet.write_string(self._row, number, cell.isoformat())
            return
        at = cell if isinstance(cell, datetime) else datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - a date has no zone
        self._sheet.write_datetime(self._row, number, at, self._formats[kind])


def _storable(text: str) -> str:
    text = _CONTROL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) * 2 <= _LONGEST:
        return text
    return text.encode("utf-16-le")[: 2 * _LONGEST].decode("utf-16-le", errors="ignore")
