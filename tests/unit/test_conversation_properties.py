"""What holds of a conversation whatever its history."""

from __future__ import annotations

from hypothesis import given as holds_for
from hypothesis import strategies as st

from meshcore.domain.events import (
    ConversationEnded,
    DeliveryStatusChanged,
    EndReason,
    Event,
    MessageComposed,
    MessageKind,
    MessageReceived,
    MessageSent,
    OptOutSource,
)
from meshcore.domain.sends import Send, next_send, why_not_send
from tests.support.facts import composed
from tests.support.story import given, stamp
from tests.support.strategies import any_event, conversation_event, histories, sends_of

SOON = stamp(60).at
"""Within a day of everything that is told."""

REPEATABLE = (
    MessageReceived,
    DeliveryStatusChanged,
    MessageComposed,
    MessageSent,
    ConversationEnded,
)
"""Facts that may be on the log twice; the second changes nothing."""


@holds_for(st.lists(any_event | conversation_event, max_size=25))
def test_folding_any_history_never_fails(history: list[Event]) -> None:
    """A log cannot be corrected, so every prefix of it must have a meaning."""
    story = given()
    for event in history:
        story = story.and_then(event)
        assert story.state.unanswered is not None
        next_send(story.state, consented=True, at=SOON)


@holds_for(histories, st.sampled_from(REPEATABLE), st.data())
def test_a_repeated_fact_changes_nothing(
    history: list[Event], kind: type[Event], data: st.DataObject
) -> None:
    """Webhooks, publishes and receipts are repeated."""
    event = data.draw(conversation_event.filter(lambda e: isinstance(e, kind)))
    once = given(*history, event)
    assert once.and_then(event).state == once.state


@holds_for(histories, histories)
def test_an_end_is_never_undone(before: list[Event], after: list[Event]) -> None:
    """Nor renamed, nor moved."""
    done = given(*before, ConversationEnded(reason=EndReason.COMPLETED))
    later = done.and_then(*after).state
    assert later.ended
    assert (later.status, later.end_reason, later.ended_at) == (
        done.state.status,
        done.state.end_reason,
        done.state.ended_at,
    )


@holds_for(histories, histories, st.sampled_from(OptOutSource), st.booleans())
def test_after_an_opt_out_only_goodbyes_composed_since_may_be_sent(
    before: list[Event],
    after: list[Event],
    source: OptOutSource,
    consented: bool,  # noqa: FBT001 - Hypothesis gives arguments by position
) -> None:
    """Stop means stop, whatever was in the making."""
    opt_out = MessageReceived(message_sid="SMstop", participant="p", text="stop", opt_out=source)
    stopped = given(*before, opt_out)
    state = stopped.and_then(*after).state
    assert state.opted_out
    for message in state.messages:
        if why_not_send(state, message, consented=consented, at=SOON) is None:
            assert message.kind is MessageKind.GOODBYE
            assert state.opted_out_position is not None
            assert message.position >= state.opted_out_position
    step = next_send(state, consented=consented, at=SOON)
    assert not isinstance(step, Send) or step.message.kind is MessageKind.GOODBYE


@holds_for(st.lists(sends_of("m1"), min_size=2, max_size=12))
def test_what_twilio_has_is_never_sendable_again(history: list[Event]) -> None:
    """Once a message has left, no fact but Twilio's own word that it failed brings it back."""
    story, gone = given(composed("m1"), composed("m2")), set[str]()
    for event in history:
        before, story = story.state, story.and_then(event)
        gone -= {m.id for m in before.messages if m.undecided}
        step = next_send(story.state, consented=True, at=SOON)
        if isinstance(step, Send):
            assert step.message.id not in gone
        gone |= {
            m.id
            for m in story.state.messages
            if m.sender == "agent"
            and m.status in {"accepted", "queued", "sent", "delivered", "read"}
        }
