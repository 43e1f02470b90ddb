"""`outreach_queue`: the slot of each opening, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator

from mesh_projector.change import ConversationChange, Standing
from mesh_projector.table import Projection, Row, Table

TABLE = Table(
    "outreach_queue",
    {
        "conversation_id": "uuid",
        "campaign_id": "uuid",
        "user_id": "text",
        "scheduled_at": "timestamptz",
        "status": "text",
        "attempts": "int",
        "updated_at": "timestamptz",
    },
)


def rows(change: ConversationChange) -> Iterator[Row]:
    """The opening's row, if the commit gave it a slot or changed what is to become of it."""
    entry = _entry(change.after)
    if entry and (change.before is None or entry != _entry(change.before)):
        standing = change.after
        yield standing.id, standing.campaign, standing.participant, *entry, change.at


def _entry(standing: Standing) -> Row | None:
    slot = standing.slot
    if slot is None:
        return None
    status = standing.opening or ("cancelled" if slot.cancelled else "scheduled")
    return slot.due, status, slot.attempts


PROJECTION = Projection(TABLE, ConversationChange, rows, each=True)
