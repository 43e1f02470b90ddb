"""What turns and voice notes took is summed up, and what is not known stays unknown."""

from __future__ import annotations

from meshcore.domain.events import MediaTranscribed, TurnTaken
from meshcore.domain.usage import Usage
from tests.support.facts import opening, received, sid
from tests.support.story import given


def turn(
    cost_usd: float | None, *breaches: str, model: str | None = "m", fallback: bool = False
) -> TurnTaken:
    """A turn that took 10 tokens in and 3 out."""
    return TurnTaken(
        answers=(), model=model, input_tokens=10, output_tokens=3, cost_usd=cost_usd,
        breaches=breaches, fallback=fallback,
    )  # fmt: skip


def heard(n: int, cost_usd: float | None) -> MediaTranscribed:
    """The first file of the participant's n-th message, listened to."""
    return MediaTranscribed(
        message_sid=sid(n), index=0, text="At ENOC.", model="m", input_tokens=40, output_tokens=5,
        cost_usd=cost_usd,
    )  # fmt: skip


def test_turns_and_voice_notes_add_up() -> None:
    """Tokens in and out, each by itself, and the cost."""
    state = given(turn(0.5), received(1), heard(1, 0.25), turn(0.125)).state
    assert state.usage == Usage(60, 11, 0.875, 0)
    assert (state.tokens, state.cost_usd) == (71, 0.875)


def test_a_cost_is_unknown_until_one_is_known() -> None:
    """What has no price is counted, and adds nothing."""
    before = given(opening(), turn(None), received(1), heard(1, None))
    assert (before.state.usage.cost_usd, before.state.usage.unpriced) == (None, 3)
    after = before.and_then(turn(0.0)).state
    assert (after.usage.cost_usd, after.usage.unpriced) == (0.0, 3)


def test_a_turn_without_a_model_costs_nothing() -> None:
    """A fixed opening is not one whose price is unknown."""
    assert given(TurnTaken(answers=())).state.usage == Usage()


def test_a_voice_note_is_paid_for_once() -> None:
    """A fact that comes again changes nothing."""
    before = given(received(1), heard(1, 0.25))
    assert before.and_then(heard(1, 0.25)).state == before.state


def test_broken_rules_are_counted_by_name() -> None:
    """As often as they were broken, over all turns; fallbacks beside them."""
    state = given(
        turn(None, "one_question", "length"), turn(None, "one_question", fallback=True)
    ).state
    assert state.breaches == {"one_question": 2, "length": 1}
    assert state.fallbacks == 1
