"""Where ids and the present come from, so that the domain need not ask."""

from __future__ import annotations

from datetime import UTC, datetime

import uuid6


def new_id() -> str:
    """A UUIDv7: unique, and in the order of creation."""
    return str(uuid6.uuid7())


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)
