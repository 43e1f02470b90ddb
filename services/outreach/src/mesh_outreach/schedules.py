"""What is scheduled for the slots given out: two wake-ups for each opening."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from meshcore.crash_points import crash_point
from meshcore.domain.participant import conversation_id
from meshcore.log import subjects
from meshcore.log.subjects import ConversationRef

if TYPE_CHECKING:
    from datetime import datetime

    from meshcore.domain.roster import Plan
    from meshcore.log.wake_ups import WakeUps

COMPOSE_LEAD = timedelta(seconds=15)
"""How long before its slot an opening is composed, so that it goes out in time."""

HEAD_START = timedelta(milliseconds=300)
"""How long before its slot outreach is woken to send: the server's own clock ticks about as often.

The rest of the time passes in outreach, which knows the slot from the hint and from the log.
"""

_AT_ONCE = 64


@dataclass(frozen=True)
class Schedules:
    """Schedules and cancels the wake-ups of openings. Raises `LogUnavailableError` as they do."""

    wake_ups: WakeUps

    async def write(self, campaign: str, plan: Plan, at: datetime) -> None:
        """Schedules what wakes the agent ahead of each slot of a plan, and outreach at the slot.

        Args:
            campaign: whose plan.
            plan: the slots.
            at: the present.
        """
        slots = list(plan.slots.items())
        for i in range(0, len(slots), _AT_ONCE):
            chunk = slots[i : i + _AT_ONCE]
            await asyncio.gather(*(self._write_one(campaign, plan, *one, at) for one in chunk))
            crash_point("plan.while_scheduling")

    async def _write_one(
        self, campaign: str, plan: Plan, participant: str, due: datetime, at: datetime
    ) -> None:
        ref = ConversationRef(campaign, conversation_id(campaign, participant))
        ahead = max(at, due - COMPOSE_LEAD)
        whom: dict[str, object] = {"participant": participant, "plan": plan.position}
        await self.wake_ups.at(ahead, subjects.opening_wake_up(ref), whom)
        hint = {"due": due.isoformat()}
        await self.wake_ups.at(due - HEAD_START, subjects.delivery_wake_up(ref), hint)

    async def cancel(self, campaign: str) -> None:
        """Cancels everything that is scheduled for a campaign."""
        for schedules in subjects.schedules_of_campaign(campaign):
            await self.wake_ups.cancel(schedules)
