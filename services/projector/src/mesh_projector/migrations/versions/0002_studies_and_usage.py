"""How an interview is to be held, what it took, what broke which rule, and what was heard.

What the tables lack is on the log, in events that were folded long ago. So the tables are emptied
and the checkpoint goes back to the beginning: the projector makes them again.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

_COLUMNS = {
    "campaigns": {
        "language": "text",
        "timezone": "text NOT NULL DEFAULT 'UTC'",
        "opening": "json",
        "support_text": "text",
        "limits": "json NOT NULL DEFAULT '{}'",
        "keep_media": "boolean NOT NULL DEFAULT false",
    },
    "conversations": {
        "input_tokens": "bigint NOT NULL DEFAULT 0",
        "output_tokens": "bigint NOT NULL DEFAULT 0",
        "cost_usd": "double precision",  # null as long as no price is known
        "unpriced": "int NOT NULL DEFAULT 0",
        "breaches": "jsonb NOT NULL DEFAULT '{}'",
        "fallbacks": "int NOT NULL DEFAULT 0",
        "language": "text",
        "flag": "text",
    },
    "messages": {"transcript": "text"},
}


def upgrade() -> None:
    """Adds the columns, and lets the tables be made again."""
    _start_over()
    for table, columns in _COLUMNS.items():
        added = ", ".join(f"ADD COLUMN {name} {kind}" for name, kind in columns.items())
        op.execute(f"ALTER TABLE {table} {added}")
    op.execute(
        "CREATE INDEX conversations_by_flag ON conversations (campaign_id, flag, ordinal)"
        " WHERE flag IS NOT NULL"
    )


def downgrade() -> None:
    """Drops the columns. The older projector begins anew as well: it may fold differently."""
    _start_over()
    for table, columns in _COLUMNS.items():
        dropped = ", ".join(f"DROP COLUMN {name}" for name in columns)
        op.execute(f"ALTER TABLE {table} {dropped}")


def _start_over() -> None:
    op.execute("TRUNCATE users, consents, campaigns, conversations, messages, outreach_queue")
    op.execute("UPDATE checkpoints SET position = 0, updated_at = now()")
