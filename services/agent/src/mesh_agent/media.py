"""Files that participants sent, fetched from where Twilio keeps them.

Twilio asks for the account's credentials and then leads to another host, which must never see them.
An address came in with a webhook: wherever it leads, nothing inside our own network is fetched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol
from urllib.request import getproxies

import aiohttp
import stamina
from yarl import URL

from mesh_agent.public_addresses import GuardedResolver, PrivateAddressError, is_private
from meshcore.domain.media import essence
from meshcore.errors import MeshError

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

LARGEST = 16 * 1024 * 1024
"""Bytes: what WhatsApp takes."""

_TWILIO = "https://api.twilio.com"
_TWILIO_HOST = re.compile(r"api(\.[a-z0-9-]+){0,2}\.twilio\.com")
_REDIRECTS = 3
_ATTEMPTS = 4
_PAUSE = 0.5
_TIMEOUT = 20.0
_CHUNK = 64 * 1024
_LED_ELSEWHERE = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429})
_SAYS_NOTHING = frozenset({"", "application/octet-stream", "binary/octet-stream"})


class MediaProblem(StrEnum):
    """Why a file is of no use."""

    UNAVAILABLE = "unavailable"
    TOO_LARGE = "too_large"
    UNSUPPORTED = "unsupported"
    UNINTELLIGIBLE = "unintelligible"


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file as it was fetched; its media type has no parameters."""

    data: bytes
    content_type: str


class MediaUnavailableError(MeshError):
    """The file cannot be fetched at the moment."""

    code = "media_unavailable"
    retryable = True
    patience = None


class _NotThereError(Exception):
    """There is no such file, or not yet: Twilio tells of a message before its file is there."""


class MediaSource(Protocol):
    """Where files are fetched from."""

    async def fetch(
        self, url: str, declared: str, allowed: AbstractSet[str] | None = None
    ) -> MediaFile | MediaProblem:
        """Fetches a file. As `TwilioMedia.fetch`."""
        ...


class TwilioMedia:
    """Fetches files with the account's credentials. Must be made inside the event loop."""

    def __init__(  # noqa: PLR0913 - the last three are for those who cannot wait
        self,
        account_sid: str,
        auth_token: str,
        base_url: str | None,
        *,
        largest: int = LARGEST,
        timeout: float = _TIMEOUT,
        pause: float = _PAUSE,
    ) -> None:
        """Prepares the client.

        Args:
            account_sid: Twilio's account.
            auth_token: its token.
            base_url: replaces the address of Twilio's API.
            largest: bytes that a file may have.
            timeout: seconds that one attempt may take.
            pause: seconds before the second attempt; they double with every further one.
        """
        self._credentials = {"Authorization": aiohttp.encode_basic_auth(account_sid, auth_token)}
        self._base = URL(base_url or _TWILIO)
        self._at_home = is_private(self._base.host or "")
        self._largest = largest
        self._pause = pause
        proxies = getproxies()
        trusted = {self._base.host, *(URL(proxy).host for proxy in proxies.values())}
        resolver = None if self._at_home else GuardedResolver({host for host in trusted if host})
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=resolver),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"Accept-Encoding": "identity"},  # what is unpacked has no limit
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=timeout),
            trust_env=bool(proxies),
        )

    async def fetch(
        self, url: str, declared: str, allowed: AbstractSet[str] | None = None
    ) -> MediaFile | MediaProblem:
        """Fetches a file, trying again where that can help.

        Args:
            url: where Twilio says that it is.
            declared: its media type by Twilio's word, which counts where the file's host has none.
            allowed: the media types wanted; None for any.

        Returns:
            The file, or why there will never be one.

        Raises:
            MediaUnavailableError: it may be there at another time.
        """
        try:
            async for attempt in stamina.retry_context(
                on=(MediaUnavailableError, _NotThereError),
                attempts=_ATTEMPTS,
                wait_initial=self._pause,
                wait_jitter=self._pause,
            ):
                with attempt:
                    return await self._attempt(url, declared, allowed)
        except _NotThereError:
            pass
        return MediaProblem.UNAVAILABLE

    async def _attempt(
        self, url: str, declared: str, allowed: AbstractSet[str] | None
    ) -> MediaFile | MediaProblem:
        """Tries once. What is raised names no address: it is logged."""
        try:
            return await self._follow(URL(url), declared, allowed)
        except (aiohttp.InvalidURL, ValueError):
            return MediaProblem.UNAVAILABLE
        except aiohttp.ClientConnectorDNSError as error:
            if isinstance(error.os_error, PrivateAddressError):
                return MediaProblem.UNAVAILABLE
            raise MediaUnavailableError("no such host") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise MediaUnavailableError(type(error).__name__) from None

    async def _follow(
        self, url: URL, declared: str, allowed: AbstractSet[str] | None
    ) -> MediaFile | MediaProblem:
        """Goes where redirects lead, and shows the credentials to Twilio alone."""
        for _ in range(_REDIRECTS + 1):
            if not self._may_ask(url):
                return MediaProblem.UNAVAILABLE
            shown = self._credentials if self._is_twilio(url) else {}
            async with self._session.get(url, headers=shown, allow_redirects=False) as response:
                if response.status not in _LED_ELSEWHERE:
                    return await self._read(response, declared, allowed)
                url = url.join(URL(response.headers.get("Location", "")))
        return MediaProblem.UNAVAILABLE

    def _is_twilio(self, url: URL) -> bool:
        """Whether the credentials may be shown here."""
        if url.origin() == self._base.origin():
            return True
        twilio = _TWILIO_HOST.fullmatch(url.host or "")
        return bool(twilio) and url.scheme == "https" and url.is_default_port()

    def _may_ask(self, url: URL) -> bool:
        """Whether anything may be fetched from here. Names are judged when they are resolved."""
        if url.user or url.password:
            return False
        if url.origin() == self._base.origin():
            return True
        inside = is_private(url.host or "")
        if url.scheme == "https":
            return self._at_home or not inside
        return url.scheme == "http" and self._at_home and inside

    async def _read(
        self, response: aiohttp.ClientResponse, declared: str, allowed: AbstractSet[str] | None
    ) -> MediaFile | MediaProblem:
        status = response.status
        if status == 404:  # noqa: PLR2004 - not found
            raise _NotThereError
        if status >= 500 or status in _PASSING:  # noqa: PLR2004 - a server's error
            raise MediaUnavailableError(f"HTTP {status}")
        if status != 200:  # noqa: PLR2004 - all of it
            return MediaProblem.UNAVAILABLE
        kind = essence(response.headers.get("Content-Type", ""))
        kind = essence(declared) if kind in _SAYS_NOTHING else kind
        if allowed is not None and kind not in allowed:
            return MediaProblem.UNSUPPORTED
        if (response.content_length or 0) > self._largest:
            return MediaProblem.TOO_LARGE
        return await self._limited(response, kind)

    async def _limited(
        self, response: aiohttp.ClientResponse, kind: str
    ) -> MediaFile | MediaProblem:
        """The body, unless it is larger than it may be, whatever its headers said."""
        data = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            data += chunk
            if len(data) > self._largest:
                return MediaProblem.TOO_LARGE
        return MediaFile(bytes(data), kind)

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._session.close()
