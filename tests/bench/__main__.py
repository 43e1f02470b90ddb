"""`make bench`: measures, prints one table and writes it to bench/results.json."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tests.bench import export, long_list, rebuild, report, slots, turn_cpu, webhooks
from tests.bench.figures import Benchmark, Row

BENCHMARKS = (
    Benchmark("webhooks", webhooks.measure),
    Benchmark("turn_cpu", turn_cpu.measure),
    Benchmark("slots", slots.measure),
    Benchmark("long_list", long_list.measure),
    Benchmark("export", export.measure),
    Benchmark("rebuild", rebuild.measure),
)

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

_console = Console(highlight=False)


@app.command()
def bench(
    only: Annotated[
        list[str] | None, typer.Option(help="The row to measure; may be repeated. [default: all]")
    ] = None,
    quick: Annotated[  # noqa: FBT002 - an option of the command line
        bool, typer.Option("--quick", help="Tiny sizes: shows that it runs, measures nothing.")
    ] = False,
    show: Annotated[  # noqa: FBT002 - likewise
        bool, typer.Option("--list", help="Only list the rows.")
    ] = False,
    results: Annotated[Path, typer.Option(help="The file written.")] = report.RESULTS,
) -> None:
    """Measure how fast this system is, against floors measured in the same run."""
    if show:
        for benchmark in BENCHMARKS:
            _console.print(f"{benchmark.name:10} {benchmark.about}")
        return
    rows = measure(_chosen(only), quick=quick)
    _console.print(report.table(rows))
    report.write(rows, results, quick=quick)


def measure(benchmarks: list[Benchmark], *, quick: bool) -> list[Row]:
    """Measures one after the other, each in a folder of its own."""
    rows = []
    for benchmark in benchmarks:
        _console.print(f"measuring {benchmark.name} ...")
        with tempfile.TemporaryDirectory(prefix="mesh-bench-") as folder:
            rows.append(benchmark.measure(Path(folder), quick))
    return rows


def _chosen(only: list[str] | None) -> list[Benchmark]:
    known = {benchmark.name: benchmark for benchmark in BENCHMARKS}
    if unknown := set(only or ()) - known.keys():
        raise typer.BadParameter(f"unknown: {', '.join(sorted(unknown))}; see --list")
    return [known[name] for name in only or known]


if __name__ == "__main__":
    app()
