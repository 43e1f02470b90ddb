"""`mesh up`: the whole system on this machine, until Ctrl-C."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from meshctl.environment import given_settings
from meshsim.children import WorldError
from meshsim.world import Plan, World

DEFAULT_HTTP_PORT = 8000
DEFAULT_NATS_PORT = 4222

_console = Console(stderr=True, highlight=False)
_WATCH = 0.3


def up(
    env_file: Annotated[
        Path, typer.Option(help="File with settings; the environment wins.")
    ] = Path(".env"),
    replicas: Annotated[int, typer.Option(min=1, help="Processes of each service.")] = 1,
    speed: Annotated[
        float, typer.Option(min=0.001, help="Speed of simulated participants; 1 is human.")
    ] = 5.0,
) -> None:
    """Start NATS, PostgreSQL and the four services on this machine, and keep them until Ctrl-C.

    Without credentials for Twilio and the model, WhatsApp and the model are simulated. Data stay in
    MESH_DATA_DIR (default .mesh) and are found again. With NATS_URL or DATABASE_URL set, those
    servers are used instead of the embedded ones.
    """
    with explained_errors(), stopped_by_signals():
        settings = given_settings(env_file)
        plan = Plan(
            folder=Path(settings.get("MESH_DATA_DIR", ".mesh")).resolve(),
            settings=settings,
            replicas=replicas,
            http_port=port_of(settings),
            nats_port=DEFAULT_NATS_PORT,
            speed=speed,
            model_latency=0.3,
        )
        world = World(plan)
        with _console.status("Starting MeshAI ..."):
            world.start()
        try:
            _console.print(describe(world))
            _console.print(f"MeshAI is up: {public_address(world)}/docs   (Ctrl-C stops it)")
            watch(world)
        finally:
            with _console.status("Draining and stopping ..."):
                world.stop()
            _console.print("Stopped. The data are kept; run it again to go on.")


def port_of(settings: dict[str, str]) -> int:
    """The port of the API.

    Raises:
        WorldError: MESH_HTTP_PORT is not a port.
    """
    text = settings.get("MESH_HTTP_PORT", str(DEFAULT_HTTP_PORT))
    if not text.isdecimal() or not 0 < int(text) < 65_536:  # noqa: PLR2004 - what TCP has
        raise WorldError(f"MESH_HTTP_PORT is {text!r}; expected: a port from 1 to 65535")
    return int(text)


def public_address(world: World) -> str:
    """Where a person finds the API."""
    return f"http://localhost:{world.http_port}"


def describe(world: World) -> Table:
    """Which parts are real and which simulated, and where they are."""
    table = Table(
        "part", "what runs", "where", title="MeshAI on this machine", title_justify="left"
    )
    nats, postgres = world.nats, world.postgres
    table.add_row(
        "log", "real NATS JetStream" + (" (embedded)" if nats else ""), world.env["NATS_URL"]
    )
    table.add_row(
        "read tables",
        "real PostgreSQL" + (" (embedded)" if postgres else ""),
        world.env["DATABASE_URL"] if postgres else "DATABASE_URL",
    )
    whatsapp = "SIMULATED: no message leaves this machine" if world.whatsapp else "real Twilio"
    table.add_row("WhatsApp", whatsapp, world.env.get("MESH_TWILIO_URL", "Twilio's API"))
    name = world.env.get("MESH_MODEL") or "Gemini"
    model = "SIMULATED: a scripted interviewer" if world.model else f"real {name}"
    at = world.env.get("MESH_MODEL_URL") or world.env.get("MESH_GEMINI_URL")
    table.add_row("model", model, at or "its provider's API")
    table.add_row("API", "real", public_address(world))
    table.add_row("data and logs", "", str(world.plan.folder))
    return table


def watch(world: World) -> NoReturn:
    """Watches the children until one of them leaves or a signal comes.

    Raises:
        WorldError: a child has left.
    """
    while True:
        for child in world.children:
            world.raise_if_dead(child)
        time.sleep(_WATCH)


@contextmanager
def explained_errors() -> Iterator[None]:
    """What goes wrong in the world is told in plain words, with exit status 1."""
    try:
        yield
    except WorldError as error:
        _console.print(f"[bold red]MeshAI cannot run:[/] {error}", soft_wrap=True)
        raise typer.Exit(1) from None


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """SIGTERM and Ctrl-C end the context in order, with exit status 0.

    A second one does not hurry it.
    """

    def on_signal(_signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {s: signal.signal(s, on_signal) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit(0) from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
