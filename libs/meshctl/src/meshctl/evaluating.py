"""What `mesh eval` does: it holds the interviews, shows the figures, and keeps them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from meshcore.domain.campaign import Campaign
from meshctl import figure_tables
from meshctl.campaign_files import read_study
from meshctl.measuring import (
    BROKEN,
    INTERRUPTED,
    ends_in_peace,
    explained_input,
    measured_model,
)
from meshctl.up import stopped_by_signals
from mesheval.chosen_model import ChosenModel
from mesheval.evaluation import Held, Sitting, evaluate, in_order, plan
from mesheval.keeping import Keeping, keep
from mesheval.result import Result, Settings, compare, read_result, result_of
from mesheval.study import Study, default_study
from mesheval.trials import persona_injections

__all__ = ["BROKEN", "Plan", "measure", "show_difference"]

_console = Console(highlight=False)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be measured; the options of the command."""

    interviews: int
    personas: tuple[str, ...]
    seed: int
    runs: int
    campaign: Path | None
    out: Path | None
    concurrency: int
    max_turns: int | None
    env_file: Path


def measure(wanted: Plan) -> int:
    """Holds the interviews and shows what came out, also of those held before an interruption.

    Returns:
        The exit status.
    """
    with explained_input(), stopped_by_signals():
        study = read_study(wanted.campaign) if wanted.campaign else default_study()
        settings, held = asyncio.run(_hold(study, wanted))
        broken_off = len(held) < settings.planned
        if broken_off:
            _console.print(f"Interrupted: {len(held)} of {settings.planned} interviews were held.")
        result = result_of(settings, held)
        if held:
            _show(result)
        if wanted.out and held:
            file, words = keep(result, held, wanted.out)
            _console.print(f"Written: {file} and {words}", soft_wrap=True, markup=False)
        if result.broken:
            return BROKEN
        return INTERRUPTED if broken_off else 0


def show_difference(before: Path, after: Path) -> None:
    """Shows two kept results side by side."""
    with explained_input():
        differences = compare(read_result(before), read_result(after))
    _console.print(figure_tables.of_differences(differences))


async def _hold(study: Study, wanted: Plan) -> tuple[Settings, list[Held]]:
    """The interviews that came to their end, in the order of the plan."""
    chat = study.campaign(wanted.max_turns)
    held: list[Held] = []
    async with measured_model(wanted.env_file, wanted.concurrency, _console) as model:
        settings = _settings(study, wanted, model)
        keeping = Keeping(settings, wanted.out) if wanted.out else None

        def finished(one: Held) -> None:
            held.append(one)
            if keeping:
                keeping.add(one)

        await ends_in_peace(
            evaluate(
                chat,
                _sittings(chat, wanted),
                model.model,
                concurrency=wanted.concurrency,
                finished=finished,
                progress=_console.is_terminal,
            )
        )
    return settings, in_order(held)


def _sittings(chat: Campaign, wanted: Plan) -> list[Sitting]:
    return plan(
        chat,
        interviews=wanted.interviews,
        personas=wanted.personas,
        seed=wanted.seed,
        runs=wanted.runs,
        injections=persona_injections(),
    )


def _settings(study: Study, wanted: Plan, model: ChosenModel) -> Settings:
    return Settings(
        model=model.name,
        simulated=model.simulated,
        campaign=study.created.name,
        interviews=wanted.interviews,
        personas=wanted.personas,
        seed=wanted.seed,
        runs=wanted.runs,
    )


def _show(result: Result) -> None:
    _console.print(figure_tables.of_personas(result))
    if result.counts.breaches_before or result.counts.breaches_after:
        _console.print(figure_tables.of_breaches(result))
    _console.print(figure_tables.of_all(result))
    if result.answered_by and not result.settings.simulated:
        _console.print(f"Answered by {', '.join(result.answered_by)}.", markup=False)
    failures = {one.failure for one in result.interviews if one.failure}
    for failure in sorted(failures):
        _console.print(f"The model failed: {failure}", style="red", markup=False)
    for rule, count in result.broken.items():
        _console.print(f"Broken: {rule} ({count})", style="bold red", markup=False)
