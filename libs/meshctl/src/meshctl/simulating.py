"""What `mesh simulate` does: warnings, interviews, what came out of them, and what they cost."""

from __future__ import annotations

import asyncio
from pathlib import Path

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from meshcore.domain.schema import Value
from meshctl.campaign_files import read_study
from meshctl.measuring import explained_input, measured_model
from meshctl.up import stopped_by_signals
from mesheval.costs import Estimate, estimate
from mesheval.evaluation import Held, evaluate, plan
from mesheval.people import CROWD
from mesheval.schema_warnings import Warned, warnings
from mesheval.study import Study
from mesheval.tally import total
from mesheval.transcripts import ending, spoken
from meshsim.children import WorldError

_console = Console(highlight=False)


def try_out(  # noqa: PLR0913 - what can be chosen
    campaign: Path,
    interviews: int,
    seed: int,
    env_file: Path,
    *,
    concurrency: int,
    transcripts: bool,
) -> None:
    """Holds interviews about the campaign in the file, and shows everything about them.

    Leaves with 1 if any broke down.
    """
    with explained_input(), stopped_by_signals():
        study = read_study(campaign)
        _show_warnings(warnings(study.created))
        held = asyncio.run(_hold(study, interviews, seed, env_file, concurrency))
        for one in held if transcripts else ():
            _show_transcript(one)
        _console.print(_coverage(study, held))
        counts = total(one.tally for one in held)
        _show_costs(estimate(counts, study.participants), counts.interviews)
        failures = {one.interview.failure for one in held if one.interview.failure}
        if failures:
            raise WorldError("\n".join(f"The model failed: {failure}" for failure in failures))


async def _hold(
    study: Study, interviews: int, seed: int, env_file: Path, concurrency: int
) -> list[Held]:
    chat = study.campaign()
    sittings = plan(chat, interviews=interviews, personas=CROWD, seed=seed)
    async with measured_model(env_file, concurrency, _console) as model:
        progress = _console.is_terminal
        return await evaluate(
            chat, sittings, model.model, concurrency=concurrency, progress=progress
        )


def _show_warnings(found: list[Warned]) -> None:
    if not found:
        _console.print("No warnings about the schema.")
        return
    _console.print(f"Worth a look before you launch ({len(found)}):", style="bold")
    for warned in found:
        _console.print(f"  {warned.where} {warned.what}", markup=False, soft_wrap=True)
        _console.print(f"    -> {warned.advice}", markup=False, soft_wrap=True, style="dim")


def _show_transcript(held: Held) -> None:
    persona = held.sitting.profile.personality
    _console.print(
        f"\nInterview {held.sitting.number}, {persona}: {ending(held.interview)}", style="bold"
    )
    for message in spoken(held.interview):
        ours = message.sender == "agent"
        who, style = ("MeshAI", "") if ours else ("person", "cyan")
        text = Padding(Text(f"{who}  {message.text}", style), (0, 0, 0, 2))
        _console.print(text)


def _coverage(study: Study, held: list[Held]) -> Table:
    """How often each field was found, and an example."""
    table = Table("field", title="What came out", title_justify="left", box=box.SIMPLE)
    table.add_column("found", justify="right")
    table.add_column("vague or refused", justify="right")
    table.add_column("for instance")
    for name in study.created.extraction_schema:
        values = [v for one in held if (v := one.interview.state.values.get(name)) is not None]
        settled = sum(name in one.interview.state.extractions for one in held)
        example = _told(values[0])[:60] if values else "-"
        table.add_row(name, f"{len(values)}/{len(held)}", str(settled - len(values)), example)
    return table


def _told(value: Value) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _show_costs(cost: Estimate, interviews: int) -> None:
    each = f"{cost.tokens_each:,.0f} tokens"
    if cost.dollars_each is None:
        _console.print(f"An interview takes {each}; the model's price is not known.")
    else:
        _console.print(f"An interview takes {each} and {_dollars(cost.dollars_each)}.")
    if cost.participants:
        dollars = "" if cost.dollars is None else f", {_dollars(cost.dollars)}"
        _console.print(
            f"The campaign's {cost.participants} phone numbers: about {cost.tokens:,.0f} tokens"
            f"{dollars}, if all answer like these {interviews}. WhatsApp's fees are not in it.",
            soft_wrap=True,
        )


def _dollars(amount: float) -> str:
    return f"US$ {amount:,.2f}" if amount >= 1 else f"US$ {amount:.5f}"
