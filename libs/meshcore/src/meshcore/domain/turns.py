"""What the agent may decide in a conversation: to open it, to answer, to end it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
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
    from collections.abc import Mapping
    from datetime import datetime

    from meshcore.domain.conversation import Conversation
    from meshcore.domain.events import Event
    from meshcore.domain.schema import FieldSpec
    from meshcore.domain.study import Limits, Template


class NextStep(StrEnum):
    """What the agent owes the participant."""

    NOTHING = "nothing"
    FAREWELL = "farewell"
    REPLY = "reply"
    COURTESY = "courtesy"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the interviewer wants to do in a turn, after its words and values were checked.

    Without a reply the messages are taken note of, and nothing is said.
    """

    reply: str | None
    extractions: tuple[ExtractionRecorded, ...] = ()
    asked: str | None = None
    end: EndReason | None = None
    turn: TurnTaken = field(default_factory=lambda: TurnTaken(answers=()))
    template: Template | None = None


def next_step(state: Conversation) -> NextStep:
    """What is owed now.

    A farewell to whoever just opted out, a reply to whoever wrote; to what comes after the end, a
    courtesy, unless the participant wants or gets no messages. Else nothing.
    """
    waiting = state.unanswered
    if any(m.opt_out for m in waiting):
        return NextStep.FAREWELL
    if waiting and not state.ended:
        return NextStep.REPLY
    if waiting and not state.opted_out and state.end_reason not in _UNREACHABLE:
        return NextStep.COURTESY
    return NextStep.NOTHING


_UNREACHABLE = frozenset({EndReason.SEND_FAILED, EndReason.OPTED_OUT})
"""An opt-out in another campaign ends the conversation without being this one's."""


def said_courtesy(state: Conversation) -> bool:
    """Whether what came after the end has had its one reply."""
    return any(m.kind is MessageKind.COURTESY for m in state.messages)


@dataclass(frozen=True, slots=True)
class Slot:
    """Who is written to first, when, and by whom: a participant's place on the timetable.

    Attributes:
        participant: whom.
        due: not before; None for at once.
        sender: our address or messaging service that writes; None for the only one.
    """

    participant: str
    due: datetime | None = None
    sender: str | None = None


def may_be_opened(state: Conversation) -> bool:
    """Whether there is no opening yet, or only ones that failed through no fault of theirs."""
    return not state.opened or state.reopenable


def decide_opening(
    state: Conversation, slot: Slot, message_id: str, proposal: Proposal
) -> list[Event]:
    """Opens the conversation, once."""
    if not may_be_opened(state) or proposal.reply is None:
        return []
    return [
        ConversationStarted(participant=slot.participant, sender=slot.sender),
        proposal.turn,
        MessageComposed(
            message_id=message_id,
            kind=MessageKind.OPENING,
            text=proposal.reply,
            asked=proposal.asked,
            template=proposal.template,
            due=slot.due,
        ),
    ]


def decide_unopened_end(state: Conversation, slot: Slot, reason: EndReason) -> list[Event]:
    """Closes a conversation that is not to be opened: an opt-out, or nothing left to spend."""
    if not may_be_opened(state):
        return []
    started = ConversationStarted(participant=slot.participant, sender=slot.sender)
    return [started, ConversationEnded(reason=reason)]


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
    kind = MessageKind.GOODBYE if proposal.end else MessageKind.REPLY
    return _answer(state, message_id, proposal, kind)


def decide_courtesy(state: Conversation, message_id: str, proposal: Proposal) -> list[Event]:
    """Takes note of what came after the end; answers it once.

    An opt-out gets a goodbye and distress an answer all the same.
    """
    if next_step(state) is not NextStep.COURTESY:
        return []
    grave = proposal.end in {EndReason.OPTED_OUT, EndReason.DISTRESS}
    if said_courtesy(state) and not grave:
        proposal = replace(proposal, reply=None)
    kind = MessageKind.GOODBYE if proposal.end is EndReason.OPTED_OUT else MessageKind.COURTESY
    return _answer(state, message_id, replace(proposal, extractions=(), asked=None), kind)


def _answer(
    state: Conversation, message_id: str, proposal: Proposal, kind: MessageKind
) -> list[Event]:
    turn = proposal.turn.model_copy(update={"answers": tuple(m.id for m in state.unanswered)})
    events: list[Event] = [turn, *proposal.extractions]
    if proposal.reply is not None:
        asked = None if proposal.end else proposal.asked
        events.append(
            MessageComposed(message_id=message_id, kind=kind, text=proposal.reply, asked=asked)
        )
    if proposal.end:
        events.append(ConversationEnded(reason=proposal.end))
    return events


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


def settled_fields(state: Conversation, limits: Limits) -> set[str]:
    """The fields that are not to be asked about: known, refused, vague, or asked often enough."""
    known = {n for n, e in state.extractions.items() if e.state is not FieldState.PENDING}
    asked = Counter(m.asked for m in state.messages if m.asked)
    return known | {name for name, times in asked.items() if times > limits.probes_per_field}


def missing_fields(
    state: Conversation, schema: Mapping[str, FieldSpec], limits: Limits
) -> list[str]:
    """The required fields that are neither extracted nor given up."""
    return missing_required(schema, settled_fields(state, limits))


def max_turns(schema: Mapping[str, FieldSpec], limits: Limits) -> int:
    """How many turns an interview may take: three per field and some to spare, if not told."""
    return limits.turns or 3 * len(schema) + 6


def is_out_of_budget(
    state: Conversation, schema: Mapping[str, FieldSpec], limits: Limits, turn: TurnTaken
) -> bool:
    """Whether the interview must end with this turn. `turn` is what it takes, or has taken."""
    tokens = state.tokens + turn.input_tokens + turn.output_tokens
    cost = state.cost_usd + (turn.cost_usd or 0.0)
    return (
        state.turns + 1 > max_turns(schema, limits)
        or (limits.tokens is not None and tokens >= limits.tokens)
        or (limits.cost_usd is not None and cost >= limits.cost_usd)
    )
