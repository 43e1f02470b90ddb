"""The directory and the routes."""

from __future__ import annotations

import asyncio
import json
import uuid

import pytest
from nats.aio.client import Client
from nats.js.kv import KeyValue

from meshcore.directory import Directory, Route, Routes
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


async def test_attributes_are_kept_by_campaign(directory: Directory) -> None:
    """And stay where a later registration tells none."""
    address, one, other = number(), new_id(), new_id()
    participant = await directory.register(address, one, {"first_name": "Mia", "city": "Dubai"})
    await directory.register(address, other, {"first_name": "M."})
    await directory.register(address)
    assert await directory.attributes(participant, one) == {"first_name": "Mia", "city": "Dubai"}
    assert await directory.attributes(participant, other) == {"first_name": "M."}
    assert await directory.attributes(participant, new_id()) == {}
    assert await directory.attributes(new_id(), one) == {}
    assert await directory.addresses(participant) == [address]


async def test_attributes_told_again_take_the_place_of_the_earlier_ones(
    directory: Directory,
) -> None:
    """Whoever left one out wants it gone."""
    address, campaign = number(), new_id()
    participant = await directory.register(address, campaign, {"first_name": "Mia", "city": "x"})
    await directory.register(address, campaign, {"first_name": "Maya"})
    assert await directory.attributes(participant, campaign) == {"first_name": "Maya"}


async def test_attributes_told_by_another_address_are_the_same_persons(
    directory: Directory,
) -> None:
    """An alias has no attributes of its own; nor does linking lose any."""
    phone, user, one, other = number(), user_id(), new_id(), new_id()
    participant = await directory.register(phone, one, {"first_name": "Mia"})
    await directory.link(participant, user)
    assert await directory.register(user, other, {"city": "Dubai"}) == participant
    assert await directory.attributes(participant, one) == {"first_name": "Mia"}
    assert await directory.attributes(participant, other) == {"city": "Dubai"}


async def test_attributes_told_at_the_same_time_are_all_kept(directory: Directory) -> None:
    """Several campaigns enrol the same person."""
    address, campaigns = number(), [new_id() for _ in range(6)]
    ids = await asyncio.gather(
        *(directory.register(address, campaign, {"n": campaign}) for campaign in campaigns)
    )
    for campaign in campaigns:
        assert await directory.attributes(ids[0], campaign) == {"n": campaign}


@pytest.fixture
async def route_bucket(client: Client) -> KeyValue:
    """The routes' bucket."""
    return await client.jetstream().key_value(streams.ROUTES)


@pytest.fixture
def routes(route_bucket: KeyValue) -> Routes:
    """The routes."""
    return Routes(route_bucket)


def refs(count: int) -> list[ConversationRef]:
    """Conversations of as many campaigns."""
    return [ConversationRef(new_id(), new_id()) for _ in range(count)]


async def test_a_route_leads_to_the_newest_conversation_and_remembers_the_others(
    routes: Routes,
) -> None:
    """And nowhere before there is one."""
    participant = new_id()
    assert await routes.find(participant) == Route()
    first, second, third = refs(3)
    for ref in (first, second, third):
        await routes.lead(participant, ref)
    assert await routes.find(participant) == Route(third, (second, first))


async def test_leading_to_the_same_conversation_again_changes_nothing(
    routes: Routes, route_bucket: KeyValue
) -> None:
    """Outreach does so when it tries again."""
    participant = new_id()
    [ref] = refs(1)
    await routes.lead(participant, ref)
    before = (await route_bucket.get(participant)).revision
    await routes.lead(participant, ref)
    assert (await route_bucket.get(participant)).revision == before
    assert await routes.find(participant) == Route(ref)


async def test_a_conversation_that_becomes_current_again_is_not_an_earlier_one(
    routes: Routes,
) -> None:
    """An opening may be tried again after another campaign's."""
    participant = new_id()
    first, second = refs(2)
    for ref in (first, second, first):
        await routes.lead(participant, ref)
    assert await routes.find(participant) == Route(first, (second,))


async def test_leaving_a_conversation_leads_back_to_the_one_before(routes: Routes) -> None:
    """Its opening was refused: the participant never heard of it."""
    first, second = (ConversationRef(f"c{n}", f"v{n}") for n in range(2))
    await routes.lead("p", first)
    await routes.lead("p", second)
    await routes.leave("p", second)
    assert await routes.find("p") == Route(first)
    await routes.leave("p", first)
    assert await routes.find("p") == Route()


async def test_leaving_a_conversation_that_is_not_the_current_one_changes_nothing(
    routes: Routes,
) -> None:
    """Somebody has led the participant elsewhere since."""
    first, second = (ConversationRef(f"c{n}", f"v{n}") for n in range(2))
    await routes.lead("p", first)
    await routes.lead("p", second)
    await routes.leave("p", first)
    assert await routes.find("p") == Route(second, (first,))


async def test_leading_at_the_same_time_forgets_none(routes: Routes) -> None:
    """Several replicas open conversations of several campaigns with one participant."""
    participant, led = new_id(), refs(6)
    await asyncio.gather(*(routes.lead(participant, ref) for ref in led))
    route = await routes.find(participant)
    assert {route.current, *route.earlier} == set(led)


async def test_only_the_last_few_conversations_are_remembered(routes: Routes) -> None:
    """The value stays small, however many campaigns there were."""
    participant, led = new_id(), refs(12)
    for ref in led:
        await routes.lead(participant, ref)
    assert await routes.find(participant) == Route(led[-1], tuple(led[-2:-10:-1]))


async def test_a_route_stored_before_earlier_ones_were_kept_is_read(
    routes: Routes, route_bucket: KeyValue
) -> None:
    """It held the current conversation alone."""
    participant = new_id()
    first, second = refs(2)
    await route_bucket.put(participant, f"{first.campaign}/{first.conversation}".encode())
    assert await routes.find(participant) == Route(first)
    await routes.lead(participant, second)
    assert await routes.find(participant) == Route(second, (first,))


async def test_a_stranger_who_wrote_is_remembered_over_all_conversations(routes: Routes) -> None:
    """What they wrote may come again after the opening."""
    participant = new_id()
    first, second = refs(2)
    for _ in range(2):
        assert await routes.note_unrouted(participant) == Route(unrouted=True)
    for ref in (first, second):
        await routes.lead(participant, ref)
    assert await routes.find(participant) == Route(second, (first,), unrouted=True)


async def test_nothing_is_noted_of_a_stranger_to_whom_a_conversation_was_opened_meanwhile(
    routes: Routes,
) -> None:
    """The message belongs there."""
    participant = new_id()
    [ref] = refs(1)
    await routes.lead(participant, ref)
    assert await routes.note_unrouted(participant) == Route(ref)
    assert await routes.find(participant) == Route(ref)


async def test_a_route_that_was_deleted_can_be_made_again(
    routes: Routes, route_bucket: KeyValue
) -> None:
    """Whoever was erased may take part once more."""
    participant = new_id()
    first, second = refs(2)
    await routes.lead(participant, first)
    await route_bucket.delete(participant)
    assert await routes.find(participant) == Route()
    await routes.lead(participant, second)
    assert await routes.find(participant) == Route(second)


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
        directory.attributes("p", "c"),
        routes.find("p"),
        routes.lead("p", ConversationRef("c", "v")),
        routes.note_unrouted("p"),
        return_exceptions=True,
    )
    assert {type(result) for result in results} == {LogUnavailableError}
