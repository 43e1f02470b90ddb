"""A webhook that Twilio repeats counts once, however late, and wherever its participant is by now.

The server here remembers message ids for a fraction of a second, so that a late repetition need not
be waited for.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, replace

import httpx
import pytest

from meshcore.domain.events import (
    Event,
    MessageReceived,
    OptOutSource,
    ParticipantOptedIn,
    ParticipantOptedOut,
)
from meshcore.ids import new_commit, new_id, now
from meshcore.log import streams, subjects
from meshcore.log.histories import load_consent
from meshcore.log.subjects import ConversationRef, Lane
from meshsim.servers import NatsServer
from tests.ingress.harness import (
    NOWHERE,
    Ground,
    Ingress,
    ingress_process,
    message_form,
    new_phone,
    post_signed,
    standing_on,
)

REMEMBERED = 0.2
"""Seconds for which the server of these tests drops a repeated message id."""


@pytest.fixture(scope="module")
def forgetful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ingress, str]]:
    """An ingress, and a server with a short memory."""
    server = NatsServer(tmp_path_factory.mktemp("forgetful"))
    server.start()
    with ingress_process(server.url, NOWHERE, tmp_path_factory.mktemp("ingress")) as running:
        asyncio.run(_shorten_memory(server.url))
        yield running, server.url
    server.stop()


async def _shorten_memory(url: str) -> None:
    [mesh] = [stream for stream in streams.streams(1) if stream.name == streams.MESH]
    async with standing_on(url) as ground:
        await ground.nats.jetstream().update_stream(replace(mesh, duplicate_window=REMEMBERED))


@dataclass(frozen=True)
class Person:
    """Somebody who writes, and whose webhooks are repeated."""

    client: httpx.AsyncClient
    ground: Ground
    address: str
    participant: str

    async def post(self, form: Mapping[str, str]) -> None:
        """One webhook, which must be answered with 200; then the server forgets its message id."""
        answer = await post_signed(self.client, "/twilio/inbound", form)
        assert (answer.status_code, answer.text) == (200, "<Response/>")
        await asyncio.sleep(2 * REMEMBERED)

    async def says(self, text: str) -> dict[str, str]:
        """A message of theirs; returns its form."""
        form = message_form(self.address, Body=text)
        await self.post(form)
        return form

    async def opened(self) -> ConversationRef:
        """A conversation of a further campaign, to which their messages belong from now on."""
        ref = ConversationRef(new_id(), new_id())
        await self.ground.routes.lead(self.participant, ref)
        return ref

    async def on(self, subject: str) -> list[Event]:
        """What stands on a subject."""
        records = await self.ground.log.load(subject)
        return [event for record in records for event in record.commit.events]

    async def heard_in(self, ref: ConversationRef) -> list[str]:
        """What they said in a conversation."""
        events = await self.on(subjects.lane(ref, Lane.IN))
        return [event.text for event in events if isinstance(event, MessageReceived)]

    async def consents(self) -> list[Event]:
        """What they said about being written to."""
        return await self.on(subjects.consent(self.participant))

    async def opted_out(self) -> bool:
        """Whether they may not be written to."""
        return (await load_consent(self.ground.log, self.participant)).opted_out


@pytest.fixture
async def person(forgetful: tuple[Ingress, str]) -> AsyncIterator[Person]:
    """Somebody new."""
    ingress, nats_url = forgetful
    address = f"whatsapp:{new_phone()}"
    async with (
        httpx.AsyncClient(base_url=ingress.url, timeout=30) as client,
        standing_on(nats_url) as ground,
    ):
        yield Person(client, ground, address, ground.directory.id_of(address))


async def test_a_message_repeated_after_the_route_has_moved_counts_where_it_came_first(
    person: Person,
) -> None:
    """However many conversations ago that was; the later ones never hear of it."""
    await person.ground.directory.register(person.address)
    first = await person.opened()
    form = await person.says("Twice a day")
    second = await person.opened()
    await person.post(form)
    third = await person.opened()
    await person.post(form)
    heard = [await person.heard_in(ref) for ref in (first, second, third)]
    assert heard == [["Twice a day"], [], []]


async def test_after_the_route_has_moved_new_messages_belong_to_the_new_conversation(
    person: Person,
) -> None:
    """Also such as say the same words again."""
    first = await person.opened()
    await person.says("Yes")
    second = await person.opened()
    await person.says("Yes")
    assert (await person.heard_in(first), await person.heard_in(second)) == (["Yes"], ["Yes"])


async def test_a_strangers_message_repeated_after_the_opening_stays_outside(
    person: Person,
) -> None:
    """Taken as unrouted, it does not become an answer to an opening that came later."""
    form = await person.says("Hello?")
    ref = await person.opened()
    await person.post(form)
    assert await person.heard_in(ref) == []
    assert len(await person.on(subjects.unrouted(person.participant))) == 1
    await person.says("Hello again")
    assert await person.heard_in(ref) == ["Hello again"]


async def test_what_is_not_a_commit_on_an_earlier_lane_costs_no_message(person: Person) -> None:
    """It is passed over."""
    first = await person.opened()
    form = await person.says("Twice a day")
    lane = subjects.lane(first, Lane.IN)
    await person.ground.nats.jetstream().publish(lane, b"not a commit")
    second = await person.opened()
    await person.post(form)
    await person.says("And once on Sundays")
    assert await person.heard_in(second) == ["And once on Sundays"]


async def test_a_stop_repeated_after_a_start_does_not_opt_out_again(person: Person) -> None:
    """What was said last holds, in the same conversation too."""
    ref = await person.opened()
    stop = await person.says("stop")
    await person.says("START")
    await person.post(stop)
    assert not await person.opted_out()
    assert await person.heard_in(ref) == ["stop", "START"]
    await person.opened()
    await person.post(stop)
    assert not await person.opted_out()
    assert len(await person.consents()) == 2


async def test_a_start_repeated_after_a_stop_does_not_opt_in_again(person: Person) -> None:
    """Nor when a stranger said both."""
    start = await person.says("START")
    await person.says("stop")
    await person.post(start)
    assert await person.opted_out()
    await person.opened()
    await person.post(start)
    assert await person.opted_out()
    assert len(await person.consents()) == 2


async def test_a_repeated_stop_makes_up_for_the_consent_that_a_crash_left_out(
    person: Person,
) -> None:
    """The message stood on the log, and ingress died before it wrote the consent."""
    ref = await person.opened()
    form = message_form(person.address, Body="stop")
    received = MessageReceived(
        message_sid=form["MessageSid"],
        participant=person.participant,
        text="stop",
        opt_out=OptOutSource.KEYWORD,
    )
    message = new_commit([received], now())
    position = await person.ground.log.append(subjects.lane(ref, Lane.IN), message)
    await person.opened()
    await person.post(form)
    assert await person.consents() == [
        ParticipantOptedOut(
            source=OptOutSource.KEYWORD,
            message_sid=form["MessageSid"],
            message_position=position,
        )
    ]
    consent = await person.ground.log.last(subjects.consent(person.participant))
    assert consent
    assert consent.commit.correlation == message.id


async def test_a_new_stop_after_a_start_opts_out_again(person: Person) -> None:
    """Each new word about consent is heard."""
    await person.opened()
    for word in ("stop", "START", "stop"):
        await person.says(word)
    kinds = [type(event) for event in await person.consents()]
    assert kinds == [ParticipantOptedOut, ParticipantOptedIn, ParticipantOptedOut]
    assert await person.opted_out()


async def test_a_participant_of_one_conversation_costs_no_look_up(person: Person) -> None:
    """Whoever has only ever been in one is not looked for elsewhere: the log is not read."""
    requests = await person.ground.nats.subscribe(f"$JS.API.DIRECT.GET.{streams.MESH}")
    await person.opened()
    await person.says("Twice a day")
    assert requests.pending_msgs == 0
    await person.opened()
    await person.says("Or three times")
    assert requests.pending_msgs == 1


async def test_repeated_messages_are_counted(person: Person) -> None:
    """Prometheus sees them apart from those that are taken."""
    await person.opened()
    form = await person.says("Twice a day")
    await person.opened()
    before = await _repeated(person.client)
    await person.post(form)
    assert await _repeated(person.client) == before + 1


async def _repeated(client: httpx.AsyncClient) -> float:
    name = 'mesh_ingress_webhooks_total{kind="inbound",result="repeated"}'
    lines = (await client.get("/metrics")).text.splitlines()
    return float(next(line for line in lines if line.startswith(name)).rpartition(" ")[2])
