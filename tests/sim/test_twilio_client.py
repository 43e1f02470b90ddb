"""The real twilio client against the simulated messaging network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

from tests.sim.servers import ACCOUNT, PERSON, SENDER, TOKEN, call, whatsapp


@pytest.fixture
def base() -> Iterator[str]:
    """Run a network without a service behind it."""
    with whatsapp("--retries", "0") as url:
        yield url


@pytest.fixture
def client(base: str) -> Client:
    """Return the client that blocks."""
    client = Client(ACCOUNT, TOKEN)
    client.api.base_url = base
    return client


@pytest.fixture
async def async_client(base: str) -> AsyncIterator[Client]:
    """Return the client that does not block."""
    http = AsyncTwilioHttpClient()
    client = Client(ACCOUNT, TOKEN, http_client=http)
    client.api.base_url = base
    yield client
    await http.close()


def send(client: Client, body: str = "Hello there?", to: str = PERSON) -> str:
    """Send a message and return its sid."""
    return str(client.messages.create(to=to, from_=SENDER, body=body).sid)


def test_a_created_message_is_queued_and_has_a_sid(client: Client) -> None:
    """A create answers with the whole message, which has not left yet."""
    message = client.messages.create(to=PERSON, from_=SENDER, body="Hello there?")
    assert message.sid is not None
    assert (message.sid[:2], len(message.sid)) == ("SM", 34)
    assert (str(message.status), message.date_sent, message.error_code) == ("queued", None, None)
    assert (message.to, message.from_, message.body) == (PERSON, SENDER, "Hello there?")
    assert message.date_created is not None
    assert abs(datetime.now(UTC) - message.date_created) < timedelta(seconds=5)


async def test_a_fetched_message_goes_through_the_statuses(async_client: Client) -> None:
    """A message that was created ends as read, with the time at which it was sent."""
    made = await async_client.messages.create_async(to=PERSON, from_=SENDER, body="Hello?")
    await asyncio.sleep(0.5)
    message = await async_client.messages(str(made.sid)).fetch_async()
    assert str(message.status) == "read"
    assert message.date_sent is not None


def test_an_unknown_sid_is_not_found(client: Client) -> None:
    """A sid that nobody made gives 404 with Twilio's code."""
    with pytest.raises(TwilioRestException) as caught:
        client.messages("SM" + "0" * 32).fetch()
    assert (caught.value.status, caught.value.code) == (404, 20404)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "whatsapp:12", "body": "x"}, 21211),
        ({"to": "", "body": "x"}, 21604),
        ({"to": PERSON}, 21602),
        ({"to": PERSON, "body": "x" * 1601}, 21617),
        ({"to": "+971501234567", "body": "x"}, 21910),
        ({"to": PERSON, "content_sid": "HX" + "0" * 32, "content_variables": '{"1": ""}'}, 21656),
    ],
)
def test_what_twilio_refuses_is_refused_with_its_code(
    client: Client, fields: dict[str, str], code: int
) -> None:
    """A create that Twilio would not take gives its status and its code."""
    with pytest.raises(TwilioRestException) as caught:
        client.messages.create(from_=SENDER, **fields)
    assert (caught.value.status, caught.value.code) == (400, code)


def test_a_wrong_token_is_not_authentic(base: str) -> None:
    """A wrong password gives 401 with Twilio's code."""
    client = Client(ACCOUNT, "wrong")
    client.api.base_url = base
    with pytest.raises(TwilioRestException) as caught:
        send(client)
    assert (caught.value.status, caught.value.code) == (401, 20003)


def test_a_list_is_newest_first_over_all_pages(client: Client) -> None:
    """A list of one recipient holds his messages only, however many pages it takes."""
    sids = [send(client, f"Message {n}") for n in range(7)]
    send(client, to="whatsapp:+971509876543")
    listed = client.messages.list(to=PERSON, page_size=3)
    assert [message.sid for message in listed] == sids[::-1]


async def test_a_list_from_a_moment_on_leaves_out_what_is_older(async_client: Client) -> None:
    """A filter on the date of sending includes the second that it names."""
    made = await async_client.messages.create_async(to=PERSON, from_=SENDER, body="Hello?")
    now = datetime.now(UTC)
    recent = await async_client.messages.list_async(
        to=PERSON, date_sent_after=now - timedelta(minutes=1)
    )
    assert [message.sid for message in recent] == [made.sid]
    later = now + timedelta(minutes=1)
    assert not await async_client.messages.list_async(to=PERSON, date_sent_after=later)
    today = await async_client.messages.list_async(to=PERSON, date_sent=now)
    assert [message.sid for message in today] == [made.sid]


async def test_a_business_scoped_id_is_an_address(async_client: Client) -> None:
    """A person who hides his number is reached by his scoped id."""
    made = await async_client.messages.create_async(
        to="whatsapp:AE.aBc123", from_=SENDER, body="Hello?"
    )
    assert str(made.status) == "queued"


async def test_a_rate_limited_create_was_never_taken(client: Client, base: str) -> None:
    """A fault with a count strikes so often; 429 leaves nothing behind."""
    await call(f"{base}/sim/faults", "POST", json={"kind": "rate_limited", "count": 2})
    for _ in range(2):
        with pytest.raises(TwilioRestException) as caught:
            send(client)
        assert (caught.value.status, caught.value.code) == (429, 20429)
    assert client.messages.list(to=PERSON) == []
    assert send(client)


@pytest.mark.parametrize(("when", "taken"), [("before", 0), ("after", 1)])
async def test_a_server_error_does_not_say_whether_the_message_was_taken(
    client: Client, base: str, when: str, taken: int
) -> None:
    """The answer is the same before and after accepting; only the list tells."""
    fault = {"kind": "server_error", "when": when, "to": PERSON}
    await call(f"{base}/sim/faults", "POST", json=fault)
    with pytest.raises(TwilioRestException) as caught:
        send(client)
    assert caught.value.status == 503
    assert len(client.messages.list(to=PERSON)) == taken


@pytest.mark.parametrize(("when", "taken"), [("before", 0), ("after", 1), ("late", 1)])
async def test_a_hanging_create_is_taken_or_not_as_asked(
    async_client: Client, base: str, when: str, taken: int
) -> None:
    """A client that gives up waiting learns from the list whether its message was taken."""
    fault = {"kind": "hang", "seconds": 0.6, "when": when}
    await call(f"{base}/sim/faults", "POST", json=fault)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await async_client.messages.create_async(to=PERSON, from_=SENDER, body="Hello?")
    await asyncio.sleep(0.7)
    assert len(await async_client.messages.list_async(to=PERSON)) == taken


async def test_a_fault_for_one_participant_spares_the_others(client: Client, base: str) -> None:
    """A refusal with a given code strikes only the address that it names."""
    fault = {"kind": "reject", "code": 63016, "to": PERSON}
    await call(f"{base}/sim/faults", "POST", json=[fault])
    assert send(client, to="whatsapp:+971509876543")
    with pytest.raises(TwilioRestException) as caught:
        send(client)
    assert caught.value.code == 63016


async def test_the_record_tells_what_was_taken_and_what_was_refused(
    client: Client, base: str
) -> None:
    """The record keeps the order, and `since` leaves out what was seen."""
    sid = send(client)
    with pytest.raises(TwilioRestException):
        send(client, "x" * 1601)
    whole = await call(f"{base}/sim/record")
    kinds = [entry["kind"] for entry in whole["entries"] if entry["kind"].startswith("create")]
    assert kinds == ["create_accepted", "create_refused"]
    assert whole["entries"][0]["sid"] == sid
    rest = await call(f"{base}/sim/record?since=1&kind=create_refused")
    assert [entry["code"] for entry in rest["entries"]] == [21617]


async def test_a_disarmed_fault_does_not_strike(client: Client, base: str) -> None:
    """DELETE takes every fault away."""
    await call(f"{base}/sim/faults", "POST", json={"kind": "reject", "probability": 1})
    assert (await call(f"{base}/sim/faults", "DELETE"))["faults"] == []
    assert send(client)


async def test_lists_may_lag_behind(async_client: Client) -> None:
    """With a lag a message that was just created is not listed yet."""
    with whatsapp("--retries", "0", "--list-lag", "0.5") as base:
        async_client.api.base_url = base
        await async_client.messages.create_async(to=PERSON, from_=SENDER, body="Hello?")
        assert await async_client.messages.list_async(to=PERSON) == []
        await asyncio.sleep(0.6)
        assert len(await async_client.messages.list_async(to=PERSON)) == 1


async def test_a_fault_may_be_meant_for_one_sender(client: Client, base: str) -> None:
    """Another number of ours, and another answer: each sender has its own faults."""
    other, service = "whatsapp:+14155550000", "MG" + "b" * 32
    fault = {"kind": "reject", "sender": service, "code": 20003, "refused_with": 401}
    await call(f"{base}/sim/faults", "POST", json=fault)
    for sender in (SENDER, other):
        assert client.messages.create(to=PERSON, from_=sender, body="Hello?").sid
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(to=PERSON, messaging_service_sid=service, body="Hello?")
    assert (refused.value.status, refused.value.code) == (401, 20003)


def test_a_messaging_service_writes_to_each_participant_from_one_of_its_numbers() -> None:
    """The numbers share the participants, and nobody ever hears from two."""
    pool, service = ["whatsapp:+14155550001", "whatsapp:+14155550002"], "MG" + "b" * 32
    with whatsapp("--retries", "0", "--pool", ",".join(pool)) as url:
        client = Client(ACCOUNT, TOKEN)
        client.api.base_url = url
        heard: dict[str, set[str | None]] = {}
        for n in range(20):
            to = f"whatsapp:+9715012345{n % 10}0"
            made = client.messages.create(to=to, messaging_service_sid=service, body="Hello?")
            heard.setdefault(to, set()).add(made.from_)
    assert all(len(numbers) == 1 for numbers in heard.values())
    assert {number for numbers in heard.values() for number in numbers} == set(pool)
