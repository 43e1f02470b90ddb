"""Twilio's Messages resource on the wire: records, errors, and the checks of a create."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

from starlette.responses import JSONResponse

API_VERSION = "2010-04-01"
LONGEST_BODY = 1600
_SEGMENT = 153
_E164 = re.compile(r"(whatsapp:)?\+[1-9]\d{6,14}")
_SCOPED_ID = re.compile(r"whatsapp:[A-Z]{2}\.[A-Za-z0-9]{1,140}")
_CONTENT_SID = re.compile(r"HX[0-9a-fA-F]{32}")
_DOCS = "https://www.twilio.com/docs/errors/"

ERROR_TEXTS: Mapping[int, str] = {
    20003: "Authenticate",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    20500: "Internal Server Error",
    21211: "Invalid 'To' Phone Number",
    21408: "Permission to send an SMS has not been enabled for the region",
    21602: "Message body is required.",
    21603: "A 'From' phone number is required.",
    21604: "A 'To' phone number is required.",
    21610: "Attempt to send to unsubscribed recipient",
    21614: "'To' number is not a valid mobile number",
    21617: "The concatenated message body exceeds the 1600 character limit",
    21655: "The ContentSid is Invalid",
    21656: "The Content Variables parameter is invalid.",
    21910: "Invalid From and To pair. From and To should be of the same channel",
    30001: "Queue overflow",
    63003: "Channel could not find To address",
    63007: "Twilio could not find a Channel with the specified From address",
    63016: "Failed to send freeform message because you are outside the allowed window. "
    "If you are using WhatsApp, please use a Message Template.",
    63014: "Channel message was rejected by the user",
    63018: "Rate limit exceeded for Channel",
    63024: "Invalid message recipient",
    63032: "We cannot send this message to this user because of a WhatsApp limitation",
    63049: "Meta chose not to deliver this WhatsApp marketing message",
}


@dataclass(frozen=True)
class Refusal:
    """An answer in Twilio's error format."""

    status: int
    code: int
    message: str = ""

    def text(self) -> str:
        """Return the message, or Twilio's own for the code."""
        return self.message or ERROR_TEXTS.get(self.code, "An error occurred")

    def response(self) -> JSONResponse:
        """Return it as an HTTP response."""
        body = {
            "code": self.code,
            "message": self.text(),
            "more_info": f"{_DOCS}{self.code}",
            "status": self.status,
        }
        return JSONResponse(body, status_code=self.status)


def new_sid(prefix: str = "SM") -> str:
    """Return a fresh sid: the prefix and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


def address_of(channel_address: str) -> str:
    """Return a WhatsApp address without its channel: `whatsapp:+1...` becomes `+1...`."""
    return channel_address.removeprefix("whatsapp:")


def on_whatsapp(address: str) -> str:
    """Return an address with its channel, whether it had one or not."""
    return f"whatsapp:{address_of(address)}"


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Message:
    """One message as Twilio knows it, in either direction."""

    account_sid: str
    sender: str | None
    to: str
    body: str
    status: str
    direction: str = "outbound-api"
    sid: str = field(default_factory=new_sid)
    messaging_service_sid: str | None = None
    callback: str | None = None
    num_media: int = 0
    error_code: int | None = None
    created: datetime = field(default_factory=_now)
    updated: datetime = field(default_factory=_now)
    sent: datetime | None = None

    def advance(self, status: str, error_code: int | None = None) -> None:
        """Move on to `status`; the time of sending is that of leaving for the channel."""
        self.status, self.error_code, self.updated = status, error_code, _now()
        if self.sent is None:
            self.sent = self.updated

    def on_the_wire(self) -> dict[str, object]:
        """Return the JSON of the Message resource."""
        uri = f"/{API_VERSION}/Accounts/{self.account_sid}/Messages/{self.sid}"
        error_text = ERROR_TEXTS.get(self.error_code) if self.error_code else None
        return {
            "account_sid": self.account_sid,
            "api_version": API_VERSION,
            "body": self.body,
            "date_created": format_datetime(self.created),
            "date_sent": format_datetime(self.sent) if self.sent else None,
            "date_updated": format_datetime(self.updated),
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": error_text,
            "from": self.sender,
            "messaging_service_sid": self.messaging_service_sid,
            "num_media": str(self.num_media),
            "num_segments": segments(self.body),
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": self.to,
            "uri": f"{uri}.json",
        }


def segments(body: str) -> str:
    """Return the number of segments of a body, as text like Twilio does."""
    return str(max(1, -(-len(body) // _SEGMENT)))


def check_create(form: Mapping[str, str]) -> Refusal | None:
    """Return why Twilio would refuse to create this message, or None when it would not."""
    checks = (_wrong_addresses(form), _wrong_content(form) or _wrong_body(form))
    return next((refusal for refusal in checks if refusal is not None), None)


def _wrong_addresses(form: Mapping[str, str]) -> Refusal | None:
    to, sender = form.get("To", ""), form.get("From", "")
    if not to:
        return Refusal(400, 21604)
    if not (_E164.fullmatch(to) or _SCOPED_ID.fullmatch(to)):
        return Refusal(400, 21211, f"Invalid 'To' Phone Number: {to}")
    if not sender and not form.get("MessagingServiceSid"):
        return Refusal(400, 21603)
    if sender and sender.startswith("whatsapp:") != to.startswith("whatsapp:"):
        return Refusal(400, 21910)
    return None


def _wrong_body(form: Mapping[str, str]) -> Refusal | None:
    if form.get("ContentSid") or form.get("MediaUrl"):
        return None
    if not form.get("Body"):
        return Refusal(400, 21602)
    return Refusal(400, 21617) if len(form["Body"]) > LONGEST_BODY else None


def _wrong_content(form: Mapping[str, str]) -> Refusal | None:
    sid = form.get("ContentSid")
    if not sid:
        return None
    if not _CONTENT_SID.fullmatch(sid):
        return Refusal(400, 21655)
    return Refusal(400, 21656) if content_variables(form) is None else None


def content_variables(form: Mapping[str, str]) -> dict[str, str] | None:
    """Return the variables of a template, or None when Twilio would not take them."""
    try:
        variables = json.loads(form.get("ContentVariables") or "{}")
    except ValueError:
        return None
    if not isinstance(variables, dict):
        return None
    good = all(isinstance(value, str) and value for value in variables.values())
    return variables if good else None
