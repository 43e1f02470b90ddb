"""The directory and the routes."""

from __future__ import annotations

import asyncio
import json
import uuid

import pytest
from nats.aio.client import Client
from nats.js.kv import KeyValue

from meshcore.directory import Directory, Routes
from meshcore.errors import LogUnavailableError
from meshcore.ids import new_id
from meshcore.log import streams
from meshcore.log.subjects import ConversationRef
from tests.contract.conftest import Connect
from tests.support.nats_server import NatsServer

KEY = b"a key of the tests"


@pytest.fixture
async def bucket(client: Client) -> KeyValue:
    """The directory's bucket."""
    return await client.jetstream().key_value(streams.DIRECTORY)


@pytest.fixture
def directory(bucket: KeyValue) -> Directory:
    """The directory."""
    return Directory(bucket, KEY)


def number() -> str:
    """An address that no other test uses."""
    return f"whatsapp:+9715{uuid.uuid4().int % 10**8:08}"


def user_id() -> str:
    """A business-scoped user id that no other test uses."""
    return f"whatsapp:AE.{uuid.uuid4().hex}"


async def test_registering_twice_gives_one_participant(directory: Directory) -> None:
    """Also at the same time."""
    address = number()
    ids = set(await asyncio.gather(*(directory.register(address) for _ in range(5))))
    assert ids == {directory.id_of(address)}
    assert await directory.register(address) in ids
    assert await directory.addresses(ids.pop()) == [address]


async def test_the_participant_of_an_unknown_address_can_be_named(directory: Directory) -> None:
    """By the id that the address would get; nothing is stored."""
    address = number()
    assert await directory.find(address) == directory.id_of(address)
    assert await directory.addresses(directory.id_of(address)) == []


async def test_a_participant_is_found_by_every_address(directory: Directory) -> None:
    """A number and a user id of the same person are one participant."""
    phone, user = number(), user_id()
    participant = await directory.register(phone)
    for _ in range(2):
        await directory.link(participant, user)
    await directory.link(participant, phone)
    assert await directory.find(phone) == await directory.find(user) == participant
    assert await directory.register(user) == participant
    assert await directory.addresses(participant) == [phone, user]


async def test_an_address_of_somebody_else_is_not_taken_over(directory: Directory) -> None:
    """Whoever is known by it keeps it."""
    one, other = number(), number()
    first, second = await directory.register(one), await directory.register(other)
    await directory.link(first, other)
    assert await directory.find(other) == second
    assert await directory.addresses(first) == [one]


async def test_linking_again_finishes_what_a_crash_left(
    bucket: KeyValue, directory: Directory
) -> None:
    """Between the two writes only the address is noted."""
    phone, user = number(), user_id()
    participant = await directory.register(phone)
    await bucket.put(participant, json.dumps({"addresses": [phone, user]}).encode())
    await directory.link(participant, user)
    assert await directory.find(user) == participant
    assert await directory.addresses(participant) == [phone, user]


async def test_a_route_leads_to_the_newest_conversation(client: Client) -> None:
    """And nowhere before there is one."""
    routes = Routes(await client.jetstream().key_value(streams.ROUTES))
    participant = new_id()
    assert await routes.find(participant) is None
    first, second = ConversationRef(new_id(), new_id()), ConversationRef(new_id(), new_id())
    for ref in (first, second):
        await routes.lead(participant, ref)
        assert await routes.find(participant) == ref


async def test_without_a_server_both_are_unavailable(
    mortal_server: NatsServer, connect: Connect
) -> None:
    """Each call may be repeated later."""
    js = (await connect(mortal_server.url)).jetstream(timeout=0.3)
    directory = Directory(await js.key_value(streams.DIRECTORY), KEY)
    routes = Routes(await js.key_value(streams.ROUTES))
    mortal_server.kill()
    results = await asyncio.gather(
        directory.register(number()),
        directory.find(number()),
        directory.link("p", number()),
        directory.addresses("p"),
        routes.find("p"),
        routes.lead("p", ConversationRef("c", "v")),
        return_exceptions=True,
    )
    assert {type(result) for result in results} == {LogUnavailableError}
