"""`mesh erase`: somebody wants everything gone that they said and could be known by."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr
from rich.console import Console

from meshcore.domain.participant import AddressError, normalise_address
from meshcore.erasure import Eraser, Erasure
from meshcore.errors import LogUnavailableError
from meshcore.service import connect
from meshcore.settings import CoreSettings
from meshctl.connecting import connected
from meshctl.environment import given_settings
from meshctl.up import explained_errors
from meshsim.children import WorldError

_ID = re.compile(r"[0-9a-f]{32}")
_KEY_FILE = "participant.key"
"""Where `mesh up` keeps the key of a system that it runs by itself, in its data folder."""

_console = Console(highlight=False)

Phone = Annotated[
    str | None, typer.Option(help="The number, or another WhatsApp address, such as +971501234567.")
]
Participant = Annotated[str | None, typer.Option(help="The id, in place of the number.")]


def erase(
    phone: Phone = None,
    participant: Participant = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,  # noqa: FBT002 - a flag
    env_file: Annotated[Path, typer.Option(help="Where the settings are.")] = Path(".env"),
) -> None:
    """Erase a participant: words, values, files, number, attributes. It cannot be undone.

    Counts stay. Nobody writes to them any more. See docs/erasure.md.
    """
    with explained_errors():
        settings = _settings(env_file)
        if (phone is None) == (participant is None):
            raise WorldError("name the participant by --phone or by --participant")
        if participant is not None and not _ID.fullmatch(participant):
            raise WorldError("a participant's id has 32 hex digits")
        address = None if phone is None else _address(phone)
        if not yes:
            typer.confirm("Erase this participant for good?", abort=True)
        done = asyncio.run(_erase(settings, address, participant))
    if done is None:
        _console.print("Nothing is known of this participant, so nothing was done.")
        return
    _console.print(
        f"Erased participant {done.participant}, with conversations in {len(done.campaigns)} "
        f"campaign(s). The read tables follow; position {done.position} tells of it."
    )


def _address(phone: str) -> str:
    try:
        return normalise_address(phone)
    except AddressError as error:
        raise WorldError(f"--phone {error}") from None


def _settings(env_file: Path) -> CoreSettings:
    """The settings of a service. Without a key among them, that of `mesh up` is taken."""
    given = given_settings(env_file)
    key_file = Path(given.get("MESH_DATA_DIR", ".mesh")) / _KEY_FILE
    if "MESH_PARTICIPANT_KEY" not in given and key_file.exists():
        given["MESH_PARTICIPANT_KEY"] = key_file.read_text()
    if "MESH_PARTICIPANT_KEY" not in given:
        raise WorldError("MESH_PARTICIPANT_KEY is not set; without it nobody can be found")
    try:
        return CoreSettings(
            participant_key=SecretStr(given["MESH_PARTICIPANT_KEY"]),
            nats_url=given.get("NATS_URL", "nats://localhost:4222"),
            replicas=int(given.get("MESH_REPLICAS", "1")),
        )
    except ValueError:
        raise WorldError("the settings are not usable; .env.example lists every one") from None


async def _erase(
    settings: CoreSettings, address: str | None, participant: str | None
) -> Erasure | None:
    async with connected(settings.nats_url):
        pass  # a service would wait for ever
    async with connect("erase", settings) as shell:
        try:
            asked = participant or await shell.directory.find(address or "")
            return await Eraser(shell).erase(asked)
        except LogUnavailableError as error:
            raise WorldError(f"{error}; do it again, it goes on where it was") from error
