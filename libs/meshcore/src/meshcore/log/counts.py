"""How many interviews each campaign with a target has completed, and up to when that holds.

Derived from the log and lost without harm: whoever finds nothing here, or something old, waits.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from nats.errors import Error as NatsError
from nats.js.errors import KeyNotFoundError

from meshcore.domain.quotas import Completes
from meshcore.errors import LogUnavailableError

if TYPE_CHECKING:
    from nats.js.kv import KeyValue


@dataclass(frozen=True, slots=True)
class Counted:
    """Completed interviews, and the time up to which every event was counted."""

    completes: Completes
    as_of: datetime


class Counts:
    """The bucket in which the projector tells, and outreach reads."""

    def __init__(self, bucket: KeyValue) -> None:
        self._bucket = bucket

    async def tell(self, campaign: str, completes: Completes, as_of: datetime) -> None:
        """Says how many interviews of a campaign are completed.

        Raises:
            LogUnavailableError: not acknowledged in time. Repeating the call is safe.
        """
        said = {
            "completes": completes.total,
            "cells": dict(completes.cells),
            "as_of": as_of.isoformat(),
        }
        try:
            await self._bucket.put(campaign, json.dumps(said).encode())
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("counts were not acknowledged") from error

    async def of(self, campaign: str) -> Counted | None:
        """What was said of a campaign last; None if nothing was.

        Raises:
            LogUnavailableError: no answer in time.
        """
        try:
            entry = await self._bucket.get(campaign)
        except KeyNotFoundError:
            return None
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("counts cannot be read") from error
        said = json.loads(entry.value or b"{}")
        completes = Completes(said["completes"], said["cells"])
        return Counted(completes, datetime.fromisoformat(said["as_of"]))
