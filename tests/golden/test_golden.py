"""Everything that was ever stored can still be read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from meshcore.domain.commit import Commit
from meshcore.domain.events import CATALOGUE, Event
from meshcore.log import codec

FOLDER = Path(__file__).parent
AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
VERSIONS = [(model, v) for model in CATALOGUE for v in range(1, model.version + 1)]
_, HEADERS = codec.encode(Commit("c1", AT, (), "c1"), "test")


def _stored(model: type[Event], version: int) -> dict[str, Any]:
    path = FOLDER / model.wire_name / f"v{version}.json"
    stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return stored


def _decoded(stored: dict[str, Any]) -> Event:
    (event,) = codec.decode(json.dumps({"events": [stored]}).encode(), HEADERS).events
    return event


@pytest.mark.parametrize(("model", "version"), VERSIONS)
def test_every_version_of_every_event_decodes(model: type[Event], version: int) -> None:
    """Also the versions that are no longer written."""
    stored = _stored(model, version)
    assert (stored["type"], stored["version"]) == (model.wire_name, version)
    assert isinstance(_decoded(stored), model)


@pytest.mark.parametrize("model", CATALOGUE)
def test_the_current_version_encodes_to_its_golden_payload(model: type[Event]) -> None:
    """What is written today is what the file says: a changed payload needs a new version."""
    stored = _stored(model, model.version)
    body, _ = codec.encode(Commit("c1", AT, (_decoded(stored),), "c1"), "test")
    assert json.loads(body) == {"events": [stored]}


@pytest.mark.parametrize("model", CATALOGUE)
def test_the_golden_payload_shows_every_field(model: type[Event]) -> None:
    """A field that no payload holds could be renamed unnoticed."""
    shown = {name for v in range(1, model.version + 1) for name in _stored(model, v)["data"]}
    hidden = {"opt_in"}  # an opt-in and an opt-out do not come in one message
    assert set(model.model_fields) - hidden <= shown


def test_no_golden_payload_without_its_event() -> None:
    """An event that left the catalogue could not be read any more."""
    on_disk = {
        (path.parent.name, path.name) for path in FOLDER.glob("*/*") if "__" not in path.parent.name
    }
    assert on_disk == {(model.wire_name, f"v{version}.json") for model, version in VERSIONS}
