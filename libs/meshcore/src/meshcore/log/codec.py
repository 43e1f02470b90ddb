"""Commits to and from NATS messages.

Headers carry what a reader filters on, under the attribute names of CloudEvents (`ce-` as in its
NATS binding). The body is `{"events": [{"type", "version", "data"}, ...]}`. Stored versions older
than the catalogue's are upcast step by step.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from meshcore.domain.commit import Commit
from meshcore.domain.events import CATALOGUE
from meshcore.errors import MalformedCommitError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from meshcore.domain.events import Event

ID = "ce-id"
TIME = "ce-time"
TYPES = "ce-type"
SOURCE = "ce-source"
SPEC = "ce-specversion"
CORRELATION = "ce-correlationid"
CAUSATION = "ce-causationid"

_BY_NAME = {event.wire_name: event for event in CATALOGUE}

UPCASTS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""(wire name, version) to the pure function that makes the next version's payload of that one's."""


def encode(commit: Commit, source: str) -> tuple[bytes, dict[str, str]]:
    """The body and headers of a commit written by the service `source`."""
    body = ",".join(_encode_event(event) for event in commit.events)
    headers = {
        SPEC: "1.0",
        ID: commit.id,
        SOURCE: f"mesh/{source}",
        TYPES: types_of(commit),
        TIME: commit.at.isoformat(),
        CORRELATION: commit.correlation,
    }
    if commit.causation:
        headers[CAUSATION] = commit.causation
    return f'{{"events":[{body}]}}'.encode(), headers


def types_of(commit: Commit) -> str:
    """The wire names of the commit's events, joined by commas."""
    return ",".join(event.wire_name for event in commit.events)


def decode(body: bytes, headers: Mapping[str, str]) -> Commit:
    """The commit that a message holds.

    Raises:
        MalformedCommitError: a header or event is missing, of an unknown type, or does not fit its
            model.
    """
    try:
        return Commit(
            id=headers[ID],
            at=datetime.fromisoformat(headers[TIME]),
            events=tuple(_decode_event(stored) for stored in json.loads(body)["events"]),
            correlation=headers.get(CORRELATION, headers[ID]),
            causation=headers.get(CAUSATION),
        )
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        # The error's own text may quote a participant, so only its kind is passed on.
        raise MalformedCommitError(f"not a commit: {type(error).__name__}") from error


def _encode_event(event: Event) -> str:
    data = event.model_dump_json(exclude_defaults=True)
    return f'{{"type":"{event.wire_name}","version":{event.version},"data":{data}}}'


def _decode_event(stored: dict[str, Any]) -> Event:
    name = stored["type"]
    model = _BY_NAME[name]
    _, data = upcast(name, stored["version"], stored["data"])
    return model.model_validate(data)


def decode_event(name: str, version: int, data: dict[str, Any]) -> Event:
    """One event from its stored form.

    Raises:
        MalformedCommitError: it is of an unknown type, or does not fit its model.
    """
    try:
        return _decode_event({"type": name, "version": version, "data": data})
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        raise MalformedCommitError(f"not an event: {type(error).__name__}") from error


def version_of(name: str) -> int:
    """The catalogue's version of a payload; 0 for an event that it does not have."""
    model = _BY_NAME.get(name)
    return model.version if model else 0


def upcast(name: str, version: int, data: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """A payload in the catalogue's version, or in its own if that is newer."""
    while version < _BY_NAME[name].version:
        data = UPCASTS[name, version](data)
        version += 1
    return version, data
