"""Commits to and from messages."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given as holds_for
from hypothesis import strategies as st

from meshcore.domain.commit import Commit
from meshcore.domain.events import (
    CATALOGUE,
    CampaignLaunched,
    Event,
    ExtractionRecorded,
    FieldState,
    TurnTaken,
)
from meshcore.errors import MalformedCommitError
from meshcore.log import codec
from tests.support.strategies import any_event

AT = datetime(2026, 1, 5, 9, 0, 0, 123456, tzinfo=UTC)
BODY, HEADERS = codec.encode(Commit("c1", AT, (CampaignLaunched(),), "c0", "c0"), "ingress")


@holds_for(st.lists(any_event, min_size=1, max_size=3))
def test_what_is_encoded_decodes_to_itself(events: list[Event]) -> None:
    """For any event of the catalogue, alone or with others."""
    commit = Commit("c1", AT, tuple(events), "c0", "c0")
    assert codec.decode(*codec.encode(commit, "agent")) == commit


def test_every_event_is_in_the_catalogue_under_a_name_of_its_own() -> None:
    """An event outside of it could be written but not read."""
    subclasses = {c for c in Event.__subclasses__() if c.__module__.startswith("meshcore.")}
    assert set(CATALOGUE) == subclasses
    assert len({event.wire_name for event in CATALOGUE}) == len(CATALOGUE)


def test_headers_carry_what_a_reader_filters_on() -> None:
    """Under CloudEvents' names."""
    assert HEADERS == {
        "ce-specversion": "1.0",
        "ce-id": "c1",
        "ce-source": "mesh/ingress",
        "ce-type": "campaign_launched",
        "ce-time": "2026-01-05T09:00:00.123456+00:00",
        "ce-correlationid": "c0",
        "ce-causationid": "c0",
    }


def test_the_first_commit_of_a_chain_correlates_with_itself() -> None:
    """The causation may be missing too."""
    kept = {k: v for k, v in HEADERS.items() if k not in {codec.CORRELATION, codec.CAUSATION}}
    commit = codec.decode(BODY, kept)
    assert (commit.correlation, commit.causation) == ("c1", None)


def test_fields_of_a_newer_writer_are_ignored() -> None:
    """Services are not replaced all at once."""
    stored = {"type": "turn_taken", "version": 1, "data": {"answers": ["SM1"], "mood": "fine"}}
    commit = codec.decode(json.dumps({"events": [stored]}).encode(), HEADERS)
    assert commit.events == (TurnTaken(answers=("SM1",)),)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"null",
        b"[]",
        b"{}",
        b'{"events":[1]}',
        b'{"events":[{"type":"nobody_knows","version":1,"data":{}}]}',
        b'{"events":[{"type":"turn_taken","version":"1","data":{}}]}',
        b'{"events":[{"type":"turn_taken","version":0,"data":{"answers":[]}}]}',
        b'{"events":[{"type":"turn_taken","version":1,"data":{"answers":"secret"}}]}',
        b'{"events":[{"type":"turn_taken","version":1,"data":[]}]}',
        b'{"events":[{"type":["turn_taken"],"version":1,"data":{}}]}',
    ],
)
def test_what_is_not_a_commit_is_malformed_and_is_not_repeated(body: bytes) -> None:
    """The error may be logged, and the body may quote a participant."""
    with pytest.raises(MalformedCommitError) as caught:
        codec.decode(body, HEADERS)
    assert "secret" not in str(caught.value)
    assert not caught.value.retryable


@pytest.mark.parametrize("header", [codec.ID, codec.TIME])
def test_a_missing_header_is_malformed(header: str) -> None:
    """An event without id or time cannot be folded."""
    with pytest.raises(MalformedCommitError):
        codec.decode(BODY, {k: v for k, v in HEADERS.items() if k != header})


def test_a_number_that_json_cannot_hold_is_refused_when_the_event_is_made() -> None:
    """It would be stored as null."""
    with pytest.raises(ValueError, match="finite"):
        ExtractionRecorded(
            field="f", state=FieldState.EXTRACTED, value=float("nan"), quote="q", message_sid="SM1"
        )
