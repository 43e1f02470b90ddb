"""Ingress as a process beside real servers, and what the tests say to it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import nats
from nats.aio.client import Client
from twilio.request_validator import RequestValidator

from meshcore.directory import Directory, Routes
from meshcore.log.event_log import EventLog
from meshcore.log.streams import DIRECTORY, ROUTES
from meshsim.children import Child, answers, free_port, wait_until
from meshsim.servers import program

ACCOUNT_SID = "AC" + "0" * 32
AUTH_TOKEN = "12345"
PUBLIC_URL = "https://mesh.example"
PARTICIPANT_KEY = "a key that lives for one test"
NOWHERE = "postgresql://nobody:nothing@127.0.0.1:1/nowhere"
SCHEMA = {"age_range": {"type": "string", "description": "Age bracket, e.g. 25-34"}}

_SIDS = count(1)
_PHONES = count(1)


@dataclass(frozen=True)
class Ingress:
    """A running ingress."""

    url: str
    child: Child


@dataclass(frozen=True)
class Ground:
    """What ingress stands on, for a look beneath it."""

    nats: Client
    log: EventLog
    directory: Directory
    routes: Routes


@asynccontextmanager
async def standing_on(nats_url: str) -> AsyncIterator[Ground]:
    """Connects to what an ingress that runs has declared."""
    client = await nats.connect(nats_url)
    js = client.jetstream()
    async with EventLog(client, "test") as log:
        yield Ground(
            client,
            log,
            Directory(await js.key_value(DIRECTORY), PARTICIPANT_KEY.encode()),
            Routes(await js.key_value(ROUTES)),
        )
    await client.close()


@contextmanager
def ingress_process(nats_url: str, database_url: str, folder: Path) -> Iterator[Ingress]:
    """Ingress as it runs in production, on a port of its own."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {**os.environ, **environment_of(nats_url, database_url, port)}
    child = Child("ingress", [program("mesh-ingress")], environment, folder)
    child.start()
    try:
        wait_until(lambda: answers(f"{url}/readyz"), 20, "ingress was not ready")
        yield Ingress(url, child)
    finally:
        child.stop()


def environment_of(nats_url: str, database_url: str, port: int) -> dict[str, str]:
    """The settings of an ingress under test."""
    return {
        "NATS_URL": nats_url,
        "DATABASE_URL": database_url,
        "MESH_PARTICIPANT_KEY": PARTICIPANT_KEY,
        "MESH_HOST": "127.0.0.1",
        "MESH_HTTP_PORT": str(port),
        "MESH_PUBLIC_URL": PUBLIC_URL,
        "MESH_DRAIN_SECONDS": "1",
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "TWILIO_WHATSAPP_FROM": "whatsapp:+14155238886",
    }


def new_sid() -> str:
    """A MessageSid that no other test uses."""
    return f"SM{next(_SIDS):032x}"


def new_phone() -> str:
    """A phone number that no other test uses."""
    return f"+97150{next(_PHONES):07d}"


def message_form(sender: str, **fields: str) -> dict[str, str]:
    """The form of an inbound message as Twilio posts it, some of it blank."""
    sid = new_sid()
    return {
        "MessageSid": sid,
        "SmsSid": sid,
        "AccountSid": ACCOUNT_SID,
        "From": sender,
        "To": "whatsapp:+14155238886",
        "Body": "Twice a day",
        "NumMedia": "0",
        "ProfileName": "",
        **fields,
    }


def signed(path: str, form: Mapping[str, str], token: str = AUTH_TOKEN) -> dict[str, str]:
    """The header that Twilio signs such a request with."""
    signature = RequestValidator(token).compute_signature(PUBLIC_URL + path, dict(form))
    return {"X-Twilio-Signature": signature}


async def post_signed(
    client: httpx.AsyncClient, path: str, form: Mapping[str, str]
) -> httpx.Response:
    """Posts a form as Twilio does."""
    return await client.post(path, data=dict(form), headers=signed(path, form))


async def create_campaign(client: httpx.AsyncClient, *phones: str, **more: Any) -> dict[str, Any]:
    """A campaign, as the API answers it."""
    body = {
        "name": "Yas Island",
        "research_brief": "Refuelling habits of commuters.",
        "extraction_schema": SCHEMA,
        "phone_numbers": list(phones),
        **more,
    }
    answer = await client.post("/campaigns", json=body)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    created: dict[str, Any] = answer.json()
    return created


async def eventually(
    ask: Callable[..., Awaitable[httpx.Response]], *arguments: Any, status: int
) -> httpx.Response:
    """Asks again and again until the answer has this status; fails after ten seconds."""
    for _ in range(100):
        answer = await ask(*arguments)
        if answer.status_code == status:
            return answer
        await asyncio.sleep(0.1)
    raise AssertionError(f"no answer with status {status}")


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document of an answer that must be this problem."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["type"] == f"urn:meshai:problem:{code}"
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    return document
