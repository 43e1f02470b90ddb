"""Reports over what a campaign's interviews found.

No report was asked for before there was this table, so nothing has to be made again.
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Makes the table; a row whose report is still to be written has no result yet."""
    op.execute("""
        CREATE TABLE reports (
            id uuid PRIMARY KEY,
            campaign_id uuid NOT NULL,
            requested_at timestamptz NOT NULL,
            status text NOT NULL DEFAULT 'requested',
            finished_at timestamptz,
            report json,
            reasons json,
            model text,
            model_calls int,
            input_tokens bigint,
            output_tokens bigint,
            cached_tokens bigint,
            cost_usd double precision
        )
    """)
    op.execute("CREATE INDEX reports_by_campaign ON reports (campaign_id, requested_at)")


def downgrade() -> None:
    """Drops the table."""
    op.execute("DROP TABLE reports")
