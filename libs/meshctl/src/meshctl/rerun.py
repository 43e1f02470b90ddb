"""`mesh rerun`: what if the schema, the model or the instructions had been others?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from meshctl.selecting import DEFAULT_URL, NatsUrl, an_id


def rerun(  # noqa: PLR0913 - a command's options
    campaign: Annotated[str, typer.Argument(help="The id of a campaign.")],
    *,
    schema: Annotated[
        Path | None, typer.Option(help="Another schema: JSON, as extraction_schema or a campaign.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="Another model, named as in MESH_MODEL.")
    ] = None,
    prompt: Annotated[
        Path | None,
        typer.Option(help="Text that replaces the further instructions; empty for none."),
    ] = None,
    turns: Annotated[
        bool,
        typer.Option(
            "--turns", help="Show what would have been said at each turn, not what is found."
        ),
    ] = False,
    conversations: Annotated[
        int,
        typer.Option(
            "--conversations", "--limit", min=1, help="At most so many, drawn the same each time."
        ),
    ] = 20,
    concurrency: Annotated[int, typer.Option(min=1, help="Conversations at once.")] = 8,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the result; what it holds is replaced.")
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Do not ask before a model is paid.")
    ] = False,
    env_file: Annotated[
        Path, typer.Option(help="File with settings; the environment wins.")
    ] = Path(".env"),
    nats_url: NatsUrl = DEFAULT_URL,
) -> None:
    """Hold logged conversations against another schema, model or prompt, and show what differs.

    The log is only read, and nobody is written to. The model is that of MESH_MODEL or --model;
    without a key for it, a script. docs/evaluation.md says what the figures mean.

    Leaves with 1 if there is nothing to run again or a conversation broke off, with 2 if an option,
    a file or a setting is not usable. Ctrl-C shows and keeps what was done, and leaves with 130.
    """
    from meshctl import rerunning  # noqa: PLC0415 - it takes seconds to import

    plan = rerunning.Plan(
        campaign=an_id(campaign, "CAMPAIGN"),
        schema=schema,
        model=model,
        prompt=prompt,
        turns=turns,
        conversations=conversations,
        concurrency=concurrency,
        out=out,
        yes=yes,
        env_file=env_file,
        nats_url=nats_url,
    )
    raise typer.Exit(rerunning.run(plan))
