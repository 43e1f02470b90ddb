"""A conversation held against another model, schema or prompt, decision by decision.

Everything is the agent's own: what it is told, how claims are checked, what is concluded. What
participants wrote, and when, is the log's. Nobody is written to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import assert_never

from mesh_agent.interviewer import Interviewer, please_type_it
from mesh_agent.perspective import chat_with, study_for
from meshcore.domain.campaign import Campaign
from meshcore.domain.conversation import Conversation, Extraction
from meshcore.domain.events import (
    ConversationEnded,
    ConversationStarted,
    EndReason,
    Event,
    ExtractionRecorded,
    MessageComposed,
    MessageKind,
    MessageReceived,
    TurnTaken,
)
from meshcore.domain.media import only_unusable
from meshcore.domain.turns import NextStep, Proposal, decide_courtesy, next_step
from meshcore.domain.usage import Usage
from meshcore.errors import MeshError, ModelError
from mesheval.rerun.history import Entry, History, folded


class Question(StrEnum):
    """What is asked of the logged conversations."""

    VALUES = "values"
    """What would have been found in what participants wrote?"""
    WORDS = "words"
    """What would the agent have said at each turn?"""


@dataclass(frozen=True, slots=True)
class Words:
    """What the agent said, or would say, and whether that ends the interview."""

    text: str | None
    end: EndReason | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A decision of the agent: what it answers, what it said, what it would say now."""

    heard: tuple[str, ...]
    recorded: Words
    now: Words


@dataclass(frozen=True, slots=True)
class Rerun:
    """What came of one conversation.

    Attributes:
        conversation: its id.
        recorded: what the log has of each field.
        now: what was found this time. With `Question.WORDS` nothing is.
        turns: what was said and would be said. With `Question.VALUES` there are none.
        usage: what the model took.
        recorded_usage: what it took for the same decisions, by the log.
        failure: why it broke off, if it did; what is there is then incomplete.
    """

    conversation: str
    recorded: Mapping[str, Extraction] = field(default_factory=dict)
    now: Mapping[str, Extraction] = field(default_factory=dict)
    turns: tuple[Turn, ...] = ()
    usage: Usage = field(default_factory=Usage)
    recorded_usage: Usage = field(default_factory=Usage)
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One commit in which the agent answered, and what there is to do about it again."""

    step: NextStep | None
    seen: Conversation
    taken: TurnTaken
    recorded: Words


async def run_again(
    history: History, campaign: Campaign, interviewer: Interviewer, question: Question
) -> Rerun:
    """Holds one conversation against the interviewer. A model that fails breaks it off.

    Args:
        history: the conversation.
        campaign: the study as it would be: with the other schema or instructions.
        interviewer: with the other model.
        question: what is wanted.
    """
    again = _Again(history, campaign, interviewer, question)
    try:
        await again.run()
    except MeshError as error:
        return again.result(f"{type(error).__name__}: {error}")
    return again.result()


def recorded_usage(history: History, campaign: Campaign, question: Question) -> tuple[Usage, int]:
    """What the log says that the decisions took which would be made again, and how many they are.

    Arguments are those of `run_again`.
    """
    usage, count, past = Usage(), 0, list[Entry]()
    for commit in history.commits:
        decision = decision_in(commit, past, campaign, question)
        if decision:
            usage, count = usage.plus(decision.taken), count + 1
        past += commit
    return usage, count


class _Again:
    """One conversation under way."""

    def __init__(
        self, history: History, campaign: Campaign, interviewer: Interviewer, question: Question
    ) -> None:
        self._history = history
        self._campaign = campaign
        self._interviewer = interviewer
        self._question = question
        self._past: list[Entry] = []
        self._turns: list[Turn] = []
        self._usage = Usage()
        self._recorded_usage = Usage()

    async def run(self) -> None:
        for commit in self._history.commits:
            found: tuple[ExtractionRecorded, ...] = ()
            if decision := decision_in(commit, self._past, self._campaign, self._question):
                proposal = await self._asked(decision)
                found = proposal.extractions
                self._note(decision, proposal)
            self._past += self._as_it_would_be(commit, found)

    def result(self, failure: str | None = None) -> Rerun:
        values = self._question is Question.VALUES
        return Rerun(
            conversation=self._history.conversation,
            recorded=self._history.state.extractions,
            now=folded(self._past).extractions if values else {},
            turns=tuple(self._turns),
            usage=self._usage,
            recorded_usage=self._recorded_usage,
            failure=failure,
        )

    def _as_it_would_be(
        self, commit: Sequence[Entry], found: Sequence[ExtractionRecorded]
    ) -> Iterator[Entry]:
        """The commit, with what was found now in place of what was recorded."""
        if self._question is Question.WORDS:
            yield from commit
            return
        yield from (entry for entry in commit if not isinstance(entry[1], ExtractionRecorded))
        yield from ((commit[-1][0], extraction) for extraction in found)

    def _note(self, decision: Decision, proposal: Proposal) -> None:
        self._usage = self._usage.plus(proposal.turn)
        self._recorded_usage = self._recorded_usage.plus(decision.taken)
        if self._question is Question.WORDS:
            heard = tuple(m.words for m in decision.seen.unanswered)
            now = Words(proposal.reply, proposal.end)
            self._turns.append(Turn(heard, decision.recorded, now))

    async def _asked(self, decision: Decision) -> Proposal:
        """What is proposed; at the second try if that can help."""
        try:
            return await self._proposed(decision)
        except ModelError as error:
            if not error.retryable:
                raise
            return await self._proposed(decision)

    async def _proposed(self, decision: Decision) -> Proposal:
        seen = chat_with(decision.seen)
        study = study_for(self._campaign, seen.participant or "")
        match decision.step:
            case None:
                return await self._interviewer.opening(study, seen)
            case NextStep.REPLY if only_unusable(seen.unanswered):
                return please_type_it(study, seen)
            case NextStep.REPLY:
                return await self._interviewer.turn(study, seen)
            case NextStep.COURTESY:
                return _said(seen, await self._interviewer.courtesy(study, seen))
            case NextStep.FAREWELL | NextStep.NOTHING:
                raise AssertionError("unreachable: these are no decisions of the model")
            case _:
                assert_never(decision.step)


def decision_in(
    commit: Sequence[Entry], past: Sequence[Entry], campaign: Campaign, question: Question
) -> Decision | None:
    """What the agent decided in a commit, if it would have to be asked again.

    The opening's own words, goodbyes to those who opted out and reminders are no model's.
    """
    events = [event for _, event in commit]
    taken = next((event for event in events if isinstance(event, TurnTaken)), None)
    if taken is None:
        return None
    words = _words_in(events)
    if any(_opens(event) for event in events):
        if campaign.opening is not None or question is Question.VALUES:
            return None
        started = [entry for entry in commit if isinstance(entry[1], ConversationStarted)]
        return Decision(None, folded([*past, *started]), taken, words)
    seen = _seen(past, taken)
    match step := next_step(seen):
        case NextStep.REPLY:
            return Decision(step, seen, taken, words)
        case NextStep.COURTESY if question is Question.WORDS:
            return Decision(step, seen, taken, words)
        case _:
            return None


def _seen(past: Sequence[Entry], taken: TurnTaken) -> Conversation:
    """The conversation as the agent saw it: without what came while the model was thinking."""
    state = folded(past)
    late = {m.id for m in state.unanswered} - set(taken.answers)
    return folded([entry for entry in past if not _is_of(entry[1], late)]) if late else state


def _is_of(event: Event, messages: set[str]) -> bool:
    return isinstance(event, MessageReceived) and event.message_sid in messages


def _opens(event: Event) -> bool:
    return isinstance(event, MessageComposed) and event.kind is MessageKind.OPENING


def _words_in(events: Sequence[Event]) -> Words:
    text = next((e.text for e in events if isinstance(e, MessageComposed)), None)
    return Words(text, next((e.reason for e in events if isinstance(e, ConversationEnded)), None))


def _said(seen: Conversation, proposal: Proposal) -> Proposal:
    """The courtesy as far as it is said: there is only one."""
    said = any(isinstance(e, MessageComposed) for e in decide_courtesy(seen, "again", proposal))
    return proposal if said else replace(proposal, reply=None)
