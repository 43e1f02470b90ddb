"""Twilio's Messages endpoints: create, fetch, list and media, with the faults asked for."""

from __future__ import annotations

import asyncio
import base64
import binascii
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from secrets import compare_digest
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from meshsim.mailbox import page_of, parse_filter
from meshsim.media import MediaHost, StoredFile
from meshsim.network import Network
from meshsim.network_faults import NetworkFault
from meshsim.population import Population
from meshsim.twilio_wire import API_VERSION, Refusal, address_of, check_create

_BASE = f"/{API_VERSION}/Accounts/{{account}}"
_OF_CREATES = frozenset({"rate_limited", "server_error", "hang", "reject", "fail"})
_OF_MEDIA = frozenset({"media_missing", "media_error"})
Endpoint = Callable[[Request], Awaitable[Response]]


class TwilioApi:
    """The endpoints of one account.

    Attributes:
        auth_token: the password of basic authentication; the account's sid is the name.
        list_lag: seconds before a created message shows up in lists.
    """

    def __init__(
        self,
        network: Network,
        people: Population,
        media: MediaHost,
        auth_token: str,
        list_lag: float = 0.0,
    ) -> None:
        self._network = network
        self._media = media
        self._people = people
        self._auth_token = auth_token
        self._list_lag = list_lag
        self._creates: Counter[str] = Counter()

    def routes(self) -> list[BaseRoute]:
        """Return the routes to mount."""
        return [
            Route(f"{_BASE}/Messages.json", self._guarded(self._create), methods=["POST"]),
            Route(f"{_BASE}/Messages.json", self._guarded(self._list), methods=["GET"]),
            Route(f"{_BASE}/Messages/{{sid}}.json", self._guarded(self._fetch), methods=["GET"]),
            Route(f"{_BASE}/Messages/{{sid}}/Media/{{media}}", self._file, methods=["GET"]),
        ]

    def _guarded(self, endpoint: Endpoint) -> Endpoint:
        """Let only the account itself through."""

        async def guarded(request: Request) -> Response:
            if not self._authentic(request):
                return Refusal(401, 20003).response()
            return await endpoint(request)

        return guarded

    def _authentic(self, request: Request) -> bool:
        scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
        try:
            given = base64.b64decode(credentials, validate=True)
        except binascii.Error:
            return False
        account = self._network.settings.account_sid
        right = f"{account}:{self._auth_token}".encode()
        same_account = request.path_params["account"] == account
        return scheme.lower() == "basic" and same_account and compare_digest(given, right)

    async def _create(self, request: Request) -> Response:
        came_at = time.time()
        form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        refusal = check_create(form) or self._network.templates.refusal(form)
        if refusal is not None:
            return self._refuse(form, refusal)
        fault = self._fault(form["To"], form.get("From") or form.get("MessagingServiceSid"))
        match fault:
            case None | NetworkFault(kind="fail"):
                return self._accept(form, came_at, fault)
            case NetworkFault(kind="rate_limited"):
                return self._refuse(form, Refusal(429, 20429))
            case NetworkFault(kind="reject"):
                return self._refuse(form, Refusal(fault.refused_with, fault.code))
            case NetworkFault(kind="hang"):
                return await self._hang(request, form, fault, came_at)
            case _:
                return self._break(form, fault, came_at)

    def _fault(self, to: str, sender: str | None) -> NetworkFault | None:
        address = address_of(to)
        self._creates[address] += 1
        return self._network.faults.strike(
            lambda fault: fault.kind in _OF_CREATES and fault.concerns(address, sender),
            *(address, self._creates[address]),
        )

    def _accept(
        self, form: dict[str, str], came_at: float, fault: NetworkFault | None = None
    ) -> Response:
        message = self._network.accept(form, self._people, fault, came_at)
        return JSONResponse(message.on_the_wire(), status_code=201)

    def _refuse(self, form: dict[str, str], refusal: Refusal) -> Response:
        self._note_refusal(form, refusal.status, refusal.text(), refusal.code)
        return refusal.response()

    def _note_refusal(
        self, form: dict[str, str], status: int, reason: str, code: int | None = None
    ) -> None:
        self._network.record.add(
            "create_refused",
            to=form.get("To", ""),
            body=form.get("Body", ""),
            http_status=status,
            code=code,
            reason=reason,
        )

    def _break(self, form: dict[str, str], fault: NetworkFault, came_at: float) -> Response:
        """Answer with a server error, which does not say whether the message was taken."""
        if fault.when == "before":
            return self._refuse(form, Refusal(fault.status, 20500))
        self._accept(form, came_at)
        return Refusal(fault.status, 20500).response()

    async def _hang(
        self, request: Request, form: dict[str, str], fault: NetworkFault, came_at: float
    ) -> Response:
        answer = self._accept(form, came_at) if fault.when == "after" else None
        await asyncio.sleep(fault.seconds)
        if answer is not None:
            return answer
        if fault.when == "before" and await request.is_disconnected():
            self._note_refusal(form, 0, "the client hung up before it was taken")
            return Response(status_code=503)
        return self._accept(form, came_at)

    async def _fetch(self, request: Request) -> Response:
        message = self._network.mailbox.get(request.path_params["sid"])
        if message is None:
            path = request.url.path
            return Refusal(404, 20404, f"The requested resource {path} was not found").response()
        return JSONResponse(message.on_the_wire())

    async def _file(self, request: Request) -> Response:
        """Lead to where a file is kept; a request without the credentials is on the record."""
        found = self._media.find(request.path_params["sid"], request.path_params["media"])
        response = self._led(request, found)
        self._network.record.add(
            "media_requested",
            sid=request.path_params["sid"],
            http_status=response.status_code,
        )
        return response

    def _led(self, request: Request, file: StoredFile | None) -> Response:
        if not self._authentic(request):
            return Refusal(401, 20003).response()
        if file is None:
            return Refusal(404, 20404).response()
        fault = self._network.faults.strike(
            lambda fault: fault.kind in _OF_MEDIA and fault.concerns(file.sender),
            file.message_sid,
        )
        if fault is not None:
            missing = fault.kind == "media_missing"
            return (
                Refusal(404, 20404).response()
                if missing
                else Refusal(fault.status, 20500).response()
            )
        return RedirectResponse(self._media.lend(file, request.url.hostname or "127.0.0.1"), 307)

    async def _list(self, request: Request) -> Response:
        query = dict(request.query_params)
        try:
            wanted = parse_filter(query)
        except ValueError as error:
            return Refusal(400, 20001, str(error)).response()
        found = self._network.mailbox.matching(wanted, self._list_lag)
        return JSONResponse(page_of(found, query, self._network.settings.account_sid))
