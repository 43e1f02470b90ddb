"""Wake-ups: messages that make a service look at something, now or at a given time.

They carry hints, never facts.
"""

from __future__ import annotations

import json
from datetime import UTC
from typing import TYPE_CHECKING

from nats.errors import Error as NatsError

from meshcore.errors import LogUnavailableError
from meshcore.log import streams, subjects

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from nats.js import JetStreamContext


class WakeUps:
    """Publishes and cancels wake-ups."""

    def __init__(self, js: JetStreamContext) -> None:
        self._js = js

    async def at(self, due: datetime, wake_up: str, hint: Mapping[str, object]) -> None:
        """Wakes at the given time, or at once if it is past.

        A second call for the same wake-up replaces the first.

        Raises:
            LogUnavailableError: not acknowledged in time. Repeating the call is safe.
        """
        headers = {
            "Nats-Schedule": f"@at {due.astimezone(UTC).isoformat().replace('+00:00', 'Z')}",
            "Nats-Schedule-Target": wake_up,
        }
        await self._publish(subjects.schedule_of(wake_up), hint, headers)

    async def now(self, wake_up: str, hint: Mapping[str, object]) -> None:
        """Wakes at once. Raises like `at`."""
        await self._publish(wake_up, hint, None)

    async def cancel(self, schedules: str) -> None:
        """Cancels what is scheduled under a subject (wildcards allowed). Raises like `at`."""
        try:
            await self._js.purge_stream(streams.WORK, subject=schedules)
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("schedules could not be cancelled") from error

    async def _publish(
        self, subject: str, hint: Mapping[str, object], headers: dict[str, str] | None
    ) -> None:
        try:
            await self._js.publish(
                subject, json.dumps(hint).encode(), headers=headers, stream=streams.WORK
            )
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("a wake-up was not acknowledged") from error
