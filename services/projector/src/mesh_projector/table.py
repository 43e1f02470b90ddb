"""Read tables as data, and the one statement that writes a batch of full rows to one of them."""

# ruff: noqa: S608 - statements are put together from the constants of the projections, never from input

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic_core import to_json

from mesh_projector.change import Change, ConversationChange

if TYPE_CHECKING:
    from asyncpg import Connection

Row = tuple[Any, ...]

C = TypeVar("C", bound=Change)

_NUL, _REPLACEMENT = "\x00", "\ufffd"
_INT4_LIMIT = 2**31
_INT8_LIMIT = 2**63


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of one read table that are written together.

    Attributes:
        name: the table.
        columns: the columns written, by name, with their types. The key comes first.
        key: how many of the columns make up the key.
        inserts: whether a missing row is made. Otherwise only rows that are there are updated.
    """

    name: str
    columns: Mapping[str, str]
    key: int = 1
    inserts: bool = True

    @cached_property
    def statement(self) -> str:
        """The statement that takes one array for each column."""
        names = list(self.columns)
        arrays = ", ".join(f"${n}::{kind}[]" for n, kind in enumerate(self.columns.values(), 1))
        key, rest = names[: self.key], names[self.key :]
        if self.inserts:
            return (
                f"INSERT INTO {self.name} ({', '.join(names)}) SELECT * FROM unnest({arrays})"
                f" ON CONFLICT ({', '.join(key)}) DO UPDATE"
                f" SET {', '.join(f'{n} = excluded.{n}' for n in rest)}"
            )
        return (
            f"UPDATE {self.name} AS old SET {', '.join(f'{n} = new.{n}' for n in rest)}"
            f" FROM unnest({arrays}) AS new ({', '.join(names)})"
            f" WHERE {' AND '.join(f'old.{n} = new.{n}' for n in key)}"
        )


@dataclass(frozen=True, eq=False)
class Projection(Generic[C]):
    """How one kind of change becomes rows of a table: a plain function, without state.

    Attributes:
        table: where the rows go.
        of: the kind of change.
        rows: the function.
        each: whether it must see every change of a conversation. Otherwise it is shown those of a
            batch as one, from the first state to the last.
    """

    table: Table
    of: type[C]
    rows: Callable[[C], Iterable[Row]]
    each: bool = False


class Batch:
    """The rows that a run of changes leaves behind: of each key the last.

    Args:
        projections: in the order in which their tables are written.
    """

    def __init__(self, projections: Iterable[Projection[Any]]) -> None:
        self._by_kind: dict[type[Change], list[Projection[Any]]] = {}
        self._of_runs: list[Projection[Any]] = []
        self._runs: dict[str, ConversationChange] = {}
        self._rows: dict[Table, dict[Row, Row]] = {}
        for projection in projections:
            self._rows[projection.table] = {}
            if projection.of is ConversationChange and not projection.each:
                self._of_runs.append(projection)
            else:
                self._by_kind.setdefault(projection.of, []).append(projection)

    def add(self, change: Change) -> None:
        """Lets every projection of this kind of change make its rows, now or in the end."""
        if isinstance(change, ConversationChange):
            self._add_to_run(change)
        for projection in self._by_kind.get(type(change), ()):
            self._make(projection, change)

    def _add_to_run(self, change: ConversationChange) -> None:
        run = self._runs.get(change.after.id)
        if run and run.before and change.before:
            change = ConversationChange(run.before, change.after, change.at)
        elif run:  # without a state before, all rows are to be written
            change = ConversationChange(None, change.after, change.at)
        self._runs[change.after.id] = change

    def _make(self, projection: Projection[Any], change: Change) -> None:
        rows, key = self._rows[projection.table], projection.table.key
        for row in projection.rows(change):
            rows[row[:key]] = row

    def _finish_runs(self) -> None:
        for change in self._runs.values():
            for projection in self._of_runs:
                self._make(projection, change)
        self._runs.clear()

    async def write(self, connection: Connection[Any]) -> None:
        """Writes the rows, one statement for each table, in the order of the projections."""
        self._finish_runs()
        for table, rows in self._rows.items():
            if rows:
                columns = zip(table.columns.values(), zip(*rows.values(), strict=True), strict=True)
                await connection.execute(
                    table.statement, *(_storable(kind, values) for kind, values in columns)
                )


def storable_text(text: str) -> str:
    """The text without NUL characters, which PostgreSQL cannot hold."""
    return text.replace(_NUL, _REPLACEMENT) if _NUL in text else text


def storable_int(number: int | None) -> int | None:
    """The number, or None if a column of type int cannot hold it."""
    fits = number is not None and -_INT4_LIMIT <= number < _INT4_LIMIT
    return number if fits else None


def storable_bigint(number: int) -> int:
    """The number, or the nearest one that a column of type bigint can hold."""
    return max(-_INT8_LIMIT, min(number, _INT8_LIMIT - 1))


def _storable(kind: str, values: Iterable[Any]) -> list[Any]:
    match kind:
        case "text":
            return [value and storable_text(value) for value in values]
        case "json" | "jsonb":
            return [None if value is None else _storable_json(value) for value in values]
        case _:
            return list(values)


def _storable_json(value: Any) -> str:
    text = to_json(value, inf_nan_mode="null").decode()
    if "\\u0000" not in text:
        return text
    return json.dumps(_without_nul(json.loads(text)))


def _without_nul(value: Any) -> Any:
    match value:
        case str():
            return storable_text(value)
        case list():
            return [_without_nul(item) for item in value]
        case dict():
            return {storable_text(name): _without_nul(item) for name, item in value.items()}
        case _:
            return value
