"""Hints to outreach that conversations are too old to be kept.

Outreach decides; a hint too many is harmless.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog

from meshcore.errors import LogUnavailableError
from meshcore.log import subjects
from meshcore.log.subjects import ConversationRef

if TYPE_CHECKING:
    from datetime import datetime

    from asyncpg import Connection

    from meshcore.log.wake_ups import WakeUps

logger = structlog.get_logger(__name__)

_AT_ONCE = 1_000
_OLD = """
SELECT campaign_id::text, id::text FROM conversations
WHERE erased_at IS NULL AND ended_at <= $1
  AND (last_message_at IS NULL OR last_message_at <= $1)
ORDER BY ended_at LIMIT $2
"""


async def hint(connection: Connection[Any], wake_ups: WakeUps, ended_before: datetime) -> None:
    """Wakes outreach for conversations that ended before this time and are not erased yet.

    The oldest first, a thousand at a time. A hint that cannot be given is given up: it is repeated
    while it holds.
    """
    for campaign, conversation in await connection.fetch(_OLD, ended_before, _AT_ONCE):
        ref = ConversationRef(campaign, conversation)
        try:
            await wake_ups.now(subjects.erase_wake_up(ref), {})
        except LogUnavailableError:
            logger.warning("conversations are too old, but outreach could not be told")
            return
