"""`mesh demo`.

The gas-station study with simulated participants, from the first call to the results.
"""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table

from meshctl.up import describe, explained_errors, stopped_by_signals
from mesheval.study import default_campaign
from meshsim.children import WorldError
from meshsim.world import Plan, World, running

CAMPAIGN = default_campaign()
MIX = {"cooperative": 8, "terse": 4, "vague": 3, "bursty": 3, "wanders": 2, "stops": 2}

_console = Console(highlight=False)
_ENDED = ("completed", "abandoned", "failed")
_POLL = 0.3


def demo(
    participants: Annotated[
        int, typer.Option(min=1, max=1_000, help="How many people are interviewed.")
    ] = 20,
    rate: Annotated[float, typer.Option(min=1, help="Openings per minute.")] = 600,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds to wait for the end.")] = 120,
    seed: Annotated[int, typer.Option(help="Of the simulated world.")] = 7,
    data_dir: Annotated[
        Path, typer.Option(help="Folder for the demo's data; emptied first.")
    ] = Path(".mesh/demo"),
) -> None:
    """Run the gas-station study with simulated participants, and show what comes out.

    Everything runs on this machine and nothing leaves it: NATS, PostgreSQL and the services are
    real, WhatsApp and the model are simulated. The last line is JSON with the figures. Leaves
    with 0 only if every conversation ended.
    """
    with explained_errors(), stopped_by_signals():
        shutil.rmtree(data_dir, ignore_errors=True)
        plan = Plan(
            folder=data_dir.resolve(),
            settings={"OUTREACH_RATE_PER_MINUTE": str(rate)},
            seed=seed,
        )
        _console.print("Starting NATS, PostgreSQL, four services and a simulated WhatsApp ...")
        with running(plan) as world:
            _console.print(describe(world))
            figures = interview(world, participants, seed, timeout)
    _console.out(json.dumps(figures, separators=(",", ":")))
    if sum(figures[status] for status in _ENDED) != participants:
        raise typer.Exit(1)


def interview(world: World, participants: int, seed: int, timeout: float) -> dict[str, Any]:
    """Runs the study over HTTP, as a researcher would, and returns its figures.

    Raises:
        WorldError: the API answers otherwise than it promises.
    """
    started = time.monotonic()
    with httpx.Client(base_url=world.api, timeout=30) as api:
        phones = _meet_participants(world, participants, seed)
        campaign = _call(api, "POST", "/campaigns", {**CAMPAIGN, "phone_numbers": phones})
        path = f"/campaigns/{campaign['id']}"
        _call(api, "POST", f"{path}/launch")
        counts = _follow(api, path, participants, started + timeout)
        seconds = round(time.monotonic() - started, 1)
        conversations = _conversations(api, path)
        _show_extractions(_call(api, "GET", f"{path}/extractions")["extractions"])
        _show_transcript(api, conversations)
    return {
        "conversations": len(conversations),
        **{status: counts[status] for status in _ENDED},
        "extractions": sum(len(c["extracted_data"]) for c in conversations),
        "turns": sum(c["turns"] for c in conversations),
        "seconds": seconds,
    }


def _meet_participants(world: World, count: int, seed: int) -> list[str]:
    if world.whatsapp is None:
        raise WorldError("the demo never runs against a real Twilio account")
    body = {"count": count, "seed": seed, "mix": MIX}
    url = f"{world.env['MESH_TWILIO_URL']}/sim/participants"
    made = httpx.post(url, json=body, timeout=10).raise_for_status().json()["participants"]
    return [person["phone"].removeprefix("whatsapp:") for person in made]


def _follow(api: httpx.Client, path: str, total: int, deadline: float) -> dict[str, int]:
    """Shows the campaign's counts until every conversation has ended or the time is up."""
    with Live(console=_console, refresh_per_second=8) as live:
        while True:
            counts: dict[str, int] = _call(api, "GET", path)["counts"]
            live.update(_progress(counts, total))
            if sum(counts[s] for s in _ENDED) >= total or time.monotonic() > deadline:
                return counts
            time.sleep(_POLL)


def _progress(counts: dict[str, int], total: int) -> Table:
    table = Table(
        "openings sent", "waiting for a reply", "active", "completed", "opted out", "failed"
    )
    table.add_row(
        f"{total - counts['pending']}/{total}",
        str(counts["outreach_sent"]),
        str(counts["active"]),
        str(counts["completed"]),
        str(counts["abandoned"]),
        str(counts["failed"]),
    )
    return table


def _conversations(api: httpx.Client, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        query = f"?limit=200&cursor={cursor}" if cursor else "?limit=200"
        page = _call(api, "GET", f"{path}/conversations{query}")
        found += page["conversations"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def _show_extractions(rows: list[dict[str, Any]]) -> None:
    fields = list(CAMPAIGN["extraction_schema"])
    table = Table(*fields, title="What was learned", title_justify="left")
    for row in rows:
        table.add_row(*(str(row["data"].get(name, "-")) for name in fields))
    _console.print(table)


def _show_transcript(api: httpx.Client, conversations: list[dict[str, Any]]) -> None:
    completed = [c for c in conversations if c["status"] == "completed"] or conversations
    if not completed:
        return
    chosen = max(completed, key=lambda c: c["turns"])
    transcript = _call(api, "GET", f"/conversations/{chosen['id']}")
    _console.print(f"\nOne of the chats, with {chosen['phone']}:")
    for message in transcript["messages"]:
        who = "  MeshAI" if message["sender"] == "agent" else "  person"
        _console.print(f"{who}  {message['text']}", markup=False)
    _console.print()


def _call(api: httpx.Client, method: str, path: str, body: Any = None) -> dict[str, Any]:
    response = api.request(method, path, json=body)
    if response.is_error:
        raise WorldError(f"{method} {path} was answered {response.status_code}: {response.text}")
    answer: dict[str, Any] = response.json()
    return answer
