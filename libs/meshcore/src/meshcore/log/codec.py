"""Commits to and from NATS messages.

Headers carry what a reader filters on, under the attribute names of CloudEvents (`ce-` as in its
NATS binding). The body is `{"events": [{"type", "version", "data"}, ...]}`. Stored versions older
than the catalogue's are upcast step by step.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from meshcore.domain.commit import Commit
from meshcore.domain.events import CATALOGUE
from meshcore.errors import MalformedCommitError
from meshcore.log import sealing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from meshcore.domain.events import Event
    from meshcore.log.data_keys import DataKey

ID = "ce-id"
TIME = "ce-time"
TYPES = "ce-type"
SOURCE = "ce-source"
SPEC = "ce-specversion"
CORRELATION = "ce-correlationid"
CAUSATION = "ce-causationid"

_SEALED = re.compile(rb'"sealed":"([0-9a-f]{8})\.')

_BY_NAME = {event.wire_name: event for event in CATALOGUE}

UPCASTS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""(wire name, version) to the pure function that makes the next version's payload of that one's."""


def encode(commit: Commit, source: str, key: DataKey | None = None) -> tuple[bytes, dict[str, str]]:
    """The body and headers of a commit written by the service `source`.

    With a key, the personal part of its events is sealed.
    """
    body = ",".join(
        _encode_event(event, key, _context(commit.id, n)) for n, event in enumerate(commit.events)
    )
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


def is_personal(commit: Commit) -> bool:
    """Whether some of its events have a personal part."""
    return any(event.personal for event in commit.events)


def key_ids_in(body: bytes) -> set[str]:
    """The ids of the keys with which parts of a body are sealed."""
    return {found.decode() for found in _SEALED.findall(body)}


def decode(
    body: bytes, headers: Mapping[str, str], key_of: Callable[[str], DataKey | None] | None = None
) -> Commit:
    """The commit that a message holds.

    Args:
        body: the message's.
        headers: the message's.
        key_of: the key of an id, None for a key that was destroyed: then the personal part is what
            its event says of erased ones.

    Raises:
        MalformedCommitError: a header or event is missing, of an unknown type, or does not fit its
            model; or a part is sealed, and there are no keys, or not with the key of that id.
    """
    try:
        return Commit(
            id=headers[ID],
            at=datetime.fromisoformat(headers[TIME]),
            events=tuple(
                _decode_event(_unsealed(stored, key_of, _context(headers[ID], n)))
                for n, stored in enumerate(json.loads(body)["events"])
            ),
            correlation=headers.get(CORRELATION, headers[ID]),
            causation=headers.get(CAUSATION),
        )
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        # The error's own text may quote a participant, so only its kind is passed on.
        raise MalformedCommitError(f"not a commit: {type(error).__name__}") from error


def _encode_event(event: Event, key: DataKey | None, context: str) -> str:
    personal = set(event.personal) if key else set()
    data = event.model_dump_json(exclude_defaults=True, exclude=personal)
    told = f'"type":"{event.wire_name}","version":{event.version},"data":{data}'
    if key is None or not personal:
        return f"{{{told}}}"
    hidden = event.model_dump_json(exclude_defaults=True, include=personal).encode()
    return f'{{{told},"sealed":"{sealing.seal(hidden, key, context)}"}}'


def _unsealed(
    stored: dict[str, Any], key_of: Callable[[str], DataKey | None] | None, context: str
) -> dict[str, Any]:
    """The stored event with its personal part, or without it if that was erased."""
    if "sealed" not in stored:
        return stored
    hidden = json.loads(_hidden(stored["type"], str(stored["sealed"]), key_of, context))
    return {**stored, "data": {**stored["data"], **hidden}}


def _hidden(
    name: str, sealed: str, key_of: Callable[[str], DataKey | None] | None, context: str
) -> bytes:
    if key_of is None:
        raise ValueError("sealed, and there are no keys")
    if key := key_of(sealing.key_id_of(sealed)):
        return sealing.unseal(sealed, key, context)
    return json.dumps(dict(_BY_NAME[name].personal)).encode()


def hidden_in(
    name: str,
    sealed: str,
    key_of: Callable[[str], DataKey | None] | None,
    commit_id: str,
    index: int,
) -> str:
    """The personal part of a stored event as JSON, or what its event says of erased ones.

    Raises:
        KeyError: it is of an unknown type, or its key was not asked for.
        ValueError: there are no keys, or it was not sealed with the key of that id.
    """
    return _hidden(name, sealed, key_of, _context(commit_id, index)).decode()


def _context(commit_id: str, index: int) -> str:
    return f"{commit_id}.{index}"


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
