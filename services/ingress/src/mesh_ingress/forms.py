"""The forms that Twilio posts, read into what MeshAI understands of them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl
from uuid import UUID

from meshcore.domain.events import DeliveryStatus, Media, OptOutSource
from meshcore.domain.optout import asks_to_stop, is_opt_in_keyword, is_opt_out_keyword
from meshcore.domain.participant import PREFIX, AddressError, normalise_address

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_MEDIA = 10
_SID = re.compile(r"[A-Z]{2}[0-9a-f]{32}", re.IGNORECASE | re.ASCII)
_STATUSES = {status.value: status for status in DeliveryStatus}
_CODE = re.compile(r"[0-9]{1,9}", re.ASCII)
_LONGEST_BODY = 1_600


@dataclass(frozen=True, slots=True)
class Malformed:
    """Why a form cannot be taken. Never repeats what stands in it."""

    reason: str


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """A message of a participant.

    Attributes:
        sid: Twilio's id of the message.
        address: whom it came from, normalised.
        other_address: the same person's business-scoped user id, where Twilio tells both.
        text: what was written; for a location, a button, a form or a reaction, its words.
        media: the files that came along.
        opt_out: how an opt-out was recognised, None if it is none.
        opt_in: whether the participant wants to be contacted again.
        sender: the address of ours that they wrote to; None if that is not told.
    """

    sid: str
    address: str
    other_address: str | None
    text: str
    media: tuple[Media, ...]
    opt_out: OptOutSource | None
    opt_in: bool
    sender: str | None = None


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What Twilio says of a message of ours; `status` is None where it is not kept."""

    campaign: str
    conversation: str
    message: str
    sid: str
    status: DeliveryStatus | None
    error_code: int | None


def parse_form(body: bytes) -> dict[str, str]:
    """The parameters of a form, blank and unknown ones included, since they are signed too."""
    return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))


def read_inbound(form: Mapping[str, str], account_sid: str) -> InboundMessage | Malformed | None:
    """Reads the form of an inbound message; None if it says nothing.

    A reaction counts as a message with nothing but its emoji: a thumbs-up to a question is an
    answer. One that was taken back says nothing.
    """
    sid, sender = form.get("MessageSid", ""), form.get("From", "")
    if form.get("AccountSid", account_sid) != account_sid:
        return Malformed("AccountSid is that of another account")
    if not _SID.fullmatch(sid):
        return Malformed("MessageSid is missing or malformed")
    if not sender.startswith(PREFIX):
        return Malformed("From is missing or not a WhatsApp address")
    try:
        address = normalise_address(sender)
    except AddressError as error:
        return Malformed(f"From {error}")
    text = _text(form)
    if not text and form.get("MessageType") == "reaction":
        return None
    opt_out = _opt_out(form, text)
    return InboundMessage(
        sid=sid,
        address=address,
        other_address=_other_address(form),
        text=text,
        media=_media(form),
        opt_out=opt_out,
        opt_in=not opt_out and (form.get("OptOutType") == "START" or is_opt_in_keyword(text)),
        sender=_our_address(form),
    )


def _our_address(form: Mapping[str, str]) -> str | None:
    try:
        return normalise_address(form.get("To", ""))
    except AddressError:
        return None


def read_status(
    query: bytes, form: Mapping[str, str], account_sid: str
) -> StatusReport | Malformed:
    """Reads a status callback.

    Which message it is about stands in the query that we gave Twilio, the rest in the form.
    """
    named = parse_form(query)
    ids = [_canonical(named.get(name, "")) for name in ("campaign", "conversation", "message")]
    campaign, conversation, message = ids
    if campaign is None or conversation is None or message is None:
        return Malformed("campaign, conversation or message is missing in the query, or no UUID")
    sid, status = form.get("MessageSid", ""), form.get("MessageStatus", "")
    if form.get("AccountSid", account_sid) != account_sid:
        return Malformed("AccountSid is that of another account")
    if not _SID.fullmatch(sid) or not status:
        return Malformed("MessageSid or MessageStatus is missing or malformed")
    code = form.get("ErrorCode", "")
    return StatusReport(
        campaign=campaign,
        conversation=conversation,
        message=message,
        sid=sid,
        status=_STATUSES.get(status),
        error_code=int(code) if _CODE.fullmatch(code) else None,
    )


def _canonical(text: str) -> str | None:
    """The one spelling of a UUID. Ids become subjects: nothing else may pass."""
    try:
        return str(UUID(text))
    except ValueError:
        return None


def _text(form: Mapping[str, str]) -> str:
    said = form.get("Body") or _chosen(form) or _filled_in(form)
    text = " ".join(part for part in (said, _place(form)) if part)
    return text.replace("\x00", "")  # PostgreSQL cannot store NUL, and it means nothing


def _place(form: Mapping[str, str]) -> str:
    """A location in words: what it is called, where that is, and the coordinates."""
    latitude, longitude = form.get("Latitude"), form.get("Longitude")
    if not latitude or not longitude:
        return ""
    at = f"{latitude}, {longitude}"
    named = dict.fromkeys(name for name in (form.get("Label"), form.get("Address")) if name)
    return f"[location] {', '.join(named)} ({at})" if named else f"[location] {at}"


def _chosen(form: Mapping[str, str]) -> str:
    """The words of the button or of the entry of a list that was tapped; at worst its id."""
    names = ("ButtonText", "ListTitle", "ButtonPayload", "ListId")
    return next((words for name in names if (words := form.get(name))), "")


def _filled_in(form: Mapping[str, str]) -> str:
    """What was entered in a form of WhatsApp's, a line for each entry."""
    try:
        lines = "\n".join(_entries(json.loads(form.get("InteractiveData") or "null")))
    except (ValueError, RecursionError):
        return ""
    whole = lines.encode(errors="replace").decode()  # JSON may hold half a character
    return whole[:_LONGEST_BODY]


def _entries(data: Any, name: str = "") -> Iterator[str]:
    match data:
        case dict():
            for key, value in data.items():
                yield from _entries(value, str(key))
        case list():
            for value in data:
                yield from _entries(value, name)
        case None | "":
            return
        case _:
            yield f"{name}: {data}" if name else str(data)


def _opt_out(form: Mapping[str, str], text: str) -> OptOutSource | None:
    if form.get("OptOutType") == "STOP":
        return OptOutSource.PROVIDER
    if is_opt_out_keyword(text):
        return OptOutSource.KEYWORD
    return OptOutSource.PHRASE if asks_to_stop(text) else None


def _other_address(form: Mapping[str, str]) -> str | None:
    try:
        return normalise_address(form["ExternalUserId"])
    except (KeyError, AddressError):
        return None  # the message counts even if Twilio's hint is of no use


def _media(form: Mapping[str, str]) -> tuple[Media, ...]:
    count = form.get("NumMedia", "0")
    if count == "0" or not _CODE.fullmatch(count):
        return ()
    return tuple(
        Media(content_type=form.get(f"MediaContentType{i}", ""), url=url)
        for i in range(min(int(count), MAX_MEDIA))
        if (url := form.get(f"MediaUrl{i}"))
    )
