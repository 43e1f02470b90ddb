"""The benchmarks run and report; how fast anything is, no test asserts."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.bench import __main__ as bench
from tests.bench.figures import Figure, Goal


@pytest.mark.parametrize("row", [benchmark.name for benchmark in bench.BENCHMARKS])
def test_a_row_is_measured_and_written(row: str, tmp_path: Path) -> None:
    """Each row has figures above zero, and stands in the file with machine, versions and date."""
    file = tmp_path / "bench" / "results.json"
    done = _run("--quick", "--only", row, "--results", str(file))
    assert done.exit_code == 0, done.output

    written = json.loads(file.read_text(encoding="utf-8"))
    assert written["quick"]
    assert written["at"]
    assert written["machine"]["cpus"]
    assert written["versions"]["nats-py"]
    [found] = written["rows"]
    assert found["name"] == row
    assert found["conditions"]
    assert all(math.isfinite(figure["value"]) for figure in found["figures"])
    assert any("ratio" in figure for figure in found["figures"])


def test_an_unknown_row_is_refused() -> None:
    """A mistyped name does not silently measure nothing."""
    assert _run("--only", "nonsense").exit_code == 2


def test_a_goal_of_a_ratio_is_measured_in_floors() -> None:
    """Twice the floor misses a goal of at most one and a half floors, whatever the value."""
    goal = Goal(at_most=True, limit=1.5, of_ratio=True)
    assert Figure("cost", 2.0, "ms", floor=1.0, goal=goal).reached is False
    assert Figure("cost", 1.0, "ms", floor=1.0, goal=goal).reached is True
    assert Figure("cost", 1.0, "ms").reached is None


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(bench.app, arguments)
