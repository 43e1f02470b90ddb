"""Collecting a history from a running world."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import asyncpg
import httpx
import nats
from nats.errors import Error as NatsError
from nats.js.errors import Error as JetStreamError
from nats.js.errors import NoKeysError

from meshcore.domain.commit import Recorded
from meshcore.domain.events import Event
from meshcore.errors import LogUnavailableError
from meshcore.ids import new_commit
from meshcore.log import streams, subjects
from meshcore.log.event_log import EventLog
from meshsim.world import World
from tests.faults.checker import utc_now
from tests.faults.history import History
from tests.faults.read_side import KEYS

_JSON = {
    "extraction_schema", "opening", "limits", "outreach", "closed_cells", "dispositions", "cells",
    "extracted_data", "evidence", "breaches", "failures", "media",
}  # fmt: skip
_PASSING = (OSError, TimeoutError, NatsError, JetStreamError, LogUnavailableError)


class Collector:
    """Reads what a world has done so far. What was read of the log is kept, and only its tail read.

    Every method is for a caller without an event loop.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._records: list[Recorded] = []

    def log(self) -> list[Recorded]:
        """The whole log; what is known of it while NATS is away."""
        with suppress(*_PASSING):
            asyncio.run(self._read_log())
        return self._records

    def append(self, subject: str, events: Sequence[Event]) -> None:
        """Appends events to the log as a commit of their own."""
        asyncio.run(self._append(subject, events))

    def entries(self) -> list[dict[str, Any]]:
        """The simulated WhatsApp's record."""
        found: list[dict[str, Any]] = self._asked("/sim/record")["entries"]
        return found

    def webhooks_under_way(self) -> int:
        """How many webhooks are being delivered."""
        answer = httpx.get(
            f"{self._world.env['MESH_TWILIO_URL']}/sim/record",
            params={"since": 1_000_000_000},
            timeout=30,
        )
        return int(answer.raise_for_status().json()["under_way"])

    def checkpoint(self) -> int:
        """The position of the read tables; -1 while PostgreSQL is away."""
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return asyncio.run(self._tables())[1]
        return -1

    def history(self) -> History:
        """Everything."""
        # What the tables and the record say must be on the log, so it is read last.
        tables, checkpoint = asyncio.run(self._tables())
        entries = self.entries()
        asyncio.run(self._read_log())
        return History(
            records=list(self._records),
            entries=entries,
            tables=tables,
            checkpoint=checkpoint,
            parked=asyncio.run(self._parked()),
            at=utc_now(),
        )

    def _asked(self, path: str) -> dict[str, Any]:
        answer = httpx.get(f"{self._world.env['MESH_TWILIO_URL']}{path}", timeout=60)
        found: dict[str, Any] = answer.raise_for_status().json()
        return found

    async def _read_log(self) -> None:
        client = await nats.connect(self._world.env["NATS_URL"].split(","), connect_timeout=2)
        try:
            async with EventLog(client, "checker") as log:
                after = self._records[-1].position if self._records else 0
                self._records += await log.load(subjects.EVERYTHING, after)
        finally:
            await client.close()

    async def _append(self, subject: str, events: Sequence[Event]) -> None:
        client = await nats.connect(self._world.env["NATS_URL"].split(","), connect_timeout=2)
        try:
            async with EventLog(client, "faults") as log:
                await log.append(subject, new_commit(events, utc_now()))
        finally:
            await client.close()

    async def _parked(self) -> list[str]:
        client = await nats.connect(self._world.env["NATS_URL"].split(","), connect_timeout=2)
        try:
            bucket = await client.jetstream().key_value(streams.DEAD_LETTERS)
            return list(await bucket.keys())
        except NoKeysError:
            return []
        finally:
            await client.close()

    async def _tables(self) -> tuple[dict[str, list[dict[str, Any]]], int]:
        connection = await asyncpg.connect(self._world.env["DATABASE_URL"], timeout=5)
        try:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                position = await connection.fetchval(
                    "SELECT coalesce(max(position), 0) FROM checkpoints"
                )
                tables = {
                    table: [_plain(row) for row in await connection.fetch(f"SELECT * FROM {table}")]  # noqa: S608 - a constant
                    for table in KEYS
                }
        finally:
            await connection.close()
        return tables, int(position)


def _plain(row: asyncpg.Record) -> dict[str, Any]:
    return {name: _value(name, value) for name, value in row.items()}


def _value(name: str, value: Any) -> Any:
    if name in _JSON and value is not None:
        return json.loads(value)
    return str(value) if isinstance(value, asyncpg.pgproto.pgproto.UUID) else value
