"""Outreach as processes of their own have it, and logs on which things happen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from mesh_outreach.brake import Brake
from mesh_outreach.deliver import Deliverer
from mesh_outreach.slot_gate import SlotGate
from meshcore.domain.commit import Commit
from meshcore.domain.events import (
    SendStarted,
)
from meshcore.ids import now
from meshcore.log.event_log import EventLog
from meshcore.log.histories import Conversations, campaigns
from meshcore.service import Shell
from tests.outreach.network import WhatsApp

STARTED, POSTPONED, SENT = "send_started", "send_postponed", "message_sent"
SCHEDULED, FAILED, SUPPRESSED = "send_scheduled", "message_failed", "message_suppressed"


PATIENT = timedelta(days=2)
"""A gate for tests that are not about slots: hardly any opening is late."""


def deliverer(
    shell: Shell,
    whatsapp: WhatsApp,
    clock: Callable[[], datetime] = now,
    *,
    delta: timedelta = PATIENT,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Deliverer:
    """Outreach as a process of its own has it."""
    log, known = shell.log, campaigns(shell.log)
    return Deliverer(
        log,
        Conversations(log),
        known,
        shell.directory,
        shell.routes,
        whatsapp.twilio,
        shell.wake_ups,
        SlotGate(whatsapp.timetable, shell.wake_ups, delta, sleep),
        Brake(log, known),
        clock,
    )


def later(seconds: timedelta) -> Callable[[], datetime]:
    """A clock that is ahead."""
    return lambda: now() + seconds


class EventfulLog(EventLog):
    """A log on which something else happens right behind the first `send_started`."""

    def __init__(self, shell: Shell, happening: Callable[[], Awaitable[None]]) -> None:
        super().__init__(shell.nats, "outreach")
        self._happening = happening
        self._happened = False

    async def append(
        self,
        subject: str,
        commit: Commit,
        *,
        expected: int | None = None,
        msg_id: str | None = None,
    ) -> int:
        """Appends, and lets it happen."""
        position = await super().append(subject, commit, expected=expected, msg_id=msg_id)
        if isinstance(commit.events[0], SendStarted) and not self._happened:
            self._happened = True
            await self._happening()
        return position
