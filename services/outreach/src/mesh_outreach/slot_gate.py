"""The gate in front of Twilio: an opening goes out at its slot, within a second, or gets another.

So openings that are late are spread out again, however many they are, and the rate holds.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from meshcore.domain.contact_hours import is_open, next_open
from meshcore.domain.pace import DELTA

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from datetime import datetime

    from meshcore.domain.campaign import Campaign
    from meshcore.domain.message import Message
    from meshcore.log.wake_ups import WakeUps

SOON = timedelta(seconds=2)
"""A wake-up that comes so early waits: the clock of the server that sent it is ahead of ours."""


class Slots(Protocol):
    """The timetable, as far as single slots go."""

    async def take_one(
        self, sender: str | None, at: datetime, campaign: Campaign | None = None
    ) -> datetime:
        """Takes one free slot, not before `at`, at the campaign's own pace if it has one."""
        ...

    async def give_back(self, sender: str | None, slots: Iterable[datetime]) -> None:
        """Gives back slots that `take_one` took, and that nobody uses."""
        ...


@dataclass(frozen=True)
class SlotGate:
    """Says when an opening may go out.

    Attributes:
        slots: where new slots come from.
        wake_ups: how to be woken at a slot that is still to come.
        delta: how long after its slot an opening may still go out.
        sleep: waits for so many seconds.
    """

    slots: Slots
    wake_ups: WakeUps
    delta: timedelta = DELTA
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    def due_of(self, message: Message, campaign: Campaign, participant: str) -> datetime | None:
        """The opening's slot: the last one that it was given. None if it has none that holds."""
        return campaign.due_of(participant, message.due)

    def is_late(self, due: datetime | None, at: datetime) -> bool:
        """Whether the slot is over."""
        return due is None or at > due + self.delta

    async def wait(self, due: datetime, wake_up: str, at: datetime) -> bool:
        """Waits for a slot that is still to come.

        A short while passes here; of a longer one, the end wakes outreach again.

        Returns:
            Whether it has come.
        """
        ahead = due - at
        if ahead > SOON:
            await self.wake_ups.at(due, wake_up, {"due": due.isoformat()})
            return False
        if ahead > timedelta():
            await self.sleep(ahead.total_seconds())
        return True

    async def another(
        self, campaign: Campaign, participant: str, sender: str | None, at: datetime
    ) -> datetime:
        """Takes a new slot for an opening that missed its own, inside the contact hours."""
        hours, zone = campaign.outreach.contact_hours, campaign.timezone_of(participant)
        start = next_open(hours, zone, at)
        while True:
            slot = await self.slots.take_one(sender, start, campaign)
            if is_open(hours, zone, slot):
                return slot
            await self.give_back(sender, slot)
            start = next_open(hours, zone, slot)

    async def give_back(self, sender: str | None, due: datetime) -> None:
        """Gives back a slot that somebody else has made needless."""
        await self.slots.give_back(sender, [due])
