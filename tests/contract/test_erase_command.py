"""`mesh erase`: by number or id, after a question."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner, Result

from meshcore.log import subjects
from meshctl.main import app
from tests.support.desk import new_address, shell_on
from tests.support.erasing import Person

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from tests.support.nats_server import NatsServer


@pytest.fixture
def erase(server: NatsServer, tmp_path: Path) -> Callable[..., Awaitable[Result]]:
    """Runs the command against the common server."""
    env = {"NATS_URL": server.url, "MESH_PARTICIPANT_KEY": "a key for one test", "COLUMNS": "200"}

    async def run(*arguments: str, says: str | None = None) -> Result:
        command = ["erase", "--env-file", str(tmp_path / ".env"), *arguments]
        return await asyncio.to_thread(CliRunner(env=env).invoke, app, command, says)

    return run


async def test_somebody_is_erased_by_number_once_it_is_confirmed(
    server: NatsServer, erase: Callable[..., Awaitable[Result]]
) -> None:
    """A no leaves everything as it is."""
    async with shell_on(server.url) as shell:
        person = Person(shell, new_address().removeprefix("whatsapp:"))
        await person.live()
        refused = await erase("--phone", person.phone, says="n\n")
        assert refused.exit_code == 1
        assert await shell.directory.addresses(person.id) == [person.address]
        done = await erase("--phone", person.phone, says="y\n")
        assert done.exit_code == 0, done.output
        assert f"Erased participant {person.id}" in done.output
        assert person.phone not in done.output
        assert await shell.directory.addresses(person.id) == []
        [*_, last] = await shell.log.load(subjects.erased(person.id))
        assert str(last.position) in done.output


async def test_an_id_does_as_well_and_is_not_asked_about_with_yes(
    server: NatsServer, erase: Callable[..., Awaitable[Result]]
) -> None:
    """And again, with the same answer."""
    async with shell_on(server.url) as shell:
        person = Person(shell, new_address().removeprefix("whatsapp:"))
        await person.live()
        done = await erase("--participant", person.id, "--yes")
        assert done.exit_code == 0, done.output
        assert (await erase("--participant", person.id, "--yes")).output == done.output


async def test_what_cannot_be_erased_is_told(
    erase: Callable[..., Awaitable[Result]],
) -> None:
    """Nobody known, nobody named, and what is no number or id."""
    unknown = await erase("--participant", "0" * 32, "--yes")
    assert (unknown.exit_code, "Nothing is known" in unknown.output) == (0, True)
    for wrong in ((), ("--phone", "0501234567"), ("--participant", "x")):
        assert (await erase(*wrong, "--yes")).exit_code == 1
