"""Personalities that every interviewer must be able to cope with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from meshsim.dice import dice
from meshsim.persona import Heard, Left, Reaction, leave_silently, say, tell
from meshsim.words import content_stems

_CHANCE_TO_WANDER = 0.35
_COIN = 0.5
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


def _cooperative(heard: Heard) -> Reaction:
    return tell(heard, heard.answer)


def _terse(heard: Heard) -> Reaction:
    return tell(heard, heard.short)


def _vague(heard: Heard) -> Reaction:
    return tell(heard, heard.answer) if heard.again else say(heard, heard.luck.choice(_VAGUE))


def _bursty(heard: Heard) -> Reaction:
    texts = [heard.luck.choice(_BEFORE), heard.answer]
    if heard.luck.random() < _COIN:
        texts.append(heard.luck.choice(_AFTER))
    if heard.luck.random() < 0.3:  # noqa: PLR2004 - now and then
        texts.insert(0, "ok")
    return tell(heard, *texts)


def _wanders(heard: Heard) -> Reaction:
    if not heard.memory.wandered and heard.luck.random() < _CHANCE_TO_WANDER:
        reaction = say(heard, heard.luck.choice(_OFF_TOPIC))
        return replace(reaction, memory=replace(reaction.memory, wandered=True))
    return tell(heard, heard.answer)


def _stops(heard: Heard) -> Reaction:
    return _asks_to_stop(heard, _STOPS)


def _leaves(heard: Heard) -> Reaction:
    return _asks_to_stop(heard, _LEAVES)


def _asks_to_stop(heard: Heard, last_words: tuple[str, ...]) -> Reaction:
    if heard.memory.answered < patience(heard):
        return tell(heard, heard.answer)
    return say(heard, heard.luck.choice(last_words), left=Left.STOP)


def _vanishes(heard: Heard) -> Reaction:
    if heard.memory.answered < patience(heard):
        return tell(heard, heard.answer)
    return leave_silently(heard)


def _forgetful(heard: Heard) -> Reaction:
    """Says nothing to the first message, and whatever else is asked after a second one."""
    if heard.memory.heard == 1:
        return Reaction(heard.memory)
    return tell(heard, heard.answer)


def patience(heard: Heard) -> int:
    """How many answers somebody who leaves early gives."""
    return dice(heard.profile.seed, heard.profile.phone, "patience").randint(1, 3)


def _refuses(heard: Heard) -> Reaction:
    topic = sorted(content_stems(heard.question))
    secret = dice(heard.profile.seed, heard.profile.phone, "secret", *topic).random()
    if secret < _COIN:
        return say(heard, heard.luck.choice(_REFUSALS), answered=True)
    return tell(heard, heard.answer)


def _silent(heard: Heard) -> Reaction:
    return leave_silently(heard)


PLAIN: Mapping[str, Callable[[Heard], Reaction]] = {
    "cooperative": _cooperative,
    "terse": _terse,
    "vague": _vague,
    "bursty": _bursty,
    "wanders": _wanders,
    "stops": _stops,
    "leaves": _leaves,
    "vanishes": _vanishes,
    "refuses": _refuses,
    "silent": _silent,
    "forgetful": _forgetful,
}
