"""What the end-to-end tests do to the world: a researcher's calls, and a participant's messages."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from meshctl.demo import CAMPAIGN
from meshsim.world import World

ENDED = ("completed", "abandoned", "failed")
_PATIENCE = 60.0
_numbers = itertools.count(1)


def eventually(is_so: Callable[[], bool], what: str, seconds: float = _PATIENCE) -> None:
    """Waits until something is so; fails with `what` otherwise."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(0.1)


def fresh_phone() -> str:
    """A phone number that no other test uses."""
    return f"+97150{next(_numbers):07d}"


@dataclass
class Study:
    """A campaign's life over HTTP, and what the simulated WhatsApp saw of it."""

    world: World
    api: httpx.Client

    def people(self, count: int, personality: str) -> list[str]:
        """Participants of one personality, with numbers of their own."""
        phones = [fresh_phone() for _ in range(count)]
        people = [{"phone": phone, "personality": personality} for phone in phones]
        httpx.post(f"{self._whatsapp}/sim/participants", json=people).raise_for_status()
        return phones

    def create(self, phones: list[str], **changes: Any) -> dict[str, Any]:
        """A draft campaign."""
        body = {**CAMPAIGN, "phone_numbers": phones, **changes}
        response = self.api.post("/campaigns", json=body)
        assert response.status_code == httpx.codes.CREATED, response.text
        created: dict[str, Any] = response.json()
        return created

    def launch(self, phones: list[str], **changes: Any) -> str:
        """A launched campaign's id."""
        campaign = str(self.create(phones, **changes)["id"])
        assert self.api.post(f"/campaigns/{campaign}/launch").status_code == httpx.codes.OK
        return campaign

    def get(self, path: str) -> dict[str, Any]:
        """What the API says."""
        response = self.api.get(path)
        assert response.status_code == httpx.codes.OK, response.text
        found: dict[str, Any] = response.json()
        return found

    def conversations(self, campaign: str) -> list[dict[str, Any]]:
        """The campaign's conversations (up to 200)."""
        found: list[dict[str, Any]] = self.get(f"/campaigns/{campaign}/conversations?limit=200")[
            "conversations"
        ]
        return found

    def transcript(self, conversation: str) -> list[dict[str, Any]]:
        """The messages of a conversation."""
        found: list[dict[str, Any]] = self.get(f"/conversations/{conversation}")["messages"]
        return found

    def only(self, campaign: str) -> dict[str, Any]:
        """The one conversation of a campaign, in full."""
        [conversation] = self.conversations(campaign)
        return self.get(f"/conversations/{conversation['id']}")

    def ended(self, campaign: str) -> bool:
        """Whether every conversation has ended."""
        counts = self.get(f"/campaigns/{campaign}")["counts"]
        return bool(sum(counts[s] for s in ENDED) == counts["participants"])

    def says(self, phone: str, text: str, **more: Any) -> dict[str, Any]:
        """A participant writes; returns the MessageSid and how the webhook was answered."""
        order = {"from": f"whatsapp:{phone}", "body": text, **more}
        response = httpx.post(f"{self._whatsapp}/sim/inbound", json=order, timeout=30)
        answer: dict[str, Any] = response.raise_for_status().json()
        return answer

    def opened(self, phones: list[str]) -> list[int]:
        """How many messages Twilio was given for each of these numbers, in their order."""
        record = httpx.get(
            f"{self._whatsapp}/sim/record", params={"kind": "create_accepted"}
        ).json()
        counts = Counter(e["to"].removeprefix("whatsapp:") for e in record["entries"])
        return [counts[phone] for phone in phones]

    def received_by(self, phone: str) -> list[str]:
        """The texts that Twilio was given for this number, in order."""
        record = httpx.get(
            f"{self._whatsapp}/sim/record", params={"kind": "create_accepted"}
        ).json()
        return [e["body"] for e in record["entries"] if e["to"] == f"whatsapp:{phone}"]

    def model_fault(self, **fault: Any) -> None:
        """Makes the model misbehave."""
        assert self.world.model
        url = f"{self.world.env['MESH_GEMINI_URL']}/sim/faults"
        httpx.post(url, json=fault).raise_for_status()

    def whatsapp_fault(self, **fault: Any) -> None:
        """Makes the messaging network misbehave."""
        httpx.post(f"{self._whatsapp}/sim/faults", json=fault).raise_for_status()

    def template(self, content_sid: str, body: str) -> None:
        """Has WhatsApp approve a template."""
        template = {"content_sid": content_sid, "body": body}
        httpx.post(f"{self._whatsapp}/sim/templates", json=template).raise_for_status()

    @property
    def _whatsapp(self) -> str:
        return self.world.env["MESH_TWILIO_URL"]
