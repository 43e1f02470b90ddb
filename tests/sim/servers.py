"""Real servers on free loopback ports: simulator processes, and a receiver of webhooks."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

ACCOUNT = "AC" + "a" * 32
TOKEN = "a-token-for-the-test"
SENDER = "whatsapp:+14155238886"
PUBLIC = "https://mesh.example.com"
PERSON = "whatsapp:+971501234567"


@contextmanager
def process(module: str, *options: str) -> Iterator[str]:
    """Run a simulator as a process and yield its base URL; it must end with 0 on SIGTERM."""
    command = [sys.executable, "-m", module, "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:  # noqa: S603
        assert running.stdout is not None
        try:
            yield running.stdout.readline().split()[-1]
        finally:
            running.terminate()
            try:
                code = running.wait(10)
            except subprocess.TimeoutExpired:
                running.kill()
                raise
        assert code == 0


def whatsapp(*options: str, deliver_to: str = "http://127.0.0.1:9") -> Any:
    """Run the messaging network for the test's account, with silent participants."""
    fixed = ["--account-sid", ACCOUNT, "--auth-token", TOKEN, "--sender", SENDER]
    fixed += ["--public-url", PUBLIC, "--deliver-to", deliver_to, "--retry-backoff", "0.01"]
    return process("meshsim.whatsapp", *fixed, "--mix", "silent=1", *options)


@dataclass
class Hook:
    """A webhook as it arrived."""

    path: str
    form: dict[str, str]
    signature: str
    token: str

    @property
    def genuine(self) -> bool:
        """Whether it is signed over the public address."""
        validator = RequestValidator(TOKEN)
        return bool(validator.validate(PUBLIC + self.path, self.form, self.signature))


@dataclass
class Receiver:
    """What a service's webhook endpoints got; `statuses` are answered first, then 204."""

    base: str = ""
    statuses: list[int] = field(default_factory=list)
    hooks: list[Hook] = field(default_factory=list)
    seconds: float = 0.0
    arrival: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def take(self, request: Request) -> Response:
        """Note a webhook and answer it."""
        form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        query = f"?{request.url.query}" if request.url.query else ""
        signature = request.headers["X-Twilio-Signature"]
        token = request.headers["I-Twilio-Idempotency-Token"]
        self.hooks.append(Hook(request.url.path + query, form, signature, token))
        async with self.arrival:
            self.arrival.notify_all()
        await asyncio.sleep(self.seconds)
        return Response(status_code=self.statuses.pop(0) if self.statuses else 204)

    def at(self, path: str) -> list[Hook]:
        """Return what arrived at a path, in order."""
        return [hook for hook in self.hooks if hook.path.startswith(path)]

    async def wait(self, path: str, count: int) -> list[Hook]:
        """Wait until `count` webhooks have arrived at a path."""
        async with asyncio.timeout(10), self.arrival:
            await self.arrival.wait_for(lambda: len(self.at(path)) >= count)
        return self.at(path)


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """Run a receiver of webhooks in this process."""
    receiver = Receiver()
    app = Starlette(routes=[Route("/{path:path}", receiver.take, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    listener = socket.create_server(("127.0.0.1", 0))
    receiver.base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield receiver
    finally:
        server.should_exit = True
        await serving


async def call(url: str, method: str = "GET", **options: Any) -> Any:
    """Call the control API and return its JSON; fails on an error status."""
    async with httpx.AsyncClient(timeout=20) as client:
        return (await client.request(method, url, **options)).raise_for_status().json()
