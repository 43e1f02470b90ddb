"""States are replaced as the standard library would replace them."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from meshcore.domain.changing import replace
from meshcore.domain.conversation import Conversation, Message, SendStatus

_MESSAGE = Message("m", 1, "agent", "Hi", datetime(2026, 3, 1, tzinfo=UTC), SendStatus.COMPOSED)


@pytest.mark.parametrize(
    ("state", "changes"),
    [
        (_MESSAGE, {"status": SendStatus.SENT, "sid": "SM1"}),
        (Conversation(turns=3), {"messages": (_MESSAGE,), "breaches": {"length": 1}}),
        (Conversation(turns=3), {}),
    ],
)
def test_a_replaced_state_is_the_one_that_the_standard_library_makes(
    state: Message | Conversation, changes: dict[str, object]
) -> None:
    """Equal in every field, another object, and the first is left as it was."""
    before = dataclasses.asdict(state)
    found = replace(state, **changes)  # type: ignore[arg-type]  # any field, by name
    assert found == dataclasses.replace(state, **changes)  # type: ignore[arg-type]  # likewise
    assert found is not state
    assert dataclasses.asdict(state) == before


def test_a_field_that_is_not_there_cannot_be_replaced() -> None:
    """A mistyped name is an error, not a new attribute."""
    with pytest.raises(KeyError):
        replace(_MESSAGE, colour="red")  # type: ignore[call-arg]  # that is the mistake
