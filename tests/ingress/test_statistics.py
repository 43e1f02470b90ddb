"""What a campaign's figures count, and how far it has come."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from meshcore.domain.disposition import Disposition
from tests.ingress.tables import EPOCH, add_campaign, add_conversations

HOUR = timedelta(hours=1)


async def _add(
    database: asyncpg.Connection, campaign: str, disposition: str, count: int = 1, **more: Any
) -> None:
    """Conversations of a campaign; their place in the order of enrolment does not matter here."""
    status = {"contacted": "outreach_sent", "in_progress": "active", "not_contacted": "pending"}
    fields = {"status": status.get(disposition, "abandoned"), "disposition": disposition, **more}
    if fields["status"] in {*status.values()}:
        fields["ended_at"] = None
    await add_conversations(database, campaign, count, **fields)


async def _shown(client: httpx.AsyncClient, campaign: str) -> dict[str, Any]:
    shown: dict[str, Any] = (await client.get(f"/campaigns/{campaign}")).json()
    return shown


async def test_rates_are_of_those_they_are_defined_by(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """Six were contacted, four of them answered, two were completed, one opted out."""
    dispositions = dict.fromkeys(Disposition, 0) | {"completed": 2, "contacted": 2, "opted_out": 2}
    campaign = await add_campaign(database, dispositions=json.dumps(dispositions))
    await _add(database, campaign, "completed", 2, contacted_at=EPOCH, answers=3)
    await _add(database, campaign, "contacted", 2, contacted_at=EPOCH)
    await _add(database, campaign, "opted_out", contacted_at=EPOCH, answers=1)
    await _add(database, campaign, "opted_out")  # elsewhere, before anything was sent here
    await _add(database, campaign, "in_progress", answers=1)  # wrote first
    await _add(database, campaign, "undeliverable", messages_failed=1)
    stats = (await _shown(client, campaign))["stats"]
    assert stats["dispositions"] == dispositions
    assert (stats["contacted"], stats["answered"]) == (6, 4)
    assert (stats["response_rate"], stats["completion_rate"]) == (0.6667, 0.5)
    assert stats["opt_out_rate"] == 0.1667


async def test_without_anybody_to_count_there_is_no_rate(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """Nor a median."""
    stats = (await _shown(client, await add_campaign(database)))["stats"]
    rates = ("response_rate", "completion_rate", "opt_out_rate", "median_first_reply_seconds")
    assert [stats[name] for name in rates] == [None] * 4
    assert stats["drop_off"] == {"by_answer": {}, "by_field": {}}
    assert stats["failures"] == []


async def test_times_to_reply_are_medians_over_conversations(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """Whoever never replied has none."""
    campaign = await add_campaign(database)
    for first, usual in ((10, 4), (600, 8), (30, 90), (None, None)):
        more: dict[str, Any] = {"first_reply_seconds": first, "reply_seconds": usual}
        await _add(database, campaign, "in_progress", **more)
    stats = (await _shown(client, campaign))["stats"]
    assert stats["median_first_reply_seconds"] == 30
    assert stats["median_reply_seconds"] == 8


async def test_those_who_left_are_counted_by_answer_and_by_field(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """Neither those who never answered nor those who were completed or go on."""
    campaign = await add_campaign(database)
    for disposition, answers, asked in (
        ("breakoff", 1, "station"),
        ("partial", 10, "price"),
        ("opted_out", 1, "price"),
        ("declined", 1, None),
        ("opted_out", 0, "station"),
        ("expired", 0, "station"),
        ("completed", 5, "price"),
        ("in_progress", 2, "price"),
    ):
        await _add(database, campaign, disposition, answers=answers, last_asked=asked)
    assert (await _shown(client, campaign))["stats"]["drop_off"] == {
        "by_answer": {"1": 3, "10": 1},
        "by_field": {"station": 1, "price": 2},
    }


async def test_failed_messages_are_counted_by_reason(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """In words, with Twilio's code where there is one."""
    campaign = await add_campaign(database)
    failed = {"messages_failed": 1}
    await _add(database, campaign, "undeliverable", 2, failures={"63024": 1}, **failed)
    await _add(database, campaign, "undeliverable", failures={"no address": 3, "1": 1}, **failed)
    assert (await _shown(client, campaign))["stats"]["failures"] == [
        {"reason": "no address", "error_code": None, "messages": 3},
        {"reason": "the recipient cannot be reached on WhatsApp", "error_code": 63024,
         "messages": 2},
        {"reason": "Twilio refused the message", "error_code": 1, "messages": 1},
    ]  # fmt: skip


async def test_a_pause_of_our_own_says_why(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """And what Twilio said; estimates have nothing to go by."""
    why = {"paused_because": "our Twilio configuration is wrong", "paused_code": 20003}
    campaign = await add_campaign(database, status="paused", pending=1, participants=1, **why)
    await _add(database, campaign, "not_contacted")
    progress = (await _shown(client, campaign))["progress"]
    assert why.items() <= progress.items()
    because = {"at": None, "unknown_because": "the campaign is paused"}
    assert progress["openings_done"] == progress["campaign_done"] == because
    assert progress["openings_left"] == 1


async def test_targets_show_how_far_they_are(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """In all and by cell, with what is closed; those in closed cells are not to be opened."""
    outreach = {
        "target_completes": 10,
        "quota": {"attribute": "city", "targets": {"Dubai": 2, "Sharjah": 5}},
    }
    campaign = await add_campaign(
        database,
        outreach=json.dumps(outreach),
        dispositions=json.dumps({"completed": 4}),
        cells=json.dumps({"Dubai": 3, "Sharjah": 1}),
        closed_cells=json.dumps(["Dubai"]),
        pending=3,
    )
    for cell in ("Dubai", "Sharjah", None):
        await _add(database, campaign, "not_contacted", cell=cell)
    progress = (await _shown(client, campaign))["progress"]
    assert progress["targets"] == {
        "target": 10,
        "completes": 4,
        "cells": [
            {"value": "Dubai", "target": 2, "completes": 3, "closed": True},
            {"value": "Sharjah", "target": 5, "completes": 1, "closed": False},
        ],
    }
    assert progress["openings_left"] == 2
    assert not progress["closed"]


async def test_a_campaign_without_targets_shows_none(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """As most have."""
    assert (await _shown(client, await add_campaign(database)))["progress"]["targets"] is None


async def test_the_next_slot_and_the_end_of_the_openings_are_shown(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """At ten a minute, shared with nobody who has openings to come."""
    await database.execute("UPDATE campaigns SET status = 'completed'")
    campaign = await add_campaign(database, pending=120, participants=120)
    await _add(database, campaign, "not_contacted", 120)
    await database.execute(
        "INSERT INTO outreach_queue (conversation_id, campaign_id, user_id, scheduled_at, status,"
        " updated_at) SELECT id, campaign_id, user_id, $2::timestamptz + ordinal * '1 s'::interval,"
        " CASE WHEN ordinal = 0 THEN 'sent' ELSE 'scheduled' END, now()"
        " FROM conversations WHERE campaign_id = $1",
        campaign,
        EPOCH,
    )
    progress = (await _shown(client, campaign))["progress"]
    assert progress["next_opening_at"] == "2026-01-15T09:30:01Z"
    assert progress["openings_left"] == 120
    assert progress["openings_done"]["unknown_because"] is None
    alone = await _seconds_left(database, progress["openings_done"]["at"])
    assert alone == pytest.approx(720, abs=5)
    other = await add_campaign(database, pending=1)
    progress = (await _shown(client, campaign))["progress"]
    shared = await _seconds_left(database, progress["openings_done"]["at"])
    assert shared == pytest.approx(1440, abs=10)
    await database.execute("DELETE FROM campaigns WHERE id = $1", other)


async def _seconds_left(database: asyncpg.Connection, at: str) -> float:
    query = "SELECT extract(epoch FROM $1::text::timestamptz - now())::float8"
    return float(await database.fetchval(query, at))


@pytest.mark.parametrize("disposition", ["breakoff", "completed"])
async def test_conversations_can_be_listed_by_disposition(
    client: httpx.AsyncClient, database: asyncpg.Connection, disposition: str
) -> None:
    """Each shows its own; the pages hold what was asked for only."""
    campaign = await add_campaign(database)
    for each in ("breakoff", "completed", "expired"):
        await _add(database, campaign, each, 2)
    path = f"/campaigns/{campaign}/conversations"
    found = (await client.get(path, params={"disposition": disposition})).json()["conversations"]
    assert [one["disposition"] for one in found] == [disposition] * 2
    wrong = await client.get(path, params={"disposition": "bored"})
    assert wrong.status_code == 422
