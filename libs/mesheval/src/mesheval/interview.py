"""A simulated interview: the agent's own decisions, a simulated person, and no servers between."""

from __future__ import annotations

import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from mesh_agent.interviewer import Interviewer
from mesh_agent.phrases import Phrase, say
from meshcore.domain import conversation
from meshcore.domain.commit import Stamp
from meshcore.domain.conversation import Conversation
from meshcore.domain.events import (
    EndReason,
    MessageReceived,
    MessageSent,
    MessageSuppressed,
    OptOutSource,
    SendStarted,
)
from meshcore.domain.optout import asks_to_stop, is_opt_out_keyword
from meshcore.domain.sends import Judge, Reconcile, Send, Suppress, Wait, next_send
from meshcore.domain.turns import (
    NextStep,
    Slot,
    decide_courtesy,
    decide_farewell,
    decide_opening,
    decide_turn,
    max_turns,
    next_step,
)
from meshcore.errors import MeshError, ModelError
from meshsim.participants import Memory, Profile, after_the_end, react
from meshsim.persona import Left

if TYPE_CHECKING:
    from meshcore.domain.campaign import Campaign
    from meshcore.domain.events import Event
    from meshcore.domain.turns import Proposal
    from meshsim.persona import Reaction

    Propose = Callable[[Campaign, Conversation], Awaitable[Proposal]]

START = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
THINKING = timedelta(seconds=2)
"""How long the simulated agent takes for a turn; nobody really waits."""

_ROUNDS_TO_SPARE = 10


@dataclass(frozen=True, slots=True)
class Interview:
    """An interview that is over, one way or another.

    Attributes:
        campaign: what was to be found out.
        profile: who was interviewed.
        log: every event with its place, in order.
        state: what the events amount to.
        memory: what the participant remembers: the truth as far as they told it.
        failure: why it broke down, if it did.
    """

    campaign: Campaign
    profile: Profile
    log: tuple[tuple[Stamp, Event], ...]
    state: Conversation
    memory: Memory
    failure: str | None = None

    @property
    def truths(self) -> dict[str, tuple[str, ...]]:
        """What the participant told, by field, in all its true forms."""
        return {
            topic: self._forms(topic, value)
            for topic, value in self.memory.revealed
            if topic in self.campaign.extraction_schema
        }

    @property
    def stayed(self) -> bool:
        """Whether the participant was there to the end."""
        return self.memory.left is Left.NOT

    @property
    def unanswered(self) -> bool:
        """Whether it is open only because the participant answers no more."""
        return not self.state.ended and self.memory.left is Left.SILENCE and not self.failure

    def _forms(self, topic: str, value: str) -> tuple[str, ...]:
        fact = self.profile.fact(topic)
        if fact is None or fact.value != value:
            return (value,)
        return (value, fact.answer, fact.short, *fact.also)


async def hold(campaign: Campaign, profile: Profile, interviewer: Interviewer) -> Interview:
    """Holds one interview.

    Ends with the interview, with the participant's silence, or after as many rounds as no interview
    may take.
    """
    chat = Chat(campaign, profile, interviewer)

    async def talk() -> None:
        await chat.open()
        await chat.go_on()
        await chat.hear_afterwards()

    return await guarded(chat, talk)


async def guarded(chat: Chat, talk: Callable[[], Awaitable[None]]) -> Interview:
    """The interview that came of a talk. Whatever broke it off is its failure: others go on."""
    try:
        await talk()
    except Exception as error:  # noqa: BLE001 - a defect must not cost the other interviews
        return chat.told(_described(error))
    return chat.told()


def _described(error: Exception) -> str:
    """What went wrong; of a defect also where."""
    if isinstance(error, MeshError):
        return f"{type(error).__name__}: {error}"
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})"


class Chat:
    """One conversation under way, with its own clock and its own log."""

    def __init__(self, campaign: Campaign, profile: Profile, interviewer: Interviewer) -> None:
        self.campaign = campaign
        self.profile = profile
        self.state = Conversation()
        self.memory = Memory()
        self._interviewer = interviewer
        self._log: list[tuple[Stamp, Event]] = []
        self._now = START
        self._position = 0

    def told(self, failure: str | None = None) -> Interview:
        """What has happened so far."""
        log = tuple(self._log)
        return Interview(self.campaign, self.profile, log, self.state, self.memory, failure)

    async def open(self) -> None:
        """The agent writes first."""
        proposal = await self._asked(self._interviewer.opening)
        self._decided(
            decide_opening(self.state, Slot(self.profile.phone), self._new_id(), proposal)
        )

    async def go_on(self) -> None:
        """Question and answer, until nothing more comes."""
        rounds = max_turns(self.campaign.extraction_schema, self.campaign.limits)
        for _ in range(rounds + _ROUNDS_TO_SPARE):
            if self.state.ended or not self._react():
                return
            await self.answer()

    async def hear_afterwards(self) -> None:
        """What the participant writes after the end, and what is made of it."""
        words = after_the_end(self.profile, self.memory) if self.state.ended else None
        if words:
            self.hear(words)
            await self.answer()

    def hear(self, text: str, after: float = 60.0) -> None:
        """The participant writes, `after` seconds later; taken in as ingress does."""
        self._now += timedelta(seconds=after)
        sid = f"SM{self._position + 1:032x}"
        self._append(
            MessageReceived(
                message_sid=sid, participant=self.profile.phone, text=text, opt_out=_opt_out(text)
            )
        )

    async def answer(self) -> None:
        """The agent answers whatever is unanswered."""
        self._now += THINKING
        match step := next_step(self.state):
            case NextStep.REPLY:
                proposal = await self._asked(self._interviewer.turn)
                self._decided(decide_turn(self.state, self._new_id(), proposal))
            case NextStep.FAREWELL:
                goodbye = say(Phrase.GOODBYE_TO_OPT_OUT, self._language)
                self._decided(decide_farewell(self.state, self._new_id(), goodbye))
            case NextStep.COURTESY:
                proposal = await self._asked(self._interviewer.courtesy)
                self._decided(decide_courtesy(self.state, self._new_id(), proposal))
            case NextStep.NOTHING:
                return
            case _:
                assert_never(step)

    async def _asked(self, propose: Propose) -> Proposal:
        """What is proposed; like a wake-up that comes again, at the second try if that can help."""
        try:
            return await propose(self.campaign, self.state)
        except ModelError as error:
            if not error.retryable:
                raise
            return await propose(self.campaign, self.state)

    @property
    def _language(self) -> str | None:
        return self.state.language or self.campaign.language

    def _react(self) -> bool:
        """The participant reads the last message and answers, or does not."""
        last = self.state.messages[-1]
        reaction: Reaction = react(self.profile, self.memory, last.text, last.asked)
        self.memory = reaction.memory
        for utterance in reaction.utterances:
            self.hear(utterance.text, utterance.after)
        return bool(reaction.utterances)

    def _decided(self, events: Sequence[Event]) -> None:
        self._append(*events)
        self._send()

    def _send(self) -> None:
        """Hands over what was composed, as outreach decides."""
        consented = self.state.end_reason is not EndReason.OPTED_OUT
        while step := next_send(self.state, consented=consented, at=self._now):
            message = step.message
            match step:
                case Send():
                    self._append(SendStarted(message_id=message.id))
                    self._append(MessageSent(message_id=message.id, message_sid=self._new_id()))
                case Suppress():
                    self._append(MessageSuppressed(message_id=message.id, reason=step.reason))
                case Reconcile() | Judge() | Wait():
                    raise AssertionError("unreachable: every send here succeeds")
                case _:
                    assert_never(step)

    def _append(self, *events: Event) -> None:
        if not events:
            return
        self._position += 1
        stamp = Stamp(self._position, self._now)
        for event in events:
            self._log.append((stamp, event))
            self.state = conversation.evolve(self.state, event, stamp)

    def _new_id(self) -> str:
        return f"m{self._position + 1}"


def _opt_out(text: str) -> OptOutSource | None:
    """How ingress reads a message."""
    if is_opt_out_keyword(text):
        return OptOutSource.KEYWORD
    return OptOutSource.PHRASE if asks_to_stop(text) else None
