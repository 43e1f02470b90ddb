"""Simulated participants: seeded personalities as pure functions of what they hear."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from meshcore.domain.schema import FieldSpec
from meshsim.commuters import LANGUAGES, bank_facts
from meshsim.dice import dice, draw
from meshsim.difficult import DIFFICULT
from meshsim.facts import Fact, facts_from, generic_answer, matching_fact
from meshsim.persona import Heard, Left, Memory, Profile, Reaction, Utterance
from meshsim.personalities import PLAIN
from meshsim.schema_facts import schema_facts
from meshsim.words import content_stems, last_question, overlap

__all__ = [
    "DEFAULT_MIX",
    "PERSONALITIES",
    "Memory",
    "Profile",
    "Utterance",
    "make_profile",
    "react",
]

PERSONALITIES: Mapping[str, Callable[[Heard], Reaction]] = {**PLAIN, **DIFFICULT}
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
_FAREWELL = re.compile(
    r"\b(thanks|thank you|thx)\b[^.!?]*\b(time|chat\w*|everything|help\w*|part|us know|me know)\b|"
    r"\b(bye|goodbye|take care|all the best|won't (message|contact)|"
    r"have a (\w+ )?(day|evening|one|week|weekend))\b|"
    r"\b(gracias por (su|tu|todo)|adiós|hasta luego|que tengas?|cuídate|danke für|tschüss|"
    r"schönen tag|merci (pour|beaucoup pour)|au revoir|bonne journée|obrigad[oa] p(or|elo)|tchau|"
    r"bom dia para)\b|شكرا لوقتك|شكرًا لوقتك|مع السلامة",
    re.IGNORECASE,
)
_PROMPTING = re.compile(
    r"\b(tell me|let me know|share|describe|love to (?:hear|know)|curious|walk me through|"
    r"cuéntame|cuénteme|dime|erzähl\w*|dites-moi|racontez|conte-me|diga-me)\b|أخبرني",
    re.IGNORECASE,
)
_ANYTHING_ELSE = re.compile(
    r"\b(anything|something) else\b|\balgo más\b|\bsonst noch\b|\bautre chose\b|\bmais algo\b|"
    r"\bmais alguma\b|شيء آخر",
    re.IGNORECASE,
)
_GO_ON = content_stems(
    "elaborate example mean specific detail rough roughly number put concrete clarify explain "
    "expand little answer again repeat understand kind"
)
"""What a question that asks for more of the same is made of."""

_NODS = ("ok", "alright", "sure", ":)")


def make_profile(  # noqa: PLR0913 - what a person can be made of
    phone: str,
    *,
    seed: int,
    personality: str | None = None,
    mix: Mapping[str, float] = DEFAULT_MIX,
    facts: Mapping[str, str] | None = None,
    schema: Mapping[str, FieldSpec] | None = None,
    injections: tuple[str, ...] = (),
) -> Profile:
    """Make a participant that is the same for the same seed, phone and arguments.

    Args:
        phone: the address, e.g. `+971501234567`.
        seed: the seed of the whole world.
        personality: a key of `PERSONALITIES`; drawn from `mix` when None.
        mix: weights of the personalities.
        facts: `topic: answer` pairs, which go before the other facts.
        schema: what the participant is going to be asked; without one they know what a commuter
            knows.
        injections: what one who tries to take the interviewer over writes.

    Raises:
        ValueError: when the personality is not known.
    """
    chosen = personality or draw(mix, seed, phone, "personality")
    if chosen not in PERSONALITIES:
        msg = f"unknown personality {chosen!r}; known are {', '.join(PERSONALITIES)}"
        raise ValueError(msg)
    language = "en"
    if chosen == "multilingual":
        language = dice(seed, phone, "language").choice(LANGUAGES)
    known = bank_facts(seed, phone, language)
    if schema is not None:
        known = schema_facts(schema, seed, phone, language, known)
    return Profile(phone, chosen, seed, facts_from(facts or {}) + known, language, injections)


def react(profile: Profile, memory: Memory, text: str, asked: str | None = None) -> Reaction:
    """Return what the participant answers to `text`, and when.

    A participant that has said stop or has been thanked without a further question stays silent;
    but nobody takes the first message for a goodbye.

    Args:
        profile: who reads the text.
        memory: what they remember.
        text: what they read.
        asked: the topic that the text is about, by its author's word. It counts only where the
            participant does not recognise one: people understand more than keywords do.
    """
    heard = replace(memory, heard=memory.heard + 1)
    if memory.finished:
        return Reaction(heard)
    question = last_question(text)
    if question is None and not _PROMPTING.search(text):
        if memory.heard and _FAREWELL.search(text):
            return Reaction(replace(heard, finished=True))
        if matching_fact(profile.facts, text) is None and asked is None:
            return PERSONALITIES[profile.personality](_nod(profile, heard, text))
    understood = _understand(profile, heard, question or text, asked)
    return PERSONALITIES[profile.personality](understood)


def after_the_end(profile: Profile, memory: Memory) -> str | None:
    """What the participant writes although the interview is over; most people write nothing."""
    draw = dice(profile.seed, profile.phone, "afterwards")
    if memory.left is Left.SILENCE or draw.random() < 0.5:  # noqa: PLR2004 - a coin
        return None
    if memory.left is Left.STOP:
        return draw.choice(("ok", "thx"))
    return draw.choice(
        ("Thanks, bye!", "\U0001f44d", "Oh and I forgot, my brother sees it the same way")
    )


def _nod(profile: Profile, memory: Memory, text: str) -> Heard:
    """Where nothing is asked, nothing is told."""
    luck = dice(profile.seed, profile.phone, memory.heard, text)
    nod = luck.choice(_NODS)
    return Heard(profile, memory, text, nod, nod, again=True, luck=luck)


def _understand(profile: Profile, memory: Memory, question: str, asked: str | None) -> Heard:
    luck = dice(profile.seed, profile.phone, memory.heard, question)
    fact = _meant(profile, memory, question, asked)
    if fact is not None:
        key = frozenset({fact.topic})
        again = any(known == key for known, _ in memory.told)
        told = memory.told if again else (*memory.told, (key, fact.answer))
        known = replace(memory, told=told).having_been_asked(fact.topic)
        return Heard(profile, known, question, fact.answer, fact.short, again, luck, fact)
    stems = content_stems(question)
    before = next((said for key, said in memory.told if overlap(key, stems) >= _SAME_TOPIC), None)
    answer = before or _answer(profile, question, stems)
    told = memory.told if before else (*memory.told, (stems, answer))
    known = replace(memory, told=told)
    return Heard(profile, known, question, answer, answer, before is not None, luck)


def _meant(profile: Profile, memory: Memory, question: str, asked: str | None) -> Fact | None:
    """What the question is about, if it is about anything that the participant knows."""
    fact = matching_fact(profile.facts, question)
    if fact is not None or _ANYTHING_ELSE.search(question):
        return fact
    if memory.topics and content_stems(question) <= _GO_ON:
        return profile.fact(memory.topics[-1])
    return profile.fact(asked)


def _answer(profile: Profile, question: str, stems: frozenset[str]) -> str:
    if _ANYTHING_ELSE.search(question):
        return "No, that's all"
    return generic_answer(question, dice(profile.seed, profile.phone, *sorted(stems)))
