"""Personal data is sealed, and only that; without its key it is gone, and nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given as holds_for
from hypothesis import strategies as st

from meshcore.domain.commit import Commit
from meshcore.domain.events import Event, ExtractionRecorded, FieldState, MessageReceived
from meshcore.errors import MalformedCommitError
from meshcore.log import codec, sealing
from meshcore.log.data_keys import DataKey
from tests.support.strategies import any_event

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
KEY, OTHER = DataKey(b"k" * 32), DataKey(b"o" * 32)
SAID = MessageReceived(message_sid="SM1", participant="p1", text="I live in Masdar")
HEARD = ExtractionRecorded(
    field="home", state=FieldState.EXTRACTED, value="Masdar", quote="in Masdar", message_sid="SM1"
)
STORY = Commit("c1", AT, (SAID, HEARD), "c0", "c0")


@holds_for(st.lists(any_event, min_size=1, max_size=3))
def test_what_is_sealed_decodes_to_itself(events: list[Event]) -> None:
    """For any event of the catalogue, with its key."""
    commit = Commit("c1", AT, tuple(events), "c0", "c0")
    body, headers = codec.encode(commit, "agent", KEY)
    assert codec.decode(body, headers, {KEY.id: KEY}.__getitem__) == commit


def test_no_word_of_a_participant_stands_in_a_sealed_body() -> None:
    """The rest can be read: which message, which field, what state."""
    body, _ = codec.encode(STORY, "agent", KEY)
    assert b"Masdar" in codec.encode(STORY, "agent")[0]
    assert b"Masdar" not in body
    assert b'"field":"home"' in body
    assert codec.key_ids_in(body) == {KEY.id}


def test_without_its_key_only_the_personal_part_of_an_event_is_gone() -> None:
    """So counts, states and orders stay what they were."""
    body, headers = codec.encode(STORY, "agent", KEY)
    said, heard = codec.decode(body, headers, lambda _: None).events
    assert said == SAID.model_copy(update={"text": ""})
    assert heard == HEARD.model_copy(update={"value": None, "quote": ""})


def test_erased_fields_are_what_their_events_say() -> None:
    """Each is a field of its event, and a value that it may have."""
    for event in (SAID, HEARD):
        assert set(event.personal) <= set(type(event).model_fields)


@pytest.mark.parametrize("key_of", [None, lambda _: OTHER])
def test_a_sealed_body_is_not_read_with_no_key_or_another(key_of: object) -> None:
    """An error, and never an erasure that nobody asked for."""
    body, headers = codec.encode(STORY, "agent", KEY)
    with pytest.raises(MalformedCommitError):
        codec.decode(body, headers, key_of)  # type: ignore[arg-type]  # one of them is none


def test_a_sealed_part_counts_only_where_it_was_sealed() -> None:
    """Moved to another commit, it is refused."""
    sealed = sealing.seal(b"{}", KEY, "c1.0")
    assert sealing.unseal(sealed, KEY, "c1.0") == b"{}"
    with pytest.raises(ValueError, match="for another event"):
        sealing.unseal(sealed, KEY, "c2.0")


def test_a_key_does_not_show_itself() -> None:
    """Not in a log line, and not in a traceback."""
    assert repr(KEY) == f"DataKey({KEY.id})"
