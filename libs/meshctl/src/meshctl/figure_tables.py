"""Results of evaluations as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import box
from rich.table import Table

from mesheval.result import PASS_ALL, Difference, Result
from mesheval.tally import Figures
from mesheval.targets import FIGURES, Shown, shown

_OF_PERSONAS = {
    "natural_endings": "ends\nwell",
    "completion": "com-\npletes",
    "coverage": "fields\nfound",
    "f1": "F1",
    "several_questions": "two\n?",
    "asked_again": "asked\nagain",
    "breaches_before": "rules\nbroken",
    "breaches_after": "as\nsent",
    "turns": "turns",
}
_BY_NAME = {each.name: each for each in FIGURES}


def of_all(result: Result) -> Table:
    """Every figure with its target."""
    held, planned = len(result.interviews), result.settings.planned
    number = f"{held}" if held == planned else f"{held} of {planned}"
    title = f"{number} interviews: {result.settings.campaign}"
    table = Table("figure", title=title, title_justify="left", box=box.SIMPLE)
    table.add_column("value", justify="right")
    table.add_column("target", justify="right")
    table.add_column("")
    for each in FIGURES:
        table.add_row(*_row(each, result.total))
    runs = f" over {result.settings.runs}" if result.settings.runs > 1 else ""
    table.add_row(f"{PASS_ALL.label}{runs}", shown(result.pass_all, PASS_ALL.unit), "", "")
    return table


def _row(each: Shown, figures: Figures) -> tuple[str, str, str, str]:
    verdict = {None: "", True: "[green]met[/]", False: "[red]missed[/]"}[each.met(figures)]
    return each.label, shown(each.of(figures), each.unit), each.target, verdict


def of_personas(result: Result) -> Table:
    """The figures that tell kinds of people apart; fits into 80 columns."""
    table = Table(
        title="By kind of participant",
        title_justify="left",
        box=box.SIMPLE,
        padding=(0, 0, 0, 1),
    )
    table.add_column("persona", no_wrap=True)
    for label in _OF_PERSONAS.values():
        table.add_column(label, justify="right", no_wrap=True)
    for persona, figures in result.personas.items():
        values = (_BY_NAME[name] for name in _OF_PERSONAS)
        table.add_row(persona, *(_brief(each, figures) for each in values))
    return table


def _brief(each: Shown, figures: Figures) -> str:
    value = each.of(figures)
    if value is not None and each.unit == "share":
        return f"{100 * value:.0f}%"
    return shown(value, each.unit)


def of_breaches(result: Result) -> Table:
    """The agent's own rules: how often the model's words broke each, and what was sent."""
    before, after = result.counts.breaches_before, result.counts.breaches_after
    table = Table("rule", title="Rules of a reply, broken", title_justify="left", box=box.SIMPLE)
    table.add_column("by the model", justify="right")
    table.add_column("as sent", justify="right")
    for rule in sorted({*before, *after}, key=lambda rule: -before.get(rule, 0)):
        table.add_row(rule, str(before.get(rule, 0)), str(after.get(rule, 0)))
    return table


def of_differences(differences: Sequence[Difference]) -> Table:
    """Two results side by side."""
    table = Table("figure", title="Before and after", title_justify="left", box=box.SIMPLE)
    for label in ("before", "after", "change"):
        table.add_column(label, justify="right")
    for row in _changes(differences):
        table.add_row(*row)
    return table


def _changes(differences: Sequence[Difference]) -> Iterator[tuple[str, str, str, str]]:
    for each in differences:
        unit = each.shown.unit
        change = "" if not each.change else shown(each.change, unit)
        sign = "+" if each.change and each.change > 0 else ""
        before, after = shown(each.before, unit), shown(each.after, unit)
        yield each.shown.label, before, after, f"{sign}{change}"
