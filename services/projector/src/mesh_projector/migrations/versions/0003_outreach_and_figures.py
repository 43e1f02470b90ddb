"""How participants are reached, what came of it, and what campaigns are steered and measured by.

What the tables lack is on the log, in events that were folded long ago. So the tables are emptied
and the checkpoint goes back to the beginning: the projector makes them again.
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"

_COUNT = "int NOT NULL DEFAULT 0"
_COLUMNS = {
    "campaigns": {
        "outreach": "json NOT NULL DEFAULT '{}'",
        "paused_because": "text",
        "paused_code": "int",
        "closed": "boolean NOT NULL DEFAULT false",
        "closed_cells": "jsonb NOT NULL DEFAULT '[]'",
        "dispositions": "jsonb NOT NULL DEFAULT '{}'",
        "cells": "jsonb NOT NULL DEFAULT '{}'",  # completed interviews by cell of the quota
    },
    "conversations": {
        "disposition": "text NOT NULL DEFAULT 'not_contacted'",
        "cell": "text",
        "timezone": "text",
        "handed_over": "boolean NOT NULL DEFAULT false",
    },
    "outreach_queue": {"attempts": _COUNT},
}

# One narrow row for each conversation. Statistics are summed up over all rows of a campaign, and
# those of `conversations` are wide. No column that changes is indexed, so that updates stay cheap.
_FIGURES = """
    CREATE TABLE figures (
        conversation_id uuid PRIMARY KEY,
        campaign_id uuid NOT NULL,
        status text NOT NULL,
        disposition text NOT NULL,
        timezone text,
        cell text,
        handed_over boolean NOT NULL,
        contacted_at timestamptz,
        ended_at timestamptz,
        answers int NOT NULL,
        first_reply_seconds double precision,
        reply_seconds double precision,
        last_asked text,
        turns int NOT NULL,
        messages_received int NOT NULL,
        messages_accepted int NOT NULL,
        messages_queued int NOT NULL,
        messages_sent int NOT NULL,
        messages_delivered int NOT NULL,
        messages_read int NOT NULL,
        messages_failed int NOT NULL,
        failures jsonb NOT NULL,
        input_tokens bigint NOT NULL,
        output_tokens bigint NOT NULL,
        cost_usd double precision,
        unpriced int NOT NULL,
        breaches jsonb NOT NULL,
        fallbacks int NOT NULL
    ) WITH (fillfactor = 70)
"""


def upgrade() -> None:
    """Adds the columns, and lets the tables be made again."""
    _start_over()
    for table, columns in _COLUMNS.items():
        added = ", ".join(f"ADD COLUMN {name} {kind}" for name, kind in columns.items())
        op.execute(f"ALTER TABLE {table} {added}")
    op.execute(
        "CREATE INDEX conversations_by_disposition ON conversations"
        " (campaign_id, disposition, ordinal)"
    )
    op.execute(_FIGURES)
    op.execute("CREATE INDEX figures_by_campaign ON figures (campaign_id)")
    op.execute("DROP INDEX messages_by_campaign")  # nothing counts messages any more


def downgrade() -> None:
    """Drops the columns. The older projector begins anew as well: it may fold differently."""
    _start_over()
    op.execute("CREATE INDEX messages_by_campaign ON messages (campaign_id)")
    op.execute("DROP TABLE figures")
    op.execute("DROP INDEX conversations_by_disposition")
    for table, columns in _COLUMNS.items():
        dropped = ", ".join(f"DROP COLUMN {name}" for name in columns)
        op.execute(f"ALTER TABLE {table} {dropped}")


def _start_over() -> None:
    op.execute("TRUNCATE users, consents, campaigns, conversations, messages, outreach_queue")
    op.execute("UPDATE checkpoints SET position = 0, updated_at = now()")
