"""What a soak breaks, and when: drawn from a seed, so that the same seed breaks the same things."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, assert_never

from meshsim.world import SERVICES

REPLICAS = 2

Kind = Literal["kill", "terminate", "nats", "postgres", "twilio", "model", "stop"]

_WEIGHTS: dict[Kind, int] = {
    "kill": 8,
    "terminate": 2,
    "nats": 2,
    "postgres": 2,
    "twilio": 4,
    "model": 3,
    "stop": 4,
}
_TWILIO: tuple[dict[str, Any], ...] = (
    {"kind": "rate_limited"},
    {"kind": "server_error", "when": "before"},
    {"kind": "server_error", "when": "after"},
    {"kind": "hang", "when": "before", "seconds": 7},
    {"kind": "hang", "when": "after", "seconds": 7},
    {"kind": "hang", "when": "late", "seconds": 7},
    {"kind": "duplicate_webhooks", "copies": 3},
)
_MODEL: tuple[dict[str, Any], ...] = (
    {"kind": "rate_limited", "retry_delay": 0.5},
    {"kind": "server_error"},
    {"kind": "hang", "seconds": 4},
    {"kind": "invalid_json"},
    {"kind": "empty"},
    {"kind": "blocked"},
    {"kind": "cut_off"},
)


@dataclass(frozen=True)
class Planned:
    """One thing to break.

    Attributes:
        at: seconds after the beginning.
        kind: what is done.
        targets: names of processes.
        away: seconds until what was broken is started again.
        how: of servers, whether they are killed or stopped.
        fault: what the simulated outside is told.
        lots: between 0 and 1, by which participants are chosen.
    """

    at: float
    kind: Kind
    targets: tuple[str, ...] = ()
    away: float = 0.0
    how: Literal["killed", "stopped"] = "killed"
    fault: dict[str, Any] = field(default_factory=dict)
    lots: tuple[float, ...] = ()

    def __str__(self) -> str:
        return f"{self.at:6.1f} s  {self._what()}"

    def _what(self) -> str:
        match self.kind:
            case "kill" | "terminate":
                return f"{self.kind} {' '.join(self.targets)}, start again after {self.away:.1f} s"
            case "nats" | "postgres":
                return f"{self.kind} is {self.how} for {self.away:.1f} s"
            case "twilio" | "model":
                return f"{self.kind}: {' '.join(f'{k}={v}' for k, v in self.fault.items())}"
            case "stop":
                return f"{len(self.lots)} participants say stop"
            case _:
                assert_never(self.kind)


def plan(seed: int, seconds: float, every: float) -> Iterator[Planned]:
    """The faults of a soak, in the order of time; the same for the same arguments."""
    dice = random.Random(seed)
    at = every
    while at < seconds:
        yield _draw(dice, at)
        at += every


def _draw(dice: random.Random, at: float) -> Planned:
    [kind] = dice.choices(list(_WEIGHTS), list(_WEIGHTS.values()))
    match kind:
        case "kill" | "terminate":
            away = dice.choice([0.0, dice.uniform(1, 5)])
            return Planned(at, kind, targets=_victims(dice), away=away)
        case "nats":
            return Planned(at, kind, away=dice.uniform(0, 3))
        case "postgres":
            how = dice.choice(("killed", "stopped"))
            return Planned(at, kind, away=dice.uniform(0.5, 6), how=how)  # type: ignore[arg-type]  # a choice of two literals
        case "twilio":
            fault = {**dice.choice(_TWILIO), "count": dice.randint(1, 10)}
            return Planned(at, kind, fault=fault)
        case "model":
            fault = {**dice.choice(_MODEL), "count": dice.randint(1, 15)}
            return Planned(at, kind, fault=fault)
        case "stop":
            return Planned(at, kind, lots=tuple(dice.random() for _ in range(dice.randint(1, 4))))


def _victims(dice: random.Random) -> tuple[str, ...]:
    """One process, both of one service, or several of all."""
    everybody = [
        name if replica == 1 else f"{name}-{replica}"
        for name in SERVICES
        for replica in range(1, REPLICAS + 1)
    ]
    match dice.choices(("one", "service", "several"), (5, 3, 2)):
        case ["one"]:
            return (dice.choice(everybody),)
        case ["service"]:
            service = dice.choice(SERVICES)
            return (service, f"{service}-2")
        case _:
            return tuple(sorted(dice.sample(everybody, dice.randint(2, len(everybody)))))
