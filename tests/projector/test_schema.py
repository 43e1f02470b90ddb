"""The schema: applied once however often it is asked for; and the way back to an empty one."""

from __future__ import annotations

import asyncio
import os

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from mesh_projector.database import open_connection
from mesh_projector.migrate import migrate
from mesh_projector.schema import MIGRATIONS, head
from meshcore.log import streams
from meshcore.service import Shell
from meshsim.servers import program
from tests.projector.histories import Disorder, append
from tests.projector.tables import ask, checkpoint, projected, projecting, snapshot

_VERSION = "SELECT version_num FROM alembic_version"


async def _mesh_projector(url: str, *arguments: str) -> tuple[int | None, str]:
    """Runs a command to its end: its status and what it said."""
    process = await asyncio.create_subprocess_exec(
        program("mesh-projector"),
        *arguments,
        env={**os.environ, "DATABASE_URL": url},
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    return process.returncode, said.decode()


async def _go_back(url: str, version: str) -> None:
    """Takes the schema back to what it was."""

    def downgrade(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.downgrade(config, version)

    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: open_connection(url), poolclass=NullPool
    )
    async with engine.begin() as connection:
        await connection.run_sync(downgrade)


async def test_migrating_twice_changes_nothing(bare_database: str) -> None:
    """The second time finds the head and leaves it."""
    await migrate(bare_database, patience=0)
    await migrate(bare_database, patience=0)
    assert await ask(bare_database, _VERSION) == head()


async def test_processes_that_migrate_at_the_same_time_do_not_disturb_each_other(
    bare_database: str,
) -> None:
    """One of them applies the migrations, the others wait for it; all leave with status 0."""
    done = await asyncio.gather(*(_mesh_projector(bare_database, "migrate") for _ in range(3)))
    assert [status for status, _ in done] == [0, 0, 0]
    assert await ask(bare_database, _VERSION) == head()


async def test_tables_that_lack_what_the_log_tells_are_made_again(
    shell: Shell, database: str
) -> None:
    """From the schema before, with rows and a checkpoint, to the same tables as from nothing."""
    end = await append(shell, Disorder(8).write(150))
    before = await projected(shell, database, end)
    await _go_back(database, "0001")
    await ask(database, "INSERT INTO users VALUES ('nobody', now())")
    await ask(database, "UPDATE checkpoints SET position = $1", end)
    await migrate(database, patience=0)
    assert await projected(shell, database, end) == before


async def test_migrating_gives_up_on_a_database_that_does_not_come() -> None:
    """It waits as long as it is told to, then leaves with status 1 and a sentence."""
    url = "postgresql://postgres:hidden@127.0.0.1:9/nowhere"
    status, said = await _mesh_projector(url, "migrate", "--patience", "0.5")
    assert status == 1
    assert "The database does not answer" in said
    assert "Traceback" not in said
    assert "hidden" not in said


async def test_tables_of_another_log_are_left_alone(shell: Shell, database: str) -> None:
    """Where the log ends before the checkpoint nothing is written, and the projector is unready."""
    end = await append(shell, Disorder(6).write(30))
    before = await projected(shell, database, end)
    await shell.nats.jetstream().delete_stream(streams.MESH)
    await streams.declare(shell.nats.jetstream(), replicas=1)
    await append(shell, Disorder(7).write(5))
    async with projecting(shell, database) as projector:
        await asyncio.sleep(1)
        assert not await projector.ready()
    assert await checkpoint(database) == end
    assert await snapshot(database) == before
