"""The log on a real server: appending, reading and following."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import timedelta
from typing import cast

import pytest
from nats.aio.client import Client

from meshcore.domain.commit import Commit, Recorded
from meshcore.domain.events import SendStarted
from meshcore.errors import LogUnavailableError, StaleWriteError
from meshcore.ids import new_commit, new_id, now
from meshcore.log import subjects
from meshcore.log.event_log import EventLog
from meshcore.log.subjects import ConversationRef, Lane
from tests.contract.conftest import Connect
from tests.support.facts import received, started
from tests.support.nats_server import NatsServer, Wire


def fresh(which: Lane = Lane.OUT) -> str:
    """A lane that no other test uses."""
    return subjects.lane(ConversationRef(new_id(), new_id()), which)


def commit(message_id: str = "m1") -> Commit:
    """Some commit."""
    return new_commit([started(message_id)], now())


async def append_many(log: EventLog, lanes: Sequence[str], each: int = 1) -> list[int]:
    """Appends commits to every lane, many at once."""
    turn = asyncio.Semaphore(200)

    async def one(lane: str, n: int) -> int:
        async with turn:
            return await log.append(lane, commit(f"m{n}"))

    return await asyncio.gather(*(one(lane, n) for lane in lanes for n in range(each)))


async def take(log: EventLog, after: int, count: int) -> list[Recorded]:
    """Follows the log until so many commits have come."""
    found: list[Recorded] = []
    following = cast("AsyncGenerator[list[Recorded]]", log.follow(after))
    async with aclosing(following) as batches:
        async for batch in batches:
            assert batch
            found += batch
            if len(found) >= count:
                break
    return found


def is_in_order(records: Sequence[Recorded]) -> bool:
    """Whether positions rise."""
    positions = [record.position for record in records]
    return positions == sorted(set(positions))


async def test_what_is_appended_is_read_back_whole(log: EventLog) -> None:
    """Events, ids, causes and time."""
    lane = fresh(Lane.IN)
    written = new_commit(
        [received(1, "ja 🙂\n\0"), started("m1")], now(), correlation="c", causation="d"
    )
    position = await log.append(lane, written, expected=0)
    assert await log.load(lane) == [Recorded(position, lane, written)]


async def test_a_guarded_append_to_a_lane_that_moved_on_is_stale(log: EventLog) -> None:
    """The guard names the lane's last position, and 0 for none."""
    lane = fresh()
    first = await log.append(lane, commit(), expected=0)
    for expected in (0, first - 1, first + 1):
        with pytest.raises(StaleWriteError):
            await log.append(lane, commit(), expected=expected)
    second = await log.append(lane, commit(), expected=first)
    assert [r.position for r in await log.load(lane)] == [first, second]


async def test_a_guard_looks_at_its_own_lane_only(log: EventLog) -> None:
    """What the world does is not a conflict with what the agent decides."""
    ref = ConversationRef(new_id(), new_id())
    turn = subjects.lane(ref, Lane.TURN)
    first = await log.append(turn, commit(), expected=0)
    await log.append(subjects.lane(ref, Lane.IN), commit())
    assert await log.append(turn, commit(), expected=first) > first


async def test_of_concurrent_appends_at_one_position_exactly_one_wins(
    server: NatsServer, connect: Connect
) -> None:
    """Over several connections, round after round."""
    lane, end = fresh(), 0
    first, second = await connect(server.url), await connect(server.url)
    async with EventLog(first, "a") as one, EventLog(second, "b") as other:
        for _ in range(20):
            tries = [log.append(lane, commit(), expected=end) for log in (one, other) * 3]
            results = await asyncio.gather(*tries, return_exceptions=True)
            won = [r for r in results if isinstance(r, int)]
            assert len(won) == 1
            assert sum(isinstance(r, StaleWriteError) for r in results) == 5
            end = won[0]
        assert len(await one.load(lane)) == 20


async def test_a_repeated_message_id_is_stored_once(log: EventLog) -> None:
    """The webhook's repetition is another commit with the same MessageSid."""
    lane, key = fresh(Lane.IN), new_id()
    first = await log.append(lane, commit("m1"), msg_id=key)
    assert await log.append(lane, commit("m2"), msg_id=key) == first
    assert len(await log.load(lane)) == 1


async def test_a_repeated_commit_is_stored_once(log: EventLog) -> None:
    """By default its own id is the key."""
    lane, same = fresh(Lane.IN), commit()
    assert await log.append(lane, same) == await log.append(lane, same)


@pytest.mark.parametrize("expected", [0, None])
@pytest.mark.usefixtures("impatient")
async def test_an_append_whose_answer_was_lost_finds_its_own_position(
    server: NatsServer, connect: Connect, log: EventLog, expected: int | None
) -> None:
    """Guarded or not: it is neither stored twice nor taken for somebody else's."""
    begin, lane = await log.last_position(), fresh()
    async with Wire(server) as wire:
        client = await connect(f"nats://127.0.0.1:{wire.port}")
        async with EventLog(client, "test") as far:
            wire.deaf = True
            appending = asyncio.create_task(far.append(lane, commit(), expected=expected))
            (stored,) = await take(log, begin, 1)
            wire.deaf = False
            wire.cut()
            assert await appending == stored.position
        await client.close()
    assert len(await log.load(lane)) == 1


async def test_reading_begins_behind_a_position_and_tells_what_is_left(log: EventLog) -> None:
    """In the order of the log, over all lanes of a conversation."""
    ref = ConversationRef(new_id(), new_id())
    lanes = [subjects.lane(ref, which) for which in (Lane.IN, Lane.TURN, Lane.IN, Lane.OUT)]
    positions = [await log.append(lane, commit()) for lane in lanes]
    page = await log.read(subjects.lanes(ref), after=positions[0], limit=2)
    assert [r.position for r in page.records] == positions[1:3]
    assert [r.subject for r in page.records] == lanes[1:3]
    assert (page.pending, page.end) == (1, positions[2])
    nothing = await log.read(subjects.lanes(ref), after=positions[-1])
    assert (nothing.records, nothing.pending, nothing.end) == ([], 0, 0)
    assert await log.load(subjects.lanes(ref), positions[0]) == [
        r for r in await log.load(subjects.lanes(ref)) if r.position > positions[0]
    ]


async def test_reading_may_begin_at_a_time(log: EventLog) -> None:
    """What was stored before is left out; the next page begins behind a position, as ever."""
    lane = fresh()
    await log.append(lane, commit())
    await asyncio.sleep(0.1)
    since = now()
    positions = [await log.append(lane, commit()) for _ in range(2)]
    page = await log.read(lane, limit=1, since=since)
    assert ([r.position for r in page.records], page.pending) == (positions[:1], 1)
    page = await log.read(lane, after=page.end, since=since)
    assert [r.position for r in page.records] == positions[1:]
    nothing = await log.read(lane, since=now() + timedelta(hours=1))
    assert (nothing.records, nothing.pending) == ([], 0)


async def test_a_long_history_is_loaded_whole_and_in_order(log: EventLog) -> None:
    """Over several pages."""
    lane = fresh()
    positions = await append_many(log, [lane], 2_500)
    records = await log.load(lane)
    assert [r.position for r in records] == sorted(positions)


async def test_concurrent_readers_do_not_get_each_others_answers(log: EventLog) -> None:
    """One instance serves any number of tasks."""
    lanes = [fresh() for _ in range(50)]
    await append_many(log, lanes, 3)
    loaded = await asyncio.gather(*(log.load(lane) for lane in lanes))
    assert [[r.subject for r in records] for records in loaded] == [[lane] * 3 for lane in lanes]


async def test_the_last_commit_of_a_lane(log: EventLog) -> None:
    """None while there is none."""
    lane = fresh()
    assert await log.last(lane) is None
    await log.append(lane, commit("m1"))
    position = await log.append(lane, commit("m2"))
    last = await log.last(lane)
    assert last
    assert (last.position, last.commit.events) == (position, (SendStarted(message_id="m2"),))


async def test_the_last_commits_of_many_lanes_come_in_the_order_of_the_log(log: EventLog) -> None:
    """More lanes than the server answers for at once; empty ones are left out."""
    campaign = new_id()
    lanes = [subjects.lane(ConversationRef(campaign, str(n)), Lane.OUT) for n in range(1_200)]
    await append_many(log, lanes[1:])
    await log.append(lanes[1], commit("last"))
    records = await log.last_of(lanes)
    assert len(records) == 1_199
    assert is_in_order(records)
    assert records[-1].subject == lanes[1]


async def test_subjects_are_listed_with_their_number_of_commits(log: EventLog) -> None:
    """More than a hundred of them."""
    campaign = new_id()
    lanes = [subjects.lane(ConversationRef(campaign, str(n)), Lane.OUT) for n in range(150)]
    await append_many(log, lanes)
    await append_many(log, lanes[:10])
    found = await log.subjects_in(subjects.lanes_of_campaign(campaign, Lane.OUT))
    assert found == {lane: 2 if n < 10 else 1 for n, lane in enumerate(lanes)}
    assert await log.subjects_in(subjects.lanes_of_campaign(new_id(), Lane.OUT)) == {}


async def test_following_sees_the_old_and_the_new(log: EventLog) -> None:
    """In order, and from where it is told."""
    begin, lane = await log.last_position(), fresh()
    old = [await log.append(lane, commit()) for _ in range(3)]
    following = asyncio.create_task(take(log, begin, 6))
    await asyncio.sleep(0.1)
    new = [await log.append(lane, commit()) for _ in range(3)]
    assert [r.position for r in await following] == old + new
    assert (await take(log, old[1], 1))[0].position == old[2]


@pytest.mark.usefixtures("impatient")
async def test_following_survives_the_death_of_the_server(
    mortal_server: NatsServer, connect: Connect
) -> None:
    """Killed and started again on its store: no gap, no repetition."""
    writer, reader = await connect(mortal_server.url), await connect(mortal_server.url)
    commits = [commit(f"m{n}") for n in range(60)]
    lane = fresh()

    async def write(log: EventLog) -> None:
        for one in commits:
            while True:
                try:
                    await log.append(lane, one)
                except LogUnavailableError:
                    continue
                break
            await asyncio.sleep(0.01)

    async with EventLog(writer, "test") as log, EventLog(reader, "test") as far:
        following = asyncio.create_task(take(far, 0, len(commits)))
        writing = asyncio.create_task(write(log))
        await asyncio.sleep(0.3)
        mortal_server.kill()
        await asyncio.sleep(0.3)
        mortal_server.start()
        await writing
        followed = await following
    assert [r.commit.id for r in followed] == [c.id for c in commits]
    assert [r.position for r in followed] == list(range(1, len(commits) + 1))


@pytest.mark.usefixtures("impatient")
async def test_following_on_a_closed_connection_can_be_stopped(
    server: NatsServer, connect: Connect
) -> None:
    """It gives the event loop back, though every read fails at once."""
    client = await connect(server.url)
    async with EventLog(client, "test") as log:
        await client.close()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await take(log, 0, 1)


@pytest.mark.usefixtures("impatient")
async def test_a_log_that_is_gone_is_unavailable(
    mortal_server: NatsServer, connect: Connect
) -> None:
    """Every method says so, with an error that may be retried."""
    async with EventLog(await connect(mortal_server.url), "test") as log:
        mortal_server.kill()
        results = await asyncio.gather(
            log.append(fresh(), commit()),
            log.append(fresh(), commit(), expected=0),
            log.read("mesh.>"),
            log.load(fresh()),
            log.last(fresh()),
            log.last_position(),
            log.subjects_in("mesh.>"),
            return_exceptions=True,
        )
    assert {type(result) for result in results} == {LogUnavailableError}
    assert LogUnavailableError.retryable


async def test_a_server_without_the_log_is_unavailable(
    empty_server: NatsServer, connect: Connect
) -> None:
    """It may be about to be declared."""
    client: Client = await connect(empty_server.url)
    async with EventLog(client, "test") as log:
        results = await asyncio.gather(
            log.append(fresh(), commit()),
            log.read("mesh.>"),
            log.last_position(),
            log.subjects_in("mesh.>"),
            return_exceptions=True,
        )
    assert {type(result) for result in results} == {LogUnavailableError}
