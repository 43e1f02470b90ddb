"""The read tables: made by the projector's migrations, filled by hand with what it would write."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg

from meshcore.ids import new_id
from meshsim.servers import program
from tests.ingress.harness import SCHEMA, environment_of

FAR_AHEAD = 10**12
"""A checkpoint that every write has reached."""

EPOCH = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)


def migrate(database_url: str) -> None:
    """Makes the tables."""
    environment = {**os.environ, **environment_of("nats://127.0.0.1:1", database_url, 0)}
    subprocess.run([program("mesh-projector"), "migrate"], env=environment, check=True)  # noqa: S603 - our own program


async def set_checkpoint(connection: asyncpg.Connection, position: int) -> None:
    """Says how far the read side has come."""
    await connection.execute(
        "INSERT INTO checkpoints VALUES ('read_tables', $1, now()) "
        "ON CONFLICT (name) DO UPDATE SET position = $1",
        position,
    )


@dataclass
class Row:
    """A conversation as the projector keeps it."""

    campaign_id: str
    ordinal: int
    id: str = field(default_factory=lambda: str(uuid4()))
    user_id: str = field(default_factory=lambda: uuid4().hex)
    status: str = "completed"
    disposition: str = "completed"
    cell: str | None = None
    timezone: str | None = None
    extracted_data: dict[str, Any] = field(default_factory=lambda: {"age_range": "25-34"})
    evidence: dict[str, Any] = field(default_factory=dict)
    end_reason: str | None = "completed"
    failure: str | None = None
    turns: int = 3
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None
    unpriced: int = 0
    breaches: dict[str, int] = field(default_factory=dict)
    fallbacks: int = 0
    language: str | None = None
    flag: str | None = None
    started_at: datetime | None = EPOCH
    last_message_at: datetime | None = EPOCH
    ended_at: datetime | None = EPOCH
    handed_over: bool = False
    contacted_at: datetime | None = None
    answers: int = 0
    first_reply_seconds: float | None = None
    reply_seconds: float | None = None
    last_asked: str | None = None
    messages_received: int = 0
    messages_accepted: int = 0
    messages_queued: int = 0
    messages_sent: int = 0
    messages_delivered: int = 0
    messages_read: int = 0
    messages_failed: int = 0
    failures: dict[str, int] = field(default_factory=dict)


_SHARED = (
    "campaign_id", "status", "disposition", "cell", "timezone", "handed_over", "ended_at", "turns",
    "input_tokens", "output_tokens", "cost_usd", "unpriced", "breaches", "fallbacks",
)  # fmt: skip
_WIDE = (
    *_SHARED, "id", "ordinal", "user_id", "extracted_data", "evidence", "end_reason", "failure",
    "language", "flag", "started_at", "last_message_at",
)  # fmt: skip
_NARROW = (
    *_SHARED, "conversation_id", "contacted_at", "answers", "first_reply_seconds", "reply_seconds",
    "last_asked", "messages_received", "messages_accepted", "messages_queued", "messages_sent",
    "messages_delivered", "messages_read", "messages_failed", "failures",
)  # fmt: skip


async def add_campaign(connection: asyncpg.Connection, **fields: Any) -> str:
    """Adds a campaign and returns its id."""
    row = {
        "id": new_id(),
        "name": "Yas Island",
        "research_brief": "Refuelling habits.",
        "extraction_schema": json.dumps(SCHEMA),
        "status": "active",
        "created_at": EPOCH,
        **fields,
    }
    await _insert(connection, "campaigns", [row])
    return str(row["id"])


async def add_conversations(
    connection: asyncpg.Connection, campaign_id: str, count: int, **fields: Any
) -> list[Row]:
    """Adds conversations, a second apart."""
    rows = []
    for ordinal in range(count):
        row = Row(campaign_id, ordinal, **fields)
        if row.ended_at:
            row.ended_at += timedelta(seconds=ordinal)
        rows.append(row)
    values = [
        vars(row)
        | {
            "extracted_data": json.dumps(row.extracted_data),
            "evidence": json.dumps(row.evidence),
            "breaches": json.dumps(row.breaches),
            "failures": json.dumps(row.failures),
        }
        for row in rows
    ]
    await _insert(connection, "conversations", [_only(value, _WIDE) for value in values])
    narrow = [value | {"conversation_id": value["id"]} for value in values]
    await _insert(connection, "figures", [_only(value, _NARROW) for value in narrow])
    return rows


def _only(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names}


async def add_message(connection: asyncpg.Connection, conversation: Row, **fields: Any) -> None:
    """Adds a message to a conversation."""
    row = {
        "conversation_id": conversation.id,
        "campaign_id": conversation.campaign_id,
        "position": 1,
        "kind": None,
        "media": "[]",
        "created_at": EPOCH,
        **fields,
    }
    await _insert(connection, "messages", [row])


async def _insert(connection: asyncpg.Connection, table: str, rows: list[dict[str, Any]]) -> None:
    names = list(rows[0])
    places = ", ".join(f"${number}" for number in range(1, len(names) + 1))
    statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})"  # noqa: S608 - names of the test's own
    await connection.executemany(statement, [list(row.values()) for row in rows])
