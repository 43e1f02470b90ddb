"""Twilio's webhooks: what participants write, and what becomes of our messages.

A webhook is answered with 2xx only after the log has acknowledged what it tells. These are plain
functions of a request, without the API's validation around them: they carry the load.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING

from prometheus_client import Counter
from starlette.requests import Request
from starlette.responses import Response

from mesh_ingress import problems
from mesh_ingress.forms import Malformed, StatusReport, parse_form, read_inbound, read_status
from mesh_ingress.problems import Problem
from mesh_ingress.signature import HEADER
from meshcore.domain.events import DeliveryStatus, DeliveryStatusChanged
from meshcore.errors import LogUnavailableError
from meshcore.ids import new_commit, now
from meshcore.log import subjects
from meshcore.log.subjects import ConversationRef, Lane

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mesh_ingress.inbox import Inbox
    from mesh_ingress.signature import Signature
    from meshcore.log.event_log import EventLog
    from meshcore.log.wake_ups import WakeUps

MAX_BODY = 64 * 1024
ANSWER_SECONDS = 10.0
"""Twilio gives up after 15 s. An append that was given up here may have happened: no harm, the
retry is dropped as a duplicate.
"""

_FAILED = frozenset({DeliveryStatus.FAILED, DeliveryStatus.UNDELIVERED})
"""What outreach has to act on."""

_FORM = b"application/x-www-form-urlencoded"
_EMPTY_TWIML = b"<Response/>"
_WEBHOOKS = Counter("mesh_ingress_webhooks_total", "Webhooks of Twilio.", ["kind", "result"])
_TAKEN = ("taken", "unrouted", "repeated", "ignored")
_REFUSED = ("forged", "malformed", "too_large", "unavailable")
_COUNTS = {
    (kind, result): _WEBHOOKS.labels(kind, result)
    for kind in ("inbound", "status")
    for result in (*_TAKEN, *_REFUSED)
}


class Webhooks:
    """Takes Twilio's webhooks in. Needs nothing but NATS."""

    def __init__(
        self,
        log: EventLog,
        wake_ups: WakeUps,
        inbox: Inbox,
        signature: Signature,
        account_sid: str,
    ) -> None:
        self._log = log
        self._wake_ups = wake_ups
        self._inbox = inbox
        self._signature = signature
        self._account_sid = account_sid

    async def inbound(self, request: Request) -> Response:
        """Takes a participant's message in."""
        return await self._answer(request, "inbound", self._take_inbound)

    async def status(self, request: Request) -> Response:
        """Takes a report on one of our messages in."""
        return await self._answer(request, "status", self._take_status)

    async def _answer(
        self,
        request: Request,
        kind: str,
        take: Callable[[Request, dict[str, str]], Awaitable[str | Malformed]],
    ) -> Response:
        form = await self._signed_form(request)
        if isinstance(form, _Refused):
            return _refuse(kind, form)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                result = await take(request, form)
        except (LogUnavailableError, TimeoutError):
            return _refuse(kind, _Refused("unavailable", problems.log_unavailable()))
        if isinstance(result, Malformed):
            return _refuse(kind, _malformed(result.reason))
        _COUNTS[kind, result].inc()
        if kind == "status":
            return Response(status_code=HTTPStatus.NO_CONTENT)
        return Response(_EMPTY_TWIML, media_type="text/xml")

    async def _signed_form(self, request: Request) -> dict[str, str] | _Refused:
        """The request's form, if it is one that Twilio signed."""
        scope = request.scope
        signature, is_form = "", False
        for name, value in scope["headers"]:
            if name == b"x-twilio-signature":
                signature = value.decode("latin-1")
            elif name == b"content-type":
                is_form = value.partition(b";")[0].strip().lower() == _FORM
        if not signature:
            return _forged(f"the header {HEADER} is missing")
        if not is_form:
            return _malformed(f"the body is not {_FORM.decode()}")
        body = await read_body(request, MAX_BODY)
        if body is None:
            return _too_large()
        form = parse_form(body)
        query = scope["query_string"]
        target = (scope["raw_path"] + b"?" + query if query else scope["raw_path"]).decode(
            "latin-1"
        )
        if not self._signature.holds(target, form, signature):
            return _forged("the signature does not fit the request and our public URL")
        return form

    async def _take_inbound(self, _: Request, form: dict[str, str]) -> str | Malformed:
        message = read_inbound(form, self._account_sid)
        if isinstance(message, Malformed):
            return message
        return await self._inbox.take(message) if message else "ignored"

    async def _take_status(self, request: Request, form: dict[str, str]) -> str | Malformed:
        report = read_status(request.scope["query_string"], form, self._account_sid)
        if isinstance(report, Malformed):
            return report
        if report.status is None:
            return "ignored"
        ref = ConversationRef(report.campaign, report.conversation)
        event = _status_changed(report)
        msg_id = f"{report.sid}-{report.status}"  # a message may be handed over more than once
        commit = new_commit([event], now())
        position = await self._log.append(subjects.lane(ref, Lane.RECEIPT), commit, msg_id=msg_id)
        if report.status in _FAILED:
            await self._wake_ups.now(subjects.failure_wake_up(ref), {"position": position})
        return "taken"


async def read_body(request: Request, limit: int) -> bytes | None:
    """The request's body; None if it is larger than `limit` bytes."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            return None
    return body


class _Refused:
    """A webhook that is not taken: how it counts, and what is answered."""

    __slots__ = ("problem", "result")

    def __init__(self, result: str, problem: Problem) -> None:
        self.result = result
        self.problem = problem


def _forged(reason: str) -> _Refused:
    detail = f"This does not come from Twilio: {reason}."
    return _Refused("forged", Problem(HTTPStatus.FORBIDDEN, "forged-webhook", detail))


def _malformed(reason: str) -> _Refused:
    detail = f"The webhook cannot be read: {reason}."
    return _Refused("malformed", Problem(HTTPStatus.BAD_REQUEST, "malformed-webhook", detail))


def _too_large() -> _Refused:
    detail = f"A webhook has at most {MAX_BODY} bytes."
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return _Refused("too_large", Problem(status, "too-large", detail))


def _refuse(kind: str, refused: _Refused) -> Response:
    _COUNTS[kind, refused.result].inc()
    return refused.problem.response()


def _status_changed(report: StatusReport) -> DeliveryStatusChanged:
    assert report.status is not None  # noqa: S101 - the caller left the others out
    return DeliveryStatusChanged(
        message_id=report.message,
        message_sid=report.sid,
        status=report.status,
        error_code=report.error_code,
    )
