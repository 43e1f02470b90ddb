"""Planners as processes of their own have them, and what they planned."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nats.js.kv import KeyValue

from mesh_outreach.plan_openings import Planner
from mesh_outreach.senders import Senders
from mesh_outreach.timetable import Timetable
from meshcore.domain.events import OpeningsPlanned
from meshcore.domain.pace import interval_of
from meshcore.log import streams
from meshcore.log.histories import campaigns
from meshcore.service import Shell
from tests.support.desk import Desk

RATE = 60.0
"""Openings per minute; sixty slots, less one for the interval's second, make a horizon."""

STRETCH = 59
INTERVAL = interval_of(RATE)
SENDER = "whatsapp:+14155238886"


@dataclass
class Clock:
    """A time that stands still until a test moves it. It begins far ahead: nothing fires."""

    time: datetime

    def __call__(self) -> datetime:
        """The present."""
        return self.time


def planner_of(
    shell: Shell,
    bucket: KeyValue,
    clock: Callable[[], datetime],
    senders: Sequence[str] = (SENDER,),
    rate: float = RATE,
) -> Planner:
    """A planner as a process of its own has it."""
    return Planner(
        shell.log,
        campaigns(shell.log),
        shell.leases,
        shell.wake_ups,
        Timetable(bucket, rate, senders, clock),
        Senders(bucket, senders),
        clock,
    )


async def campaign_of(shell: Shell, participants: int) -> Desk:
    """A launched campaign without slots."""
    desk = Desk(shell)
    await desk.create(participants)
    await desk.launch(planned=False)
    return desk


async def plans(desk: Desk) -> list[OpeningsPlanned]:
    """The slots given out so far."""
    return [e for e in await desk.campaign_events() if isinstance(e, OpeningsPlanned)]


async def slots(*desks: Desk) -> list[datetime]:
    """All slots given out, in order."""
    found: list[datetime] = []
    for desk in desks:
        for plan in await plans(desk):
            found += plan.slots
    return sorted(found)


async def scheduled(desk: Desk) -> dict[str, Any]:
    """What is scheduled for a campaign: wake-up without the campaign, and its hint."""
    js = desk.shell.nats.jetstream()
    found = {}
    for pattern in (f"mesh.work.schedule.*.{desk.campaign}{more}" for more in ("", ".>")):
        info = await js.stream_info(streams.WORK, subjects_filter=pattern)
        for subject in info.state.subjects or {}:
            message = await js.get_last_msg(streams.WORK, subject)
            wake_up = subject.removeprefix("mesh.work.schedule.").replace(desk.campaign, "-")
            found[wake_up] = json.loads(message.data or b"{}")
    return found


async def told(planner: Planner, desk: Desk) -> None:
    """The newest fact on the campaign's lane wakes the planner."""
    await planner.on_campaign(await desk.wake_up(desk.lane))


def opening(desk: Desk, n: int) -> str:
    """Where the schedule of the n-th participant's opening stands."""
    return f"opening.-.{desk.ref(n).conversation}"


def delivery(desk: Desk, n: int) -> str:
    """Where the schedule of the n-th participant's delivery stands."""
    return f"delivery.-.{desk.ref(n).conversation}"
