"""The messaging network between the service and the participants: both directions, with faults."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field

from meshsim.dice import dice
from meshsim.faults import FaultPlan
from meshsim.mailbox import Mailbox
from meshsim.network_faults import NetworkFault
from meshsim.population import Population
from meshsim.record import Record
from meshsim.templates import Templates
from meshsim.twilio_wire import (
    API_VERSION,
    ERROR_TEXTS,
    Message,
    address_of,
    new_sid,
    on_whatsapp,
    segments,
)
from meshsim.webhooks import Delivery, Webhooks

_OUTCOMES = ("sent", "delivered", "read")


@dataclass(frozen=True)
class NetworkSettings:
    """How the network behaves.

    Attributes:
        account_sid: the one account that exists.
        sender: the business number, e.g. `whatsapp:+14155238886`.
        inbound_path: the path of the service's webhook for inbound messages.
        status_delays: seconds to sent, from there to delivered, from there to read; fewer entries
            leave the later ones out.
        pool: the numbers of the messaging service. Each participant hears from one of them, always
            the same. None: the business number.
    """

    account_sid: str
    sender: str
    inbound_path: str = "/twilio/inbound"
    status_delays: tuple[float, ...] = (0.02, 0.05, 0.1)
    pool: tuple[str, ...] = ()


@dataclass
class _Line:
    """The way from one participant to the service; one webhook at a time."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    business: str | None = None
    service_sid: str | None = None


@dataclass
class Inbound:
    """A message of a participant on its way to the service."""

    sender: str
    body: str
    extra: Mapping[str, str] = field(default_factory=dict)
    sid: str = field(default_factory=new_sid)
    copies: int = 1


class Network:
    """Carries messages, keeps the record, and sends what Twilio would send."""

    def __init__(self, settings: NetworkSettings, webhooks: Webhooks) -> None:
        self.settings = settings
        self.webhooks = webhooks
        self.mailbox = Mailbox()
        self.templates = Templates()
        self.record = Record()
        self.faults: FaultPlan[NetworkFault] = FaultPlan()
        self.under_way = 0
        self._lines: dict[str, _Line] = {}
        self._tasks: set[asyncio.Task[object]] = set()

    def accept(
        self,
        form: Mapping[str, str],
        people: Population,
        fault: NetworkFault | None,
        came_at: float,
    ) -> Message:
        """Take a checked create that came at this time; its further way goes on by itself."""
        via_service = form.get("MessagingServiceSid")
        message = Message(
            account_sid=self.settings.account_sid,
            sender=form.get("From") or self._of_pool(form["To"]),
            to=form["To"],
            body=self.templates.body_of(form),
            status="accepted" if via_service else "queued",
            messaging_service_sid=via_service,
            callback=form.get("StatusCallback"),
        )
        self.mailbox.add(message)
        self.record.add(
            "create_accepted",
            sid=message.sid,
            to=message.to,
            sender=message.sender,
            service=via_service,
            body=message.body,
            content_sid=form.get("ContentSid"),
            status_callback=message.callback,
            came_at=came_at,
        )
        self._remember_sender(message)
        self._go(self._travel(message, people, fault))
        return message

    def _of_pool(self, to: str) -> str:
        """Return the number from which a messaging service writes to this address."""
        pool = self.settings.pool or (self.settings.sender,)
        line = self._lines.get(address_of(to))
        if line and line.business in pool:
            return line.business
        return pool[int(dice(0, address_of(to)).random() * len(pool))]

    def _remember_sender(self, message: Message) -> None:
        line = self._lines.setdefault(address_of(message.to), _Line())
        line.business, line.service_sid = message.sender, message.messaging_service_sid

    def _go(self, work: Coroutine[object, object, object]) -> None:
        task: asyncio.Task[object] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _travel(
        self, message: Message, people: Population, fault: NetworkFault | None
    ) -> None:
        delays = self.settings.status_delays
        if message.status == "accepted":
            self._advance(message, "queued")
        for outcome, delay in zip(_OUTCOMES, delays, strict=False):
            await asyncio.sleep(delay)
            if fault is not None and (fault.outcome == "failed" or outcome == "delivered"):
                self._advance(message, fault.outcome, fault.code)
                return
            self._advance(message, outcome)
            if outcome == "delivered":
                people.hear(address_of(message.to), message.body)

    def _advance(self, message: Message, status: str, error_code: int | None = None) -> None:
        message.advance(status, error_code)
        if message.callback:
            self._go(self._call_back(message.callback, _status_form(message), message))

    async def _call_back(self, url: str, form: Mapping[str, str], message: Message) -> None:
        entry = self.record.add(
            "status", sid=message.sid, status=form["MessageStatus"], http_status=None, attempts=0
        )
        await self._deliver(url, form, entry)

    async def _deliver(
        self, url: str, form: Mapping[str, str], entry: dict[str, object]
    ) -> Delivery:
        self.under_way += 1
        try:
            delivery = await self.webhooks.post(url, form)
        finally:
            self.under_way -= 1
        entry.update(
            http_status=delivery.status, attempts=delivery.attempts, answered_at=time.time()
        )
        return delivery

    async def receive(self, inbound: Inbound, name: str) -> Delivery:
        """Carry a participant's message to the service, after those that he sent before.

        Returns:
            how the webhook ended (of several copies: the first).
        """
        line = self._lines.setdefault(address_of(inbound.sender), _Line())
        form = self._inbound_form(inbound, name, line)
        if self.mailbox.get(inbound.sid) is None:
            self.mailbox.add(self._inbound_message(inbound, form))
        duplicated = self.faults.strike(
            lambda fault: fault.kind == "duplicate_webhooks" and fault.concerns(inbound.sender),
            *(address_of(inbound.sender), inbound.body),
        )
        copies = max(inbound.copies, duplicated.copies if duplicated else 1)
        async with line.lock:
            return await self._send_copies(inbound, form, copies)

    async def _send_copies(
        self, inbound: Inbound, form: Mapping[str, str], copies: int
    ) -> Delivery:
        url = self.webhooks.public(self.settings.inbound_path)
        entries = [
            self.record.add(
                "inbound",
                sid=inbound.sid,
                **{"from": form["From"]},
                body=inbound.body,
                http_status=None,
                attempts=0,
            )
            for _ in range(copies)
        ]
        ends = await asyncio.gather(*(self._deliver(url, form, entry) for entry in entries))
        return ends[0]

    def _inbound_form(self, inbound: Inbound, name: str, line: _Line) -> dict[str, str]:
        address = address_of(inbound.sender)
        form = {
            "SmsMessageSid": inbound.sid,
            "NumMedia": "0",
            "ProfileName": name,
            "MessageType": "text",
            "SmsSid": inbound.sid,
            "WaId": address[1:] if address.startswith("+") else "",
            "SmsStatus": "received",
            "Body": inbound.body,
            "To": line.business or self.settings.sender,
            "NumSegments": segments(inbound.body),
            "ReferralNumMedia": "0",
            "MessageSid": inbound.sid,
            "AccountSid": self.settings.account_sid,
            "From": on_whatsapp(address),
            "ApiVersion": API_VERSION,
        }
        if line.service_sid:
            form["MessagingServiceSid"] = line.service_sid
        return form | dict(inbound.extra)

    def _inbound_message(self, inbound: Inbound, form: Mapping[str, str]) -> Message:
        message = Message(
            account_sid=self.settings.account_sid,
            sender=form["From"],
            to=form["To"],
            body=inbound.body,
            status="received",
            direction="inbound",
            sid=inbound.sid,
            num_media=int(form["NumMedia"]),
        )
        message.sent = message.created
        return message

    async def close(self) -> None:
        """Stop everything that is on its way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _status_form(message: Message) -> dict[str, str]:
    form = {
        "MessageSid": message.sid,
        "SmsSid": message.sid,
        "MessageStatus": message.status,
        "SmsStatus": message.status,
        "AccountSid": message.account_sid,
        "From": message.sender or "",
        "To": message.to,
        "ChannelToAddress": message.to,
        "ChannelPrefix": "whatsapp",
        "ApiVersion": API_VERSION,
    }
    if message.messaging_service_sid:
        form["MessagingServiceSid"] = message.messaging_service_sid
    if message.error_code is not None:
        form["ErrorCode"] = str(message.error_code)
        form["ChannelStatusMessage"] = ERROR_TEXTS.get(message.error_code, "")
    return form
