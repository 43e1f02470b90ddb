"""Starts ingress."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from mesh_ingress.application import application
from mesh_ingress.checkpoint import watching
from mesh_ingress.commands import Commands
from mesh_ingress.database import open_database
from mesh_ingress.inbox import Inbox
from mesh_ingress.read_model import ReadModel
from mesh_ingress.report_commands import ReportCommands
from mesh_ingress.services import Services
from mesh_ingress.settings import IngressSettings
from mesh_ingress.signature import Signature
from mesh_ingress.webhooks import Webhooks
from meshcore.directory_batches import DirectoryBatches
from meshcore.erasure import Eraser
from meshcore.log.batches import Batches
from meshcore.log.streams import DIRECTORY
from meshcore.service import run
from meshcore.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp

    from meshcore.service import Shell


@asynccontextmanager
async def build(shell: Shell, settings: IngressSettings) -> AsyncIterator[ASGIApp]:
    """Puts the service together on top of a connected shell."""
    signature = Signature(settings.auth_token.get_secret_value(), settings.public_url)
    inbox = Inbox(shell.log, shell.directory, shell.routes)
    webhooks = Webhooks(shell.log, shell.wake_ups, inbox, signature, settings.account_sid)
    participants = DirectoryBatches(shell.directory, Batches(shell.nats, DIRECTORY))
    async with open_database(settings.database_url.get_secret_value()) as database:
        capacity = settings.outreach_rate_per_minute * len(settings.senders)
        read_model = ReadModel(database, capacity)
        async with watching(read_model.position) as checkpoint:
            services = Services(
                commands=Commands(shell.log, participants),
                reports=ReportCommands(shell.log),
                read_model=read_model,
                checkpoint=checkpoint,
                database=database,
                directory=shell.directory,
                participants=participants,
                log=shell.log,
                media=shell.media,
                eraser=Eraser(shell),
            )
            yield application(shell, services, webhooks)


def main() -> None:
    """Runs ingress until it is told to stop."""
    settings = load_settings(IngressSettings)
    run("ingress", settings, settings.port, lambda shell: build(shell, settings))


if __name__ == "__main__":
    main()
