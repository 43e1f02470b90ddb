"""`mesh eval` and `mesh simulate`, as they are typed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from meshctl.main import app
from mesheval.study import default_campaign
from meshsim.children import free_port
from meshsim.world import is_setting

_runner = CliRunner(env={"COLUMNS": "100"})


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nobody's credentials are used, and nobody's .env."""
    for name in filter(is_setting, list(os.environ)):
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def mesh(*words: object) -> Result:
    """What a command says and how it leaves."""
    return _runner.invoke(app, [str(word) for word in words])


def campaign(tmp_path: Path, **changes: Any) -> Path:
    """A campaign's file."""
    file = tmp_path / "campaign.json"
    file.write_text(json.dumps({**default_campaign(), **changes}))
    return file


@pytest.mark.parametrize("command", ["eval", "simulate"])
def test_the_commands_explain_themselves(command: str) -> None:
    """With their options, and without waiting for what they need."""
    told = mesh(command, "--help")
    assert told.exit_code == 0
    assert "--interviews" in told.output


def test_an_evaluation_is_shown_and_kept(tmp_path: Path) -> None:
    """It says that the model is a script, and leaves with 0 if nothing was broken."""
    done = mesh("eval", "--interviews", 2, "--personas", "cooperative,leaves", "--out", tmp_path)
    assert done.exit_code == 0, done.output
    assert "SIMULATED" in done.output
    assert "values without evidence" in done.output
    kept = json.loads((tmp_path / "result.json").read_text())
    assert kept["settings"]["simulated"] is True
    assert kept["counts"]["interviews"] == 2
    assert "## cooperative-1 run 1: completed" in (tmp_path / "transcripts.md").read_text()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_evaluation_keeps_what_was_held(tmp_path: Path, number: int) -> None:
    """Its table is shown, the files hold the same interviews, and 130 says that some lack."""
    words = ("eval", "--interviews", "500", "--personas", "terse", "--out", str(tmp_path))
    program = "from meshctl.main import app; app()"
    with subprocess.Popen(  # noqa: S603 - our own command
        (sys.executable, "-c", program, *words), stdout=subprocess.PIPE, text=True
    ) as running:
        while not (tmp_path / "result.json").exists():
            assert running.poll() is None
            time.sleep(0.05)
        running.send_signal(number)
        told = running.communicate(timeout=30)[0]
    kept = json.loads((tmp_path / "result.json").read_text())
    held = len(kept["interviews"])
    assert running.returncode == 130, told
    assert 0 < held < 500
    assert f"Interrupted: {held} of 500 interviews were held." in told
    assert "values without evidence" in told
    assert (tmp_path / "transcripts.md").read_text().count("## terse-") == held


def test_a_broken_rule_is_told_by_the_exit_status(monkeypatch: pytest.MonkeyPatch) -> None:
    """A script in CI notices: nobody answers at the model's address, so nothing comes to an end."""
    monkeypatch.setenv("GEMINI_API_KEY", "nobody-checks")
    monkeypatch.setenv("MESH_GEMINI_URL", f"http://127.0.0.1:{free_port()}")
    done = mesh("eval", "--interviews", 1, "--personas", "terse")
    assert done.exit_code == 1
    assert "gemini-2.5-flash, as configured" in done.output
    assert "The model failed: ModelError" in done.output
    assert "Broken: an interview did not end (1)" in done.output


def test_two_results_are_compared(tmp_path: Path) -> None:
    """Without holding any interview."""
    for name, persona in (("a.json", "terse"), ("b.json", "silent")):
        mesh("eval", "--interviews", 1, "--personas", persona, "--out", tmp_path / name)
    done = mesh("eval", "--compare", tmp_path / "a.json", tmp_path / "b.json")
    assert done.exit_code == 0, done.output
    assert "before" in done.output
    assert "SIMULATED" not in done.output
    assert any("turns per interview" in line and "-" in line for line in done.output.splitlines())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--personas", "martian"], "martian"),
        (["--personas", ","], "nobody"),
        (["--interviews", "0"], "--interviews"),
        (["--campaign", "missing.json"], "missing.json cannot be read"),
        (["--compare", "a.json", "b.json"], "a.json cannot be read"),
    ],
)
def test_what_cannot_be_used_is_told(words: list[str], told: str) -> None:
    """With exit status 2, before anything is started."""
    done = mesh("eval", *words)
    assert done.exit_code == 2
    assert told in done.output
    assert "SIMULATED" not in done.output


def test_a_setting_that_cannot_be_used_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its name, with what is expected."""
    monkeypatch.setenv("MESH_MODEL_TIMEOUT", "soon")
    done = mesh("eval", "--interviews", 1)
    assert done.exit_code == 2
    assert "MESH_MODEL_TIMEOUT" in done.output


def test_a_campaign_is_tried_out(tmp_path: Path) -> None:
    """Warnings, transcripts, what came out, and what it costs for everybody in it."""
    file = campaign(tmp_path, phone_numbers=["+971501234567", "+971 50 123 4567", "+971509876543"])
    done = mesh("simulate", file, "--interviews", 2)
    assert done.exit_code == 0, done.output
    for told in (
        "extraction_schema.satisfaction says 1-10 in words only",
        "SIMULATED",
        "Interview 2, terse: completed",
        "MeshAI",
        "switch_reason",
        "2/2",
        "An interview takes",
        "The campaign's 2 phone numbers",
    ):
        assert told in done.output


def test_transcripts_can_be_left_out(tmp_path: Path) -> None:
    """The figures alone."""
    done = mesh("simulate", campaign(tmp_path), "--interviews", 1, "--no-transcripts")
    assert done.exit_code == 0, done.output
    assert "Interview 1" not in done.output
    assert "An interview takes" in done.output


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "is not JSON"),
        ("\udcff", "cannot be read"),
        ("[]", "is not a campaign"),
        ('{"name": "x"}', "research_brief: Field required; add the field"),
    ],
)
def test_a_file_that_is_no_campaign_is_told(tmp_path: Path, text: str, told: str) -> None:
    """With what is wrong, and exit status 2."""
    file = tmp_path / "bad.json"
    file.write_bytes(text.encode(errors="surrogateescape"))
    done = mesh("simulate", file)
    assert done.exit_code == 2
    assert told in done.output


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"extra": 1}, "extra: Extra inputs are not permitted; remove the field"),
        ({"language": "klingonese"}, "language: is not the tag of a language"),
        ({"phone_numbers": ["+971501234567", "12"]}, "phone_numbers[1]: "),
        ({"limits": {"turns": 0}}, "limits.turns: "),
        (
            {"extraction_schema": {"age": {"type": "nummer", "description": "Age"}}},
            "extraction_schema.age.type: ",
        ),
    ],
)
def test_a_campaign_is_checked_by_the_rules_of_the_api(
    tmp_path: Path, changes: dict[str, Any], told: str
) -> None:
    """The place, the reason, and what to do: as POST /campaigns answers."""
    done = mesh("simulate", campaign(tmp_path, **changes))
    assert done.exit_code == 2
    assert told in done.output
    line = next(line for line in done.output.splitlines() if told in line)
    assert ";" in line
