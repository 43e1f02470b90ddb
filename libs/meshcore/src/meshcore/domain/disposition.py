"""How a conversation stands as survey researchers count it: who was reached, what came of it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from meshcore.domain.conversation import ConversationStatus
from meshcore.domain.events import EndReason, FieldState
from meshcore.domain.turns import missing_fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshcore.domain.conversation import Conversation
    from meshcore.domain.schema import FieldSpec
    from meshcore.domain.study import Limits


class Disposition(StrEnum):
    """What has become of a participant so far; every conversation has exactly one."""

    NOT_CONTACTED = "not_contacted"
    CONTACTED = "contacted"
    IN_PROGRESS = "in_progress"
    DECLINED = "declined"
    BREAKOFF = "breakoff"
    PARTIAL = "partial"
    COMPLETED = "completed"
    OPTED_OUT = "opted_out"
    UNDELIVERABLE = "undeliverable"
    EXPIRED = "expired"


def disposition(
    state: Conversation, schema: Mapping[str, FieldSpec], limits: Limits
) -> Disposition:
    """The conversation's disposition under its campaign's schema and limits."""
    match state.status:
        case ConversationStatus.PENDING:
            return Disposition.NOT_CONTACTED
        case ConversationStatus.OUTREACH_SENT:
            return Disposition.CONTACTED
        case ConversationStatus.ACTIVE:
            return Disposition.IN_PROGRESS
        case (
            ConversationStatus.COMPLETED
            | ConversationStatus.ABANDONED
            | (ConversationStatus.FAILED)
        ):
            return _of_ended(state, schema, limits)
        case _:
            assert_never(state.status)


def _of_ended(state: Conversation, schema: Mapping[str, FieldSpec], limits: Limits) -> Disposition:  # noqa: PLR0911 - one return per reason
    match state.end_reason:
        case EndReason.COMPLETED:
            return Disposition.COMPLETED
        case EndReason.OUT_OF_BUDGET:
            return _of_spent(state, schema, limits)
        case EndReason.OPTED_OUT:
            return Disposition.OPTED_OUT
        case EndReason.DECLINED:
            return Disposition.BREAKOFF if _told_something(state) else Disposition.DECLINED
        case EndReason.DISTRESS | EndReason.INAPPROPRIATE:
            return Disposition.BREAKOFF
        case EndReason.EXPIRED:
            return _of_silent(state)
        case EndReason.SEND_FAILED:
            return Disposition.UNDELIVERABLE
        case None:  # not without a reason: an end has one
            return Disposition.BREAKOFF
        case _:
            assert_never(state.end_reason)


def _of_spent(state: Conversation, schema: Mapping[str, FieldSpec], limits: Limits) -> Disposition:
    if state.status is ConversationStatus.ABANDONED:  # nothing was left to open it with
        return Disposition.NOT_CONTACTED
    missing = missing_fields(state, schema, limits)
    return Disposition.PARTIAL if missing else Disposition.COMPLETED


def _of_silent(state: Conversation) -> Disposition:
    if not _answered_in_time(state):
        return Disposition.EXPIRED
    return Disposition.PARTIAL if _told_something(state) else Disposition.BREAKOFF


def _answered_in_time(state: Conversation) -> bool:
    """Whether the participant wrote anything before the end."""
    return any(
        m.sender == "participant" and (state.ended_at is None or m.at <= state.ended_at)
        for m in state.messages
    )


def _told_something(state: Conversation) -> bool:
    return any(e.state is FieldState.EXTRACTED for e in state.extractions.values())
