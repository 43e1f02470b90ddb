"""`conversations`: one row for each participant of each campaign."""

from __future__ import annotations

from collections.abc import Iterator

from mesh_projector.change import ConversationChange
from mesh_projector.table import Projection, Row, Table, storable_bigint
from meshcore.domain.conversation import Conversation, Extraction, SendStatus
from meshcore.domain.events import EndReason

TABLE = Table(
    "conversations",
    {
        "id": "uuid",
        "campaign_id": "uuid",
        "user_id": "text",
        "ordinal": "int",
        "timezone": "text",
        "cell": "text",
        "status": "text",
        "disposition": "text",
        "extracted_data": "jsonb",
        "evidence": "jsonb",
        "end_reason": "text",
        "failure": "text",
        "turns": "int",
        "input_tokens": "bigint",
        "output_tokens": "bigint",
        "cost_usd": "double precision",
        "unpriced": "int",
        "breaches": "jsonb",
        "fallbacks": "int",
        "language": "text",
        "flag": "text",
        "started_at": "timestamptz",
        "last_message_at": "timestamptz",
        "ended_at": "timestamptz",
        "handed_over": "boolean",
        "erased_at": "timestamptz",
    },
)


def rows(change: ConversationChange) -> Iterator[Row]:
    """The conversation's row."""
    standing, state = change.after, change.after.state
    yield (
        standing.id,
        standing.campaign,
        standing.participant,
        standing.ordinal,
        standing.timezone,
        standing.cell,
        state.status,
        standing.disposition,
        state.values,
        {name: _evidence(extraction) for name, extraction in state.extractions.items()},
        state.end_reason,
        _failure(state),
        state.turns,
        storable_bigint(state.usage.input_tokens),
        storable_bigint(state.usage.output_tokens),
        state.usage.cost_usd,
        state.usage.unpriced,
        state.breaches,
        state.fallbacks,
        state.language,
        state.flag,
        state.started_at,
        state.messages[-1].at if state.messages else None,
        state.ended_at,
        standing.handed_over,
        standing.erased_at,
    )


def _evidence(extraction: Extraction) -> dict[str, object]:
    return {
        "state": extraction.state,
        "value": extraction.value,
        "quote": extraction.quote,
        "message_sid": extraction.message_sid,
    }


def _failure(state: Conversation) -> str | None:
    """Why the conversation failed, in the words of the message that could not be sent."""
    if state.end_reason is not EndReason.SEND_FAILED:
        return None
    unsent = {SendStatus.FAILED, SendStatus.SUPPRESSED}
    return next((m.error for m in state.messages if m.status in unsent), None)


PROJECTION = Projection(TABLE, ConversationChange, rows)
