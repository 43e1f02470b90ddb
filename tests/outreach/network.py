"""The simulated WhatsApp in the hands of a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from mesh_outreach.timetable import Timetable
from mesh_outreach.twilio import TwilioMessages
from meshcore.domain.study import Template
from tests.sim.servers import ACCOUNT, PUBLIC, SENDER, TOKEN, call

FAST = 600.0
"""Openings per minute."""

TIMEOUT = 0.5
"""Seconds that one call to Twilio may take in these tests."""


def twilio_at(base_url: str, token: str = TOKEN) -> TwilioMessages:
    """Outreach's client for this address."""
    return TwilioMessages(ACCOUNT, token, SENDER, PUBLIC, base_url, TIMEOUT)


@dataclass(frozen=True)
class WhatsApp:
    """Outreach's client and timetable, and the control of what it talks to."""

    base: str
    twilio: TwilioMessages
    timetable: Timetable

    async def breaks(self, kind: str, to: str, **more: Any) -> None:
        """The next message to this address meets a fault."""
        await call(f"{self.base}/sim/faults", "POST", json={"kind": kind, "to": to, **more})

    async def mend(self) -> None:
        """No faults any more."""
        await call(f"{self.base}/sim/faults", "DELETE")

    async def template(self, body: str, variables: dict[str, str]) -> Template:
        """A template that Twilio knows, with what is to be filled in."""
        template = Template(content_sid=f"HX{uuid4().hex}", variables=variables)
        body_of = {"content_sid": template.content_sid, "body": body}
        await call(f"{self.base}/sim/templates", "POST", json=body_of)
        return template

    async def accepted(self, to: str) -> list[dict[str, Any]]:
        """The creates to this address that were accepted, in order."""
        return await self.record("create_accepted", to)

    async def record(self, kind: str, to: str) -> list[dict[str, Any]]:
        """What of a kind was recorded about this address."""
        entries = (await call(f"{self.base}/sim/record?kind={kind}"))["entries"]
        return [entry for entry in entries if entry["to"] == to]

    async def texts(self, to: str) -> list[str]:
        """What was sent to this address, in order."""
        return [str(entry["body"]) for entry in await self.accepted(to)]
