"""The read tables.

There are no foreign keys. The tables are written a batch at a time, one statement for each, and the
log may tell of a conversation before its campaign or its participant: it holds facts in the order
in which they were learnt. Nothing is lost: nobody but the projector writes here, and the tables can
be made again from the log at any time.
"""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None

# Rows that are updated again and again keep room on their page for it, so that an update need not
# touch the indexes.
_TABLES = (
    """
    CREATE TABLE checkpoints (
        name text PRIMARY KEY,
        position bigint NOT NULL,
        updated_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE users (
        id text PRIMARY KEY,
        first_enrolled_at timestamptz NOT NULL,
        opted_out boolean NOT NULL DEFAULT false
    )
    """,
    """
    CREATE TABLE consents (
        participant text PRIMARY KEY,
        opted_out boolean NOT NULL
    )
    """,
    """
    CREATE TABLE campaigns (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        research_brief text NOT NULL,
        extraction_schema json NOT NULL, -- not jsonb: the order of the fields is the researcher's
        system_prompt_override text,
        status text NOT NULL,
        participants int NOT NULL DEFAULT 0,
        pending int NOT NULL DEFAULT 0,
        outreach_sent int NOT NULL DEFAULT 0,
        active int NOT NULL DEFAULT 0,
        completed int NOT NULL DEFAULT 0,
        abandoned int NOT NULL DEFAULT 0,
        failed int NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL,
        launched_at timestamptz,
        completed_at timestamptz
    ) WITH (fillfactor = 70)
    """,
    """
    CREATE TABLE conversations (
        id uuid PRIMARY KEY,
        campaign_id uuid NOT NULL,
        user_id text, -- null as long as no event has named the participant
        ordinal int NOT NULL,
        status text NOT NULL,
        extracted_data jsonb NOT NULL,
        evidence jsonb NOT NULL,
        end_reason text,
        failure text,
        turns int NOT NULL,
        started_at timestamptz,
        last_message_at timestamptz,
        ended_at timestamptz,
        UNIQUE (campaign_id, user_id)
    ) WITH (fillfactor = 70)
    """,
    """
    CREATE TABLE messages (
        conversation_id uuid NOT NULL,
        id text NOT NULL,
        campaign_id uuid NOT NULL,
        position bigint NOT NULL,
        ordinal int NOT NULL,
        sender text NOT NULL,
        kind text,
        text text NOT NULL,
        status text NOT NULL,
        twilio_sid text,
        error text,
        error_code int,
        media jsonb NOT NULL,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (conversation_id, id)
    ) WITH (fillfactor = 80)
    """,
    """
    CREATE TABLE outreach_queue (
        conversation_id uuid PRIMARY KEY,
        campaign_id uuid NOT NULL,
        user_id text NOT NULL,
        scheduled_at timestamptz NOT NULL,
        status text NOT NULL,
        updated_at timestamptz NOT NULL
    ) WITH (fillfactor = 80)
    """,
)

_INDEXES = (
    "CREATE INDEX conversations_by_ordinal ON conversations (campaign_id, ordinal)",
    "CREATE INDEX conversations_by_status ON conversations (campaign_id, status, ordinal)",
    """
    CREATE INDEX conversations_by_end ON conversations (campaign_id, ended_at, id)
    WHERE status = 'completed'
    """,
    "CREATE INDEX messages_by_campaign ON messages (campaign_id)",
    "CREATE INDEX messages_by_ordinal ON messages (conversation_id, ordinal)",
    "CREATE INDEX messages_by_sid ON messages (twilio_sid)",
    "CREATE INDEX outreach_queue_by_status ON outreach_queue (campaign_id, status)",
    "CREATE INDEX outreach_queue_by_time ON outreach_queue (scheduled_at)",
)


def upgrade() -> None:
    """Makes the tables."""
    for statement in (*_TABLES, *_INDEXES):
        op.execute(statement)


def downgrade() -> None:
    """Drops them; the log has everything."""
    for table in ("outreach_queue", "messages", "conversations", "campaigns", "consents", "users"):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP TABLE checkpoints")
