"""`mesh eval`: how well the interviewer interviews, measured with simulated participants."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mesheval.people import PERSONAS
from meshsim.participants import PERSONALITIES


def evaluation(  # noqa: PLR0913 - a command's options
    *,
    interviews: Annotated[int, typer.Option(min=1, help="People interviewed in each run.")] = 20,
    personas: Annotated[
        str, typer.Option(help="Kinds of people, separated by commas; they take turns.")
    ] = ",".join(PERSONAS),
    seed: Annotated[int, typer.Option(help="Of the people and what they know.")] = 1,
    k: Annotated[
        int, typer.Option("--k", min=1, help="Runs, each with the next seed, for pass^k.")
    ] = 1,
    campaign: Annotated[
        Path | None, typer.Option(help="A campaign as JSON. [default: the gas-station study]")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder, or .json file, for the result and transcripts.")
    ] = None,
    compare_two: Annotated[
        tuple[Path, Path] | None,
        typer.Option("--compare", help="Only show the difference of two results."),
    ] = None,
    opt_outs: Annotated[
        bool, typer.Option("--opt-outs", help="Instead, try the corpus of requests to stop.")
    ] = False,
    injections: Annotated[
        bool, typer.Option("--injections", help="Instead, try the corpus of attacks.")
    ] = False,
    concurrency: Annotated[int, typer.Option(min=1, help="Interviews at once.")] = 8,
    max_turns: Annotated[
        int | None, typer.Option(min=1, help="Turns per interview. [default: the campaign's]")
    ] = None,
    env_file: Annotated[
        Path, typer.Option(help="File with settings; the environment wins.")
    ] = Path(".env"),
) -> None:
    """Interview simulated people with the configured model, and show how well it went.

    The model is that of MESH_MODEL; without a key for it, a script. Nobody real is written to, and
    neither NATS nor PostgreSQL is needed. docs/evaluation.md says what the figures mean.

    Leaves with 1 if a rule was broken that must hold whatever the model says, with 2 if an option,
    a file or a setting is not usable. Ctrl-C shows and keeps what was held, and leaves with 130.
    """
    from meshctl import evaluating  # noqa: PLC0415 - it takes seconds to import

    if compare_two:
        evaluating.show_difference(*compare_two)
        return
    if opt_outs or injections:
        from meshctl import trying  # noqa: PLC0415 - likewise

        kept = trying.Kept(env_file, concurrency, out)
        results = [trying.opt_outs(kept)] if opt_outs else []
        results += [trying.injections(kept)] if injections else []
        raise typer.Exit(0 if all(results) else evaluating.BROKEN)
    plan = evaluating.Plan(
        interviews=interviews,
        personas=_kinds(personas),
        seed=seed,
        runs=k,
        campaign=campaign,
        out=out,
        concurrency=concurrency,
        max_turns=max_turns,
        env_file=env_file,
    )
    raise typer.Exit(evaluating.measure(plan))


def _kinds(personas: str) -> tuple[str, ...]:
    kinds = tuple(kind.strip() for kind in personas.split(",") if kind.strip())
    unknown = [kind for kind in kinds if kind not in PERSONALITIES]
    if unknown or not kinds:
        raise typer.BadParameter(
            f"{', '.join(unknown) or 'nobody'}; known are {', '.join(PERSONALITIES)}",
            param_hint="--personas",
        )
    return kinds
