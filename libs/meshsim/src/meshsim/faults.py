"""Faults on demand: which request is struck, decided repeatably."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from meshsim.dice import dice


class Fault(BaseModel):
    """What all faults have in common.

    With `count` the next so many matching requests are struck; with `probability` each matching
    one is by chance, without end unless `count` is given too. With neither: the next one only, or,
    with `during`, each one in that time.
    It strikes from `after` seconds on, counted from when it was armed, and for `during` seconds.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    count: int | None = Field(default=None, ge=1)
    probability: float | None = Field(default=None, ge=0, le=1)
    seed: int = 0
    after: float = Field(default=0, ge=0)
    during: float | None = Field(default=None, gt=0)


F = TypeVar("F", bound=Fault)


@dataclass
class _Armed(Generic[F]):
    fault: F
    left: int | None
    since: float
    struck: int = 0

    def is_live(self, at: float) -> bool:
        begins = self.since + self.fault.after
        ends = begins + (self.fault.during or float("inf"))
        return self.left != 0 and begins <= at < ends


class FaultPlan(Generic[F]):
    """The faults that are armed, in the order in which they were added."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._armed: list[_Armed[F]] = []

    def add(self, faults: Iterable[F]) -> None:
        """Arm more faults; those armed before go first."""
        for fault in faults:
            timed = fault.probability is not None or fault.during is not None
            once = None if timed else 1
            self._armed.append(_Armed(fault, fault.count or once, self._clock()))

    def clear(self) -> None:
        """Disarm everything."""
        self._armed.clear()

    def strike(self, applies: Callable[[F], bool], *names: object) -> F | None:
        """Return the fault that strikes a request, and count it; None for most requests.

        Args:
            applies: whether a fault is meant for this request.
            names: what identifies the request, so that chance is repeatable.
        """
        for armed in self._armed:
            if not armed.is_live(self._clock()) or not applies(armed.fault):
                continue
            chance = armed.fault.probability
            if chance is not None and dice(armed.fault.seed, *names).random() >= chance:
                continue
            armed.struck += 1
            armed.left = None if armed.left is None else armed.left - 1
            return armed.fault
        return None

    def describe(self) -> list[dict[str, object]]:
        """Return every fault with how often it struck and how often it still will."""
        return [
            {
                **armed.fault.model_dump(exclude_none=True),
                "struck": armed.struck,
                "left": armed.left,
            }
            for armed in self._armed
        ]
