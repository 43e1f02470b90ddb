"""Histories: lanes merged and folded, and only their tails read again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import pytest
from nats.aio.client import Client

from meshcore.domain.campaign import CampaignStatus
from meshcore.domain.commit import Recorded
from meshcore.domain.conversation import ConversationStatus
from meshcore.domain.events import (
    CampaignCreated,
    CampaignLaunched,
    Event,
    OptOutSource,
    ParticipantOptedIn,
    ParticipantOptedOut,
    ParticipantsEnrolled,
    UnroutedMessageReceived,
)
from meshcore.domain.schema import FieldSpec, FieldType
from meshcore.errors import MalformedCommitError
from meshcore.ids import new_commit, new_id, now
from meshcore.log import subjects
from meshcore.log.event_log import EventLog
from meshcore.log.histories import Conversations, campaigns, load_consent
from meshcore.log.subjects import ConversationRef, Lane
from tests.support.facts import answered, composed, opening, received, sent, started


class WatchedLog(EventLog):
    """The log, noting how much was read of it."""

    reads: list[int]

    async def load(self, subject: str, after: int = 0, up_to: int | None = None) -> list[Recorded]:
        """As the log does."""
        records = await super().load(subject, after, up_to)
        self.reads = [*getattr(self, "reads", []), len(records)]
        return records


async def write(log: EventLog, subject: str, *events: Event) -> int:
    """Appends the events as one commit."""
    return await log.append(subject, new_commit(events, now(), correlation="chain"))


async def test_lanes_are_merged_in_the_order_of_the_log(log: EventLog) -> None:
    """Whichever service wrote them."""
    ref = ConversationRef(new_id(), new_id())
    come, turn, out = (subjects.lane(ref, which) for which in (Lane.IN, Lane.TURN, Lane.OUT))
    await write(log, turn, *opening("m1"))
    await write(log, out, started("m1"))
    first_sent = await write(log, out, sent("m1"))
    await write(log, come, received(1))
    last_turn = await write(log, turn, answered(1), composed("m2"))
    last_in = await write(log, come, received(2))
    history = await Conversations(log).load(ref)
    assert [m.id[:2] for m in history.state.messages] == ["m1", "SM", "m2", "SM"]
    assert [m.answered for m in history.state.messages] == [False, True, False, False]
    assert history.state.status is ConversationStatus.ACTIVE
    assert (history.end_of(come), history.end_of(turn), history.end_of(out)) == (
        last_in,
        last_turn,
        first_sent,
    )
    assert (history.position, history.correlation) == (last_in, "chain")


async def test_a_conversation_without_history_stands_at_the_beginning(log: EventLog) -> None:
    """So its first append is guarded with 0."""
    ref = ConversationRef(new_id(), new_id())
    history = await Conversations(log).load(ref)
    assert (history.position, history.end_of(subjects.lane(ref, Lane.TURN))) == (0, 0)
    assert history.state.status is ConversationStatus.PENDING


async def test_only_the_tail_of_a_known_conversation_is_read(client: Client) -> None:
    """And the state is the same as if all of it had been."""
    ref = ConversationRef(new_id(), new_id())
    async with WatchedLog(client, "test") as log:
        for n in range(5):
            await write(log, subjects.lane(ref, Lane.IN), received(n))
        known = Conversations(log)
        await known.load(ref)
        await write(log, subjects.lane(ref, Lane.TURN), answered(0, 1))
        tail = await known.load(ref)
        await known.load(ref)
        assert log.reads == [5, 1]
        assert tail == await Conversations(log).load(ref)
        assert len(tail.state.unanswered) == 3


class MovingLog(EventLog):
    """A log on which something happens just after it was asked where the lanes end."""

    meanwhile: Callable[[], Awaitable[object]] | None = None

    async def last_of(self, exact: Sequence[str]) -> list[Recorded]:
        """Answers, and lets the world go on."""
        ends = await super().last_of(exact)
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            await meanwhile()
        return ends


async def test_all_lanes_are_seen_as_of_one_moment(client: Client) -> None:
    """What is written while they are read one by one belongs to the next look, in its order."""
    ref = ConversationRef(new_id(), new_id())
    async with MovingLog(client, "test") as log:
        await write(log, subjects.lane(ref, Lane.IN), received(0))
        await write(log, subjects.lane(ref, Lane.TURN), answered(0))
        known = Conversations(log)

        async def meanwhile() -> None:
            await write(log, subjects.lane(ref, Lane.IN), received(1))
            await write(log, subjects.lane(ref, Lane.TURN), answered(1))

        log.meanwhile = meanwhile
        first = await known.load(ref)
        assert (len(first.state.messages), len(first.state.unanswered)) == (1, 0)
        second = await known.load(ref)
        assert second == await Conversations(log).load(ref)
        assert (len(second.state.messages), len(second.state.unanswered)) == (2, 0)


async def test_a_conversation_does_not_read_another_ones_lanes(log: EventLog) -> None:
    """Nor those of another campaign."""
    ref, other = ConversationRef("c1" + new_id(), new_id()), ConversationRef(new_id(), new_id())
    await write(log, subjects.lane(other, Lane.IN), received(1))
    await write(log, subjects.lane(ConversationRef(ref.campaign, "x"), Lane.IN), received(1))
    assert (await Conversations(log).load(ref)).position == 0


async def test_a_campaign_is_folded_from_its_lane(log: EventLog) -> None:
    """What was known last is there without asking."""
    campaign_id = new_id()
    schema = {"age": FieldSpec(type=FieldType.INTEGER, description="Age")}
    created = CampaignCreated(name="n", research_brief="b", extraction_schema=schema)
    await write(log, subjects.campaign(campaign_id), created)
    known = campaigns(log)
    assert known.cached(campaign_id) is None
    assert (await known.load(campaign_id)).state.extraction_schema == schema
    enrolled = ParticipantsEnrolled(participants=("p1",))
    await write(log, subjects.campaign(campaign_id), enrolled, CampaignLaunched())
    cached = known.cached(campaign_id)
    assert cached
    assert cached.status is CampaignStatus.DRAFT
    state = (await known.load(campaign_id)).state
    assert (state.status, list(state.participants())) == (CampaignStatus.ACTIVE, ["p1"])
    assert known.cached(campaign_id) == state


async def test_consent_is_what_was_said_last(log: EventLog) -> None:
    """Messages outside any conversation do not change it."""
    participant = new_id()
    assert not (await load_consent(log, participant)).opted_out
    opted_out = ParticipantOptedOut(source=OptOutSource.KEYWORD, message_sid="SM1")
    await write(log, subjects.consent(participant), opted_out)
    unrouted = UnroutedMessageReceived(message_sid="SM2", text="hi")
    await write(log, subjects.unrouted(participant), unrouted)
    assert (await load_consent(log, participant)).opted_out
    await write(log, subjects.consent(participant), ParticipantOptedIn(message_sid="SM3"))
    assert not (await load_consent(log, participant)).opted_out


async def test_a_message_that_is_no_commit_is_malformed_or_set_aside(
    client: Client, log: EventLog
) -> None:
    """A history with a hole in it is not folded; a reader of everything may go on."""
    ref = ConversationRef(new_id(), new_id())
    lane = subjects.lane(ref, Lane.IN)
    first = await write(log, lane, received(1))
    foreign = (await client.jetstream().publish(lane, b"not a commit")).seq
    last = await write(log, lane, received(2))
    with pytest.raises(MalformedCommitError):
        await Conversations(log).load(ref)
    page = await log.read(lane, strict=False)
    assert [r.position for r in page.records] == [first, last]
    assert [(u.position, u.subject) for u in page.unreadable] == [(foreign, lane)]
    assert page.end == last
