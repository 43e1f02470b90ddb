"""The files of the simulated Twilio: its media addresses, and the other host where they are kept.

As with Twilio, the address in the webhook asks for the account's credentials and leads to another
host, which must not be shown them. The record tells of every request, and whether it was.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from aiohttp import web

from meshsim.network import Network
from meshsim.twilio_wire import API_VERSION, new_sid


@dataclass(frozen=True)
class StoredFile:
    """A file that a participant sent."""

    sender: str
    message_sid: str
    content_type: str
    data: bytes


class MediaHost:
    """Keeps the files, and serves them on a port of its own to whoever knows their address."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._by_sid: dict[str, StoredFile] = {}
        self._by_token: dict[str, StoredFile] = {}
        self._runner: web.AppRunner | None = None

    async def open(self, host: str) -> None:
        """Listen on a free port."""
        app = web.Application()
        app.router.add_get("/{token}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, 0).start()

    async def close(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def port(self) -> int:
        """Return the port; only of an open host."""
        assert self._runner is not None  # noqa: S101 - it was opened with the application
        return int(self._runner.addresses[0][1])

    def add(self, file: StoredFile) -> str:
        """Keep a file; return the path of its media address at Twilio."""
        sid = new_sid("ME")
        self._by_sid[sid] = file
        account = self._network.settings.account_sid
        return f"/{API_VERSION}/Accounts/{account}/Messages/{file.message_sid}/Media/{sid}"

    def find(self, message_sid: str, sid: str) -> StoredFile | None:
        """Return a file by its media address."""
        file = self._by_sid.get(sid)
        return file if file and file.message_sid == message_sid else None

    def lend(self, file: StoredFile, hostname: str) -> str:
        """Return a fresh address on this host, good for one fetch."""
        token = secrets.token_urlsafe(16)
        self._by_token[token] = file
        return f"http://{hostname}:{self.port}/{token}"

    async def _serve(self, request: web.Request) -> web.Response:
        file = self._by_token.pop(request.match_info["token"], None)
        self._network.record.add(
            "media_fetched",
            sid=file.message_sid if file else None,
            credentials="Authorization" in request.headers,
            http_status=200 if file else 403,
        )
        if file is None:
            return web.Response(status=403)
        return web.Response(body=file.data, headers={"Content-Type": file.content_type})
