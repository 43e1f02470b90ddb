"""Cursors: where a page begins. Opaque to clients, who hand back what they were given."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from uuid import UUID

from mesh_ingress.problems import Problem, invalid
from mesh_ingress.reasons import FieldError

MAX_ORDINAL = 2**31 - 1
"""The largest number that the column holds."""


def cursor_of(*key: object) -> str:
    """The cursor behind a row with this sort key."""
    return base64.urlsafe_b64encode(json.dumps([str(part) for part in key]).encode()).decode()


def id_in(cursor: str | None) -> UUID | None:
    """The id that the cursor holds; None for the first page."""
    if cursor is None:
        return None
    (found,) = _parts(cursor, 1)
    try:
        return UUID(found)
    except ValueError as error:
        raise _not_ours() from error


def word_in(cursor: str | None) -> str | None:
    """The word that the cursor holds; None for the first page."""
    if cursor is None:
        return None
    (found,) = _parts(cursor, 1)
    if "\x00" in found or not found.isascii():
        raise _not_ours()
    return found


def ordinal_and_id_in(cursor: str | None) -> tuple[int, UUID] | None:
    """Ordinal and id that the cursor holds; None for the first page."""
    if cursor is None:
        return None
    ordinal, found = _parts(cursor, 2)
    try:
        key = int(ordinal), UUID(found)
    except ValueError as error:
        raise _not_ours() from error
    if abs(key[0]) > MAX_ORDINAL:
        raise _not_ours()
    return key


def time_and_id_in(cursor: str | None) -> tuple[datetime, UUID] | None:
    """Time and id that the cursor holds; None for the first page."""
    if cursor is None:
        return None
    at, found = _parts(cursor, 2)
    try:
        key = datetime.fromisoformat(at), UUID(found)
        key[0].astimezone(UTC)  # as the database will, for which the ends of time are too far
    except (ValueError, OverflowError) as error:
        raise _not_ours() from error
    if key[0].tzinfo is None:
        raise _not_ours()
    return key


def _parts(cursor: str, count: int) -> list[str]:
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, RecursionError) as error:
        raise _not_ours() from error
    if not isinstance(parts, list) or len(parts) != count:
        raise _not_ours()
    return [str(part) for part in parts]


def _not_ours() -> Problem:
    fix = "hand back next_cursor of the previous page, or leave it out to begin anew"
    return invalid([FieldError("cursor", "was not given out for this list", fix)])
