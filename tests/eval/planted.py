"""Interviews written by hand, with and without faults, for what judges interviews."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from meshcore.domain.commit import Stamp
from meshcore.domain.conversation import Conversation, evolve
from meshcore.domain.events import (
    ConversationEnded,
    ConversationStarted,
    EndReason,
    Event,
    ExtractionRecorded,
    FieldState,
    MessageComposed,
    MessageKind,
    MessageReceived,
    MessageSent,
    OptOutSource,
    SendStarted,
    TurnTaken,
)
from meshcore.domain.schema import Value
from mesheval.interview import START, Interview
from mesheval.study import default_study
from meshsim.participants import Memory, make_profile
from meshsim.persona import Left

CAMPAIGN = default_study().campaign()
PROFILE = make_profile(
    "+971500000001",
    seed=1,
    personality="cooperative",
    schema=CAMPAIGN.extraction_schema,
)
OPENING = "Hi! I'm doing a quick research chat, you can stop at any time. Where do you refuel?"
THANKS = "Thank you so much for your time, have a great day!"


@dataclass
class Script:
    """An interview under way; every method adds what happened next."""

    revealed: dict[str, str] = field(default_factory=dict)
    left: Left = Left.NOT
    failure: str | None = None
    repeated: int = 0
    _log: list[tuple[Stamp, Event]] = field(default_factory=list)
    _state: Conversation = field(default_factory=Conversation)
    _messages: int = 0

    def agent(
        self,
        text: str,
        kind: MessageKind = MessageKind.REPLY,
        *,
        asked: str | None = None,
        end: EndReason | None = None,
        sent: bool = True,
        turn: TurnTaken | None = None,
    ) -> Script:
        """The agent composes a message, and sends it."""
        composed = MessageComposed(message_id=self._next(), kind=kind, text=text, asked=asked)
        answers = tuple(m.id for m in self._state.unanswered)
        taken = (turn or TurnTaken(answers=())).model_copy(update={"answers": answers})
        ended = [ConversationEnded(reason=end)] if end else []
        self._add(taken, composed, *ended)
        if sent:
            self._add(SendStarted(message_id=composed.message_id))
            self._add(MessageSent(message_id=composed.message_id, message_sid="SM"))
        return self

    def opening(self, text: str = OPENING, asked: str | None = "current_station") -> Script:
        """The agent opens the conversation."""
        self._add(ConversationStarted(participant=PROFILE.phone))
        return self.agent(text, MessageKind.OPENING, asked=asked)

    def goodbye(self, text: str = THANKS, end: EndReason = EndReason.COMPLETED) -> Script:
        """The agent ends the conversation."""
        return self.agent(text, MessageKind.GOODBYE, end=end)

    def person(
        self, text: str, told: Mapping[str, str] | None = None, *, stop: bool = False
    ) -> Script:
        """The participant writes, and reveals something."""
        source = OptOutSource.KEYWORD if stop else None
        event = MessageReceived(
            message_sid=self._next(), participant=PROFILE.phone, text=text, opt_out=source
        )
        self._add(event)
        self.revealed.update(told or {})
        return self

    def value(
        self,
        name: str,
        value: Value | None,
        quote: str,
        *,
        state: FieldState = FieldState.EXTRACTED,
        message: str | None = None,
    ) -> Script:
        """A value is recorded, quoted from the last message unless from another."""
        self._add(
            ExtractionRecorded(
                field=name,
                state=state,
                value=value,
                quote=quote,
                message_sid=message or self._state.messages[-1].id,
            )
        )
        return self

    def over(self) -> Interview:
        """The interview as it was."""
        memory = Memory(
            revealed=tuple(self.revealed.items()), left=self.left, repeated=self.repeated
        )
        return Interview(CAMPAIGN, PROFILE, tuple(self._log), self._state, memory, self.failure)

    def _add(self, *events: Event) -> None:
        position = len(self._log) + 1
        stamp = Stamp(position, START + timedelta(seconds=position))
        for event in events:
            self._log.append((stamp, event))
            self._state = evolve(self._state, event, stamp)

    def _next(self) -> str:
        self._messages += 1
        return f"m{self._messages}"


def faultless() -> Script:
    """A short interview as it should be, up to the last answer."""
    return (
        Script()
        .opening()
        .person("Mostly at ENOC", {"current_station": "ENOC"})
        .value("current_station", "ENOC", "at ENOC")
        .agent("Got it. How often do you drive through Yas Island?", asked="commute_frequency")
        .person("twice a week I guess", {"commute_frequency": "twice a week"})
        .value("commute_frequency", "2 times a week", "twice a week")
    )
