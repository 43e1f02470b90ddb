"""Lists of participants as CSV files."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from mesh_ingress.attributes import attribute_name
from mesh_ingress.bodies import PHONE, Given
from mesh_ingress.reasons import FieldError

if TYPE_CHECKING:
    from collections.abc import Iterator

_KNOWN_COLUMNS = frozenset({PHONE, "language", "timezone"})
_DELIMITERS = (",", ";", "\t")
_SAVE_AS = "save the file as CSV UTF-8"


def csv_entries(body: bytearray, *, only_phones: bool = False) -> Iterator[Given | FieldError]:
    """The rows of a CSV file in UTF-8, with a header, split by commas, semicolons or tabs.

    Every column but `phone`, `language` and `timezone` is an attribute; blank cells are left out.
    Whatever is wrong with the file itself comes as an error, and ends it.

    Args:
        body: the file.
        only_phones: whether the other columns do not matter.
    """
    try:
        columns, rows = _opened(body)
        if errors := _wrong_with(columns, only_phones=only_phones):
            yield from errors
            return
        for row in rows:
            if any(cell.strip() for cell in row):
                yield _row(columns, row, f"line {rows.line_num}")
    except UnicodeDecodeError:
        yield FieldError("body", "is not UTF-8", _SAVE_AS)
    except csv.Error as error:
        yield FieldError("body", f"is not CSV: {error}", _SAVE_AS)


def _opened(body: bytearray) -> tuple[list[str], Any]:
    """The header's names and the rows behind it, by whichever mark gives a column of phones."""
    rows = None
    for delimiter in _DELIMITERS:
        lines = io.TextIOWrapper(io.BytesIO(body), "utf-8-sig", newline="")
        rows = csv.reader(lines, delimiter=delimiter, strict=True)
        columns = [_column(cell) for cell in next(rows, [])]
        if PHONE in columns:
            return columns, rows
    return [], rows


def _column(cell: str) -> str:
    name = cell.strip()
    return name.lower() if name.lower() in _KNOWN_COLUMNS else name


def _wrong_with(columns: list[str], *, only_phones: bool) -> Iterator[FieldError] | None:
    if PHONE not in columns:
        fix = f'name the column of the numbers "{PHONE}"'
        return iter([FieldError("line 1", f'the header has no column "{PHONE}"', fix)])
    errors = [
        FieldError("line 1", f"column {number} {reason}", fix)
        for number, name in enumerate(columns, 1)
        for reason, fix in _wrong_with_column(name, columns[: number - 1])
        if not only_phones or name == PHONE
    ]
    return iter(errors) if errors else None


def _wrong_with_column(name: str, before: list[str]) -> Iterator[tuple[str, str]]:
    """Why a column cannot be taken. A name is not repeated: it may be a row without a header."""
    if name and name in before:
        yield "has the name of another one", "give each column a name of its own"
    if name:
        try:
            attribute_name(name)
        except ValueError as error:
            told = getattr(error, "context", None) or {}
            yield str(told.get("reason")), str(told.get("fix"))


def _row(columns: list[str], row: list[str], where: str) -> Given | FieldError:
    if any(cell.strip() for cell in row[len(columns) :]):
        fix = "put quotes around a cell that has the mark in it that separates cells"
        return FieldError(where, "has more cells than the header", fix)
    cells = {
        name: cell.strip()
        for name, cell in zip(columns, row, strict=False)
        if name and cell.strip()
    }
    fields: dict[str, Any] = {PHONE: cells.pop(PHONE, "")}
    for name in ("language", "timezone"):
        if name in cells:
            fields[name] = cells.pop(name)
    return Given(where, {**fields, "attributes": cells} if cells else fields)
