"""The result of an evaluation: what is kept of it, read again, and compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from meshcore.domain.events import TurnTaken
from mesheval.evaluation import Held, by_persona, in_order, pass_all
from mesheval.hard_rules import broken
from mesheval.study import UnusableFileError
from mesheval.tally import Figures, Tally, figures, total
from mesheval.targets import FIGURES, Shown


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Settings(_Kept):
    """What was evaluated: enough to do it again."""

    model: str
    simulated: bool
    campaign: str
    interviews: int
    personas: tuple[str, ...]
    seed: int
    runs: int

    @property
    def planned(self) -> int:
        """How many interviews were to be held."""
        return self.interviews * self.runs


class One(_Kept):
    """One interview."""

    name: str
    persona: str
    run: int
    ended: str | None
    passed: bool
    broken: dict[str, int]
    failure: str | None
    figures: Figures


class Result(_Kept):
    """An evaluation, or what was held of it before it was broken off.

    `answered_by` names the models by their providers' word.
    """

    settings: Settings
    answered_by: tuple[str, ...]
    total: Figures
    pass_all: float | None
    broken: dict[str, int]
    personas: dict[str, Figures]
    counts: Tally
    interviews: tuple[One, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure in two results."""

    shown: Shown
    before: float | None
    after: float | None

    @property
    def change(self) -> float | None:
        """How much more it is now."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


PASS_ALL = Shown("pass_all", "interviews that passed in every run (pass^k)", "share")


def result_of(settings: Settings, finished: Sequence[Held]) -> Result:
    """What came out of the interviews that are finished; in the order of the plan."""
    held = in_order(finished)
    counts = total(one.tally for one in held)
    return Result(
        settings=settings,
        answered_by=tuple(sorted({name for one in held for name in _models(one)})),
        total=figures(counts),
        pass_all=pass_all(held, settings.runs),
        broken=_named(counts),
        personas={name: figures(tally) for name, tally in by_persona(held).items()},
        counts=counts,
        interviews=tuple(map(_one, held)),
    )


def _one(held: Held) -> One:
    reason = held.interview.state.end_reason
    return One(
        name=held.sitting.name,
        persona=held.sitting.profile.personality,
        run=held.sitting.run,
        ended=reason.value if reason else None,
        passed=held.passed,
        broken=_named(held.tally),
        failure=held.interview.failure,
        figures=figures(held.tally),
    )


def _models(held: Held) -> Iterator[str]:
    taken = (event for _, event in held.interview.log if isinstance(event, TurnTaken))
    return (turn.model for turn in taken if turn.model)


def _named(tally: Tally) -> dict[str, int]:
    return {rule.value: count for rule, count in broken(tally).items()}


def read_result(place: Path) -> Result:
    """Reads what `keeping` wrote; the folder will do.

    Raises:
        UnusableFileError: it cannot be read, or is no result.
    """
    file = place / "result.json" if place.is_dir() else place
    try:
        return Result.model_validate_json(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableFileError(f"{file} cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place_in_it = ".".join(map(str, first["loc"])) or "the file"
        raise UnusableFileError(
            f"{file} is not a result of mesh eval: {place_in_it}: {first['msg']}"
        ) from None


def compare(before: Result, after: Result) -> list[Difference]:
    """Every figure in both results, in the usual order."""
    differences = [Difference(s, s.of(before.total), s.of(after.total)) for s in FIGURES]
    return [*differences, Difference(PASS_ALL, before.pass_all, after.pass_all)]
