"""CSV (RFC 4180, UTF-8) and JSONL. Both can be written piece by piece."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from json.encoder import encode_basestring
from typing import IO, TYPE_CHECKING

from meshtables.neutral import neutral
from meshtables.table import Kind, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from meshtables.table import Cell, Column, Row

_QUOTED = json.JSONEncoder(ensure_ascii=False).encode
_TEXTS = frozenset({Kind.TEXT, Kind.CHOICE, Kind.LIST})
_PLAIN = frozenset({Kind.INTEGER, Kind.NUMBER, Kind.JSON})
BOM = "\ufeff"
"""Without it, Excel reads UTF-8 as something else."""


class CsvWriter:
    """Writes CSV.

    Text that begins like a formula gets a quote before it; numbers stay numbers. True and false are
    `true` and `false`, times ISO 8601, what is missing is empty. All text is quoted, so that where
    programs split at semicolons no part of it becomes a cell.
    """

    def __init__(self, sink: IO[bytes], columns: Sequence[Column], *, bom: bool = True) -> None:
        self._text = io.TextIOWrapper(sink, encoding="utf-8", errors="replace", newline="")
        self._csv = csv.writer(self._text, quoting=csv.QUOTE_NONNUMERIC)
        self._shown = [None if c.plain else _of_csv(c.kind) for c in columns]
        self._text.write(BOM if bom else "")
        self._csv.writerow([column.name for column in columns])

    def write(self, rows: Sequence[Row]) -> None:
        """Adds rows."""
        shown = [
            map(show, cells) if show else cells
            for show, cells in zip(self._shown, zip(*rows, strict=True), strict=True)
        ]
        self._csv.writerows(zip(*shown, strict=True))

    def flush(self) -> None:
        """Hands everything written so far to the sink."""
        self._text.flush()

    def close(self) -> None:
        """Completes the file; the sink stays open."""
        self._text.detach()


def _of_csv(kind: Kind) -> Callable[[Cell], object] | None:
    """How cells of a kind are shown; None where they are written as they are."""
    if kind in _PLAIN:
        return None
    if kind is Kind.TIME:
        return lambda cell: cell.isoformat() if isinstance(cell, date) else cell
    if kind in _TEXTS:
        return _as_text
    return lambda cell: cell if cell is None else _json_of(cell).strip('"')


def _as_text(cell: Cell) -> str | None:
    if cell is None or (isinstance(cell, str) and cell[:1].isalnum() and "\x00" not in cell):
        return cell
    text = joined(cell) if isinstance(cell, tuple) else str(cell)
    return neutral(text.replace("\x00", "\ufffd"))


class JsonlWriter:
    """Writes a JSON object to a line; cells of kind JSON become part of it."""

    def __init__(self, sink: IO[bytes], columns: Sequence[Column]) -> None:
        self._sink = sink
        self._shown = [_SHOWN.get(column.kind, _json_of) for column in columns]
        names = ",".join(f"{_QUOTED(c.name).replace('%', '%%')}:%s" for c in columns)
        self._line = f"{{{names}}}\n"

    def write(self, rows: Sequence[Row]) -> None:
        """Adds rows."""
        shown: Iterable[Iterable[str]] = (
            map(show, cells)
            for show, cells in zip(self._shown, zip(*rows, strict=True), strict=True)
        )
        line = self._line
        self._sink.write(
            "".join([line % row for row in zip(*shown, strict=True)]).encode(errors="replace")
        )

    def flush(self) -> None:
        """Hands everything written so far to the sink: it has it already."""

    def close(self) -> None:
        """Completes the file; the sink stays open."""


def _verbatim(cell: Cell) -> str:
    return "null" if cell is None else str(cell)


def _text_of(cell: Cell) -> str:
    return encode_basestring(cell) if isinstance(cell, str) else _json_of(cell)


def _json_of(cell: Cell) -> str:
    if isinstance(cell, date):
        return f'"{cell.isoformat()}"'
    return _QUOTED(cell)


_SHOWN: dict[Kind, Callable[[Cell], str]] = {
    Kind.JSON: _verbatim,
    Kind.INTEGER: _verbatim,
    Kind.TEXT: _text_of,
}
"""The ways of the most frequent kinds, which are shorter than that of all others."""
