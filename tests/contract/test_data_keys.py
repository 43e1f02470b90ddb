"""Keys of personal data: made once, for everybody the same, and gone when they are destroyed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from meshcore.domain.events import MessageReceived
from meshcore.ids import new_commit, new_id, now
from meshcore.log import subjects
from meshcore.log.data_keys import DataKeys
from meshcore.log.event_log import EventLog
from meshcore.log.subjects import ConversationRef, Lane

if TYPE_CHECKING:
    from nats.aio.client import Client

    from tests.contract.conftest import Connect
    from tests.support.nats_server import NatsServer

WORDS = "a word that nobody else has ever said"


def _lane() -> tuple[str, str]:
    ref = ConversationRef(new_id(), new_id())
    return subjects.lane(ref, Lane.IN), subjects.owner_of_conversation(ref.conversation)


def _said() -> MessageReceived:
    return MessageReceived(message_sid=new_id(), participant="p", text=WORDS)


async def test_whoever_asks_for_a_key_at_the_same_time_gets_the_same(
    server: NatsServer, connect: Connect
) -> None:
    """Over several connections."""
    owner = new_id()
    keys = [DataKeys(await connect(server.url)) for _ in range(4)]
    got = await asyncio.gather(*(each.for_writing(owner) for each in keys * 3))
    assert len(set(got)) == 1


async def test_what_was_said_is_sealed_on_the_log_and_read_by_everybody(
    server: NatsServer, connect: Connect, log: EventLog
) -> None:
    """A reader gets the key by itself: for one message, a page, or the last of a lane."""
    lane, _ = _lane()
    commit = new_commit([_said()], now())
    position = await log.append(lane, commit)
    js = (await connect(server.url)).jetstream()
    assert WORDS.encode() not in ((await js.get_msg("MESH", position)).data or b"")
    async with EventLog(await connect(server.url), "reader") as reader:
        [read] = await reader.load(lane)
        assert read.commit.events == commit.events
    async with EventLog(await connect(server.url), "reader") as reader:
        last = await reader.last_by_leader(lane)
        assert last
        assert last.commit.events == commit.events


async def test_a_page_of_many_conversations_is_read(
    server: NatsServer, connect: Connect, log: EventLog
) -> None:
    """Their keys are fetched together."""
    campaign = new_id()
    for _ in range(30):
        ref = ConversationRef(campaign, new_id())
        await log.append(subjects.lane(ref, Lane.IN), new_commit([_said()], now()))
    async with EventLog(await connect(server.url), "reader") as reader:
        page = await reader.read(subjects.lanes_of_campaign(campaign, Lane.IN))
        texts = [
            e.text for r in page.records for e in r.commit.events if isinstance(e, MessageReceived)
        ]
    assert texts == [WORDS] * 30


async def test_without_its_key_a_conversation_is_read_as_erased(
    server: NatsServer, connect: Connect, log: EventLog
) -> None:
    """Also what was sealed before, by whoever comes to read it later."""
    lane, owner = _lane()
    await log.append(lane, new_commit([_said()], now()))
    assert await log.keys.destroy(owner)
    assert not await log.keys.destroy(owner)
    async with EventLog(await connect(server.url), "reader") as reader:
        [read] = await reader.load(lane)
        [event] = read.commit.events
        assert isinstance(event, MessageReceived)
        assert event.text == ""


async def test_what_is_written_after_a_destruction_has_a_key_of_its_own(
    server: NatsServer, connect: Connect, log: EventLog
) -> None:
    """It is read, and what was there before is not."""
    lane, owner = _lane()
    await log.append(lane, new_commit([_said()], now()))
    await log.keys.destroy(owner)
    await log.append(lane, new_commit([_said()], now()))
    async with EventLog(await connect(server.url), "reader") as reader:
        read = await reader.load(lane)
        texts = [e.text for r in read for e in r.commit.events if isinstance(e, MessageReceived)]
        assert texts == ["", WORDS]


async def test_a_destroyed_key_is_overwritten_on_the_servers_disk(
    server: NatsServer, client: Client
) -> None:
    """Not a byte sequence of it is in any file."""
    keys, owner = DataKeys(client), new_id()
    secret = (await keys.for_writing(owner)).secret
    assert _files_with(server, secret)
    await keys.destroy(owner)
    assert not _files_with(server, secret)


def _files_with(server: NatsServer, wanted: bytes) -> list[str]:
    files = [path for path in server.store.rglob("*") if path.is_file()]
    return [str(path) for path in files if wanted in path.read_bytes()]
