"""The load: signed webhooks over many kept-alive connections, as cheap to send as can be.

An errand: the requests are signed and put into bytes before it is told to begin.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Iterator
from typing import Annotated, cast
from urllib.parse import urlencode
from uuid import uuid4

import typer
import uvloop
from twilio.request_validator import RequestValidator

from tests.bench.processes import wait_to_be_told
from tests.ingress.harness import ACCOUNT_SID, AUTH_TOKEN, PUBLIC_URL

PATH = "/twilio/inbound"
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_OK = b"HTTP/1.1 200"


def phone(number: int) -> str:
    """The n-th participant's phone number."""
    return f"+97150{number:07d}"


def _requests(count: int, participants: int) -> list[bytes]:
    validator = RequestValidator(AUTH_TOKEN)
    return [_request(validator, phone(n % participants)) for n in range(count)]


def _request(validator: RequestValidator, sender: str) -> bytes:
    sid = "SM" + uuid4().hex
    form = {
        "SmsMessageSid": sid,
        "NumMedia": "0",
        "ProfileName": "Aisha",
        "MessageType": "text",
        "SmsSid": sid,
        "WaId": sender[1:],
        "SmsStatus": "received",
        "Body": "I usually drive there four times a week, mostly in the mornings",
        "To": "whatsapp:+14155238886",
        "NumSegments": "1",
        "ReferralNumMedia": "0",
        "MessageSid": sid,
        "AccountSid": ACCOUNT_SID,
        "From": f"whatsapp:{sender}",
        "ApiVersion": "2010-04-01",
    }
    body = urlencode(form).encode()
    signature = validator.compute_signature(PUBLIC_URL + PATH, form)
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: mesh.example\r\nUser-Agent: TwilioProxy/1.1\r\n"
        f"Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
        f"I-Twilio-Idempotency-Token: {uuid4()}\r\nX-Twilio-Signature: {signature}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Connection(asyncio.Protocol):
    """Sends the next request as soon as the last is answered."""

    def __init__(self, requests: Iterator[bytes], seconds: list[float]) -> None:
        self._requests = requests
        self._seconds = seconds
        self._received = b""
        self._sent_at = 0.0
        self.failed = 0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own is one by behaviour

    def send(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self._transport.close()
            self.done.set_result(None)
            return
        self._sent_at = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not end or len(body) < int(length[1] if length else 0):
            return
        self._seconds.append(time.perf_counter() - self._sent_at)
        self.failed += not head.startswith(_OK)
        self._received = b""
        self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("closed by the server"))


async def _load(port: int, requests: list[bytes], connections: int) -> dict[str, float]:
    loop = asyncio.get_running_loop()
    waiting, seconds = iter(requests), list[float]()
    opened = [
        (await loop.create_connection(lambda: _Connection(waiting, seconds), "127.0.0.1", port))[1]
        for _ in range(connections)
    ]
    wait_to_be_told()
    started = time.perf_counter()
    for connection in opened:
        connection.send()
    await asyncio.gather(*(connection.done for connection in opened))
    took = time.perf_counter() - started
    seconds.sort()
    return {
        "per_second": len(seconds) / took,
        "p50": seconds[len(seconds) // 2],
        "p99": seconds[int(len(seconds) * 0.99)],
        "failed": sum(connection.failed for connection in opened),
    }


def main(
    port: Annotated[int, typer.Option()],
    count: Annotated[int, typer.Option()],
    participants: Annotated[int, typer.Option()],
    connections: Annotated[int, typer.Option()],
) -> None:
    """Send `count` webhooks of `participants` and report how fast they were answered."""
    requests = _requests(count, participants)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(_load(port, requests, connections))))


if __name__ == "__main__":
    typer.run(main)
