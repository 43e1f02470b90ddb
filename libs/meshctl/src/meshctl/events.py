"""`mesh events`: the log itself, for analysts."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from collections import deque
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from meshcore.replay.log import Log, open_log
from meshcore.replay.rows import EventRow
from meshcore.replay.selection import Selection
from meshctl import exporting
from meshctl.event_columns import COLUMNS
from meshctl.selecting import (
    DEFAULT_URL,
    Campaign,
    Conversation,
    NatsUrl,
    Since,
    Types,
    Until,
    selection,
    told,
    warning_of,
)
from meshctl.up import stopped_by_signals
from meshsim.children import WorldError
from meshtables.formats import Format
from meshtables.text_files import JsonlWriter

app = typer.Typer(
    help="The log: follow it, export it, count what is on it. docs/events.md explains the columns.",
    no_args_is_help=True,
)
_console = Console(highlight=False)
_beside = Console(stderr=True, highlight=False)
_WIDEST = 100


@app.command()
def tail(  # noqa: PLR0913 - a command's options
    *,
    campaign: Campaign = None,
    conversation: Conversation = None,
    types: Types = None,
    since: Since = None,
    until: Until = None,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="Events to begin with.")] = 10,
    follow: Annotated[bool, typer.Option(help="Whether to wait for more, until Ctrl-C.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object to a line.")] = False,
    nats_url: NatsUrl = DEFAULT_URL,
) -> None:
    """Show the last events, and those that come."""
    wanted = selection(campaign, conversation, types, since, until)
    with told(), stopped_by_signals():
        asyncio.run(_tail(nats_url, wanted, lines, follow=follow, as_json=as_json))


@app.command()
def export(  # noqa: PLR0913 - a command's options
    out: Annotated[Path, typer.Argument(help="The file; it appears once it is complete.")],
    *,
    form: Annotated[
        str | None, typer.Option("--format", help="jsonl, csv or parquet. [default: by its name]")
    ] = None,
    campaign: Campaign = None,
    conversation: Conversation = None,
    types: Types = None,
    since: Since = None,
    until: Until = None,
    nats_url: NatsUrl = DEFAULT_URL,
) -> None:
    """Write events to a file, a row for each."""
    chosen = _format(out, form)
    wanted = selection(campaign, conversation, types, since, until)
    with told():
        try:
            done = asyncio.run(exporting.export(nats_url, wanted, out, chosen, _beside))
        except OSError as error:
            raise WorldError(f"{out} cannot be written: {error.strerror or error}") from error
    _beside.print(f"{done.events:,} events in {out}", soft_wrap=True)
    if done.unreadable:
        _beside.print(warning_of(done.unreadable), soft_wrap=True)


@app.command()
def stats(  # noqa: PLR0913 - a command's options
    *,
    campaign: Campaign = None,
    conversation: Conversation = None,
    types: Types = None,
    since: Since = None,
    until: Until = None,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
    nats_url: NatsUrl = DEFAULT_URL,
) -> None:
    """Count events by type."""
    wanted = selection(campaign, conversation, types, since, until)
    with told():
        counts = asyncio.run(exporting.count(nats_url, wanted, _beside))
    if as_json:
        _console.out(_stats_as_json(counts))
    else:
        _console.print(_stats_as_table(counts))
    if counts.unreadable:
        _beside.print(warning_of(counts.unreadable), soft_wrap=True)


def _format(out: Path, form: str | None) -> Format:
    name = form or out.suffix.removeprefix(".")
    known = [each.value for each in exporting.EXPORTS]
    if name not in known:
        raise typer.BadParameter(f"{name or out.name!r}; known are {', '.join(known)}")
    return Format(name)


async def _tail(
    nats_url: str, wanted: Selection, lines: int, *, follow: bool, as_json: bool
) -> None:
    async with open_log(nats_url) as log:
        end, last = await _last(log, wanted, lines)
        for row in last:
            _show(row, as_json=as_json)
        if not follow:
            return
        async with aclosing(log.following(replace(wanted, after=end, since=None))) as batches:
            async for batch in batches:
                for row in batch.rows:
                    _show(row, as_json=as_json)


async def _last(log: Log, wanted: Selection, lines: int) -> tuple[int, deque[EventRow]]:
    """How far the log goes, and the last events up to there.

    Of the whole log only its end is read: more of it, where that holds too few events.
    """
    end, last, span = await log.last_position(), deque[EventRow](maxlen=lines), lines
    if not lines:
        return end, last
    unfiltered = wanted == Selection()
    while True:
        start = replace(wanted, after=max(0, end - span)) if unfiltered else wanted
        last.clear()
        async with aclosing(log.batches(start)) as batches:
            async for batch in batches:
                last.extend(batch.rows)
                end = max(end, batch.position)
        if len(last) == lines or not start.after:
            return end, last
        span *= 10


def _show(row: EventRow, *, as_json: bool) -> None:
    if as_json:
        sink = io.BytesIO()
        JsonlWriter(sink, COLUMNS).write([row])
        sys.stdout.write(sink.getvalue().decode())
    else:
        where = row.conversation or row.campaign or row.participant or ""
        data = row.data if len(row.data) <= _WIDEST else f"{row.data[:_WIDEST]}..."
        plain = (
            data.encode("ascii", "backslashreplace").decode() if not data.isprintable() else data
        )
        at = f"{row.time:%Y-%m-%d %H:%M:%S}"
        sys.stdout.write(f"{row.position:>9} {at} {row.type:<26} {where:<36} {plain}\n")
    sys.stdout.flush()


def _stats_as_json(counts: exporting.Counts) -> str:
    return json.dumps(
        {
            "events": counts.types.total(),
            "commits": counts.commits,
            "first": counts.first.isoformat() if counts.first else None,
            "last": counts.last.isoformat() if counts.last else None,
            "unreadable": len(counts.unreadable),
            "types": {name: count for (_, name), count in sorted(counts.types.items())},
        }
    )


def _stats_as_table(counts: exporting.Counts) -> Table:
    span = f"{counts.first:%Y-%m-%d %H:%M} to {counts.last:%Y-%m-%d %H:%M}" if counts.first else ""
    title = f"{counts.types.total():,} events in {counts.commits:,} commits  {span}"
    table = Table("lane", "type", title=title, title_justify="left")
    table.add_column("events", justify="right")
    for (lane, name), count in sorted(counts.types.items()):
        table.add_row(lane, name, f"{count:,}")
    return table
