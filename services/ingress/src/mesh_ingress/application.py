"""The HTTP application: FastAPI for the API, and a short way past it for webhooks."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.requests import Request

from mesh_ingress import (
    campaigns,
    erasure,
    health,
    kept_media,
    problems,
    reports,
    results,
    suppressions,
)
from mesh_ingress.problems import ProblemDocument, internal, log_defect
from mesh_ingress.requests import CreateCampaign, EnrolParticipants, ImportSuppressions
from mesh_ingress.webhook_docs import INBOUND, SHELL_PATHS, STATUS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from mesh_ingress.services import Services
    from mesh_ingress.webhooks import Webhooks
    from meshcore.service import Shell

MAX_BODY = 32 * 1024 * 1024

_DESCRIPTION = """
An autonomous agent that interviews thousands of people over WhatsApp. Describe a study, launch it,
and collect what the interviews found as structured data.

Every write answers the header `Mesh-Position`. A read that carries it as `Mesh-Min-Position` sees
that write. Errors are problem documents (RFC 9457).
"""
_TAGS = [
    {"name": "Campaigns", "description": "Describe a study, add participants, start and pause it."},
    {"name": "Results", "description": "What the interviews found, and how they go."},
    {"name": "Participants", "description": "Erase what somebody said, and who they are."},
    {"name": "Suppressions", "description": "To whom nobody writes; always applied."},
    {"name": "Webhooks", "description": "Called by Twilio, signed with the account's token."},
    {"name": "Operation", "description": "For whoever runs the service."},
]


def application(shell: Shell, services: Services, webhooks: Webhooks) -> ASGIApp:
    """The whole application."""
    api = FastAPI(
        title="MeshAI",
        version="0.1.0",
        summary="Goal-driven interviews over WhatsApp",
        description=_DESCRIPTION,
        openapi_tags=_TAGS,
        redirect_slashes=False,
    )
    api.state.shell = shell
    api.state.services = services
    problems.install(api)
    for part in (campaigns, results, reports, suppressions, erasure, kept_media, health):
        api.include_router(part.router)
    api.add_api_route("/twilio/inbound", webhooks.inbound, methods=["POST"], **INBOUND)
    api.add_api_route("/twilio/status", webhooks.status, methods=["POST"], **STATUS)
    api.openapi = lambda: _openapi(api)  # type: ignore[method-assign]  # FastAPI's own way to extend it
    direct = {"/twilio/inbound": webhooks.inbound, "/twilio/status": webhooks.status}
    return _Front(api, direct)


class _Front:
    """Hands webhooks to their functions directly, everything else to the API.

    What FastAPI would do around a webhook takes longer than the webhook. Nothing is raised further:
    a server's log of an exception would quote it, and it may quote a participant.
    """

    def __init__(
        self, api: ASGIApp, direct: Mapping[str, Callable[[Request], Awaitable[Response]]]
    ) -> None:
        self._api = api
        self._direct = direct

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        function = self._direct.get(scope["path"]) if scope["method"] == "POST" else None
        if function:
            await (await _answer(function, Request(scope, receive)))(scope, receive, send)
            return
        try:
            await self._api(scope, limited(receive, MAX_BODY), send)
        except Exception as error:  # noqa: BLE001 - FastAPI has answered 500 and raises it for the server's log
            log_defect(error)


def limited(receive: Receive, limit: int) -> Receive:
    """Gives the body of a request, and 413 in its place once it has more than `limit` bytes."""
    received = 0

    async def receive_some() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return message

    return receive_some


async def _answer(function: Callable[[Request], Awaitable[Response]], request: Request) -> Response:
    try:
        return await function(request)
    except Exception as error:  # noqa: BLE001 - whatever it is, Twilio gets a 500 and tries again
        log_defect(error)
        return internal().response()


def _openapi(api: FastAPI) -> dict[str, Any]:
    """The description of the API, with what FastAPI cannot see.

    That is the shell's paths, and the models that are read by hand.
    """
    if not api.openapi_schema:
        document = get_openapi(
            title=api.title,
            version=api.version,
            summary=api.summary,
            description=api.description,
            tags=api.openapi_tags,
            routes=api.routes,
        )
        schemas = document["components"]["schemas"]
        by_hand = (CreateCampaign, EnrolParticipants, ImportSuppressions)
        for model in (ProblemDocument, *by_hand):
            schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= schema.pop("$defs", {}) | {model.__name__: schema}
        document["paths"] |= SHELL_PATHS
        api.openapi_schema = document
    return api.openapi_schema
