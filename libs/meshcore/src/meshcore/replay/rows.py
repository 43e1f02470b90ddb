"""Events as rows: one for each event, with the columns that docs/events.md promises."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from meshcore.errors import MalformedCommitError
from meshcore.log import codec, subjects

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from meshcore.domain.events import Event
    from meshcore.log.data_keys import DataKey

_SEALED = ',"sealed":"'
_scan = json.JSONDecoder().raw_decode


class EventRow(NamedTuple):
    """One event, and where and when it stands.

    Attributes:
        position: of its commit on the log; the log's order.
        ordinal: its place within the commit, from 0.
        time: when its writer decided it, UTC.
        stored_at: when the log's server took it, UTC.
        type: the wire name.
        version: of the payload, as of today's catalogue.
        lane: campaign, in, receipt, turn, out, consent, unrouted, erased, request or result.
        campaign: of campaign and conversation lanes.
        conversation: of conversation lanes.
        participant: where the subject or the payload names one.
        source: the service that wrote it.
        commit: the commit's id; events of one decision share it.
        correlation: the commit that began this chain of causes.
        causation: the commit that this one answers.
        data: the payload as JSON; fields that have their default are left out.
    """

    position: int
    ordinal: int
    time: datetime
    stored_at: datetime
    type: str
    version: int
    lane: str
    campaign: str | None
    conversation: str | None
    participant: str | None
    source: str
    commit: str
    correlation: str
    causation: str | None
    data: str

    @property
    def payload(self) -> dict[str, Any]:
        """The payload as plain data."""
        found: dict[str, Any] = json.loads(self.data)
        return found

    @property
    def event(self) -> Event:
        """The event itself, checked.

        Raises:
            MalformedCommitError: it is not in this version's catalogue, or does not fit its model.
        """
        return codec.decode_event(self.type, self.version, self.payload)


_AS_WE_WRITE_THEM = re.compile(
    "NATS/1.0\r\nce-specversion: 1.0\r\n"
    "ce-id: ([^\r]*)\r\nce-source: ([^\r]*)\r\nce-type: ([^\r]*)\r\nce-time: ([^\r]*)\r\n"
    "ce-correlationid: ([^\r]*)\r\n(?:ce-causationid: ([^\r]*)\r\n)?"
    "Nats-Msg-Id: [^\r]*\r\n(?:Nats-Expected[^\r]*\r\n)*Nats-Stream: [^\r]*\r\n"
    "Nats-Subject: ([^\r]*)\r\nNats-Sequence: ([^\r]*)\r\nNats-Time-Stamp: ([^\r]*)\r\n"
)
_NAMES = (
    *(codec.ID, codec.SOURCE, codec.TYPES, codec.TIME, codec.CORRELATION, codec.CAUSATION),
    *("Nats-Subject", "Nats-Sequence", "Nats-Time-Stamp"),
)


def headers_of(raw: bytes) -> dict[str, str]:
    """A message's headers by name; of those in the order in which we write them, what is needed."""
    text = raw.decode()
    if found := _AS_WE_WRITE_THEM.match(text):
        return dict(zip(_NAMES, found.groups(), strict=True))
    lines = text.split("\r\n")
    return dict([line.partition(": ")[::2] for line in lines[1:-2]])


def types_of(headers: dict[str, str]) -> list[str]:
    """The wire names of the events in a message."""
    return headers.get(codec.TYPES, "").split(",")


def time_of(headers: dict[str, str]) -> datetime:
    """When the commit was decided, UTC.

    Raises:
        MalformedCommitError: nothing tells it.
    """
    try:
        return _utc(headers[codec.TIME])
    except (KeyError, ValueError) as error:
        raise MalformedCommitError("not a commit: no time") from error


def rows_of(
    headers: dict[str, str], body: bytes, key_of: Callable[[str], DataKey | None] | None = None
) -> list[EventRow]:
    """The rows of one message.

    Args:
        headers: the message's.
        body: the message's.
        key_of: the keys of the subject's owner, by id; None for one that was destroyed.

    Raises:
        MalformedCommitError: it is not a commit.
    """
    try:
        lane, campaign, conversation, participant = place_of(headers["Nats-Subject"])
        commit = headers[codec.ID]
        position = int(headers["Nats-Sequence"])
        time, stored_at = _utc(headers[codec.TIME]), _utc(headers["Nats-Time-Stamp"])
        source = headers.get(codec.SOURCE, "").removeprefix("mesh/")
        correlation, causation = (
            headers.get(codec.CORRELATION, commit),
            headers.get(codec.CAUSATION),
        )
        found = _events_in(body.decode(), commit, key_of)
        return [
            EventRow(
                position, ordinal, time, stored_at, name, version, lane, campaign, conversation,
                participant or payload.get("participant"),
                source, commit, correlation, causation, data,
            )
            for ordinal, (name, version, payload, data) in enumerate(found)
        ]  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        # The error's own text may quote a participant, so only its kind is passed on.
        raise MalformedCommitError(f"not a commit: {type(error).__name__}") from error


def place_of(subject: str) -> tuple[str, str | None, str | None, str | None]:
    """Lane, campaign, conversation and participant that a subject names."""
    match subject.split("."):
        case ["mesh", "conv", campaign, conversation, lane]:
            return lane, campaign, conversation, None
        case ["mesh", "participant", participant, lane]:
            return lane, None, None, participant
        case ["mesh", "report", campaign, lane]:
            return lane, campaign, None, None
        case _:
            return "campaign", subjects.campaign_of(subject), None, None


_Found = tuple[str, int, dict[str, Any], str, str | None]
"""Wire name, version, payload, the payload as JSON, and its sealed part."""

_Readable = tuple[str, int, dict[str, Any], str]
"""The same, with what was sealed in the JSON, and in the payload only if that had to change."""


def _events_in(
    text: str, commit: str, key_of: Callable[[str], DataKey | None] | None
) -> Iterator[_Readable]:
    for ordinal, (name, version, payload, data, sealed) in enumerate(_cut(text) or _parsed(text)):
        if sealed is not None:
            hidden = codec.hidden_in(name, sealed, key_of, commit, ordinal)
            yield _today((name, version, payload, _joined(data, hidden)))
        else:
            yield _today((name, version, payload, data))


def _joined(data: str, hidden: str) -> str:
    """Two JSON objects as one."""
    if data == "{}" or hidden == "{}":
        return hidden if data == "{}" else data
    return f"{data[:-1]},{hidden[1:]}"


def _cut(text: str) -> list[_Found] | None:
    """The events of a body in the form that the codec writes; None if it is of another form.

    The payloads are passed on as they stand, which saves writing them anew.
    """
    if not text.startswith('{"events":[{"type":"'):
        return None
    found: list[_Found] = []
    at = 11
    try:
        while text.startswith('{"type":"', at):
            name_end = text.index('"', at + 9)
            data_at = text.index(',"data":', name_end) + 8
            if not text.startswith('","version":', name_end):
                return None
            payload, end = _scan(text, data_at)
            version, data, sealed = int(text[name_end + 12 : data_at - 8]), text[data_at:end], None
            if text.startswith(_SEALED, end):
                seal_at = end + len(_SEALED)
                end = text.index('"', seal_at)
                sealed, end = text[seal_at:end], end + 1
            found.append((text[at + 9 : name_end], version, payload, data, sealed))
            if text.startswith("},", end):
                at = end + 2
            else:
                return found if text[end:] == "}]}" else None
    except ValueError:
        return None
    return None


def _parsed(text: str) -> list[_Found]:
    """The events of a body in any form of JSON."""
    return [
        (e["type"], int(e["version"]), e["data"], _json(e["data"]), e.get("sealed"))
        for e in json.loads(text)["events"]
    ]


def _today(found: _Readable) -> _Readable:
    """The event in today's version of its payload."""
    name, version, _, data = found
    if version >= codec.version_of(name):
        return found
    version, payload = codec.upcast(name, version, json.loads(data))
    return name, version, payload, _json(payload)


def _json(payload: object) -> str:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


def _utc(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo is UTC else at.astimezone(UTC)
