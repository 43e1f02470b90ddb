"""What `mesh rerun` does: look at what there is, ask, run it again, and show what differs."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TimeRemainingColumn

from meshcore.replay.log import Log, open_log
from meshctl import rerun_tables
from meshctl.campaign_files import read_instructions, read_schema
from meshctl.environment import given_settings
from meshctl.measuring import BROKEN, INTERRUPTED, UNUSABLE, ends_in_peace, explained_input
from meshctl.selecting import told
from meshctl.up import stopped_by_signals
from mesheval.chosen_model import ChosenModel, chosen_model
from mesheval.rerun.again import Question, Rerun
from mesheval.rerun.differences import Outcome, Schema, outcome
from mesheval.rerun.keeping import Keeping, Setting
from mesheval.rerun.running import Change, Survey, rerun, survey
from meshsim.children import WorldError

_console = Console(highlight=False)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be run again; the options of the command."""

    campaign: str
    schema: Path | None
    model: str | None
    prompt: Path | None
    turns: bool
    conversations: int
    concurrency: int
    out: Path | None
    yes: bool
    env_file: Path
    nats_url: str

    @property
    def question(self) -> Question:
        """What is wanted."""
        return Question.WORDS if self.turns else Question.VALUES

    @property
    def change(self) -> Change:
        """What is to be otherwise.

        Raises:
            UnusableFileError: a file cannot be read, or is not what it should be.
        """
        schema = read_schema(self.schema) if self.schema else None
        instructions = read_instructions(self.prompt) if self.prompt else None
        return Change(schema, instructions)


def run(wanted: Plan) -> int:
    """Runs the conversations again and shows what differs, also after an interruption.

    Returns:
        The exit status.
    """
    with explained_input(), told(), stopped_by_signals():
        return asyncio.run(_run(wanted, wanted.change))


async def _run(wanted: Plan, change: Change) -> int:
    given = given_settings(wanted.env_file)
    if wanted.model:
        given["MESH_MODEL"] = wanted.model
    found = await _surveyed(wanted, change)
    async with chosen_model(given, wanted.concurrency) as model:
        _console.print(f"The model is {model.described}.", soft_wrap=True, markup=False)
        _announce(found, model, wanted.question)
        if not model.simulated and not _may_be_paid(wanted):
            return UNUSABLE
        async with open_log(wanted.nats_url) as log:  # anew: somebody may have thought for long
            return await _hold(log, wanted, change, found, model)


async def _surveyed(wanted: Plan, change: Change) -> Survey:
    """What there is to do.

    Raises:
        WorldError: nothing.
    """
    with _console.status("Reading the log ..."):
        async with open_log(wanted.nats_url) as log:
            found = await survey(
                log, wanted.campaign, change, wanted.question, wanted.conversations
            )
    if not found.campaign.exists:
        raise WorldError(f"the log knows nothing of a campaign {wanted.campaign}")
    if not found.conversations:
        raise WorldError(f"there is nothing to run again: {_why_nothing(found)}")
    return found


def _why_nothing(found: Survey) -> str:
    if found.erased:
        return f"the words of all {found.erased} conversations were erased"
    return "nobody has answered in this campaign yet"


def _announce(found: Survey, model: ChosenModel, question: Question) -> None:
    number = len(found.conversations)
    _console.print(
        f"{number} of {found.answered} conversations with answers, {found.decisions} "
        f"{'turns' if question is Question.WORDS else 'answers to read'}."
    )
    if found.erased:
        _console.print(f"Left out, since their words were erased: {found.erased}.")
    if model.simulated:
        return
    dollars = found.dollars(model.name)
    cost = "its price is not known" if dollars is None else rerun_tables.dollars(dollars)
    tokens = found.usage.tokens
    took = f"about {tokens:,} tokens, as on the log; {cost}" if tokens else "not known"
    _console.print(f"What it is going to take: {took}.", markup=False)


def _may_be_paid(wanted: Plan) -> bool:
    """Whether somebody agrees to what it costs."""
    if wanted.yes:
        return True
    if not sys.stdin.isatty():
        _console.print("Nothing was asked of the model: add --yes to agree to what it costs.")
        return False
    return typer.confirm("Go on?")


async def _hold(log: Log, wanted: Plan, change: Change, found: Survey, model: ChosenModel) -> int:
    study = change.of(found.campaign)
    before, after = found.campaign.extraction_schema, study.extraction_schema
    keeping = Keeping(wanted.out, before, after) if wanted.out else None
    done: dict[str, Rerun] = {}
    with _progress(len(found.conversations)) as (progress, task):

        def finished(one: Rerun) -> None:
            done[one.conversation] = one
            if keeping:
                keeping.add(one)
            progress.advance(task)

        work = rerun(
            log,
            found.conversations,
            study,
            model.model,
            wanted.question,
            concurrency=wanted.concurrency,
            finished=finished,
        )
        complete = await ends_in_peace(work)
    reruns = [done[name] for name in found.conversations if name in done]
    result = outcome(reruns, before, after)
    if not complete:
        _console.print(f"Interrupted: {len(reruns)} of {len(found.conversations)} were done.")
    _show(wanted.question, reruns, result, before, after)
    if keeping and wanted.out:
        keeping.conclude(_setting(wanted, found, model), result)
        _console.print(f"Written: {wanted.out}", soft_wrap=True, markup=False)
    if not complete:
        return INTERRUPTED
    return BROKEN if result.failed else 0


@contextmanager
def _progress(total: int) -> Iterator[tuple[Progress, TaskID]]:
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    off = not _console.is_terminal
    with Progress(*columns, console=_console, transient=True, disable=off) as progress:
        yield progress, progress.add_task("", total=total)


def _setting(wanted: Plan, found: Survey, model: ChosenModel) -> Setting:
    return Setting(
        campaign=wanted.campaign,
        question=wanted.question,
        model=model.name,
        simulated=model.simulated,
        schema=str(wanted.schema) if wanted.schema else None,
        prompt=str(wanted.prompt) if wanted.prompt else None,
        answered=found.answered,
        drawn=found.drawn,
        erased=found.erased,
    )


def _show(
    question: Question,
    reruns: list[Rerun],
    result: Outcome,
    before: Schema,
    after: Schema,
) -> None:
    if question is Question.WORDS:
        for one in reruns:
            rerun_tables.show_turns(_console, one)
    else:
        _console.print(rerun_tables.of_fields(result, before, after))
        rerun_tables.show_differences(_console, reruns, before, after)
    rerun_tables.show_totals(_console, question, result)
    for failure in sorted({one.failure for one in reruns if one.failure}):
        _console.print(f"Broke off: {failure}", style="red", markup=False, soft_wrap=True)
