"""What outreach is told about a campaign's targets: how many interviews are completed.

A hint, as soon as a target may be reached; and, while the projector follows the log, every few
seconds up to which time the counts hold. Outreach decides, and gives out no slots on counts that
are old.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import structlog

from meshcore.domain.outreach import Outreach
from meshcore.domain.quotas import Completes, closings
from meshcore.errors import LogUnavailableError
from meshcore.log import subjects
from meshcore.log.wake_ups import WakeUps

if TYPE_CHECKING:
    from datetime import datetime

    from asyncpg import Connection, Record

    from meshcore.log.counts import Counts

logger = structlog.get_logger(__name__)

_WITH_TARGETS = """
SELECT id::text, outreach, cells, closed, closed_cells,
       coalesce((dispositions ->> 'completed')::int, 0) AS completed
FROM campaigns
WHERE status IN ('active', 'paused') AND launched_at IS NOT NULL AND NOT closed
  AND (outreach ->> 'target_completes' IS NOT NULL OR outreach ->> 'quota' IS NOT NULL)
  AND ($1::uuid[] IS NULL OR id = ANY($1))
"""


async def hint(
    connection: Connection[Any], wake_ups: WakeUps, campaigns: Collection[str] | None = None
) -> None:
    """Wakes outreach for each of these campaigns that has reached a target and is still open.

    None stands for all campaigns. A hint that cannot be given is given up: it is repeated while
    it holds.
    """
    for row in await connection.fetch(_WITH_TARGETS, campaigns):
        found, outreach = _completes(row), Outreach.model_validate_json(row["outreach"])
        cells = frozenset(json.loads(row["closed_cells"]))
        if not closings(outreach, found, closed=False, closed_cells=cells):
            continue
        try:
            told = {"completes": found.total, "cells": dict(found.cells)}
            await wake_ups.now(subjects.counts_wake_up(row["id"]), told)
        except LogUnavailableError:
            logger.warning("a target may be reached, but outreach could not be told")
            return


async def tell(connection: Connection[Any], counts: Counts, as_of: datetime) -> None:
    """Tells outreach that the counts of all campaigns with open targets hold as of this time.

    Raises:
        LogUnavailableError: it could not be told; outreach will wait.
    """
    for row in await connection.fetch(_WITH_TARGETS, None):
        await counts.tell(row["id"], _completes(row), as_of)


def _completes(row: Record) -> Completes:
    return Completes(row["completed"], json.loads(row["cells"]))
