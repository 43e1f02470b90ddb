"""Many participants registered at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import nats
import pytest
from nats.aio.client import Client
from nats.js.kv import KeyValue

from meshcore.directory import Directory
from meshcore.directory_batches import DirectoryBatches
from meshcore.errors import LogUnavailableError
from meshcore.ids import new_id
from meshcore.log import batches, streams
from meshcore.log.batches import BATCH, Batches, Change, Stored
from meshsim.servers import NatsCluster
from tests.contract.conftest import Connect
from tests.contract.test_directory import KEY, number, user_id
from tests.support.nats_server import NatsServer


@pytest.fixture
async def bucket(client: Client) -> KeyValue:
    """The directory's bucket."""
    return await client.jetstream().key_value(streams.DIRECTORY)


@pytest.fixture
def directory(bucket: KeyValue) -> Directory:
    """The directory, for one at a time."""
    return Directory(bucket, KEY)


@pytest.fixture
def raw(client: Client) -> Batches:
    """The bucket, spoken to raw."""
    return Batches(client, streams.DIRECTORY)


@pytest.fixture
def many(directory: Directory, raw: Batches) -> DirectoryBatches:
    """The directory, for many."""
    return DirectoryBatches(directory, raw)


async def test_a_batch_registers_everybody_in_order(
    many: DirectoryBatches, directory: Directory
) -> None:
    """With their attributes, and as many at once as the server takes."""
    campaign = new_id()
    people = [(number(), {"n": str(n)}) for n in range(BATCH)]
    ids = await many.register(people, campaign)
    assert ids == [directory.id_of(address) for address, _ in people]
    for n in (0, 1, BATCH - 1):
        assert await directory.addresses(ids[n]) == [people[n][0]]
        assert await directory.attributes(ids[n], campaign) == {"n": str(n)}
    assert await many.addresses([*ids[:3], new_id()]) == {
        participant: [address] for participant, (address, _) in zip(ids[:3], people, strict=False)
    }


async def test_registering_a_batch_again_writes_nothing(
    many: DirectoryBatches, bucket: KeyValue
) -> None:
    """Whoever repeats a request costs nothing."""
    campaign, people = new_id(), [(number(), {"a": "b"}), (number(), {})]
    ids = await many.register(people, campaign)
    before = [(await bucket.get(each)).revision for each in ids]
    assert await many.register(people, campaign) == ids
    assert [(await bucket.get(each)).revision for each in ids] == before


async def test_a_batch_may_hold_known_new_and_aliased_people(
    many: DirectoryBatches, directory: Directory
) -> None:
    """Each gets the attributes of this campaign, and keeps those of others."""
    one, other, phone, user, new = new_id(), new_id(), number(), user_id(), number()
    participant = await directory.register(phone, one, {"city": "Dubai"})
    known = await directory.register(number_of_known := number(), one, {"city": "Doha"})
    await directory.link(participant, user)
    told = {"first_name": "Mia"}
    ids = await many.register([(new, told), (user, told), (number_of_known, told)], other)
    assert ids == [directory.id_of(new), participant, known]
    for each in ids:
        assert await directory.attributes(each, other) == told
    assert await directory.attributes(participant, one) == {"city": "Dubai"}
    assert await directory.attributes(known, one) == {"city": "Doha"}
    assert await directory.addresses(participant) == [phone, user]


async def test_batches_and_single_registrations_at_the_same_time_lose_nothing(
    many: DirectoryBatches, directory: Directory
) -> None:
    """Whoever finds that a key has moved on looks again."""
    campaigns = [new_id() for _ in range(4)]
    addresses = [number() for _ in range(60)]
    batched = [
        many.register([(address, {"by": campaign}) for address in addresses], campaign)
        for campaign in campaigns
    ]
    single = [directory.register(address) for address in addresses]
    results = await asyncio.gather(*batched, asyncio.gather(*single))
    assert results == [[directory.id_of(address) for address in addresses]] * 5
    for participant in results[0]:
        for campaign in campaigns:
            assert await directory.attributes(participant, campaign) == {"by": campaign}


async def test_a_batch_with_one_key_that_moved_on_writes_nothing(
    raw: Batches, bucket: KeyValue
) -> None:
    """All or none."""
    taken, free = new_id(), new_id()
    await bucket.put(taken, b"theirs")
    changes = [Change(free, b"ours", 0), Change(taken, b"ours", 0)]
    assert not await raw.write(changes)
    found = await raw.read([free, taken])
    assert {key: stored.value for key, stored in found.items()} == {taken: b"theirs"}
    revision = found[taken].revision
    assert await raw.write([Change(free, b"ours", 0), Change(taken, b"ours", revision)])
    assert {key: s.value for key, s in (await raw.read([free, taken])).items()} == {
        free: b"ours",
        taken: b"ours",
    }


async def test_whoever_was_deleted_can_be_registered_again(
    many: DirectoryBatches, directory: Directory, bucket: KeyValue, raw: Batches
) -> None:
    """Erased participants may be enrolled once more."""
    address = number()
    [participant] = await many.register([(address, {})])
    await bucket.delete(participant)
    assert (await raw.read([participant]))[participant].value == b""
    assert await many.addresses([participant]) == {}
    assert await many.register([(address, {})]) == [participant]
    assert await directory.addresses(participant) == [address]


async def test_where_batches_are_refused_people_are_registered_singly(
    mortal_server: NatsServer, connect: Connect
) -> None:
    """As by a bucket that another release has declared."""
    client = await connect(mortal_server.url)
    js = client.jetstream()
    config = (await js.stream_info(f"KV_{streams.DIRECTORY}")).config
    assert config.allow_atomic
    config.allow_atomic = False
    await js.update_stream(config)
    directory = Directory(await js.key_value(streams.DIRECTORY), KEY)
    many = DirectoryBatches(directory, Batches(client, streams.DIRECTORY))
    address = number()
    [participant] = await many.register([(address, {"a": "b"})], "c")
    assert await directory.addresses(participant) == [address]
    assert await directory.attributes(participant, "c") == {"a": "b"}


async def test_without_a_server_lists_are_unavailable(
    mortal_server: NatsServer, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each call may be repeated later."""
    monkeypatch.setattr(batches, "_TIMEOUT", 0.3)
    client = await connect(mortal_server.url)
    raw = Batches(client, streams.DIRECTORY)
    many = DirectoryBatches(
        Directory(await client.jetstream().key_value(streams.DIRECTORY), KEY), raw
    )
    mortal_server.kill()
    results = await asyncio.gather(
        many.register([(number(), {})]),
        many.addresses(["p"]),
        raw.write([Change("k", b"v", 0)]),
        return_exceptions=True,
    )
    assert {type(result) for result in results} == {LogUnavailableError}


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[NatsCluster]:
    """Three servers on this machine."""
    servers = NatsCluster(tmp_path / "cluster")
    servers.start()
    yield servers
    servers.stop()


async def test_on_three_replicas_batches_race_and_lose_nothing(cluster: NatsCluster) -> None:
    """Every server's clients may register the same people."""
    clients = [await nats.connect(server.url) for server in cluster.servers]
    await streams.declare(clients[0].jetstream(timeout=20), 3)
    people = [number() for _ in range(200)]
    campaigns = [new_id() for _ in clients]
    directories = [
        Directory(await client.jetstream().key_value(streams.DIRECTORY), KEY) for client in clients
    ]
    await asyncio.gather(
        *(
            DirectoryBatches(directory, Batches(client, streams.DIRECTORY)).register(
                [(address, {"by": campaign}) for address in people], campaign
            )
            for client, directory, campaign in zip(clients, directories, campaigns, strict=True)
        )
    )
    info = await clients[0].jetstream().stream_info(f"KV_{streams.DIRECTORY}", subjects_filter=">")
    assert len(info.state.subjects or {}) == len(people)
    for address in people:
        subject = f"$KV.{streams.DIRECTORY}.{directories[0].id_of(address)}"
        entry = await clients[0].jetstream().get_last_msg(f"KV_{streams.DIRECTORY}", subject)
        assert json.loads(entry.data or b"") == {
            "addresses": [address],
            "attributes": {campaign: {"by": campaign} for campaign in campaigns},
        }
    for client in clients:
        await client.close()


def test_what_never_was_has_no_revision() -> None:
    """So that writing it expects nothing there."""
    assert Stored() == Stored(b"", 0)
