"""Hints to outreach that every conversation of a campaign may have ended.

Outreach decides; a hint too many is harmless.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import structlog

from meshcore.errors import LogUnavailableError
from meshcore.log import subjects
from meshcore.log.wake_ups import WakeUps

if TYPE_CHECKING:
    from asyncpg import Connection

logger = structlog.get_logger(__name__)

_SETTLED = """
SELECT id::text, participants FROM campaigns
WHERE status IN ('active', 'paused') AND launched_at IS NOT NULL AND outreach_sent + active = 0
  AND ($1::uuid[] IS NULL OR id = ANY($1))
  AND (pending = 0 OR (closed OR closed_cells <> '[]') AND NOT EXISTS (
    SELECT FROM conversations AS c
    WHERE c.campaign_id = campaigns.id AND c.status = 'pending'
      AND (c.handed_over OR NOT (closed OR c.cell IS NOT NULL AND closed_cells ? c.cell))
  ))
"""
"""What is pending where openings are closed is not to be held, unless it is with Twilio already."""


async def hint(
    connection: Connection[Any],
    wake_ups: WakeUps,
    position: int,
    campaigns: Collection[str] | None = None,
) -> None:
    """Wakes outreach for each of these campaigns that is launched and has nothing to do any more.

    None stands for all campaigns. A hint that cannot be given is given up: it is repeated while
    it holds.
    """
    for campaign, participants in await connection.fetch(_SETTLED, campaigns):
        wake_up = subjects.completion_wake_up(campaign)
        try:
            await wake_ups.now(wake_up, {"position": position, "participants": participants})
        except LogUnavailableError:
            logger.warning("a campaign may be complete, but outreach could not be told")
            return
