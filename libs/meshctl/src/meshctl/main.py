"""`mesh`: the command line for operators, researchers and analysts."""

from __future__ import annotations

import typer

from meshctl import dead_letters, events, projections
from meshctl.demo import demo
from meshctl.erase import erase
from meshctl.evaluate import evaluation
from meshctl.looking_back import campaign, transcript
from meshctl.rerun import rerun
from meshctl.simulate import simulate
from meshctl.up import up

app = typer.Typer(
    name="mesh",
    help="Run MeshAI, and look after it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(up)
app.command()(demo)
app.command()(simulate)
app.command("eval")(evaluation)
app.command()(rerun)
app.command()(transcript)
app.command()(campaign)
app.command()(erase)
app.add_typer(events.app, name="events")
app.add_typer(projections.app, name="projections")
app.add_typer(dead_letters.app, name="dead-letters")


@app.callback()
def mesh() -> None:
    """Run MeshAI, and look after it."""
