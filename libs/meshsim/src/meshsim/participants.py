"""Simulated participants: seeded personalities as pure functions of what they hear."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from random import Random

from meshsim.dice import dice, draw
from meshsim.facts import Fact, bank_facts, facts_from, generic_answer, matching_fact
from meshsim.words import content_stems, last_question, overlap

DEFAULT_MIX: Mapping[str, float] = {
    "cooperative": 70,
    "terse": 8,
    "vague": 8,
    "bursty": 6,
    "wanders": 4,
    "stops": 2,
    "silent": 2,
}
_SAME_TOPIC = 0.6
_CHANCE_TO_WANDER = 0.35
_FAREWELL = re.compile(
    r"\b(thank|thanks|bye|goodbye|take care|all the best|no problem|won't (?:message|contact)|"
    r"have a (?:\w+ )?(?:day|evening|one|week))\b",
    re.IGNORECASE,
)
_PROMPTING = re.compile(
    r"\b(tell me|let me know|share|describe|love to (?:hear|know)|curious|walk me through)\b",
    re.IGNORECASE,
)
_STOPS = ("Stop", "STOP.", "stop", "quit", "Quit!", "cancel", "END", " stop ", "Stop!")
_LEAVES = (
    "please leave me alone",
    "I don't want to continue with this",
    "no more messages please",
    "take me off your list",
)
_VAGUE = (
    "hmm, depends",
    "not sure really",
    "I guess okay",
    "it varies",
    "hard to say",
    "idk maybe",
)
_OFF_TOPIC = (
    "Haha did you see the match last night?",
    "By the way, this heat is unbearable today",
    "Btw my cat just jumped on the keyboard",
    "Did you hear about the traffic on the bridge this morning?",
)
_BEFORE = ("hm let me think", "ok so", "haha good one", "hmm", "one sec")
_AFTER = (":)", "yeah", "that's it", "haha")
_REFUSALS = ("I'd rather not say", "That's private, sorry", "I prefer not to answer that")


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
    """Who a participant is; never changes."""

    phone: str
    personality: str
    seed: int
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Memory:
    """What a participant remembers of the conversation.

    Attributes:
        heard: messages received so far.
        answered: questions answered so far.
        told: the questions met so far (as stems) with the answer that belongs to each.
        wandered: whether the last message was off the topic.
        finished: whether the participant will never write again.
    """

    heard: int = 0
    answered: int = 0
    told: tuple[tuple[frozenset[str], str], ...] = ()
    wandered: bool = False
    finished: bool = False


@dataclass(frozen=True)
class Reaction:
    """The messages that answer one received text, and the memory afterwards."""

    memory: Memory
    utterances: tuple[Utterance, ...] = ()


@dataclass(frozen=True)
class _Heard:
    """A received question, understood: what the personalities decide upon."""

    profile: Profile
    memory: Memory
    question: str
    answer: str
    short: str
    again: bool
    luck: Random = field(compare=False)


def make_profile(
    phone: str,
    *,
    seed: int,
    personality: str | None = None,
    mix: Mapping[str, float] = DEFAULT_MIX,
    facts: Mapping[str, str] | None = None,
) -> Profile:
    """Make a participant that is the same for the same seed, phone and arguments.

    Args:
        phone: the address, e.g. `+971501234567`.
        seed: the seed of the whole world.
        personality: a key of `PERSONALITIES`; drawn from `mix` when None.
        mix: weights of the personalities.
        facts: `topic: answer` pairs, which go before the built-in commuter's facts.

    Raises:
        ValueError: when the personality is not known.
    """
    chosen = personality or draw(mix, seed, phone, "personality")
    if chosen not in PERSONALITIES:
        msg = f"unknown personality {chosen!r}; known are {', '.join(PERSONALITIES)}"
        raise ValueError(msg)
    return Profile(phone, chosen, seed, facts_from(facts or {}) + bank_facts(seed, phone))


def react(profile: Profile, memory: Memory, text: str) -> Reaction:
    """Return what the participant answers to `text`, and when.

    A participant that has said stop or has been thanked without a further question stays silent.
    """
    heard = replace(memory, heard=memory.heard + 1)
    if memory.finished:
        return Reaction(heard)
    question = last_question(text)
    if question is None and _FAREWELL.search(text) and not _PROMPTING.search(text):
        return Reaction(replace(heard, finished=True))
    return PERSONALITIES[profile.personality](_understand(profile, heard, question or text))


def _understand(profile: Profile, memory: Memory, question: str) -> _Heard:
    luck = dice(profile.seed, profile.phone, memory.heard, question)
    stems = content_stems(question)
    fact = matching_fact(profile.facts, question)
    if fact is not None:
        key = frozenset({fact.topic})
        again = any(known == key for known, _ in memory.told)
        told = memory.told if again else (*memory.told, (key, fact.answer))
        known = replace(memory, told=told)
        return _Heard(profile, known, question, fact.answer, fact.short, again, luck)
    before = next((said for key, said in memory.told if overlap(key, stems) >= _SAME_TOPIC), None)
    answer = before or generic_answer(question, dice(profile.seed, profile.phone, *sorted(stems)))
    told = memory.told if before else (*memory.told, (stems, answer))
    known = replace(memory, told=told)
    return _Heard(profile, known, question, answer, answer, before is not None, luck)


def _say(heard: _Heard, *texts: str, answered: bool = True, finished: bool = False) -> Reaction:
    """Send `texts`, the first after a human pause and the others within about 0.3 s."""
    memory = replace(
        heard.memory,
        answered=heard.memory.answered + answered,
        wandered=False,
        finished=finished,
    )
    pauses = [heard.luck.uniform(1.5, 5.0), *(heard.luck.uniform(0.05, 0.1) for _ in texts[1:])]
    said = tuple(Utterance(pause, text) for pause, text in zip(pauses, texts, strict=True))
    return Reaction(memory, said)


def _cooperative(heard: _Heard) -> Reaction:
    return _say(heard, heard.answer)


def _terse(heard: _Heard) -> Reaction:
    return _say(heard, heard.short)


def _vague(heard: _Heard) -> Reaction:
    if heard.again:
        return _say(heard, heard.answer)
    return _say(heard, heard.luck.choice(_VAGUE), answered=False)


def _bursty(heard: _Heard) -> Reaction:
    texts = [heard.luck.choice(_BEFORE), heard.answer]
    if heard.luck.random() < 0.5:  # noqa: PLR2004 - a coin
        texts.append(heard.luck.choice(_AFTER))
    if heard.luck.random() < 0.3:  # noqa: PLR2004 - now and then
        texts.insert(0, "ok")
    return _say(heard, *texts)


def _wanders(heard: _Heard) -> Reaction:
    if not heard.memory.wandered and heard.luck.random() < _CHANCE_TO_WANDER:
        reaction = _say(heard, heard.luck.choice(_OFF_TOPIC), answered=False)
        return replace(reaction, memory=replace(reaction.memory, wandered=True))
    return _say(heard, heard.answer)


def _stops(heard: _Heard) -> Reaction:
    return _ends(heard, _STOPS)


def _leaves(heard: _Heard) -> Reaction:
    return _ends(heard, _LEAVES)


def _ends(heard: _Heard, last_words: tuple[str, ...]) -> Reaction:
    patience = dice(heard.profile.seed, heard.profile.phone, "patience").randint(1, 3)
    if heard.memory.answered < patience:
        return _say(heard, heard.answer)
    return _say(heard, heard.luck.choice(last_words), answered=False, finished=True)


def _refuses(heard: _Heard) -> Reaction:
    topic = sorted(content_stems(heard.question))
    secret = dice(heard.profile.seed, heard.profile.phone, "secret", *topic).random()
    if secret < 0.5:  # noqa: PLR2004 - a coin
        return _say(heard, heard.luck.choice(_REFUSALS))
    return _say(heard, heard.answer)


def _silent(heard: _Heard) -> Reaction:
    return Reaction(heard.memory)


PERSONALITIES: Mapping[str, Callable[[_Heard], Reaction]] = {
    "cooperative": _cooperative,
    "terse": _terse,
    "vague": _vague,
    "bursty": _bursty,
    "wanders": _wanders,
    "stops": _stops,
    "leaves": _leaves,
    "refuses": _refuses,
    "silent": _silent,
}
