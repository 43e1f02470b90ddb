"""`mesh projections`: the read tables, compared with the log and made again from it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, TypeVar

import asyncpg
import structlog
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from mesh_projector import checking, rebuild
from mesh_projector.checking import Checked, Difference
from mesh_projector.database import OvertakenError
from mesh_projector.filling import Progress as Filled
from mesh_projector.filling import Show
from mesh_projector.next_tables import NEXT, NoTablesError, RebuildRunningError
from mesh_projector.reading import open_reading
from mesh_projector.rebuild import BusyTablesError, DifferentError, Rebuilt
from meshctl.selecting import DEFAULT_URL, NatsUrl, told
from meshsim.children import WorldError

DIFFERENT = 3
"""The exit status when tables and log differ."""

app = typer.Typer(
    help="The read tables: compare them with the log, or make them again from it.",
    no_args_is_help=True,
)
_console = Console(highlight=False)
_beside = Console(stderr=True, highlight=False)

T = TypeVar("T")

DatabaseUrl = Annotated[
    str, typer.Option("--database-url", envvar="DATABASE_URL", help="The PostgreSQL database.")
]
Sample = Annotated[
    int, typer.Option("--sample", min=0, help="How many conversations to compare row by row.")
]


@app.command("rebuild")
def rebuild_tables(
    *,
    database_url: DatabaseUrl,
    nats_url: NatsUrl = DEFAULT_URL,
    sample: Sample = checking.SAMPLE,
    anew: Annotated[
        bool, typer.Option("--anew", help="Begin again, whatever an earlier rebuild has left.")
    ] = False,
) -> None:
    """Make the read tables again from the log, while the old ones serve.

    New tables are filled in the schema mesh_next, compared with the log, and put in the place of
    the old ones in one transaction. After Ctrl-C or a crash, the same command goes on where it was.

    Exit status: 0 done; 1 it cannot be done now; 3 the new tables differ from the log, and
    the old ones go on to serve; 130 interrupted.
    """
    with _explained():
        try:
            done = _run(_rebuild(database_url, nats_url, sample, anew=anew))
        except DifferentError as error:
            _tell(error.differences)
            _beside.print(
                "The old tables go on to serve;"
                f" the new ones are kept in {NEXT} until a rebuild --anew."
            )
            raise typer.Exit(DIFFERENT) from None
    went_on = f", from {done.began:,} on" if done.began else ""
    _beside.print(f"The read tables are new, up to position {done.position:,}{went_on}.")


@app.command("check")
def check_tables(
    *,
    database_url: DatabaseUrl,
    nats_url: NatsUrl = DEFAULT_URL,
    sample: Sample = checking.SAMPLE,
    every: Annotated[bool, typer.Option("--all", help="Compare every row of every table.")] = False,
) -> None:
    """Compare the read tables with the log: the number of rows, and the rows of a sample.

    Exit status: 0 they are the same; 1 they cannot be compared now; 3 they differ.
    """
    with _explained():
        found = _run(_check(database_url, nats_url, sample, every=every))
    if found.differences:
        _tell(found.differences)
        raise typer.Exit(DIFFERENT)
    table = Table("table", "rows")
    for name, rows in found.rows.items():
        table.add_row(name, f"{rows:,}")
    _console.print(table)
    _console.print(
        f"Tables and log are the same up to position {found.position:,};"
        f" {found.compared:,} conversations compared row by row.",
        soft_wrap=True,
    )


async def _rebuild(database_url: str, nats_url: str, sample: int, *, anew: bool) -> Rebuilt:
    with _shown() as show:
        return await rebuild.rebuild(database_url, nats_url, show, sample, anew=anew)


async def _check(database_url: str, nats_url: str, sample: int, *, every: bool) -> Checked:
    with _shown() as show:
        async with open_reading(nats_url) as reading:
            return await checking.check(database_url, reading, show, sample=sample, every=every)


@contextmanager
def _shown() -> Iterator[Show]:
    """A progress bar with rate and remaining time, on a terminal."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(show_speed=True),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[rate]}"),
        console=_beside,
        transient=True,
        disable=not _beside.is_terminal,
    ) as progress:
        task = progress.add_task("", total=1, rate="")
        doing = ""

        def show(at: Filled) -> None:
            nonlocal doing
            if at.doing != doing:
                doing = at.doing
                progress.reset(task, description=doing, total=at.end, completed=at.position)
            speed = progress.tasks[0].speed
            rate = f"{speed:,.0f} commits/s" if speed else ""
            progress.update(task, completed=at.position, total=at.end, rate=rate)

        yield show


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Runs it, in the end or on Ctrl-C and SIGTERM; what is done by then stays done."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    # Of what happens on the way only the end is told: this is not a service.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    try:
        return asyncio.run(work)
    except KeyboardInterrupt:
        _beside.print("Interrupted. The same command goes on where this one was.")
        raise typer.Exit(130) from None
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _explained() -> Iterator[None]:
    """What stands in the way is told in plain words, with exit status 1."""
    with told():
        try:
            yield
        except (NoTablesError, RebuildRunningError, BusyTablesError, OvertakenError) as error:
            raise WorldError(str(error)) from error
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise WorldError(
                f"the database does not answer as it should ({type(error).__name__});"
                " is DATABASE_URL right?"
            ) from error
        except ValueError as error:  # asyncpg, of a URL
            raise WorldError("DATABASE_URL is not the URL of a PostgreSQL database") from error


def _tell(differences: list[Difference]) -> None:
    table = Table("table", "what differs from the log")
    for difference in differences:
        table.add_row(difference.table, difference.what)
    _console.print(table)
