"""The people of the simulated world: who they are, what they heard, what they say next."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from meshsim.dice import dice, draw
from meshsim.participants import (
    DEFAULT_MIX,
    Memory,
    Profile,
    Utterance,
    make_profile,
    react,
)

Say = Callable[[str, str], Awaitable[object]]
_NAMES = ("Aisha", "Omar", "Sam", "Priya", "Jonas", "Fatima", "Leo", "Maria", "Chen", "Noor")


@dataclass
class Participant:
    """One person: the profile never changes, the memory grows with every message."""

    profile: Profile
    name: str
    memory: Memory = field(default_factory=Memory)
    sent: int = 0

    def describe(self) -> dict[str, object]:
        """Return what the control API shows."""
        facts = [
            {key: value for key, value in asdict(fact).items() if key not in {"strong", "weak"}}
            for fact in self.profile.facts
        ]
        return {
            "phone": self.profile.phone,
            "personality": self.profile.personality,
            "name": self.name,
            "facts": facts,
            "got": self.memory.heard,
            "sent": self.sent,
            "finished": self.memory.finished,
        }


class Population:
    """All participants by address; unknown ones come into being with their first message."""

    def __init__(
        self, seed: int, speed: float, say: Say, mix: Mapping[str, float] = DEFAULT_MIX
    ) -> None:
        self._seed = seed
        self._speed = speed
        self._say = say
        self._mix = mix
        self._people: dict[str, Participant] = {}
        self._speaking: set[asyncio.Task[None]] = set()

    def __iter__(self) -> Iterator[Participant]:
        return iter(self._people.values())

    def register(
        self,
        phone: str,
        personality: str | None = None,
        facts: Mapping[str, str] | None = None,
        mix: Mapping[str, float] | None = None,
    ) -> Participant:
        """Make a participant, or make one anew who has no memory.

        Raises:
            ValueError: when the personality is not known.
        """
        profile = make_profile(
            phone, seed=self._seed, personality=personality, facts=facts, mix=mix or self._mix
        )
        person = Participant(profile, dice(self._seed, phone, "name").choice(_NAMES))
        self._people[phone] = person
        return person

    def register_many(
        self, count: int, seed: int, mix: Mapping[str, float] | None = None
    ) -> list[Participant]:
        """Make `count` participants with numbers of their own; the same for the same seed.

        Raises:
            ValueError: when the mix names an unknown personality.
        """
        block = dice(seed, "block").randint(10, 99)
        phones = [f"+97150{block}{index:05d}" for index in range(count)]
        weights = mix or self._mix
        return [self.register(p, draw(weights, seed, p, "personality")) for p in phones]

    def get(self, phone: str) -> Participant:
        """Return the participant at this address, made now if need be."""
        return self._people.get(phone) or self.register(phone)

    def hear(self, phone: str, text: str) -> None:
        """Let a participant read a message; the answers follow in their own time."""
        person = self.get(phone)
        reaction = react(person.profile, person.memory, text)
        person.memory = reaction.memory
        if reaction.utterances:
            task = asyncio.create_task(self._speak(person, reaction.utterances))
            self._speaking.add(task)
            task.add_done_callback(self._speaking.discard)

    async def _speak(self, person: Participant, utterances: Sequence[Utterance]) -> None:
        """Say one thing after the other; a slow receiver does not slow the typing down."""
        said = []
        for utterance in utterances:
            await asyncio.sleep(utterance.after / self._speed)
            said.append(asyncio.ensure_future(self._say(person.profile.phone, utterance.text)))
        await asyncio.gather(*said)

    async def close(self) -> None:
        """Silence everybody."""
        for task in self._speaking:
            task.cancel()
        await asyncio.gather(*self._speaking, return_exceptions=True)
