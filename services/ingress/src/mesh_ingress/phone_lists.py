"""Lists of phone numbers as researchers send them: checked, normalised, and each kept once.

Checking one number takes some 50 us, so that long lists are worked off in slices, with webhooks
taken in between. A thread would not help: it holds the interpreter for 5 ms at a time.
"""

from __future__ import annotations

import asyncio
import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mesh_ingress.reasons import FieldError
from meshcore.domain.participant import PREFIX, AddressError, normalise_phone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

COLUMN = "phone"
_SLICE = 20
_FIX = "write it in international form, for instance +971501234567"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Usable addresses.

    Attributes:
        addresses: normalised, each once, in the order in which they were given.
        duplicates_merged: how many more times any of them was given.
    """

    addresses: tuple[str, ...]
    duplicates_merged: int


async def read_list(numbers: Sequence[str], field: str) -> Addresses | list[FieldError]:
    """Reads a list; if anything in it is wrong, returns every error with its index."""
    return await _read((f"{field}[{index}]", number) for index, number in enumerate(numbers))


async def read_csv(body: bytes) -> Addresses | list[FieldError]:
    """Reads the column `phone` of a CSV file in UTF-8.

    If anything in it is wrong, returns every error with its line.
    """
    rows = await asyncio.to_thread(_rows, body)
    return rows if isinstance(rows, list) else await _read(rows)


async def _read(labelled: Iterable[tuple[str, str]]) -> Addresses | list[FieldError]:
    addresses: dict[str, None] = {}
    errors: list[FieldError] = []
    given = 0
    for label, number in labelled:
        given += 1
        try:
            addresses[PREFIX + normalise_phone(number)] = None
        except AddressError as error:
            errors.append(FieldError(label, str(error), _FIX))
        if given % _SLICE == 0:
            await asyncio.sleep(0)
    return errors or Addresses(tuple(addresses), given - len(addresses))


def _rows(body: bytes) -> tuple[tuple[str, str], ...] | list[FieldError]:
    """The phone column with a label for each row. Excel's byte order mark is tolerated."""
    try:
        rows = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True)
        header = [name.strip().lower() for name in next(rows, [])]
        if COLUMN not in header:
            reason = f'the header has no column "{COLUMN}"'
            return [FieldError("line 1", reason, f'name the column of the numbers "{COLUMN}"')]
        column = header.index(COLUMN)
        return tuple(
            (f"line {rows.line_num}", row[column].strip() if column < len(row) else "")
            for row in rows
            if any(cell.strip() for cell in row)
        )
    except UnicodeDecodeError:
        return [FieldError("body", "is not UTF-8", "save the file as CSV UTF-8")]
    except csv.Error as error:
        return [FieldError("body", f"is not CSV: {error}", "save the file as CSV UTF-8")]
