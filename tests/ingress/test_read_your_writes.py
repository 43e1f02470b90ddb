"""A client reads what it wrote: writes say where they stand, and reads wait for it."""

from __future__ import annotations

import asyncio
import time

import asyncpg
import httpx
import pytest

from tests.ingress.harness import create_campaign, new_phone, problem
from tests.ingress.tables import add_campaign, set_checkpoint


def wanting(position: int) -> dict[str, str]:
    """The header of a read that wants to see a position."""
    return {"Mesh-Min-Position": str(position)}


async def test_a_read_waits_until_its_position_can_be_seen(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """It is answered as soon as the checkpoint has come there, not before."""
    await set_checkpoint(database, 100)
    reading = asyncio.create_task(client.get("/campaigns", headers=wanting(200)))
    await asyncio.sleep(0.3)
    assert not reading.done()
    await set_checkpoint(database, 200)
    async with asyncio.timeout(1):
        assert (await reading).status_code == 200


async def test_a_read_that_waits_in_vain_is_told_to_come_back(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """After five seconds: 503, and when to try again."""
    await set_checkpoint(database, 100)
    started = time.monotonic()
    answer = await client.get("/campaigns", headers=wanting(101))
    assert 4 < time.monotonic() - started < 7
    problem(answer, 503, "read-side-behind")
    assert answer.headers["retry-after"]


async def test_a_read_that_asks_for_nothing_does_not_wait(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """What is there is shown."""
    await set_checkpoint(database, 0)
    async with asyncio.timeout(1):
        assert (await client.get("/campaigns")).status_code == 200


@pytest.mark.parametrize("position", ["-1", "x", "1.5"])
async def test_a_position_is_a_whole_number(client: httpx.AsyncClient, position: str) -> None:
    """Anything else is refused with the header's name."""
    answer = await client.get("/campaigns", headers={"Mesh-Min-Position": position})
    document = problem(answer, 422, "invalid-request")
    assert document["errors"][0]["field"] == "mesh-min-position"


async def test_hundreds_of_waiting_reads_share_one_question(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """All are answered when the checkpoint arrives, and others are served meanwhile."""
    await set_checkpoint(database, 100)
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=client.base_url, limits=limits, timeout=10) as many:
        reading = [
            asyncio.create_task(many.get("/campaigns", params={"limit": 1}, headers=wanting(200)))
            for _ in range(200)
        ]
        await asyncio.sleep(0.5)
        assert (await client.get("/campaigns")).status_code == 200
        await set_checkpoint(database, 200)
        answers = await asyncio.gather(*reading)
    assert {answer.status_code for answer in answers} == {200}


async def test_after_a_rebuild_an_earlier_checkpoint_means_nothing(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """The read side may go back when it is made anew: reads wait again."""
    await set_checkpoint(database, 200)
    assert (await client.get("/campaigns", headers=wanting(200))).status_code == 200
    await set_checkpoint(database, 0)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await client.get("/campaigns", headers=wanting(200))


async def test_a_write_answers_from_the_read_side_once_it_has_caught_up(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """Counts that only the read side knows are in the answer."""
    created = await create_campaign(client, new_phone())
    await add_campaign(database, id=created["id"], participants=1, abandoned=1, status="active")
    launched = (await client.post(f"/campaigns/{created['id']}/launch")).json()
    assert launched["counts"]["abandoned"] == 1


async def test_a_write_is_answered_even_if_the_read_side_does_not_come(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """After three seconds the campaign is told from the log; what it does not know is null."""
    created = await create_campaign(client, new_phone())
    await set_checkpoint(database, 0)
    started = time.monotonic()
    launched = await client.post(f"/campaigns/{created['id']}/launch")
    assert 2 < time.monotonic() - started < 5
    assert launched.json()["status"] == "active"
    assert launched.json()["counts"]["participants"] == 1
    assert launched.json()["counts"]["completed"] is None


async def test_a_campaign_that_the_read_side_does_not_have_yet_is_not_unknown(
    client: httpx.AsyncClient,
) -> None:
    """It is on the log: 503, not 404."""
    created = await create_campaign(client)
    for path in ("", "/conversations", "/extractions"):
        answer = await client.get(f"/campaigns/{created['id']}{path}")
        problem(answer, 503, "read-side-behind")
