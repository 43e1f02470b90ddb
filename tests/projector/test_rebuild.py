"""Tables made again from the log: the same, whatever happens meanwhile, and never worse ones."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress

import asyncpg
import pytest

from mesh_projector import filling
from mesh_projector.checking import Checked, check
from mesh_projector.filling import Progress
from mesh_projector.next_tables import NEXT, NoTablesError, RebuildRunningError
from mesh_projector.reading import open_reading
from mesh_projector.rebuild import DifferentError, Rebuilt, rebuild
from meshcore.erasure import Eraser
from meshcore.service import Shell
from meshsim.servers import NatsServer, program
from tests.projector.histories import Disorder, append
from tests.projector.tables import ask, checkpoint, projected, projecting, reached, snapshot
from tests.support.desk import new_address
from tests.support.erasing import Person

COMMITS = 250

_SEEN = """
SELECT position, (SELECT count(*) FROM conversations), (SELECT count(*) FROM figures)
FROM checkpoints
"""


class _Rebuilds:
    """Rebuilds and comparisons of one database."""

    def __init__(self, url: str, nats_url: str) -> None:
        self.url = url
        self.nats_url = nats_url
        self.shown: list[Progress] = []

    async def rebuild(self) -> Rebuilt:
        return await rebuild(self.url, self.nats_url, self.shown.append, sample=20)

    async def check(self, *, every: bool = False) -> Checked:
        async with open_reading(self.nats_url) as reading:
            return await check(self.url, reading, self.shown.append, sample=20, every=every)

    async def until_filled(self) -> None:
        """A rebuild that is interrupted before its tables are compared."""
        filled = asyncio.Event()

        def show(progress: Progress) -> None:
            if progress.doing == "counting":
                filled.set()

        rebuilding = asyncio.create_task(rebuild(self.url, self.nats_url, show))
        await filled.wait()
        await _cut_off(rebuilding)


async def _cut_off(task: asyncio.Task[Rebuilt]) -> None:
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=0.5)
    with suppress(asyncio.CancelledError):
        task.result()


@pytest.fixture
def rebuilds(database: str, nats_server: NatsServer) -> _Rebuilds:
    """What a test rebuilds and compares."""
    return _Rebuilds(database, nats_server.url)


@pytest.mark.parametrize("seed", range(3))
async def test_a_rebuild_gives_the_tables_that_the_projector_made(
    shell: Shell, rebuilds: _Rebuilds, seed: int
) -> None:
    """The same rows, at the same position, and no trace of the work."""
    end = await append(shell, Disorder(seed).write(COMMITS))
    before = await projected(shell, rebuilds.url, end)
    assert await rebuilds.rebuild() == Rebuilt(0, end)
    assert await snapshot(rebuilds.url) == before
    assert await checkpoint(rebuilds.url) == end
    assert not await ask(rebuilds.url, "SELECT to_regnamespace($1) IS NOT NULL", NEXT)
    assert (rebuilds.shown[0].position, rebuilds.shown[0].end) == (end, end)


@pytest.mark.parametrize("seed", range(3))
async def test_a_rebuild_may_be_cut_off_anywhere_while_the_log_grows_and_the_projector_writes(
    shell: Shell,
    rebuilds: _Rebuilds,
    second_database: str,
    seed: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It goes on where it was, and the running projector goes on with the new tables."""
    monkeypatch.setattr(filling, "_WEIGHT_PER_BATCH", 20)
    dice, written = random.Random(seed), Disorder(seed).write(2 * COMMITS)
    await append(shell, written[:COMMITS])
    async with projecting(shell, rebuilds.url):
        for start in range(COMMITS, 2 * COMMITS - 50, 50):
            rebuilding = asyncio.create_task(rebuilds.rebuild())
            await append(shell, written[start : start + 50])
            await asyncio.wait([rebuilding], timeout=dice.random() * 0.6)
            await _cut_off(rebuilding)
        await rebuilds.rebuild()
        end = await append(shell, written[2 * COMMITS - 50 :])
        await reached(rebuilds.url, end)
    assert await snapshot(rebuilds.url) == await projected(shell, second_database, end)


async def test_the_projector_takes_up_the_new_tables_at_the_very_same_position(
    shell: Shell, rebuilds: _Rebuilds, second_database: str
) -> None:
    """What it had in mind of the old tables, which were wrong, does not come back."""
    written = Disorder(5).write(COMMITS)
    end = await append(shell, written[:200])
    async with projecting(shell, rebuilds.url):
        await reached(rebuilds.url, end)
        await ask(rebuilds.url, "UPDATE conversations SET turns = 77")
        await rebuilds.rebuild()
        end = await append(shell, written[200:])
        await reached(rebuilds.url, end)
    assert await snapshot(rebuilds.url) == await projected(shell, second_database, end)


async def test_readers_never_see_less_than_before(shell: Shell, rebuilds: _Rebuilds) -> None:
    """At every moment all tables are there, of one position that never goes back."""
    written = Disorder(1).write(2 * COMMITS)
    end = await append(shell, written[:COMMITS])
    async with projecting(shell, rebuilds.url):
        await reached(rebuilds.url, end)
        reader = await asyncpg.connect(rebuilds.url)
        rebuilding = asyncio.create_task(rebuilds.rebuild())
        await append(shell, written[COMMITS:])
        seen, done = [(0, 0)], 0
        while done < 10:
            done += rebuilding.done()
            [(position, conversations, figures)] = await reader.fetch(_SEEN)
            assert conversations == figures
            seen.append((position, conversations))
        await rebuilding
        await reader.close()
    assert seen == sorted(seen)


async def test_new_tables_that_differ_from_the_log_do_not_serve(
    shell: Shell, rebuilds: _Rebuilds
) -> None:
    """Rows lost and rows changed are told, by table; the old tables stay."""
    end = await append(shell, Disorder(2).write(COMMITS))
    before = await projected(shell, rebuilds.url, end)
    await rebuilds.until_filled()
    await ask(rebuilds.url, "DELETE FROM mesh_next.messages WHERE ordinal = 0")
    await ask(rebuilds.url, "UPDATE mesh_next.figures SET answers = answers + 1")
    with pytest.raises(DifferentError) as caught:
        await rebuilds.rebuild()
    assert {"messages", "figures"} == {d.table for d in caught.value.differences}
    assert await snapshot(rebuilds.url) == before
    await rebuild(rebuilds.url, rebuilds.nats_url, rebuilds.shown.append, anew=True)
    assert await snapshot(rebuilds.url) == before


@pytest.mark.parametrize("every", [False, True])
async def test_a_comparison_finds_nothing_where_nothing_is(
    shell: Shell, rebuilds: _Rebuilds, *, every: bool
) -> None:
    """Disorder on the log makes no difference, and the tables are left as they are."""
    end = await append(shell, Disorder(3).write(COMMITS))
    before = await projected(shell, rebuilds.url, end)
    found = await rebuilds.check(every=every)
    assert (found.position, found.differences) == (end, [])
    assert found.rows["conversations"] == len(before["conversations"])
    assert await snapshot(rebuilds.url) == before


@pytest.mark.parametrize("every", [False, True])
@pytest.mark.parametrize(
    ("change", "table"),
    [
        ("DELETE FROM users WHERE id = (SELECT min(id) FROM users)", "users"),
        ("UPDATE messages SET text = 'somebody else wrote this'", "messages"),
        ("UPDATE campaigns SET pending = pending + 1", "campaigns"),
        ("UPDATE outreach_queue SET scheduled_at = scheduled_at + interval '1s'", "outreach_queue"),
        ("INSERT INTO consents VALUES ('nobody', true)", "consents"),
    ],
)  # fmt: skip
async def test_a_comparison_finds_what_was_changed_in_the_tables(
    shell: Shell, rebuilds: _Rebuilds, change: str, table: str, *, every: bool
) -> None:
    """Rows missing, changed or too many are found, and told by table."""
    await projected(shell, rebuilds.url, await append(shell, Disorder(4).write(COMMITS)))
    await ask(rebuilds.url, change)
    found = await rebuilds.check(every=every)
    assert {difference.table for difference in found.differences} == {table}


async def test_an_erasure_makes_no_difference(shell: Shell, rebuilds: _Rebuilds) -> None:
    """What was erased is compared, and made again, without its words."""
    person = Person(shell, new_address().removeprefix("whatsapp:"))
    await person.live()
    done = await Eraser(shell).erase(person.id)
    assert done
    before = await projected(shell, rebuilds.url, done.position)
    for every in (False, True):
        assert (await rebuilds.check(every=every)).differences == []
    await rebuilds.rebuild()
    assert await snapshot(rebuilds.url) == before


async def test_two_rebuilds_do_not_run_at_once(shell: Shell, rebuilds: _Rebuilds) -> None:
    """The second is told so, and changes nothing."""
    await append(shell, Disorder(1).write(10))
    other = await asyncpg.connect(rebuilds.url)
    await other.execute("SELECT pg_advisory_lock($1)", int.from_bytes(b"meshrbld"))
    with pytest.raises(RebuildRunningError):
        await rebuilds.rebuild()
    await other.close()


async def test_without_tables_there_is_nothing_to_rebuild(
    shell: Shell, bare_database: str, nats_server: NatsServer
) -> None:
    """A database that was never migrated is left alone."""
    await append(shell, Disorder(1).write(10))
    with pytest.raises(NoTablesError):
        await _Rebuilds(bare_database, nats_server.url).rebuild()


async def test_tables_of_another_log_are_replaced(
    shell: Shell, rebuilds: _Rebuilds, second_database: str
) -> None:
    """Whatever their checkpoint says, the log that is there counts."""
    end = await append(shell, Disorder(6).write(100))
    await projected(shell, rebuilds.url, end)
    await ask(rebuilds.url, "UPDATE checkpoints SET position = 100000")
    assert [d.table for d in (await rebuilds.check()).differences] == ["checkpoints"]
    await rebuilds.rebuild()
    assert await snapshot(rebuilds.url) == await projected(shell, second_database, end)


async def test_the_commands_say_what_they_found_by_their_exit_status(
    shell: Shell, rebuilds: _Rebuilds
) -> None:
    """0: the same, or done; 3: tables and log differ; 1: it cannot be done, and why."""
    await projected(shell, rebuilds.url, await append(shell, Disorder(4).write(COMMITS)))
    urls = ("--database-url", rebuilds.url, "--nats-url", rebuilds.nats_url)
    assert (await _mesh("check", *urls))[0] == 0
    await ask(rebuilds.url, "DELETE FROM messages")
    status, said = await _mesh("check", "--all", *urls)
    assert (status, "messages" in said) == (3, True)
    status, said = await _mesh("rebuild", *urls)
    assert (status, "The read tables are new" in said) == (0, True)
    assert (await _mesh("check", "--all", *urls))[0] == 0
    status, said = await _mesh("check", *urls[2:], "--database-url", "postgresql://x@127.0.0.1:9/x")
    assert status == 1
    assert "the database does not answer" in said
    assert "Traceback" not in said


async def _mesh(*words: str) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        program("mesh"), "projections", *words,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    return process.returncode, " ".join(said.decode().split())
