"""What the endpoints work with, and how they come by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request

from mesh_ingress.checkpoint import Checkpoint
from mesh_ingress.commands import Commands
from mesh_ingress.database import Database
from mesh_ingress.problems import Problem, unavailable
from mesh_ingress.read_model import ReadModel
from mesh_ingress.report_commands import ReportCommands
from meshcore.directory import Directory
from meshcore.directory_batches import DirectoryBatches
from meshcore.erasure import Eraser
from meshcore.log.event_log import EventLog
from meshcore.log.media_store import MediaStore

READ_SECONDS = 5.0
"""How long a read waits for the position that its client wants to see."""


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that stands behind the endpoints."""

    commands: Commands
    reports: ReportCommands
    read_model: ReadModel
    checkpoint: Checkpoint
    database: Database
    directory: Directory
    participants: DirectoryBatches
    log: EventLog
    media: MediaStore
    eraser: Eraser


def _services(request: Request) -> Services:
    found: Services = request.app.state.services
    return found


Behind = Annotated[Services, Depends(_services)]


def behind_the_position() -> Problem:
    """The read tables do not yet tell what the client wants to see."""
    detail = "The read side has not come as far as Mesh-Min-Position. Repeat the request."
    return unavailable("read-side-behind", detail)


async def _caught_up(
    behind: Behind,
    mesh_min_position: Annotated[
        int | None,
        Header(
            ge=0,
            description="Answer only once this position can be seen: a write's Mesh-Position.",
        ),
    ] = None,
) -> Services:
    """Waits, for 5 s at most, until the read side has reached what the client asks for."""
    if mesh_min_position and not await behind.checkpoint.reaches(mesh_min_position, READ_SECONDS):
        raise behind_the_position()
    return behind


CaughtUp = Annotated[Services, Depends(_caught_up)]
