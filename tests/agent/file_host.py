"""A web server on a loopback port that keeps files, and remembers who asked for what."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class FileHost:
    """Gives its answers in order; the last one for ever.

    Attributes:
        answers: what is still to be answered.
        asked: the path and the Authorization header of every request, in order.
    """

    answers: list[Answer] = field(default_factory=list)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        """The base address."""
        return f"http://127.0.0.1:{self.port}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Notes a request and answers it."""
        self.asked.append((request.path, request.headers.get("Authorization")))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return await answer(request)


def gives(data: bytes, content_type: str = "audio/ogg", status: int = 200) -> Answer:
    """Answers with a file."""

    async def answer(_: web.Request) -> web.StreamResponse:
        headers = {"Content-Type": content_type} if content_type else {}
        return web.Response(body=data, status=status, headers=headers)

    return answer


def fails(status: int) -> Answer:
    """Answers with an error."""
    return gives(b"", "text/plain", status)


def leads_to(url: str, status: int = 307) -> Answer:
    """Answers with a redirect."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, headers={"Location": url})

    return answer


def pours(chunks: int, size: int = 64 * 1024) -> Answer:
    """Answers with a file that does not say how large it is."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "audio/ogg"})
        response.enable_chunked_encoding()
        await response.prepare(request)
        for _ in range(chunks):
            await response.write(b"x" * size)
        return response

    return answer


def dawdles(seconds: float) -> Answer:
    """Answers too late."""

    async def answer(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return web.Response(body=b"late")

    return answer


def hangs_up() -> Answer:
    """Breaks the connection off."""

    async def answer(request: web.Request) -> web.StreamResponse:
        assert request.transport
        request.transport.close()
        return web.Response()

    return answer


@asynccontextmanager
async def keeping_files(*answers: Answer) -> AsyncIterator[FileHost]:
    """A host that runs as long as the context lasts."""
    host = FileHost(list(answers))
    app = web.Application()
    app.router.add_get("/{path:.*}", host.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host.port = runner.addresses[0][1]
    try:
        yield host
    finally:
        await runner.cleanup()
