"""The record of everything that happened in the simulated world, in order."""

from __future__ import annotations

import time
from typing import Any

Entry = dict[str, Any]


class Record:
    """An append-only list; an entry may be completed later, but never moves."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    def add(self, kind: str, **details: object) -> Entry:
        """Append an entry and return it, so that its end can be written into it."""
        entry: Entry = {"n": len(self._entries), "at": time.time(), "kind": kind, **details}
        self._entries.append(entry)
        return entry

    def since(self, first: int = 0, kind: str | None = None) -> list[Entry]:
        """Return the entries from index `first` on, all kinds or one."""
        tail = self._entries[max(first, 0) :]
        return [entry for entry in tail if kind is None or entry["kind"] == kind]

    def __len__(self) -> int:
        return len(self._entries)
