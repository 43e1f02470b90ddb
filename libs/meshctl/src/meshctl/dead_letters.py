"""`mesh dead-letters`: wake-ups that could not be handled, and what is to become of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Annotated

import typer
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError
from rich.console import Console
from rich.table import Table

from meshcore.log import streams
from meshcore.log.dead_letters import DeadLetter, DeadLetters
from meshctl.connecting import connected
from meshctl.up import explained_errors
from meshsim.children import WorldError

app = typer.Typer(
    help="Wake-ups that could not be handled: look at them, try them again, or drop them.",
    no_args_is_help=True,
)
_console = Console(highlight=False)

NatsUrl = Annotated[
    str, typer.Option("--nats-url", envvar="NATS_URL", help="The NATS server of the log.")
]
DEFAULT_URL = "nats://localhost:4222"
Ids = Annotated[list[str] | None, typer.Argument(help="Ids from `list`.")]
All = Annotated[bool, typer.Option("--all", help="All that are parked.")]


@app.command("list")
def list_letters(
    nats_url: NatsUrl = DEFAULT_URL,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object to a line.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """List what is parked, the oldest first, and what the server itself gave up on."""
    with explained_errors():
        letters, advisories = asyncio.run(_read(nats_url))
    if as_json:
        for row in [*map(asdict, letters), *advisories]:
            _console.out(json.dumps(row))
        return
    if not letters and not advisories:
        _console.print("No dead letters.")
        return
    _console.print(_table(letters))
    for advisory in advisories:
        _console.print(f"The server gave up: {json.dumps(advisory)}", markup=False)


@app.command()
def show(letter_id: str, nats_url: NatsUrl = DEFAULT_URL) -> None:
    """Show one dead letter in full, as JSON."""
    with explained_errors():
        letter = asyncio.run(_find(nats_url, letter_id))
    _console.out(json.dumps(asdict(letter), indent=2))


@app.command()
def retry(ids: Ids = None, every: All = False, nats_url: NatsUrl = DEFAULT_URL) -> None:  # noqa: FBT002 - a flag
    """Have them handled again. What fails again is parked again."""
    with explained_errors():
        count = asyncio.run(_act(nats_url, ids, every=every, retried=True))
    _console.print(f"{count} handed back to be handled again.")


@app.command()
def discard(ids: Ids = None, every: All = False, nats_url: NatsUrl = DEFAULT_URL) -> None:  # noqa: FBT002 - a flag
    """Drop them. The facts behind them stay on the log; nothing more is done about them."""
    with explained_errors():
        count = asyncio.run(_act(nats_url, ids, every=every, retried=False))
    _console.print(f"{count} discarded.")


def _table(letters: list[DeadLetter]) -> Table:
    table = Table("id", "parked at", "subject", "error", "failures")
    for letter in letters:
        parked_at = letter.parked_at[:19].replace("T", " ")
        table.add_row(letter.id, parked_at, letter.subject, letter.code, str(letter.failures))
    return table


@asynccontextmanager
async def _dead_letters(nats_url: str) -> AsyncIterator[tuple[DeadLetters, JetStreamContext]]:
    async with connected(nats_url) as client:
        js = client.jetstream()
        try:
            bucket = await js.key_value(streams.DEAD_LETTERS)
        except NotFoundError as error:
            raise WorldError(f"MeshAI has never run on {nats_url}") from error
        yield DeadLetters(js, bucket), js


async def _read(nats_url: str) -> tuple[list[DeadLetter], list[dict[str, object]]]:
    async with _dead_letters(nats_url) as (dead_letters, js):
        return await dead_letters.all(), await _advisories(js)


async def _advisories(js: JetStreamContext) -> list[dict[str, object]]:
    """What the server gave up on by itself."""
    info = await js.stream_info(streams.ADVISORIES)
    found: list[dict[str, object]] = []
    for position in range(max(1, info.state.first_seq), info.state.last_seq + 1):
        advisory = json.loads((await js.get_msg(streams.ADVISORIES, position)).data or b"{}")
        names = ("type", "stream", "consumer", "stream_seq", "deliveries", "reason", "timestamp")
        found.append({name: advisory[name] for name in names if name in advisory})
    return found


async def _find(nats_url: str, letter_id: str) -> DeadLetter:
    async with _dead_letters(nats_url) as (dead_letters, _):
        letter = await dead_letters.find(letter_id)
        if letter is None:
            raise WorldError(f"there is no dead letter {letter_id}; `list` shows those there are")
        return letter


async def _act(nats_url: str, ids: list[str] | None, *, every: bool, retried: bool) -> int:
    if bool(ids) == every:
        raise WorldError("name the dead letters, or say --all")
    async with _dead_letters(nats_url) as (dead_letters, _):
        wanted = await dead_letters.all()
        if ids:
            known = {letter.id: letter for letter in wanted}
            if missing := [letter_id for letter_id in ids if letter_id not in known]:
                raise WorldError(f"there is no dead letter {', '.join(missing)}")
            wanted = [known[letter_id] for letter_id in ids]
        for letter in wanted:
            if retried:
                await dead_letters.retry(letter)
            else:
                await dead_letters.discard(letter.id)
        return len(wanted)
