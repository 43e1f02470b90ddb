"""The log as rows: everything, in order, filtered as promised, and folded up to any moment."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import timedelta
from pathlib import Path

import nats
import pytest

from meshcore import EventRow, Log, open_log
from meshcore.domain.campaign import CampaignStatus
from meshcore.domain.conversation import ConversationStatus
from meshcore.errors import LogUnavailableError, MalformedCommitError
from meshcore.ids import new_id
from meshcore.log import codec, streams
from meshcore.log.event_log import EventLog
from meshcore.replay import bulk
from meshcore.replay.rows import headers_of, rows_of
from meshcore.replay.selection import Selection
from tests.analyst.history import NASTY, Story, write
from tests.support.nats_server import NatsServer

EVENTS = 16
"""Of one story."""


async def rows(log: Log, **wanted: object) -> list[EventRow]:
    """The events wanted."""
    return [row async for row in log.events(**wanted)]  # type: ignore[arg-type]  # by name


async def test_rows_are_the_events_of_the_log(
    log: Log, server: NatsServer, stories: list[Story]
) -> None:
    """Decoded one by one they are what the services read."""
    found = await rows(log)
    client = await nats.connect(server.url)
    async with EventLog(client, "test") as events:
        page = await events.read(">", strict=False)
    await client.close()
    expected = [
        (record.position, ordinal, event, record.commit.id, record.commit.at)
        for record in page.records
        for ordinal, event in enumerate(record.commit.events)
    ]
    assert [(r.position, r.ordinal, r.event, r.commit, r.time) for r in found] == expected
    assert len(found) == EVENTS * len(stories)


async def test_what_is_no_commit_is_told_and_left_out(log: Log) -> None:
    """By position and subject, never by its contents."""
    unreadable = [one async for batch in log.batches(Selection()) for one in batch.unreadable]
    assert [one.subject for one in unreadable] == ["mesh.participant.nobody.unrouted"]
    assert "no commit" not in unreadable[0].reason


async def test_a_campaign_is_its_lane_and_its_conversations_in_order(
    log: Log, stories: list[Story]
) -> None:
    """Two readings are merged by position."""
    found = await rows(log, campaign=stories[1].campaign)
    everything = [row for row in await rows(log) if row.campaign == stories[1].campaign]
    assert found == everything
    assert {row.lane for row in found} == {"campaign", "turn", "out", "in"}


async def test_a_conversation_is_found_by_its_id_alone(log: Log, stories: list[Story]) -> None:
    """Its campaign need not be known."""
    found = await rows(log, conversation=stories[0].talkative)
    assert {row.conversation for row in found} == {stories[0].talkative}
    assert {row.campaign for row in found} == {stories[0].campaign}
    assert not await rows(log, conversation=new_id())


async def test_filters_choose_what_the_whole_log_has(log: Log, stories: list[Story]) -> None:
    """Types and times: since inclusive, until exclusive, by the writers' clocks."""
    everything = await rows(log)
    types = ["message_received", "participant_opted_out"]
    assert await rows(log, types=types) == [r for r in everything if r.type in types]
    since, until = stories[0].start + timedelta(seconds=3), stories[0].start + timedelta(seconds=8)
    chosen = await rows(log, since=since, until=until)
    assert chosen == [r for r in everything if since <= r.time < until]
    assert chosen
    assert await rows(log, after=stories[1].positions[0] - 1) == [
        r for r in everything if r.position >= stories[1].positions[0]
    ]


async def test_many_pages_leave_no_gap(
    log: Log, stories: list[Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However small the pages are, also where several readings are merged."""
    everything = await rows(log)
    of_one = await rows(log, campaign=stories[0].campaign)
    for size in (1, 2, 7):
        monkeypatch.setattr(bulk, "_PAGE", size)
        assert await rows(log) == everything
        assert await rows(log, campaign=stories[0].campaign) == of_one


async def test_whoever_follows_sees_what_comes(server: NatsServer, stories: list[Story]) -> None:
    """Without asking again."""
    assert stories
    client = await nats.connect(server.url)
    js = client.jetstream()
    async with open_log(server.url) as log, asyncio.timeout(10):
        end = await log.last_position()
        async with aclosing(log.events(after=end, follow=True)) as events:
            coming = asyncio.ensure_future(anext(events))
            await asyncio.sleep(0.3)
            body = b'{"events": [ {"type":"campaign_launched", "version":1, "data":{} } ] }'
            headers = {codec.ID: new_id(), codec.TIME: "2026-03-01T10:00:00+04:00"}
            ack = await js.publish(f"mesh.campaign.{new_id()}", body, headers=headers)
            row = await coming
    assert (row.type, row.data, row.position) == ("campaign_launched", "{}", ack.seq)
    assert row.time.isoformat() == "2026-03-01T06:00:00+00:00"
    await js.delete_msg(streams.MESH, ack.seq)
    await client.close()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'{"events":[{"type":"campaign_launched","version":1,"data":{}}',
        b'{"events":[{"type":"campaign_launched","version":1,"data":{]}}]}',
        b'{"events":[{"type":"campaign_launched","version":"x","data":{}}]}',
        b'{"events":[{"type":"campaign_launched","version":1,"data":[]}]}',
        b'{"events":[{"type":"campaign_launched","version":1}]}',
        b"\xff",
    ],
)
def test_a_body_that_is_no_commit_is_refused(body: bytes) -> None:
    """Whatever it looks like."""
    headers = headers_of(
        b"NATS/1.0\r\nce-id: x\r\nce-time: 2026-03-01T09:00:00+00:00\r\nNats-Sequence: 1\r\n"
        b"Nats-Subject: mesh.campaign.x\r\nNats-Time-Stamp: 2026-03-01T09:00:00.123456789Z\r\n\r\n"
    )
    with pytest.raises(MalformedCommitError):
        rows_of(headers, body)


async def test_a_conversation_is_shown_as_it_stood(log: Log, stories: list[Story]) -> None:
    """By time or by position; before it began the log knows nothing of it."""
    story = stories[0]
    before = await log.conversation_at(story.talkative, story.start + timedelta(seconds=2))
    opened = await log.conversation_at(story.talkative, story.start + timedelta(seconds=5))
    at_reply = await log.conversation_at(story.talkative, story.positions[7])
    now = await log.conversation_at(story.talkative)
    assert before is None
    assert opened is not None
    assert opened.status is ConversationStatus.OUTREACH_SENT
    assert at_reply is not None
    assert (at_reply.status, len(at_reply.messages)) == (ConversationStatus.ACTIVE, 2)
    assert at_reply.messages[1].text == NASTY
    assert now is not None
    assert (now.status, now.values) == (ConversationStatus.COMPLETED, {"station": "=1+1"})


async def test_a_campaign_is_shown_as_it_stood(log: Log, stories: list[Story]) -> None:
    """Its own status, and its conversations by theirs; whoever was not opened yet is pending."""
    story = stories[0]
    assert await log.campaign_at(story.campaign, story.start - timedelta(seconds=1)) is None
    draft = await log.campaign_at(story.campaign, story.positions[1])
    assert draft is not None
    assert (draft.campaign.status, draft.campaign.enrolled_count) == (CampaignStatus.DRAFT, 3)
    assert draft.statuses[ConversationStatus.PENDING] == 3
    later = await log.campaign_at(story.campaign, story.start + timedelta(seconds=7))
    assert later is not None
    assert later.statuses[ConversationStatus.ACTIVE] == 1
    assert later.position == story.positions[7]
    now = await log.campaign_at(story.campaign)
    assert now is not None
    assert now.statuses[ConversationStatus.COMPLETED] == 1
    assert now.statuses[ConversationStatus.PENDING] == 2


async def test_nobody_there_is_said_so() -> None:
    """And not waited for."""
    with pytest.raises(LogUnavailableError, match="does not answer"):
        async with open_log("nats://127.0.0.1:1"):
            pass


async def test_a_log_of_many_pages_is_read_whole(tmp_path: Path) -> None:
    """A message that arrives in pieces is put together, and none is lost."""
    server = NatsServer(tmp_path)
    server.start()
    client = await nats.connect(server.url)
    await streams.declare(client.jetstream(), 1)
    async with EventLog(client, "test") as log:
        stories = [await write(log) for _ in range(120)]
    await client.close()
    async with open_log(server.url) as reading:
        found = await rows(reading)
    server.kill()
    assert len(found) == EVENTS * len(stories)
    positions = sorted({row.position for row in found})
    assert positions == list(range(1, len(positions) + 1))
