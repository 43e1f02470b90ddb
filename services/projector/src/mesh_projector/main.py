"""The projector's entry point: wires the parts together."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from starlette.routing import BaseRoute

from mesh_projector.follow import Projector
from mesh_projector.settings import ProjectorSettings
from meshcore import service
from meshcore.log import streams
from meshcore.log.counts import Counts
from meshcore.service import Shell
from meshcore.settings import DatabaseSettings, load_settings
from meshcore.telemetry import configure_logging

NAME = "projector"


def main() -> None:
    """Runs what the command line asks for: the service, unless it names a command."""
    arguments = _arguments()
    match arguments.command:
        case "migrate":
            from mesh_projector.migrate import migrate  # noqa: PLC0415 - slow; not for the service

            _finish(migrate(_database_url(), arguments.patience))
        case _:
            _serve()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="mesh-projector",
        description="Keeps the read tables equal to a fold of the log. "
        "Settings come from the environment.",
    )
    commands = parser.add_subparsers(dest="command", metavar="command")
    migrating = commands.add_parser("migrate", help="bring the database's schema up to date")
    migrating.add_argument(
        "--patience", type=float, default=60.0, help="seconds to wait for the database (60)"
    )
    return parser.parse_args()


def _database_url() -> str:
    return load_settings(DatabaseSettings).database_url.get_secret_value()


def _finish(work: Coroutine[Any, Any, None]) -> None:
    configure_logging(NAME, "INFO")
    try:
        asyncio.run(work)
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        sys.exit(f"The database does not answer as it should: {type(error).__name__}")


def _serve() -> None:
    settings = load_settings(ProjectorSettings)

    @asynccontextmanager
    async def build(shell: Shell) -> AsyncIterator[Sequence[BaseRoute]]:
        url = settings.database_url.get_secret_value()
        counts = Counts(await shell.bucket(streams.COUNTS))
        projector = Projector(shell.log, shell.wake_ups, counts, url, keep=settings.retention)
        shell.checks["tables"] = projector.ready
        async with projector.running():
            yield []

    service.run(NAME, settings, settings.port, build)
