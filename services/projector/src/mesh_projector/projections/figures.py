"""`figures`: what each conversation adds to its campaign's statistics, in one narrow row."""

from __future__ import annotations

from collections.abc import Iterator

from mesh_projector.change import ConversationChange
from mesh_projector.figures import figures
from mesh_projector.table import Projection, Row, Table, storable_bigint
from meshcore.domain.conversation import SendStatus
from meshcore.domain.message import OUT

_BY_STATUS = tuple(status for status in SendStatus if status in OUT)

TABLE = Table(
    "figures",
    {
        "conversation_id": "uuid",
        "campaign_id": "uuid",
        "status": "text",
        "disposition": "text",
        "timezone": "text",
        "cell": "text",
        "handed_over": "boolean",
        "contacted_at": "timestamptz",
        "ended_at": "timestamptz",
        "answers": "int",
        "first_reply_seconds": "double precision",
        "reply_seconds": "double precision",
        "last_asked": "text",
        "turns": "int",
        "messages_received": "int",
        **{f"messages_{status}": "int" for status in _BY_STATUS},
        "messages_failed": "int",
        "failures": "jsonb",
        "input_tokens": "bigint",
        "output_tokens": "bigint",
        "cost_usd": "double precision",
        "unpriced": "int",
        "breaches": "jsonb",
        "fallbacks": "int",
    },
)


def rows(change: ConversationChange) -> Iterator[Row]:
    """The conversation's row."""
    standing, state = change.after, change.after.state
    found = figures(state)
    yield (
        standing.id,
        standing.campaign,
        state.status,
        standing.disposition,
        standing.timezone,
        standing.cell,
        standing.handed_over,
        found.contacted_at,
        state.ended_at,
        found.answers,
        found.first_reply_seconds,
        found.reply_seconds,
        found.last_asked,
        state.turns,
        found.received,
        *(found.by_status.get(status, 0) for status in _BY_STATUS),
        found.failed,
        found.failures,
        storable_bigint(state.usage.input_tokens),
        storable_bigint(state.usage.output_tokens),
        state.usage.cost_usd,
        state.usage.unpriced,
        state.breaches,
        state.fallbacks,
    )


PROJECTION = Projection(TABLE, ConversationChange, rows)
