"""Where ids and the present come from, so that the domain need not ask."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import uuid6

from meshcore.domain.commit import Commit
from meshcore.domain.events import Event


def new_id() -> str:
    """A UUIDv7: unique, and in the order of creation."""
    return str(uuid6.uuid7())


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


def new_commit(
    events: Sequence[Event],
    at: datetime,
    *,
    correlation: str | None = None,
    causation: str | None = None,
) -> Commit:
    """A commit with a fresh id. Without a correlation it begins a chain of causes itself."""
    commit_id = new_id()
    return Commit(commit_id, at, tuple(events), correlation or commit_id, causation)
