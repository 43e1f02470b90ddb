"""Twilio refuses a message, in its answer or in a later report, and outreach hears of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import httpx

from mesh_outreach.deliver import Deliverer
from meshcore.domain.campaign import Campaign
from meshcore.domain.events import CampaignPaused, DeliveryStatus, DeliveryStatusChanged
from meshcore.domain.message import Message
from meshcore.ids import now
from meshcore.log import subjects
from meshcore.log.histories import campaigns
from meshcore.log.subjects import Lane
from tests.outreach.deliverers import deliverer
from tests.outreach.network import WhatsApp
from tests.sim.servers import ACCOUNT, TOKEN
from tests.support.desk import Desk

_API = f"2010-04-01/Accounts/{ACCOUNT}/Messages"


class How(StrEnum):
    """When Twilio refuses: at once, or after it has taken the message."""

    ANSWER = "answer"
    REPORT = "report"


@dataclass
class Refusing:
    """A campaign whose messages Twilio refuses; the time is moved by the test."""

    desk: Desk
    whatsapp: WhatsApp
    how: How
    ahead: timedelta = timedelta()

    def clock(self) -> datetime:
        """The present, moved ahead."""
        return now() + self.ahead

    async def sleep(self, seconds: float) -> None:
        """Passes the time at once."""
        self.ahead += timedelta(seconds=seconds)

    @property
    def outreach(self) -> Deliverer:
        """Outreach at the present."""
        return deliverer(self.desk.shell, self.whatsapp, self.clock, sleep=self.sleep)

    async def refuses(self, code: int, n: int = 0, count: int = 1) -> None:
        """So many of the next messages to the n-th participant are refused."""
        kind = "reject" if self.how is How.ANSWER else "fail"
        await self.whatsapp.breaks(kind, self.desk.addresses[n], code=code, count=count)

    async def deliver(self, n: int = 0) -> None:
        """What was composed is handed over, and what Twilio reports of a failure is heard."""
        await self.outreach.deliver(self.desk.ref(n))
        if self.how is How.REPORT:
            await self.report(n)

    async def report(self, n: int = 0) -> None:
        """Twilio's report on the last message, if it failed, as ingress takes it."""
        message = (await self.desk.state(n)).messages[-1]
        if message.sid is None or message.undecided:
            return
        status, code = await self._end_of(message.sid)
        if status not in {DeliveryStatus.FAILED, DeliveryStatus.UNDELIVERED}:
            return
        event = DeliveryStatusChanged(
            message_id=message.id, message_sid=message.sid, status=status, error_code=code
        )
        position = await self.desk.happen_in(Lane.RECEIPT, event, n=n, at=self.clock())
        subject = subjects.failure_wake_up(self.desk.ref(n))
        hint = b'{"position": %d}' % position
        await self.outreach.on_failure(await self.desk.wake_up(subject, hint))

    async def _end_of(self, sid: str) -> tuple[DeliveryStatus, int | None]:
        """What Twilio says of a message in the end."""
        async with httpx.AsyncClient(auth=(ACCOUNT, TOKEN), timeout=20) as client:
            while True:
                found = (await client.get(f"{self.whatsapp.base}/{_API}/{sid}.json")).json()
                if found["status"] in {"read", "failed", "undelivered"}:
                    return DeliveryStatus(found["status"]), found["error_code"]
                await asyncio.sleep(0.02)

    async def message(self, n: int = 0) -> Message:
        """The last message of the n-th conversation."""
        return (await self.desk.state(n)).messages[-1]

    async def texts(self, n: int = 0) -> list[str]:
        """What Twilio took for the n-th participant."""
        return await self.whatsapp.texts(self.desk.addresses[n])

    async def campaign(self) -> Campaign:
        """The campaign as of now."""
        return (await campaigns(self.desk.log).load(self.desk.campaign)).state

    async def pauses(self) -> list[CampaignPaused]:
        """How often, and why, the campaign was paused."""
        return [e for e in await self.desk.campaign_events() if isinstance(e, CampaignPaused)]

    async def owe_a_reply(self, n: int = 0) -> str:
        """The participant has written, and the agent has composed a reply."""
        await self.desk.open_and_send(n)
        wrote = await self.desk.write("At the harbour.", n=n)
        return await self.desk.compose("And why there?", n=n, answers=wrote)
