"""`mesh rerun`, as it is typed."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import nats
import pytest
from typer.testing import CliRunner, Result

from meshcore.domain.participant import conversation_id
from meshcore.log import subjects
from meshcore.log.event_log import EventLog
from meshctl.main import app
from meshsim.children import free_port
from tests.rerun.conftest import Scripted
from tests.rerun.logged import STUDY, write

_runner = CliRunner(env={"COLUMNS": "200"})
ANSWERED = 5


def rerun(scripted: Scripted, *words: object, campaign: str | None = None) -> Result:
    """What the command says and how it leaves."""
    place = [campaign or scripted.campaign, "--nats-url", scripted.url]
    return _runner.invoke(app, ["rerun", *place, *map(str, words)])


def kept(folder: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The counts and the conversations that a rerun left behind."""
    rows = (folder / "conversations.jsonl").read_text().splitlines()
    return json.loads((folder / "rerun.json").read_text()), [json.loads(row) for row in rows]


def counts(summary: dict[str, Any], field: str) -> dict[str, Any]:
    """What was counted of a field."""
    return next(each for each in summary["fields"] if each["field"] == field)


def schema(tmp_path: Path, fields: dict[str, Any]) -> Path:
    """A schema's file."""
    file = tmp_path / "schema.json"
    file.write_text(json.dumps(fields))
    return file


async def _streams(url: str) -> list[tuple[Any, ...]]:
    client = await nats.connect(url)
    found = [
        (each.config.name, each.state.messages, each.state.bytes, each.state.last_seq,
         each.state.consumer_count)
        for each in await client.jetstream().streams_info()
    ]  # fmt: skip
    await client.close()
    return sorted(found)


def test_the_same_model_and_schema_give_no_differences(scripted: Scripted, tmp_path: Path) -> None:
    """Every value is found again, with full precision, and for as many tokens."""
    done = rerun(scripted, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "SIMULATED" in done.output
    assert "No differences." in done.output
    summary, rows = kept(tmp_path / "out")
    total = summary["total"]
    assert total["recorded"] == total["same"] > ANSWERED
    assert total["precision"] == total["recall"] == 1.0
    assert summary["usage"]["input_tokens"] == summary["recorded_usage"]["input_tokens"] > 0
    assert len(rows) == summary["conversations"] == ANSWERED


def test_the_same_model_would_have_said_the_same(scripted: Scripted, tmp_path: Path) -> None:
    """At every turn, the opening and what comes after the end included."""
    done = rerun(scripted, "--turns", "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    summary, rows = kept(tmp_path / "out")
    assert summary["turns"] == sum(len(row["turns"]) for row in rows) > 2 * ANSWERED
    assert summary["other_words"] == summary["other_ends"] == 0
    assert all(turn["now"] == turn["recorded"] for row in rows for turn in row["turns"])


def test_a_new_field_is_found_and_a_removed_one_is_lost(scripted: Scripted, tmp_path: Path) -> None:
    """In what participants wrote at the time; the other fields stay comparable."""
    old = dict(STUDY["extraction_schema"])
    removed, kept_field = list(old)[:2]
    fields = {name: spec for name, spec in old.items() if name != removed}
    fields["where_they_refuel"] = old[removed]
    done = rerun(scripted, "--schema", schema(tmp_path, fields), "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    summary, _ = kept(tmp_path / "out")
    gone, new = counts(summary, removed), counts(summary, "where_they_refuel")
    assert gone["lost"] == gone["recorded"] > 0
    assert gone["precision"] is None
    assert new["new"] == new["now"] > 0
    assert counts(summary, kept_field)["precision"] == 1.0
    told = {line.split()[0]: line for line in done.output.splitlines() if line.strip()}
    assert "no more" in told[removed]
    assert "not then" in told["where_they_refuel"]
    words = (tmp_path / "out" / "differences.md").read_text()
    assert "lost" in words
    assert "new" in words


def test_nothing_is_written_to_the_log(scripted: Scripted) -> None:
    """Last positions, sizes, messages and consumers of all streams are what they were."""
    before = asyncio.run(_streams(scripted.url))
    assert rerun(scripted).exit_code == 0
    assert rerun(scripted, "--turns").exit_code == 0
    assert asyncio.run(_streams(scripted.url)) == before


def test_so_many_conversations_are_drawn_and_the_same_each_time(
    scripted: Scripted, tmp_path: Path
) -> None:
    """So that two models meet the same people."""
    drawn = []
    for out in (tmp_path / "a", tmp_path / "b"):
        assert rerun(scripted, "--limit", 2, "--out", out).exit_code == 0
        drawn.append({row["conversation"] for row in kept(out)[1]})
    assert len(drawn[0]) == 2
    assert drawn[0] == drawn[1]


def test_a_campaign_that_nobody_knows_is_told(scripted: Scripted) -> None:
    """With exit status 1."""
    unknown = "00000000-0000-4000-8000-000000000000"
    done = rerun(scripted, campaign=unknown)
    assert done.exit_code == 1
    assert f"the log knows nothing of a campaign {unknown}" in done.output


def test_a_campaign_without_answers_has_nothing_to_run_again(scripted: Scripted) -> None:
    """It was opened, but there are no words to read."""
    done = rerun(scripted, campaign=scripted.unanswered)
    assert done.exit_code == 1
    assert "nobody has answered in this campaign yet" in done.output


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"age": {"type": "age", "description": "Age"}}', "age.type"),
        ('{"age": {"type": "number"}}', "age.description: Field required; add the field"),
        ("[]", "send an object"),
        ("{", "is not JSON"),
    ],
)
def test_a_schema_with_errors_is_told_field_by_field(
    scripted: Scripted, tmp_path: Path, text: str, told: str
) -> None:
    """With what to do about it, before anything is read or asked."""
    file = tmp_path / "schema.json"
    file.write_text(text)
    done = rerun(scripted, "--schema", file)
    assert done.exit_code == 2, done.output
    assert told in done.output
    assert "schema.json is not" in done.output


def test_a_model_that_costs_is_asked_only_with_consent(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it takes is told first; where nobody can be asked, nothing happens."""
    monkeypatch.setenv("GEMINI_API_KEY", "nobody-checks")
    monkeypatch.setenv("MESH_GEMINI_URL", f"http://127.0.0.1:{free_port()}")
    done = rerun(scripted, "--model", "gemini-2.5-pro")
    assert done.exit_code == 2
    assert "gemini-2.5-pro, as configured" in done.output
    assert "What it is going to take: about" in done.output
    assert "US$" in done.output
    assert "add --yes" in done.output


def test_a_model_that_fails_breaks_conversations_off(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """They are kept and told, and counted nowhere else."""
    monkeypatch.setenv("GEMINI_API_KEY", "nobody-checks")
    monkeypatch.setenv("MESH_GEMINI_URL", f"http://127.0.0.1:{free_port()}")
    done = rerun(scripted, "--yes", "--limit", 1, "--out", tmp_path / "out")
    assert done.exit_code == 1, done.output
    assert "Broke off: ModelError" in done.output
    summary, rows = kept(tmp_path / "out")
    assert (summary["conversations"], summary["failed"]) == (0, 1)
    assert rows[0]["failure"].startswith("ModelError")


def test_erased_conversations_are_left_out_and_counted(scripted: Scripted, tmp_path: Path) -> None:
    """Their words are gone; that nothing is found in them any more is no loss."""
    campaign = asyncio.run(_with_an_erased_one(scripted))
    done = rerun(scripted, "--out", tmp_path / "out", campaign=campaign)
    assert done.exit_code == 0, done.output
    assert "Left out, since their words were erased: 1." in done.output
    summary, rows = kept(tmp_path / "out")
    assert (summary["erased"], len(rows)) == (1, ANSWERED - 1)
    assert summary["total"]["lost"] == 0


async def _with_an_erased_one(scripted: Scripted) -> str:
    client = await nats.connect(scripted.url)
    async with EventLog(client, "test") as log:
        campaign = await write(log, scripted.held)
        erased = conversation_id(campaign, scripted.held[0].profile.phone)
        assert await log.keys.destroy(subjects.owner_of_conversation(erased))
    await client.close()
    return campaign


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_rerun_keeps_what_was_done(
    scripted: Scripted, tmp_path: Path, number: int
) -> None:
    """One conversation at a time; what is in the files is what the counts are about."""
    words = ("rerun", scripted.campaign, "--nats-url", scripted.url, "--concurrency", "1")
    program = "from meshctl.main import app; app()"
    rows = tmp_path / "conversations.jsonl"
    with subprocess.Popen(  # noqa: S603 - our own command
        (sys.executable, "-c", program, *words, "--out", str(tmp_path)),
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        while not rows.exists() or not rows.read_text():
            assert running.poll() is None
            time.sleep(0.001)
        running.send_signal(number)
        told = running.communicate(timeout=30)[0]
    summary, done = kept(tmp_path)
    assert running.returncode == 130, told
    assert 0 < len(done) == summary["conversations"] < ANSWERED
    assert f"Interrupted: {len(done)} of {ANSWERED} were done." in told
