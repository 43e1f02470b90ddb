"""Which formats there are, and what writes each."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, assert_never

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshtables.table import Column, TableWriter


class Format(StrEnum):
    """A file format."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    XLSX = "xlsx"
    SAV = "sav"

    @property
    def media_type(self) -> str:
        """What HTTP calls it."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.JSONL: "application/jsonl",
    Format.PARQUET: "application/vnd.apache.parquet",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.SAV: "application/x-spss-sav",
}


def writer(form: Format, path: Path, file: IO[bytes], columns: Sequence[Column]) -> TableWriter:
    """What writes a table to a file.

    The libraries are imported only by those who need them: they are large.

    Args:
        form: the format.
        path: where the file is.
        file: the file itself, open for writing; it stays open.
        columns: of the table.
    """
    match form:
        case Format.CSV:
            from meshtables.text_files import CsvWriter  # noqa: PLC0415 - see above

            return CsvWriter(file, columns)
        case Format.JSONL:
            from meshtables.text_files import JsonlWriter  # noqa: PLC0415 - likewise

            return JsonlWriter(file, columns)
        case Format.PARQUET:
            from meshtables.columnar import ParquetWriter  # noqa: PLC0415 - likewise

            return ParquetWriter(file, columns)
        case Format.XLSX:
            from meshtables.spreadsheets import XlsxWriter  # noqa: PLC0415 - likewise

            return XlsxWriter(file, columns)
        case Format.SAV:
            from meshtables.spss import SavWriter  # noqa: PLC0415 - likewise

            return SavWriter(path, columns)
        case _:
            assert_never(form)
