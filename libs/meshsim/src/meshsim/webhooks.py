"""Webhooks as Twilio sends them: signed over the public address, retried, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit, urlunsplit
from uuid import uuid4

import aiohttp
from twilio.request_validator import RequestValidator
from yarl import URL

_FIRST_SERVER_ERROR = 500
_TIMEOUT = aiohttp.ClientTimeout(total=15)
_LONGEST_PAUSE = 10.0


@dataclass(frozen=True)
class WebhookSettings:
    """Where webhooks go and how stubbornly.

    Attributes:
        auth_token: the key of the signature.
        public_url: the base address that is signed; no trailing slash.
        deliver_to: the base address that is really called in its place.
        retries: how often to try again after a failed connection, a timeout or a 5xx.
        backoff: seconds before the first retry; doubles each time, at most 10.
    """

    auth_token: str
    public_url: str
    deliver_to: str
    retries: int = 6
    backoff: float = 0.2


@dataclass(frozen=True)
class Delivery:
    """How a webhook ended: after how many attempts, and the last answer's status, if any."""

    attempts: int
    status: int | None


class Webhooks:
    """Sends form POSTs; must be opened inside the running loop and closed at the end."""

    def __init__(self, settings: WebhookSettings) -> None:
        self._settings = settings
        self._validator = RequestValidator(settings.auth_token)
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Open the connection pool."""
        connector = aiohttp.TCPConnector(limit=0, limit_per_host=200)
        self._session = aiohttp.ClientSession(connector=connector, timeout=_TIMEOUT)

    async def close(self) -> None:
        """Drop all connections."""
        if self._session is not None:
            await self._session.close()

    def public(self, path: str) -> str:
        """Return the public address of a path."""
        return self._settings.public_url + path

    async def post(self, url: str, form: Mapping[str, str]) -> Delivery:
        """Deliver one webhook; returns once it was taken, refused for good, or given up.

        A fragment in `url` is neither signed nor sent. Every attempt carries the same
        I-Twilio-Idempotency-Token. Never raises for what the receiver does.
        """
        bare = urldefrag(url).url
        headers = {
            "X-Twilio-Signature": self._validator.compute_signature(bare, dict(form)),
            "I-Twilio-Idempotency-Token": str(uuid4()),
            "User-Agent": "TwilioProxy/1.1",
        }
        target, status = self._target(bare), None
        for attempt in range(1, self._settings.retries + 2):
            status = await self._attempt(target, form, headers)
            if status is not None and status < _FIRST_SERVER_ERROR:
                return Delivery(attempt, status)
            if attempt <= self._settings.retries:
                pause = self._settings.backoff * 2 ** (attempt - 1)
                await asyncio.sleep(min(pause, _LONGEST_PAUSE))
        return Delivery(self._settings.retries + 1, status)

    def _target(self, url: str) -> URL:
        """Return the address to call: the public base is replaced, any other is kept."""
        public, given = urlsplit(self._settings.public_url), urlsplit(url)
        if (given.scheme, given.netloc) != (public.scheme, public.netloc):
            return URL(url, encoded=True)
        rest = url.removeprefix(urlunsplit((given.scheme, given.netloc, "", "", "")))
        return URL(self._settings.deliver_to + rest.removeprefix(public.path), encoded=True)

    async def _attempt(
        self, target: URL, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> int | None:
        """Post once; None stands for a connection that failed or took too long."""
        if self._session is None:
            msg = "webhooks are not open"
            raise RuntimeError(msg)
        try:
            async with self._session.post(target, data=dict(form), headers=headers) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, TimeoutError):
            return None
