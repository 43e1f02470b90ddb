"""Parquet, by pyarrow: typed, compressed, row group by row group."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from meshtables.table import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshtables.table import Column, Row

_GROUP = 65_536
"""Rows of a row group: what is held in memory."""

_TYPES = {
    Kind.TEXT: pa.string(),
    Kind.CHOICE: pa.string(),
    Kind.JSON: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.TIME: pa.timestamp("us", tz="UTC"),
    Kind.LIST: pa.list_(pa.string()),
}


class ParquetWriter:
    """Writes Parquet (zstd). Labels of columns are kept as the metadata of their fields."""

    def __init__(self, sink: IO[bytes], columns: Sequence[Column]) -> None:
        self._schema = pa.schema([_field(column) for column in columns])
        self._writer = pq.ParquetWriter(sink, self._schema, compression="zstd")
        self._batches: list[pa.RecordBatch] = []
        self._rows = 0

    def write(self, rows: Sequence[Row]) -> None:
        """Adds rows."""
        if not rows:
            return
        arrays = [
            pa.array(cells, type=field.type)
            for field, cells in zip(self._schema, zip(*rows, strict=True), strict=True)
        ]
        self._batches.append(pa.record_batch(arrays, schema=self._schema))
        self._rows += len(rows)
        if self._rows >= _GROUP:
            self._write_group()

    def close(self) -> None:
        """Completes the file; the sink stays open."""
        self._write_group()
        self._writer.close()

    def _write_group(self) -> None:
        if self._batches:
            self._writer.write_table(pa.Table.from_batches(self._batches, self._schema))
        self._batches, self._rows = [], 0


def _field(column: Column) -> pa.Field:
    metadata = {"label": column.label} if column.label else None
    return pa.field(column.name, _TYPES[column.kind], metadata=metadata)
