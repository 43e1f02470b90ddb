"""The health check, for people. Readiness for orchestrators is the shell's /readyz."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from mesh_ingress.models import Health
from mesh_ingress.services import Behind
from meshcore.service import Shell

router = APIRouter(tags=["Operation"])


@router.get(
    "/health",
    summary="Health check",
    responses={503: {"model": Health, "description": "NATS is out of reach: nothing is taken."}},
)
async def health(request: Request, behind: Behind, response: Response) -> Health:
    """200 while webhooks and commands are taken, which needs NATS; degraded while reads fail."""
    shell: Shell = request.app.state.shell
    nats, postgres = shell.nats.is_connected, await behind.database.answers()
    if not nats:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return Health(
        status="ok" if nats and postgres else "degraded",
        checks={"nats": "ok" if nats else "down", "postgres": "ok" if postgres else "down"},
    )
