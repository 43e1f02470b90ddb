"""Wake-ups: at their time, once, replaced or cancelled, and gone when they are handled."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import timedelta

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext

from meshcore.errors import LogUnavailableError
from meshcore.ids import new_id, now
from meshcore.log import streams, subjects
from meshcore.log.subjects import ConversationRef
from meshcore.log.wake_ups import WakeUps
from tests.contract.conftest import Connect
from tests.support.nats_server import NatsServer


@pytest.fixture
def js(client: Client) -> JetStreamContext:
    """JetStream on the common server."""
    return client.jetstream()


def fresh() -> str:
    """An opening's wake-up that no other test uses."""
    return subjects.opening_wake_up(ConversationRef(new_id(), new_id()))


async def arrivals(js: JetStreamContext, seconds: float, count: int = 100) -> list[Msg]:
    """What the consumer of openings is given in this time, acked; at most `count`."""
    durable = streams.OPENINGS_CONSUMER.durable_name or ""
    subscription = await js.pull_subscribe_bind(durable, stream=streams.WORK)
    found: list[Msg] = []
    deadline = time.monotonic() + seconds
    while len(found) < count and (left := deadline - time.monotonic()) > 0.02:
        try:
            for message in await subscription.fetch(1, timeout=left):
                await message.ack_sync()
                found.append(message)
        except TimeoutError:
            break
    await subscription.unsubscribe()
    return found


async def kept(js: JetStreamContext, wake_up: str) -> set[str]:
    """What the stream holds of a wake-up: its schedule, itself, both or nothing."""
    names = {wake_up: "wake-up", subjects.schedule_of(wake_up): "schedule"}
    found: set[str] = set()
    for subject, name in names.items():
        info = await js.stream_info(streams.WORK, subjects_filter=subject)
        if info.state.subjects:
            found.add(name)
    return found


def hints(messages: list[Msg], wake_up: str) -> list[object]:
    """The hints that came with this wake-up."""
    return [json.loads(m.data) for m in messages if m.subject == wake_up]


async def test_a_wake_up_comes_at_its_time_and_is_gone_when_handled(js: JetStreamContext) -> None:
    """Neither early nor much later, and nothing of it stays in the stream."""
    wake_up, begun = fresh(), time.monotonic()
    await WakeUps(js).at(now() + timedelta(seconds=1), wake_up, {"plan": 7})
    assert await kept(js, wake_up) == {"schedule"}
    found = await arrivals(js, 5, 1)
    assert 0.9 < time.monotonic() - begun < 3
    assert hints(found, wake_up) == [{"plan": 7}]
    assert await kept(js, wake_up) == set()


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=5), timedelta(days=400)])
async def test_a_wake_up_of_the_past_comes_at_once(js: JetStreamContext, late: timedelta) -> None:
    """However long past it is."""
    wake_up = fresh()
    await WakeUps(js).at(now() - late, wake_up, {})
    assert hints(await arrivals(js, 3, 1), wake_up) == [{}]


async def test_a_wake_up_for_now_comes_now(js: JetStreamContext) -> None:
    """Without a schedule."""
    wake_up = fresh()
    await WakeUps(js).now(wake_up, {"n": 1})
    assert hints(await arrivals(js, 3, 1), wake_up) == [{"n": 1}]


async def test_a_second_call_replaces_the_first(js: JetStreamContext) -> None:
    """Whether it asks for earlier or for later; the hint is the second's."""
    sooner, later = fresh(), fresh()
    wake_ups = WakeUps(js)
    await wake_ups.at(now() + timedelta(hours=1), sooner, {"n": 1})
    await wake_ups.at(now() + timedelta(seconds=0.5), sooner, {"n": 2})
    await wake_ups.at(now() + timedelta(seconds=0.5), later, {"n": 1})
    await wake_ups.at(now() + timedelta(seconds=1.2), later, {"n": 2})
    found = await arrivals(js, 2.2)
    assert hints(found, sooner) == [{"n": 2}]
    assert hints(found, later) == [{"n": 2}]


async def test_what_is_cancelled_does_not_come(js: JetStreamContext) -> None:
    """Everything of a campaign, and nothing of another one."""
    gone, other = new_id(), new_id()
    wake_ups, due = WakeUps(js), now() + timedelta(seconds=0.7)
    cancelled = [subjects.opening_wake_up(ConversationRef(gone, str(n))) for n in range(3)]
    stays = subjects.opening_wake_up(ConversationRef(other, "0"))
    for wake_up in (*cancelled, stays):
        await wake_ups.at(due, wake_up, {})
    for schedules in subjects.schedules_of_campaign(gone):
        await wake_ups.cancel(schedules)
    found = await arrivals(js, 1.7)
    assert [m.subject for m in found] == [stays]
    assert [await kept(js, wake_up) for wake_up in cancelled] == [set(), set(), set()]


async def test_an_unhandled_wake_up_comes_again(js: JetStreamContext) -> None:
    """It stays in the stream until somebody acks it."""
    wake_up = fresh()
    await WakeUps(js).now(wake_up, {})
    durable = streams.OPENINGS_CONSUMER.durable_name or ""
    subscription = await js.pull_subscribe_bind(durable, stream=streams.WORK)
    (message,) = await subscription.fetch(1, timeout=3)
    await message.nak(delay=0.2)
    await subscription.unsubscribe()
    assert await kept(js, wake_up) == {"wake-up"}
    (again,) = await arrivals(js, 3, 1)
    assert (again.subject, again.metadata.num_delivered) == (wake_up, 2)


async def test_schedules_survive_the_death_of_the_server(
    mortal_server: NatsServer, connect: Connect
) -> None:
    """Those due while it was down come at once, the others at their time, each one once."""
    js = (await connect(mortal_server.url)).jetstream()
    wake_ups = WakeUps(js)
    down, up = fresh(), fresh()
    await wake_ups.at(now() + timedelta(seconds=0.6), down, {"n": 1})
    await wake_ups.at(now() + timedelta(seconds=2.5), up, {"n": 2})
    mortal_server.kill()
    await asyncio.sleep(1)
    mortal_server.start()
    found = await arrivals((await connect(mortal_server.url)).jetstream(), 3.5)
    assert [m.subject for m in found] == [down, up]
    assert await kept(js, down) == await kept(js, up) == set()


async def test_without_a_server_wake_ups_are_unavailable(
    mortal_server: NatsServer, connect: Connect
) -> None:
    """Each call may be repeated later."""
    wake_ups = WakeUps((await connect(mortal_server.url)).jetstream(timeout=0.3))
    mortal_server.kill()
    results = await asyncio.gather(
        wake_ups.now(fresh(), {}),
        wake_ups.at(now(), fresh(), {}),
        wake_ups.cancel("mesh.work.schedule.>"),
        return_exceptions=True,
    )
    assert {type(result) for result in results} == {LogUnavailableError}
