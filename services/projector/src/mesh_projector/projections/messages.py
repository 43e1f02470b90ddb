"""`messages`: the transcripts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from mesh_projector.change import NEW, ConversationChange
from mesh_projector.table import Projection, Row, Table, storable_int, storable_text

TABLE = Table(
    "messages",
    {
        "conversation_id": "uuid",
        "id": "text",
        "campaign_id": "uuid",
        "position": "bigint",
        "ordinal": "int",
        "sender": "text",
        "kind": "text",
        "text": "text",
        "status": "text",
        "twilio_sid": "text",
        "error": "text",
        "error_code": "int",
        "media": "jsonb",
        "transcript": "text",
        "created_at": "timestamptz",
    },
    key=2,
)


def rows(change: ConversationChange) -> Iterator[Row]:
    """The messages that the commit added or changed; the fold leaves the others as they are."""
    known = (change.before.state if change.before else NEW).messages
    messages = change.after.state.messages
    if messages is known:
        return
    for ordinal, (message, old) in enumerate(zip_longest(messages, known)):
        if message is not old:
            yield (
                change.after.id,
                storable_text(message.id),
                change.after.campaign,
                message.position,
                ordinal,
                message.sender,
                message.kind,
                message.text,
                message.status,
                message.sid,
                message.error,
                storable_int(message.error_code),
                [item.model_dump() for item in message.media],
                message.transcript,
                message.at,
            )


PROJECTION = Projection(TABLE, ConversationChange, rows)
