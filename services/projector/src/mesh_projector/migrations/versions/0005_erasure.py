"""When what was said in a conversation was erased.

Nothing was erased before there was this column, so nothing has to be made again.
"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Adds the column, and an index by which old conversations are found."""
    op.execute("ALTER TABLE conversations ADD COLUMN erased_at timestamptz")
    op.execute(
        "CREATE INDEX conversations_by_age ON conversations (ended_at) WHERE erased_at IS NULL"
    )


def downgrade() -> None:
    """Drops it."""
    op.execute("DROP INDEX conversations_by_age")
    op.execute("ALTER TABLE conversations DROP COLUMN erased_at")
