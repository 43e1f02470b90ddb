"""Writes one table in a process of its own: `python -m meshtables.child FORMAT PATH`.

Columns come in as the first line of JSON on the standard input, rows as further lines, and a last
line `null` says that it was all. So whoever serves webhooks does not wait for compression, its
memory does not grow, and what goes wrong in a library goes wrong here.
"""

from __future__ import annotations

import json
import os
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from meshtables.files import whole_table
from meshtables.formats import Format
from meshtables.table import column_from_json, from_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshtables.table import Cell, Column

_ROWS = 1_000


def main() -> int:
    """Writes the table; 1 if the input broke off, which leaves no file."""
    os.nice(10)  # whoever answers webhooks goes first
    form, path = Format(sys.argv[1]), Path(sys.argv[2])
    lines = sys.stdin.buffer
    columns = [column_from_json(raw) for raw in json.loads(lines.readline())]
    rows = _rows(columns)
    try:
        with whole_table(path, form, columns) as table:
            while some := list(islice(rows, _ROWS)):
                table.write(some)
    except EOFError:
        return 1
    return 0


def _rows(columns: list[Column]) -> Iterator[list[Cell]]:
    for line in sys.stdin.buffer:
        raw: list[Any] | None = json.loads(line)
        if raw is None:
            return
        yield [from_json(c.kind, cell) for c, cell in zip(columns, raw, strict=True)]
    raise EOFError("the rows broke off")


if __name__ == "__main__":
    sys.exit(main())
