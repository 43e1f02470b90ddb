"""After an erasure the tables are those of the log without the words, live and rebuilt alike."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from mesh_projector import follow
from meshcore.domain.events import (
    MessageReceived,
    OptOutSource,
    ParticipantOptedOut,
    PersonalDataErased,
)
from meshcore.domain.outreach import Outreach
from meshcore.erasure import Eraser
from meshcore.ids import new_commit, new_id, now
from meshcore.log import codec, streams, subjects
from meshcore.log.subjects import Lane
from meshcore.service import Shell
from tests.projector.histories import BY_STATION, Pen, created, interviewed, launched
from tests.projector.tables import Snapshot, ask, projected, projecting, reached, snapshot, until
from tests.support.desk import new_address
from tests.support.erasing import WORDS, Person, left_in

_SAME = ("status", "disposition", "turns", "end_reason", "started_at", "ended_at", "cost_usd")


async def _person(shell: Shell) -> tuple[Person, int]:
    person = Person(shell, new_address().removeprefix("whatsapp:"))
    return person, await person.live()


def _row(tables: Snapshot, person: Person) -> dict[str, Any]:
    [row] = [row for row in tables["conversations"] if row["id"] == person.ref.conversation]
    return row


async def test_what_was_erased_leaves_the_tables_and_the_counts_stay(
    shell: Shell, database: str, second_database: str
) -> None:
    """A rebuild afterwards gives the same tables."""
    person, end = await _person(shell)
    async with projecting(shell, database):
        await reached(database, end)
        before = await snapshot(database)
        assert WORDS in str(before["messages"])
        done = await Eraser(shell).erase(person.id)
        assert done
        await reached(database, done.position)
        after = await snapshot(database)
    assert not [secret for secret in person.secrets if str(secret) in str(after)]
    row, was = _row(after, person), _row(before, person)
    assert [row[name] for name in _SAME] == [was[name] for name in _SAME]
    assert (row["extracted_data"], row["evidence"]["station"]["quote"]) == ({}, "")
    assert row["erased_at"]
    assert [message["text"] for message in after["messages"]] == ["", "", ""]
    assert [message["media"] for message in after["messages"]] == [[], [], []]
    assert [campaign["dispositions"] for campaign in after["campaigns"]] == [
        campaign["dispositions"] for campaign in before["campaigns"]
    ]
    [report] = after["reports"]
    assert (report["status"], report["report"], report["cost_usd"]) == ("failed", None, 0.5)
    assert await projected(shell, second_database, done.position) == after


async def test_no_file_of_the_tables_holds_a_word_after_vacuum_full(
    shell: Shell, database: str
) -> None:
    """Nor the number, which never was there."""
    person, end = await _person(shell)
    await projected(shell, database, end)
    folder = await _files_of(database)
    assert left_in(folder, [WORDS])
    done = await Eraser(shell).erase(person.id)
    assert done
    await projected(shell, database, done.position)
    folder = await _files_of(database)
    assert left_in(folder, person.secrets) == []


async def _files_of(url: str) -> Path:
    """Where the database's tables are, after everything dead was thrown away."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("VACUUM FULL")
        await connection.execute("CHECKPOINT")
        home = await connection.fetchval("SHOW data_directory")
        number = await connection.fetchval(
            "SELECT oid FROM pg_database WHERE datname = current_database()"
        )
    finally:
        await connection.close()
    return Path(home) / "base" / str(number)


@pytest.mark.parametrize("seed", range(3))
async def test_erasures_in_any_order_give_the_same_tables_live_and_rebuilt(
    shell: Shell, database: str, second_database: str, seed: int
) -> None:
    """Some of many interviews, some still running, in batches of any size."""
    pen = Pen(seed)
    people = pen.participants(6)
    campaign = launched(pen, *people)
    pen.campaign(campaign, created(Outreach(quota=BY_STATION)))
    for n, participant in enumerate(people):
        interviewed(pen, campaign, participant, exchanges=1 + n % 3)
    end = 0
    for subject, commit in pen.written:
        end = await shell.log.append(subject, commit)
    gone = pen.dice.sample(people, 3)
    async with projecting(shell, database, commits_per_batch=pen.dice.choice([1, 7, 1_000])):
        await reached(database, pen.dice.randrange(end))
        for participant in gone:
            withdrawn = ParticipantOptedOut(source=OptOutSource.ERASURE)
            await shell.log.append(subjects.consent(participant), new_commit([withdrawn], now()))
            done = await Eraser(shell).erase(participant)
            assert done
            late = MessageReceived(message_sid=new_id(), participant=participant, text="late")
            ref = next(
                subjects.ConversationRef(campaign, row["id"])
                for row in (await snapshot(database))["conversations"]
                if row["user_id"] == participant
            )
            await shell.log.append(subjects.lane(ref, Lane.IN), new_commit([late], now()))
            await Eraser(shell).finish(ref, participant)
        end = await shell.log.last_position()
        await reached(database, end)
        live = await snapshot(database)
    assert await projected(shell, second_database, end) == live
    assert [row["cells"] for row in live["campaigns"]] == [{"ADNOC": 3}]
    assert sum(row["text"] == "" for row in live["messages"]) > 3
    assert "late" not in [row["text"] for row in live["messages"]]


async def test_what_was_sealed_with_a_destroyed_key_is_not_read_behind_the_tombstone(
    shell: Shell, database: str, second_database: str
) -> None:
    """In one page with it: a process that knew the key sealed it while the erasure ran."""
    person, end = await _person(shell)
    key = await shell.log.keys.for_writing(subjects.owner_of_conversation(person.ref.conversation))
    done = await Eraser(shell).erase(person.id)
    assert done
    late = MessageReceived(message_sid=new_id(), participant=person.id, text=WORDS)
    body, headers = codec.encode(new_commit([late], now()), "tests", key)
    lane = subjects.lane(person.ref, Lane.IN)
    ack = await shell.nats.jetstream().publish(lane, body, headers=headers)
    shell.log.keys.take_in(subjects.owner_of_conversation(person.ref.conversation), key.secret)
    live = await projected(shell, database, ack.seq)
    assert WORDS not in str(live)
    assert end < done.position < ack.seq
    assert await projected(shell, second_database, ack.seq) == live


async def test_an_erasure_of_no_uuid_stops_nobody(shell: Shell, database: str) -> None:
    """No service writes such a thing."""
    event = PersonalDataErased(campaigns=("no uuid",))
    await shell.log.append(subjects.erased("ab" * 16), new_commit([event], now()))
    _, end = await _person(shell)
    assert (await projected(shell, database, end))["conversations"]


async def test_outreach_is_told_of_what_is_too_old(
    shell: Shell, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What ended long ago and is not erased yet; nothing younger."""
    monkeypatch.setattr(follow, "_REMIND", 0.1)
    old, _ = await _person(shell)
    young = Person(shell, new_address().removeprefix("whatsapp:"), at=now() + timedelta(days=3))
    end = await young.live()
    await asyncio.sleep(0.01)
    async with projecting(shell, database, keep=timedelta(milliseconds=1)):
        await reached(database, end)
        js = shell.nats.jetstream()

        async def told() -> bool:
            return subjects.erase_wake_up(old.ref) in await _waiting(shell)

        await until(told)
        assert subjects.erase_wake_up(young.ref) not in await _waiting(shell)
        await Eraser(shell).erase_conversation(old.ref, old.id)
        await reached(database, await shell.log.last_position())
        await js.purge_stream(streams.WORK)
        await asyncio.sleep(0.4)
        assert await _waiting(shell) == []
    assert await ask(database, "SELECT count(*) FROM conversations WHERE erased_at IS NULL") == 1


async def _waiting(shell: Shell) -> list[str]:
    info = await shell.nats.jetstream().stream_info(
        streams.WORK, subjects_filter="mesh.work.erase.>"
    )
    return list(info.state.subjects or {})
