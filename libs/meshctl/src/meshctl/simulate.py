"""`mesh simulate`: a researcher tries a campaign before any real person is contacted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def simulate(  # noqa: PLR0913 - a command's options
    campaign: Annotated[
        Path, typer.Argument(help="The campaign: the JSON that POST /campaigns takes.")
    ],
    *,
    interviews: Annotated[int, typer.Option(min=1, max=200, help="How many interviews.")] = 5,
    seed: Annotated[int, typer.Option(help="Of the people and what they know.")] = 1,
    transcripts: Annotated[
        bool, typer.Option("--transcripts/--no-transcripts", help="Show what is said.")
    ] = True,
    concurrency: Annotated[int, typer.Option(min=1, help="Interviews at once.")] = 8,
    env_file: Annotated[
        Path, typer.Option(help="File with settings; the environment wins.")
    ] = Path(".env"),
) -> None:
    """Try a campaign on simulated people: warnings, transcripts, what comes out, what it costs.

    The people know something that fits each field. Nobody real is written to. Leaves with 1 if
    an interview broke down, with 2 if the campaign is not usable.
    """
    from meshctl import simulating  # noqa: PLC0415 - it takes seconds to import

    simulating.try_out(
        campaign, interviews, seed, env_file, concurrency=concurrency, transcripts=transcripts
    )
