"""The read tables equal a fold of the log, however it was cut into batches and interrupted."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

import pytest

from mesh_projector import fold
from meshcore.log import subjects
from meshcore.log.histories import Conversations
from meshcore.log.subjects import ConversationRef
from meshcore.service import Shell
from tests.faults.read_side import KEYS, tables_of
from tests.projector.histories import Disorder, append
from tests.projector.tables import Snapshot, projected, projecting, reached, snapshot

COMMITS = 250

_FIGURES = {
    "campaigns": (
        "status", "participants", "dispositions", "cells", "closed", "closed_cells",
        "paused_because", "pending", "outreach_sent", "active", "completed", "abandoned", "failed",
    ),
    "conversations": ("ordinal", "timezone", "cell", "disposition", "handed_over"),
    "figures": (
        "status", "disposition", "timezone", "cell", "handed_over", "contacted_at", "ended_at",
        "turns", "cost_usd", "unpriced", "fallbacks", "answers", "first_reply_seconds",
        "reply_seconds", "last_asked", "messages_received", "messages_accepted", "messages_queued",
        "messages_sent", "messages_delivered", "messages_read", "messages_failed", "failures",
    ),
    "outreach_queue": ("scheduled_at", "status", "attempts"),
}  # fmt: skip


async def _with_interruptions(shell: Shell, url: str, end: int, dice: random.Random) -> Snapshot:
    """The tables after many short lives: batches of any size, an end at any point."""
    position = 0
    while position < end:
        position = min(end, position + dice.randint(1, 60))
        async with projecting(shell, url, commits_per_batch=dice.choice([1, 3, 10, 50])):
            await reached(url, position)
            await asyncio.sleep(dice.random() * 0.02)
    return await snapshot(url)


@pytest.mark.parametrize("seed", range(4))
async def test_any_cut_into_batches_and_lives_gives_the_same_tables(
    shell: Shell,
    database: str,
    second_database: str,
    seed: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One fold in one batch equals a fold in small ones, forgetful and begun again and again."""
    end = await append(shell, Disorder(seed).write(COMMITS))
    at_once = await projected(shell, database, end)
    monkeypatch.setattr(fold, "_MESSAGES_KEPT", 10)
    monkeypatch.setattr(fold, "_PARTICIPANTS_KEPT", 5)
    in_pieces = await _with_interruptions(shell, second_database, end, random.Random(seed))
    assert in_pieces == at_once


@pytest.mark.parametrize("seed", range(4, 6))
async def test_the_tables_say_what_the_fold_of_the_log_says(
    shell: Shell, database: str, seed: int
) -> None:
    """Every conversation's row and transcript are those of the state that the services fold."""
    end = await append(shell, Disorder(seed).write(COMMITS))
    tables = await projected(shell, database, end)
    conversations = Conversations(shell.log)
    transcripts = Counter(row["conversation_id"] for row in tables["messages"])
    assert tables["conversations"]
    for row in tables["conversations"]:
        state = (await conversations.load(ConversationRef(row["campaign_id"], row["id"]))).state
        assert row["status"] == state.status
        assert row["turns"] == state.turns
        assert row["end_reason"] == state.end_reason
        assert (row["started_at"], row["ended_at"]) == (state.started_at, state.ended_at)
        assert row["input_tokens"] == min(state.usage.input_tokens, 2**63 - 1)
        assert row["output_tokens"] == state.usage.output_tokens
        assert (row["cost_usd"], row["unpriced"]) == (state.usage.cost_usd, state.usage.unpriced)
        assert sum(row["breaches"].values()) == sum(state.breaches.values())
        assert (row["fallbacks"], row["flag"]) == (state.fallbacks, state.flag)
        assert row["language"] == state.language
        assert set(row["extracted_data"]) == set(state.values)
        assert transcripts[row["id"]] == len(state.messages)


@pytest.mark.parametrize("seed", range(4, 8))
async def test_the_figures_are_those_of_a_second_fold(
    shell: Shell, database: str, seed: int
) -> None:
    """What is counted, timed and planned: the same by a fold that was written without this one."""
    end = await append(shell, Disorder(seed).write(COMMITS))
    tables = await projected(shell, database, end)
    expected = tables_of((await shell.log.read(subjects.EVERYTHING, 0, COMMITS)).records)
    for table, columns in _FIGURES.items():
        found = {row[KEYS[table][0]]: [row[c] for c in columns] for row in tables[table]}
        second = {key[0]: [row[c] for c in columns] for key, row in expected[table].items()}
        assert found == second


@pytest.mark.parametrize("seed", range(4, 6))
async def test_the_counts_of_a_campaign_are_the_counts_of_its_conversations(
    shell: Shell, database: str, seed: int
) -> None:
    """Whatever happened, the counts kept in `campaigns` are those of the rows."""
    end = await append(shell, Disorder(seed).write(COMMITS))
    tables = await projected(shell, database, end)
    counted = Counter((row["campaign_id"], row["status"]) for row in tables["conversations"])
    assert tables["campaigns"]
    for row in tables["campaigns"]:
        for status in ("pending", "outreach_sent", "active", "completed", "abandoned", "failed"):
            assert row[status] == counted[row["id"], status]
