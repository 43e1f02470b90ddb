"""An evaluation: many simulated interviews, judged one by one and all together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

from pydantic_evals import Case, Dataset
from pydantic_evals.evaluators import Evaluator, EvaluatorContext

from mesh_agent.interviewer import Interviewer
from mesh_agent.models.protocol import Model
from meshcore.domain.campaign import Campaign
from mesheval.counting import is_natural_ending, tally
from mesheval.hard_rules import broken
from mesheval.interview import Interview, hold
from mesheval.people import PERSONAS
from mesheval.tally import Tally, figures, total
from meshsim.participants import Profile, make_profile

GOOD_F1 = 0.9


@dataclass(frozen=True, slots=True)
class Sitting:
    """One interview to be held: the n-th participant, in one of the runs."""

    profile: Profile
    number: int
    run: int

    @property
    def name(self) -> str:
        """For instance `terse-3 run 1`."""
        return f"{self.participant} run {self.run}"

    @property
    def participant(self) -> str:
        """The same over all runs."""
        return f"{self.profile.personality}-{self.number}"


@dataclass(frozen=True, slots=True)
class Held:
    """An interview and what was counted in it."""

    sitting: Sitting
    interview: Interview
    tally: Tally

    @property
    def passed(self) -> bool:
        """Whether it was as it should be."""
        return passes(self.interview, self.tally)


def plan(  # noqa: PLR0913 - what an evaluation can be made of
    campaign: Campaign,
    *,
    interviews: int,
    personas: Sequence[str] = PERSONAS,
    seed: int = 1,
    runs: int = 1,
    injections: tuple[str, ...] = (),
) -> list[Sitting]:
    """Who is to be interviewed. The same arguments give the same people.

    Args:
        campaign: whose schema they know something about.
        interviews: how many people; the personas take turns.
        personas: which kinds.
        seed: of everything drawn; every run has the next one, so that it meets people of the same
            kinds who know other things.
        runs: how often all of it is done.
        injections: what those who try to take the interviewer over write.

    Raises:
        ValueError: a persona is not known.
    """
    return [
        Sitting(
            make_profile(
                f"+97150{number:07d}",
                seed=seed + run,
                personality=persona,
                schema=campaign.extraction_schema,
                injections=injections,
            ),
            number,
            run + 1,
        )
        for run in range(runs)
        for number, persona in enumerate(islice(cycle(personas), interviews), 1)
    ]


async def evaluate(  # noqa: PLR0913 - how an evaluation can be held
    campaign: Campaign,
    sittings: Sequence[Sitting],
    model: Model,
    *,
    concurrency: int,
    finished: Callable[[Held], None] = lambda _: None,
    progress: bool = False,
) -> list[Held]:
    """Holds the interviews, `concurrency` at a time, and judges them; in the order of the plan.

    `finished` is told of each as soon as it is over, for whoever cannot wait for the last one; it
    must not raise.
    """
    interviewer = Interviewer(model)
    held: list[Held] = []

    async def sit(sitting: Sitting) -> Interview:
        interview = await hold(campaign, sitting.profile, interviewer)
        one = Held(sitting, interview, tally(interview))
        held.append(one)
        finished(one)
        return interview

    dataset = Dataset[Any, Any, None](
        name="interviews",
        cases=[Case(name=sitting.name, inputs=sitting) for sitting in sittings],
        evaluators=[Judgement()],
    )
    report = await dataset.evaluate(sit, max_concurrency=concurrency, progress=progress)
    if report.failures:
        raise RuntimeError(report.failures[0].error_stacktrace)
    return in_order(held)


def in_order(held: Iterable[Held]) -> list[Held]:
    """The interviews in the order of the plan, whichever came to its end first."""
    return sorted(held, key=lambda one: (one.sitting.run, one.sitting.number))


@dataclass
class Judgement(Evaluator[Sitting, Interview, None]):
    """What one interview was worth."""

    def evaluate(
        self, ctx: EvaluatorContext[Sitting, Interview, None]
    ) -> Mapping[str, bool | float]:
        """The interview's marks."""
        counted = tally(ctx.output)
        found = figures(counted)
        scores = {"f1": found.f1, "coverage": found.coverage, "turns": found.turns}
        return {
            "hard rules": not broken(counted),
            "passed": passes(ctx.output, counted),
            **{name: score for name, score in scores.items() if score is not None},
        }


def passes(interview: Interview, counted: Tally) -> bool:
    """Whether an interview was as it should be.

    No hard rule was broken, it came to a natural end (unless the participant fell silent), nothing
    settled was asked again, whoever wanted to stop was obeyed, and F1 is at least 0.9.
    """
    found = figures(counted)
    return (
        not broken(counted)
        and (is_natural_ending(interview) or interview.unanswered)
        and not counted.asking_again
        and counted.stops_obeyed == counted.stops_wanted
        and not counted.stops_unwanted
        and (found.f1 is None or found.f1 >= GOOD_F1)
    )


def pass_all(held: Sequence[Held], runs: int) -> float | None:
    """pass^k: of those interviewed in every run, the share of those who always passed."""
    sat = Counter(one.sitting.participant for one in held)
    passed = Counter(one.sitting.participant for one in held if one.passed)
    complete = [name for name, times in sat.items() if times == runs]
    return sum(passed[name] == runs for name in complete) / len(complete) if complete else None


def by_persona(held: Sequence[Held]) -> dict[str, Tally]:
    """The counts for each kind of participant, in the order in which they come."""
    kinds = dict.fromkeys(one.sitting.profile.personality for one in held)
    return {
        kind: total(one.tally for one in held if one.sitting.profile.personality == kind)
        for kind in kinds
    }
