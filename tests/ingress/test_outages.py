"""Ingress needs only NATS.

With PostgreSQL away nothing is lost, and without NATS nothing is promised.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from meshcore.ids import new_id
from meshcore.log import subjects
from meshsim.servers import NatsServer, Postgres
from tests.ingress.harness import (
    NOWHERE,
    Ground,
    Ingress,
    create_campaign,
    eventually,
    ingress_process,
    message_form,
    new_phone,
    post_signed,
    problem,
)
from tests.ingress.tables import migrate

INBOUND = "/twilio/inbound"


@pytest.fixture
async def lonely(lonely_ingress: Ingress) -> AsyncIterator[httpx.AsyncClient]:
    """Speaks to an ingress whose PostgreSQL was never there."""
    async with httpx.AsyncClient(base_url=lonely_ingress.url, timeout=30) as speaking:
        yield speaking


async def test_without_postgres_webhooks_are_taken(
    lonely: httpx.AsyncClient, ground: Ground
) -> None:
    """The message is on the log before the answer."""
    address = f"whatsapp:{new_phone()}"
    assert (await post_signed(lonely, INBOUND, message_form(address))).status_code == 200
    assert await ground.log.last(subjects.unrouted(ground.directory.id_of(address)))


async def test_without_postgres_commands_are_carried_out_without_waiting(
    lonely: httpx.AsyncClient,
) -> None:
    """Create, add, launch and pause answer from the log, at once."""
    started = time.monotonic()
    created = await create_campaign(lonely, new_phone())
    base = f"/campaigns/{created['id']}"
    added = await lonely.post(f"{base}/participants", json={"phone_numbers": [new_phone()]})
    launched = await lonely.post(f"{base}/launch")
    paused = await lonely.post(f"{base}/pause")
    assert time.monotonic() - started < 2
    assert [a.status_code for a in (added, launched, paused)] == [200, 200, 200]
    assert paused.json()["status"] == "paused"
    assert paused.json()["counts"]["participants"] == 2


@pytest.mark.parametrize(
    "path",
    ["", "/{id}", "/{id}/conversations", "/{id}/extractions"],
)
async def test_without_postgres_reads_are_told_to_come_back(
    lonely: httpx.AsyncClient, path: str
) -> None:
    """503 with Retry-After, at once."""
    started = time.monotonic()
    answer = await lonely.get("/campaigns" + path.replace("{id}", new_id()))
    assert time.monotonic() - started < 1
    problem(answer, 503, "read-side-unavailable")
    assert answer.headers["retry-after"]


async def test_without_postgres_a_read_for_a_position_does_not_wait(
    lonely: httpx.AsyncClient,
) -> None:
    """There is nothing to wait for."""
    started = time.monotonic()
    answer = await lonely.get("/campaigns", headers={"Mesh-Min-Position": "1"})
    assert time.monotonic() - started < 1
    problem(answer, 503, "read-side-unavailable")


async def test_without_postgres_the_service_is_ready_and_degraded(
    lonely: httpx.AsyncClient,
) -> None:
    """Orchestrators keep sending; people see what is wrong."""
    assert (await lonely.get("/readyz")).status_code == 200
    health = await lonely.get("/health")
    assert health.status_code == 200
    assert health.json() == {"status": "degraded", "checks": {"nats": "ok", "postgres": "down"}}


async def test_with_everything_there_the_service_is_ok(client: httpx.AsyncClient) -> None:
    """Both checks say so."""
    health = await client.get("/health")
    assert health.json() == {"status": "ok", "checks": {"nats": "ok", "postgres": "ok"}}


async def test_reads_come_back_with_postgres(nats_url: str, tmp_path: Path) -> None:
    """It may crash while ingress runs: webhooks go on, and reads work again once it is back."""
    postgres = Postgres(tmp_path)
    postgres.start()
    try:
        migrate(postgres.url)
        with ingress_process(nats_url, postgres.url, tmp_path) as ingress:
            async with httpx.AsyncClient(base_url=ingress.url, timeout=30) as speaking:
                assert (await speaking.get("/campaigns")).status_code == 200
                postgres.kill()
                problem(await speaking.get("/campaigns"), 503, "read-side-unavailable")
                form = message_form(f"whatsapp:{new_phone()}")
                assert (await post_signed(speaking, INBOUND, form)).status_code == 200
                postgres.start()
                await eventually(speaking.get, "/campaigns", status=200)
    finally:
        postgres.stop()


async def test_without_nats_nothing_is_promised_and_afterwards_all_is_well(tmp_path: Path) -> None:
    """Webhooks are 503, so that they are repeated, and the service unready until NATS is back."""
    server = NatsServer(tmp_path)
    server.start()
    try:
        with ingress_process(server.url, NOWHERE, tmp_path) as ingress:
            async with httpx.AsyncClient(base_url=ingress.url, timeout=60) as speaking:
                form = message_form(f"whatsapp:{new_phone()}")
                server.kill()
                refused, health, ready = await asyncio.gather(
                    post_signed(speaking, INBOUND, form),
                    eventually(speaking.get, "/health", status=503),
                    eventually(speaking.get, "/readyz", status=503),
                )
                problem(refused, 503, "log-unavailable")
                assert health.json()["checks"]["nats"] == "down"
                assert ready.json()["because"] == ["nats"]
                server.start()
                await eventually(post_signed, speaking, INBOUND, form, status=200)
                assert (await speaking.get("/readyz")).status_code == 200
    finally:
        server.stop()


async def test_the_log_of_the_service_has_no_numbers_and_no_words(
    client: httpx.AsyncClient, ingress: Ingress
) -> None:
    """Whatever comes in, good or bad, is not repeated there."""
    phone, words = new_phone(), "a very private sentence"
    form = message_form(f"whatsapp:{phone}", Body=words)
    await post_signed(client, INBOUND, form)
    await client.post(INBOUND, data=form)
    await client.post("/campaigns", json={"name": words, "phone_numbers": [phone, f"{phone}x"]})
    log = ingress.child.log.read_text()
    assert words not in log
    assert not re.search(r"\+?97150\d{7}", log)
