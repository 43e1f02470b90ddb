"""The simulated messaging network: Twilio's Messages API with people behind it.

Run it with `python -m meshsim.whatsapp --port 8900`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated

import typer
from starlette.applications import Starlette

from meshsim.control import Control
from meshsim.dice import parse_mix
from meshsim.media import MediaHost
from meshsim.network import Inbound, Network, NetworkSettings
from meshsim.participants import DEFAULT_MIX, PERSONALITIES
from meshsim.population import Population
from meshsim.serving import serve
from meshsim.twilio_api import TwilioApi
from meshsim.webhooks import Webhooks, WebhookSettings

_PUBLIC_URL = "http://localhost:8000"
_DEFAULT_MIX = ",".join(f"{name}={weight:g}" for name, weight in DEFAULT_MIX.items())


@dataclass(frozen=True)
class WorldSettings:
    """The people, and how Twilio's API behaves towards its client.

    Attributes:
        seed: the seed of everything that is drawn.
        speed: how many times faster than people the participants are.
        mix: the weights of the personalities of participants that nobody registered.
        list_lag: seconds before a created message shows up in lists.
        host: the address that the other host of media listens on.
    """

    seed: int = 0
    speed: float = 1.0
    mix: Mapping[str, float] = field(default_factory=lambda: DEFAULT_MIX)
    list_lag: float = 0.0
    host: str = "127.0.0.1"


def build_app(
    network_settings: NetworkSettings, webhook_settings: WebhookSettings, world: WorldSettings
) -> Starlette:
    """Return the whole server as one application."""
    webhooks = Webhooks(webhook_settings)
    network = Network(network_settings, webhooks)

    async def say(phone: str, text: str) -> None:
        person = people.get(phone)
        person.sent += 1
        await network.receive(Inbound(phone, text), person.name)

    people = Population(world.seed, world.speed, say, world.mix)
    media = MediaHost(network)
    api = TwilioApi(network, people, media, webhook_settings.auth_token, world.list_lag)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await webhooks.open()
        await media.open(world.host)
        yield
        await people.close()
        await network.close()
        await media.close()
        await webhooks.close()

    routes = [*api.routes(), *Control(network, people, media).routes()]
    return Starlette(routes=routes, lifespan=lifespan)


def _mix(text: str) -> dict[str, float]:
    try:
        mix = parse_mix(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    unknown = mix.keys() - PERSONALITIES.keys()
    if unknown:
        names = ", ".join(PERSONALITIES)
        raise typer.BadParameter(f"unknown: {', '.join(sorted(unknown))}; known are {names}")
    return mix


def _delays(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def run(  # noqa: PLR0913, PLR0917 - one argument per option
    port: Annotated[int, typer.Option(help="0 picks a free port.")] = 8900,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    account_sid: Annotated[
        str, typer.Option(envvar="TWILIO_ACCOUNT_SID", help="The one account that exists.")
    ] = "AC" + "0" * 32,
    auth_token: Annotated[
        str,
        typer.Option(
            envvar="TWILIO_AUTH_TOKEN",
            help="Checked on requests to the API, and the key of all webhook signatures.",
        ),
    ] = "simulated",  # noqa: S107 - it guards nothing
    sender: Annotated[
        str, typer.Option(envvar="TWILIO_WHATSAPP_FROM", help="The business number.")
    ] = "whatsapp:+14155238886",
    pool: Annotated[
        str, typer.Option(help="Numbers of the messaging service; none: the business number.")
    ] = "",
    public_url: Annotated[
        str, typer.Option(help="The service's public base URL; signatures are made over it.")
    ] = _PUBLIC_URL,
    deliver_to: Annotated[
        str | None,
        typer.Option(help="The base URL really called in its place. [default: the public URL]"),
    ] = None,
    inbound_path: Annotated[
        str, typer.Option(help="The path of the service's webhook for inbound messages.")
    ] = "/twilio/inbound",
    retries: Annotated[
        int, typer.Option(min=0, help="Retries of a webhook: failed connection, timeout, 5xx.")
    ] = 6,
    retry_backoff: Annotated[
        float, typer.Option(min=0, help="Seconds before the first retry; doubles, at most 10.")
    ] = 0.2,
    status_delays: Annotated[
        str,
        typer.Option(
            help="Seconds to sent, then to delivered, then to read; leave later ones out to skip."
        ),
    ] = "0.02,0.05,0.1",
    list_lag: Annotated[
        float, typer.Option(min=0, help="Seconds before a created message shows up in lists.")
    ] = 0.0,
    seed: Annotated[int, typer.Option(help="The seed of personalities, facts and pauses.")] = 0,
    speed: Annotated[
        float,
        typer.Option(min=0.001, help="1 is human (answers after 1.5-5 s); 20 suits a demo."),
    ] = 1.0,
    mix: Annotated[
        str,
        typer.Option(help="Weights of the personalities of participants nobody registered."),
    ] = _DEFAULT_MIX,
) -> None:
    """Serve Twilio's Messages API with simulated participants behind it.

    Point twilio's client at it with `client.api.base_url`. Control it under /sim/: record,
    inbound, faults, participants, templates. The first line on stdout says where it listens;
    SIGTERM ends it.
    """
    public = public_url.rstrip("/")
    numbers = tuple(map(str.strip, pool.split(","))) if pool else ()
    network = NetworkSettings(account_sid, sender, inbound_path, _delays(status_delays), numbers)
    target = (deliver_to or public).rstrip("/")
    webhooks = WebhookSettings(auth_token, public, target, retries, retry_backoff)
    world = WorldSettings(seed, speed, _mix(mix), list_lag, host)
    serve(build_app(network, webhooks, world), host, port)


if __name__ == "__main__":
    typer.run(run)
