"""Twilio's Messages API, through the SDK. The only module of outreach that knows it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
from twilio.base import values
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

from mesh_outreach.send_errors import Refused, refused
from meshcore.domain.send_errors import Fault
from meshcore.errors import MeshError

if TYPE_CHECKING:
    from datetime import datetime

    from twilio.http.response import Response

    from meshcore.domain.study import Template
    from meshcore.log.subjects import ConversationRef

TIMEOUT = 6.0
"""Seconds that one call to Twilio may take."""

CLOCKS_APART = timedelta(seconds=5)
"""How far Twilio's clock may be behind ours."""

MESSAGING_SERVICE = "MG"
"""How the SID of a messaging service begins, which chooses among our addresses by itself."""

_RECENT = 50
_UNCLEAR = (TwilioException, TimeoutError, aiohttp.ClientError, OSError, ValueError)
"""What the SDK raises when Twilio's answer is missing or makes no sense."""


class TwilioUnavailableError(MeshError):
    """Twilio did not answer, or not in a way that says what happened."""

    code = "twilio_unavailable"
    retryable = True
    patience = None


@dataclass(frozen=True, slots=True)
class Sent:
    """Twilio took the message."""

    sid: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A message that Twilio has; the body of a template is what it reads as."""

    sid: str
    body: str


class _HttpClient(AsyncTwilioHttpClient):
    """The SDK's client with a timeout that holds."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    async def request(self, *args: Any, **kwargs: Any) -> Response:  # type: ignore[override]  # the SDK's own does so too
        async with asyncio.timeout(self._seconds):
            return await super().request(*args, **kwargs)


class TwilioMessages:
    """Sends messages, and looks up what was sent. Must be made inside the event loop."""

    def __init__(  # noqa: PLR0913, PLR0917 - one argument per setting
        self,
        account_sid: str,
        auth_token: str,
        sender: str,
        public_url: str,
        base_url: str | None,
        timeout: float = TIMEOUT,
    ) -> None:
        """Prepares the client.

        Args:
            account_sid: Twilio's account.
            auth_token: its token.
            sender: our WhatsApp address.
            public_url: where Twilio reaches the status webhook.
            base_url: replaces the address of Twilio's API.
            timeout: seconds that one call may take.
        """
        self._http = _HttpClient(timeout)
        self._client = Client(account_sid, auth_token, http_client=self._http)
        if base_url:
            self._client.api.base_url = base_url
        self._sender = sender
        self._public_url = public_url

    async def send(
        self,
        ref: ConversationRef,
        message_id: str,
        address: str,
        content: str | Template,
        sender: str | None = None,
    ) -> Sent | Refused:
        """Hands a message over, in one attempt.

        Whatever happens is in the answer; nothing is raised.

        Args:
            ref: the conversation.
            message_id: our id of the message, which comes back with its delivery reports.
            address: to whom.
            content: what is to be read, or the template that says it.
            sender: our address or messaging service that writes; None for the one of the settings.
        """
        try:
            message = await self._client.messages.create_async(
                to=address,
                **_from(sender or self._sender),
                **_on_the_wire(content),
                status_callback=self._status_callback(ref, message_id),
            )
        except (TwilioRestException, TwilioServiceException) as error:
            return refused(error.status, error.code)
        except aiohttp.ClientConnectorError:  # never connected, so never taken
            return Refused(Fault.SLOW_DOWN, connected=False)
        except _UNCLEAR:
            return Refused(Fault.AMBIGUOUS)
        return Sent(message.sid) if message.sid else Refused(Fault.AMBIGUOUS)

    async def listed(
        self, address: str, since: datetime, sender: str | None = None
    ) -> list[Listed]:
        """The messages that were sent to the address, the oldest first.

        Args:
            address: to whom.
            since: our time from which on to look; Twilio's clock may be `CLOCKS_APART` behind it.
            sender: our address that wrote; of a messaging service, any of its addresses. None for
                the one of the settings.

        Raises:
            TwilioUnavailableError: Twilio does not say.
        """
        try:
            recent = await self._client.messages.list_async(
                to=address,
                from_=_from(sender or self._sender).get("from_", values.unset),
                limit=_RECENT,
            )
        except _UNCLEAR as error:
            raise TwilioUnavailableError("the message list is not to be had") from error
        # Twilio's times have no fractions. What is queued has no date_sent yet.
        first = (since - CLOCKS_APART).replace(microsecond=0)
        found = [m for m in recent if m.date_created and m.date_created >= first]
        return [Listed(m.sid, m.body or "") for m in reversed(found) if m.sid]

    def _status_callback(self, ref: ConversationRef, message_id: str) -> str:
        query = f"campaign={ref.campaign}&conversation={ref.conversation}&message={message_id}"
        return f"{self._public_url}/twilio/status?{query}"

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._http.close()  # type: ignore[no-untyped-call]


def _from(sender: str) -> dict[str, str]:
    is_service = sender.startswith(MESSAGING_SERVICE)
    return {"messaging_service_sid": sender} if is_service else {"from_": sender}


def _on_the_wire(content: str | Template) -> dict[str, str]:
    if isinstance(content, str):
        return {"body": content}
    wire = {"content_sid": content.content_sid}
    if content.variables:
        wire["content_variables"] = json.dumps(content.variables, ensure_ascii=False)
    return wire
