"""What the agent may decide in a conversation: to open it, to answer, to end it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from meshcore.domain.events import (
    ConversationEnded,
    ConversationStarted,
    EndReason,
    ExtractionRecorded,
    FieldState,
    MessageComposed,
    MessageKind,
    OptOutSource,
    TurnTaken,
)
from meshcore.domain.schema import missing_required

if TYPE_CHECKING:
    from meshcore.domain.events import Event
    from meshcore.domain.schema import FieldSpec

from meshcore.domain.conversation import Conversation


class NextStep(StrEnum):
    """What the agent owes the participant."""

    NOTHING = "nothing"
    FAREWELL = "farewell"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the interviewer wants to do in a turn, after its words and values were checked."""

    reply: str
    extractions: tuple[ExtractionRecorded, ...] = ()
    asked: str | None = None
    end: EndReason | None = None
    turn: TurnTaken = field(default_factory=lambda: TurnTaken(answers=()))


def next_step(state: Conversation) -> NextStep:
    """What is owed now.

    A farewell to whoever just opted out, a reply to whoever wrote, else nothing.
    """
    waiting = state.unanswered
    if any(m.opt_out for m in waiting):
        return NextStep.FAREWELL
    if waiting and not state.ended:
        return NextStep.REPLY
    return NextStep.NOTHING


def decide_opening(
    state: Conversation, participant: str, message_id: str, proposal: Proposal
) -> list[Event]:
    """Opens the conversation, once."""
    if state.opened:
        return []
    return [
        ConversationStarted(participant=participant),
        proposal.turn,
        MessageComposed(
            message_id=message_id,
            kind=MessageKind.OPENING,
            text=proposal.reply,
            asked=proposal.asked,
        ),
    ]


def decide_unopened_end(state: Conversation, participant: str) -> list[Event]:
    """Closes the conversation of somebody who opted out before it was opened."""
    if state.opened:
        return []
    return [
        ConversationStarted(participant=participant),
        ConversationEnded(reason=EndReason.OPTED_OUT),
    ]


def decide_end_elsewhere(state: Conversation) -> list[Event]:
    """Ends a conversation that was opened and runs, for a participant who opted out elsewhere."""
    if state.started_at is None or state.ended:
        return []
    return [ConversationEnded(reason=EndReason.OPTED_OUT)]


def decide_turn(state: Conversation, message_id: str, proposal: Proposal) -> list[Event]:
    """Answers everything unanswered with one message.

    Ends the conversation where the proposal says so.
    """
    if next_step(state) is not NextStep.REPLY:
        return []
    turn = proposal.turn.model_copy(update={"answers": tuple(m.id for m in state.unanswered)})
    kind = MessageKind.GOODBYE if proposal.end else MessageKind.REPLY
    composed = MessageComposed(
        message_id=message_id,
        kind=kind,
        text=proposal.reply,
        asked=None if proposal.end else proposal.asked,
    )
    ending = [ConversationEnded(reason=proposal.end)] if proposal.end else []
    return [turn, *proposal.extractions, composed, *ending]


def decide_farewell(state: Conversation, message_id: str, goodbye: str) -> list[Event]:
    """Says goodbye, once, to whoever opted out.

    Where Twilio has confirmed the opt-out itself, nothing is said; nor to whoever has opted in
    again since.
    """
    if next_step(state) is not NextStep.FAREWELL:
        return []
    waiting = state.unanswered
    turn = TurnTaken(answers=tuple(m.id for m in waiting))
    confirmed = any(m.opt_out is OptOutSource.PROVIDER for m in waiting)
    said = any(state.is_goodbye_to_opt_out(m) for m in state.messages)
    if confirmed or said or not state.opted_out:
        return [turn]
    return [turn, MessageComposed(message_id=message_id, kind=MessageKind.GOODBYE, text=goodbye)]


def missing_fields(state: Conversation, schema: dict[str, FieldSpec]) -> list[str]:
    """The required fields that are neither extracted nor given up."""
    settled = {n for n, e in state.extractions.items() if e.state is not FieldState.PENDING}
    return missing_required(schema, settled)
