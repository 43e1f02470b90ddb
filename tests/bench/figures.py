"""What a benchmark gives back: a row of figures, each beside its floor where it has one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Goal:
    """What a figure is meant to reach.

    Attributes:
        at_most: whether less is better; otherwise more is.
        limit: the value not to be passed.
        of_ratio: whether the ratio to the floor is meant, not the value.
    """

    at_most: bool
    limit: float
    of_ratio: bool = False

    def __str__(self) -> str:
        sign = "<=" if self.at_most else ">="
        return f"{'ratio ' if self.of_ratio else ''}{sign} {self.limit:.3g}"


@dataclass(frozen=True)
class Figure:
    """One measured value.

    Attributes:
        name: what was measured.
        value: how much.
        unit: of the value and the floor.
        floor: what the least that does the job needs or reaches, measured in the same run.
        goal: what is wanted, if anything is.
    """

    name: str
    value: float
    unit: str
    floor: float | None = None
    goal: Goal | None = None

    @property
    def ratio(self) -> float | None:
        """The value in floors; None without one."""
        return self.value / self.floor if self.floor else None

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None where there is none."""
        if self.goal is None:
            return None
        measured = self.ratio if self.goal.of_ratio else self.value
        if measured is None:
            return None
        return measured <= self.goal.limit if self.goal.at_most else measured >= self.goal.limit

    def as_json(self) -> dict[str, Any]:
        """The figure for the results file."""
        found = {k: v for k, v in asdict(self).items() if k != "goal" and v is not None}
        if self.ratio is not None:
            found["ratio"] = self.ratio
        if self.goal:
            found |= {"goal": str(self.goal), "reached": self.reached}
        return found


@dataclass(frozen=True)
class Row:
    """Everything that one benchmark measured, and under which conditions."""

    name: str
    conditions: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Benchmark:
    """One row to be measured.

    Attributes:
        name: what `--only` takes.
        measure: gets an empty folder, and whether to be quick (tiny, and of no significance).
    """

    name: str
    measure: Callable[[Path, bool], Row]

    @property
    def about(self) -> str:
        """One line of description."""
        return (self.measure.__doc__ or "").partition("\n")[0]
