"""Who a simulated participant is, what they remember, and how they put things."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from random import Random

from meshsim.facts import Fact


class Left(StrEnum):
    """How a participant left before the interview was over."""

    NOT = ""
    STOP = "stop"
    GOODBYE = "goodbye"
    SILENCE = "silence"


@dataclass(frozen=True)
class Utterance:
    """A message that a participant sends.

    Attributes:
        after: seconds since the previous one (or since the message answered) at speed 1.
        text: what it says.
    """

    after: float
    text: str


@dataclass(frozen=True)
class Profile:
    """Who a participant is; never changes.

    Attributes:
        phone: the address.
        personality: how they behave.
        seed: the seed of the whole world.
        facts: what they know.
        language: what they write in (BCP 47).
        injections: what they slip in, if they are of that kind.
    """

    phone: str
    personality: str
    seed: int
    facts: tuple[Fact, ...]
    language: str = "en"
    injections: tuple[str, ...] = ()

    def fact(self, topic: str | None) -> Fact | None:
        """What they know about a topic."""
        return next((fact for fact in self.facts if fact.topic == topic), None)


@dataclass(frozen=True)
class Memory:
    """What a participant remembers of the conversation.

    Attributes:
        heard: messages received so far.
        answered: questions answered so far.
        told: the questions met so far (as stems) with the answer that belongs to each.
        topics: what they were asked about, each time anew.
        revealed: topics that they spoke of, with the value that they gave last.
        repeated: how often they were asked about what they had told, after something else.
        owed: a topic about which they have said something wrong, and will correct it.
        wandered: whether the last message was off the topic.
        finished: whether the participant will never write again.
        left: how they left early, if they did.
    """

    heard: int = 0
    answered: int = 0
    told: tuple[tuple[frozenset[str], str], ...] = ()
    topics: tuple[str, ...] = ()
    revealed: tuple[tuple[str, str], ...] = ()
    repeated: int = 0
    owed: str | None = None
    wandered: bool = False
    finished: bool = False
    left: Left = Left.NOT

    def having_been_asked(self, topic: str) -> Memory:
        """The memory after a question about this topic; a follow-up question repeats nothing."""
        follows_up = bool(self.topics) and self.topics[-1] == topic
        again = topic in dict(self.revealed) and not follows_up
        return replace(self, topics=(*self.topics, topic), repeated=self.repeated + again)

    def having_revealed(self, *said: tuple[str, str]) -> Memory:
        """The memory after these topics were spoken of."""
        return replace(self, revealed=tuple({**dict(self.revealed), **dict(said)}.items()))


@dataclass(frozen=True)
class Reaction:
    """The messages that answer one received text, and the memory afterwards."""

    memory: Memory
    utterances: tuple[Utterance, ...] = ()


@dataclass(frozen=True)
class Heard:
    """A received question, understood: what the personalities decide upon.

    Attributes:
        profile: who was asked.
        memory: with the question in it.
        question: the words.
        answer: what belongs to it, at length.
        short: the same in few words.
        again: whether the question was met before.
        luck: the chance of this moment.
        fact: what the question is about, if it is about anything that they know.
    """

    profile: Profile
    memory: Memory
    question: str
    answer: str
    short: str
    again: bool
    luck: Random = field(compare=False)
    fact: Fact | None = None


def tell(heard: Heard, *texts: str, left: Left = Left.NOT) -> Reaction:
    """Answers the question with `texts`: what they know about it is out now."""
    if heard.fact:
        known = heard.memory.having_revealed((heard.fact.topic, heard.fact.value))
        heard = replace(heard, memory=known)
    return _send(heard, texts, answered=1, left=left)


def say(heard: Heard, *texts: str, answered: bool = False, left: Left = Left.NOT) -> Reaction:
    """Says something that tells nothing.

    Args:
        heard: what it is said to.
        texts: the messages.
        answered: whether it settles the question all the same.
        left: how they leave with it, if they do.
    """
    return _send(heard, texts, answered=int(answered), left=left)


def leave_silently(heard: Heard) -> Reaction:
    """Does not answer, and never will."""
    return Reaction(replace(heard.memory, left=Left.SILENCE))


def _send(heard: Heard, texts: tuple[str, ...], *, answered: int, left: Left) -> Reaction:
    """Sends `texts`, the first after a human pause and the others within about 0.3 s."""
    memory = replace(
        heard.memory,
        answered=heard.memory.answered + answered,
        wandered=False,
        finished=left is not Left.NOT,
        left=left,
    )
    pauses = [heard.luck.uniform(1.5, 5.0), *(heard.luck.uniform(0.05, 0.1) for _ in texts[1:])]
    return Reaction(memory, tuple(map(Utterance, pauses, texts)))
