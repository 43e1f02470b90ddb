"""Addresses live in the directory alone, and no words of a participant are in logs or metrics."""

from __future__ import annotations

import asyncpg
import httpx
import nats

from tests.e2e.study import Study, eventually

WORDS = "I refuel at the pink flamingo station"


async def test_a_phone_number_is_nowhere_but_in_the_directory(study: Study) -> None:
    """Not on the log, in wake-ups, routes, read tables, logs, metrics or the API's answers."""
    [phone] = study.people(1, "silent")
    campaign = study.launch([phone])
    eventually(lambda: len(study.received_by(phone)) == 1, "the opening arrived")
    study.says(phone, WORDS)
    eventually(lambda: len(study.received_by(phone)) == 2, "the reply arrived")
    digits = phone.removeprefix("+")

    assert digits not in await everything_on_nats(study.world.env["NATS_URL"])
    assert digits not in await all_rows(study.world.env["DATABASE_URL"])
    assert digits not in logs_and_metrics(study)
    conversation = study.only(campaign)
    assert digits not in str(study.conversations(campaign)) + str(conversation)
    assert study.conversations(campaign)[0]["phone"] == f"{phone[:5]}•••{phone[-4:]}"


def test_what_a_participant_wrote_is_not_in_logs_or_metrics(study: Study) -> None:
    """Their words are on the log and in the transcript, which can be erased; nowhere else."""
    [phone] = study.people(1, "silent")
    study.launch([phone])
    eventually(lambda: len(study.received_by(phone)) == 1, "the opening arrived")
    study.says(phone, WORDS)
    study.says("+971509999999", WORDS)  # a stranger
    eventually(lambda: len(study.received_by(phone)) == 2, "the reply arrived")

    assert "pink flamingo" not in logs_and_metrics(study)


async def everything_on_nats(url: str) -> str:
    """Subjects, headers and bodies of every stream and bucket but the directory."""
    client = await nats.connect(url)
    js = client.jetstream()
    found: list[str] = []
    for stream in await js.streams_info():
        name = stream.config.name or ""
        if name == "KV_mesh_directory":
            continue
        for position in range(max(1, stream.state.first_seq), stream.state.last_seq + 1):
            try:
                message = await js.get_msg(name, position)
            except nats.js.errors.NotFoundError:
                continue
            found.append(f"{message.subject} {message.headers} {message.data!r}")
    await client.close()
    assert any("message_composed" in line for line in found)
    return "\n".join(found)


async def all_rows(url: str) -> str:
    """Every row of every table."""
    connection = await asyncpg.connect(url)
    tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found = [
        str(row[0])
        for (table,) in tables
        for row in await connection.fetch(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - its own catalogue
    ]
    await connection.close()
    assert found
    return "\n".join(found)


def logs_and_metrics(study: Study) -> str:
    """What the services have logged, and what they count."""
    folder = study.world.plan.folder / "logs"
    logs = [p.read_text() for p in folder.glob("*.log") if not p.name.startswith("simulated")]
    metrics = [httpx.get(f"{base}/metrics").text for base in study.world.health.values()]
    return "\n".join([*logs, *metrics])
