"""Twilio's Messages API, through the SDK. The only module of outreach that knows it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

from mesh_outreach.send_errors import Refusal, Refused, classify
from meshcore.errors import MeshError

if TYPE_CHECKING:
    from datetime import datetime

    from twilio.http.response import Response

    from meshcore.log.subjects import ConversationRef

TIMEOUT = 6.0
"""Seconds that one call to Twilio may take."""

_RECENT = 50


class TwilioUnavailableError(MeshError):
    """Twilio did not answer, or not in a way that says what happened."""

    code = "twilio_unavailable"
    retryable = True


@dataclass(frozen=True, slots=True)
class Sent:
    """Twilio took the message."""

    sid: str


class _HttpClient(AsyncTwilioHttpClient):
    """The SDK's client with a timeout that holds."""

    async def request(self, *args: Any, **kwargs: Any) -> Response:  # type: ignore[override]  # the SDK's own does so too
        async with asyncio.timeout(TIMEOUT):
            return await super().request(*args, **kwargs)


class TwilioMessages:
    """Sends messages, and looks up what was sent. Must be made inside the event loop."""

    def __init__(
        self, account_sid: str, auth_token: str, sender: str, public_url: str, base_url: str | None
    ) -> None:
        """Prepares the client.

        Args:
            account_sid: Twilio's account.
            auth_token: its token.
            sender: our WhatsApp address.
            public_url: where Twilio reaches the status webhook.
            base_url: replaces the address of Twilio's API.
        """
        self._http = _HttpClient()
        self._client = Client(account_sid, auth_token, http_client=self._http)
        if base_url:
            self._client.api.base_url = base_url
        self._sender = sender
        self._public_url = public_url

    async def send(
        self, ref: ConversationRef, message_id: str, address: str, text: str
    ) -> Sent | Refused:
        """Hands a message over, in one attempt.

        Whatever happens is in the answer; nothing is raised.
        """
        try:
            message = await self._client.messages.create_async(
                to=address,
                from_=self._sender,
                body=text,
                status_callback=self._status_callback(ref, message_id),
            )
        except TwilioRestException as error:
            return classify(error.status, error.code)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            if isinstance(error, aiohttp.ClientConnectorError):
                return Refused(Refusal.SLOW_DOWN)  # never connected, so never taken
            return Refused(Refusal.AMBIGUOUS)
        return Sent(message.sid or "")

    async def find(self, address: str, text: str, since: datetime) -> list[str]:
        """SIDs of the messages with this text that were sent to the address since then, the oldest first.

        Raises:
            TwilioUnavailableError: Twilio does not say.
        """
        try:
            recent = await self._client.messages.list_async(
                to=address, from_=self._sender, limit=_RECENT
            )
        except (TwilioRestException, TimeoutError, aiohttp.ClientError, OSError) as error:
            raise TwilioUnavailableError("the message list is not to be had") from error
        second = since.replace(microsecond=0)  # Twilio's times have no fractions
        found = [
            m for m in recent if m.body == text and m.date_created and m.date_created >= second
        ]
        return [m.sid for m in reversed(found) if m.sid]

    def _status_callback(self, ref: ConversationRef, message_id: str) -> str:
        query = f"campaign={ref.campaign}&conversation={ref.conversation}&message={message_id}"
        return f"{self._public_url}/twilio/status?{query}"

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._http.close()  # type: ignore[no-untyped-call]
