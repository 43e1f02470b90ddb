"""What came of a rerun, on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from meshcore.domain.usage import Usage
from meshcore.replay.transcripts import cleaned
from mesheval.rerun.again import Question, Rerun
from mesheval.rerun.differences import (
    Difference,
    FieldCounts,
    Outcome,
    Schema,
    compared,
)
from mesheval.rerun.keeping import said, shown
from mesheval.targets import shown as figure

_MOST = 30
"""Differences shown one by one; --out keeps all."""


def of_fields(result: Outcome, before: Schema, after: Schema) -> Table:
    """How often each field was settled then and now, and what differs."""
    title = f"{result.conversations} conversations, then and now"
    table = Table(title=title, title_justify="left", box=box.SIMPLE, padding=0)
    table.add_column("field", overflow="fold")
    for label in ("recorded", "now", "same", "changed", "new", "lost", "precision", "recall"):
        table.add_column(label, justify="right", no_wrap=True)
    for each in result.fields:
        table.add_row(*_row(each, _remark(each.field, before, after)))
    table.add_section()
    table.add_row(*_row(result.total))
    return table


def show_differences(
    console: Console, reruns: Sequence[Rerun], before: Schema, after: Schema
) -> None:
    """Values that differ, conversation by conversation."""
    found = [
        (one.conversation, each)
        for one in reruns
        for each in compared(one, before, after)
        if each.difference is not Difference.SAME and one.failure is None
    ]
    if not found:
        console.print("No differences.")
    for conversation, some in groupby(found[:_MOST], key=lambda each: each[0]):
        console.print(conversation, style="bold", markup=False)
        for _, each in some:
            change = f"{shown(each.recorded)} -> {shown(each.now)}"
            console.print(Text(f"  {each.field}, {each.difference}: {change}"))
    if len(found) > _MOST:
        console.print(f"... and {len(found) - _MOST} more; --out keeps all.")


def show_turns(console: Console, rerun: Rerun) -> None:
    """What was said at each turn, and what would be said now."""
    console.print(f"\n{rerun.conversation}", style="bold", markup=False)
    for turn in rerun.turns:
        for text in turn.heard:
            console.print(Text(f"  person  {' '.join(cleaned(text).split())}", "cyan"))
        console.print(Text(f"  said    {said(turn.recorded)}"))
        same = turn.now == turn.recorded
        now = Text("the same", "dim") if same else Text(said(turn.now), "yellow")
        console.print(Text("  now     ").append_text(now))


def show_totals(console: Console, question: Question, result: Outcome) -> None:
    """How many turns would be others, and what it took."""
    if question is Question.WORDS:
        console.print(
            f"{result.turns} turns: other words in {result.other_words}, another end, or none, in "
            f"{result.other_ends}."
        )
    now, then = _took(result.usage), _took(result.recorded_usage)
    console.print(f"It took {now}; by the log {then}.", soft_wrap=True)
    if result.failed:
        console.print(f"{result.failed} conversations broke off and are not counted.", style="red")


def dollars(amount: float) -> str:
    """An amount, as people read it."""
    return f"US$ {amount:,.2f}" if amount >= 1 else f"US$ {amount:.5f}"


def _row(each: FieldCounts, remark: str | None = None) -> tuple[str, ...]:
    counts = (each.recorded, each.now, each.same, each.changed, each.new, each.lost)
    precision = remark or figure(each.precision, "share")
    return (each.field, *map(str, counts), precision, figure(each.recall, "share"))


def _remark(field: str, before: Schema, after: Schema) -> str | None:
    """Why a field cannot be compared."""
    if field not in before:
        return "not then"
    return None if field in after else "no more"


def _took(usage: Usage) -> str:
    cost = "price not known" if usage.cost_usd is None else dollars(usage.cost_usd)
    return f"{usage.tokens:,} tokens ({cost})"
