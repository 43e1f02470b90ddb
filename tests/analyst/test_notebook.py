"""The notebook in the documentation runs on an export as it is, and is kept without outputs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from typer.testing import CliRunner

from meshctl.main import app
from tests.analyst.history import Story
from tests.support.nats_server import NatsServer

NOTEBOOK = Path(__file__).parents[2] / "docs" / "analysis.ipynb"
PLOTS = ("Response over time", "Drop-off by turn", "Coverage by field")


def test_the_notebook_plots_an_export(
    server: NatsServer, stories: list[Story], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three plots, with the figures of the history."""
    path = tmp_path / "events.parquet"
    options = ["--campaign", stories[0].campaign, "--nats-url", server.url]
    assert CliRunner().invoke(app, ["events", "export", str(path), *options]).exit_code == 0
    monkeypatch.setenv("EVENTS", str(path))
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path / "matplotlib"))
    notebook = nbformat.reads(NOTEBOOK.read_text(encoding="utf-8"), as_version=4)
    notebook.cells.append(_cell("print(list(turn), list(people), fields)"))
    NotebookClient(notebook, timeout=100, kernel_name="python3").execute(env=dict(os.environ))
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    plots = [o for o in outputs if "image/png" in o.get("data", {})]
    assert len(plots) == len(PLOTS)
    assert outputs[-1]["text"] == "[0, 1] [1, 1] [('station', 1, 0, 0)]\n"


def _cell(source: str) -> Any:
    return nbformat.from_dict(
        {"cell_type": "code", "id": "x", "metadata": {}, "execution_count": None, "outputs": []}
        | {"source": source}
    )


def test_the_notebook_is_kept_without_outputs() -> None:
    """What it shows is for whoever runs it: it might quote participants."""
    notebook = nbformat.reads(NOTEBOOK.read_text(encoding="utf-8"), as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
    text = "".join(cell.source for cell in code)
    assert all(plot in text for plot in PLOTS)
