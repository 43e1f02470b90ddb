"""The least that takes a webhook in durably: verify, publish one message, answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated
from urllib.parse import parse_qsl

import nats
import typer
import uvicorn
import uvloop
from nats.js.api import RetentionPolicy, StorageType, StreamConfig
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from meshcore.log.streams import DUPLICATE_WINDOW
from tests.bench.load import PATH
from tests.ingress.harness import AUTH_TOKEN, PUBLIC_URL

_STREAM = StreamConfig(
    name="FLOOR",
    subjects=["floor.>"],
    retention=RetentionPolicy.LIMITS,
    storage=StorageType.FILE,
    duplicate_window=DUPLICATE_WINDOW,
    allow_direct=True,
)


def application(nats_url: str) -> Starlette:
    """The bare application."""
    validator = RequestValidator(AUTH_TOKEN)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        client = await nats.connect(nats_url)
        app.state.js = client.jetstream(timeout=5)
        await app.state.js.add_stream(_STREAM)
        yield
        await client.close()

    async def inbound(request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        signature = request.headers.get("x-twilio-signature", "")
        if not validator.validate(PUBLIC_URL + PATH, form, signature):
            return Response(status_code=403)
        await request.app.state.js.publish(
            f"floor.{form['WaId']}",
            json.dumps({"sid": form["MessageSid"], "text": form["Body"]}).encode(),
            headers={"Nats-Msg-Id": form["MessageSid"]},
            stream=_STREAM.name,
        )
        return Response(b"<Response/>", media_type="text/xml")

    return Starlette(routes=[Route(PATH, inbound, methods=["POST"])], lifespan=lifespan)


def main(port: Annotated[int, typer.Option()], nats_url: Annotated[str, typer.Option()]) -> None:
    """Serve until SIGTERM."""
    config = uvicorn.Config(
        application(nats_url),
        host="127.0.0.1",
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
    )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(uvicorn.Server(config).serve())


if __name__ == "__main__":
    typer.run(main)
