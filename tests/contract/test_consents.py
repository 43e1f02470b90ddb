"""Words about consent are written down in the order of the messages that said them."""

from __future__ import annotations

import asyncio
from itertools import permutations

from nats.aio.client import Client

from meshcore.domain.events import OptOutSource, ParticipantOptedIn, ParticipantOptedOut
from meshcore.ids import new_commit, new_id, now
from meshcore.log import subjects
from meshcore.log.consents import ConsentEvent, append_consent, opted_out_among
from meshcore.log.event_log import EventLog
from meshcore.log.histories import load_consent


def stop(position: int | None) -> ParticipantOptedOut:
    """A stop that stands there."""
    return ParticipantOptedOut(
        source=OptOutSource.KEYWORD, message_sid=f"SM{position}", message_position=position
    )


def start(position: int) -> ParticipantOptedIn:
    """A start that stands there."""
    return ParticipantOptedIn(message_sid=f"SM{position}", message_position=position)


async def say(log: EventLog, participant: str, *events: ConsentEvent) -> list[bool]:
    """Says one after the other; returns which were written down."""
    return [await append_consent(log, participant, event, now()) for event in events]


async def test_the_word_of_the_last_message_holds_whoever_comes_first(log: EventLog) -> None:
    """Handled in any order, the messages leave the participant where the last one put them."""
    ending_out: list[ConsentEvent] = [stop(1), start(2), stop(3)]
    for order in permutations(ending_out):
        participant = new_id()
        await say(log, participant, *order)
        assert (await load_consent(log, participant)).opted_out, order
    ending_in: list[ConsentEvent] = [start(1), stop(2), start(3)]
    for order in permutations(ending_in):
        participant = new_id()
        await say(log, participant, *order)
        assert not (await load_consent(log, participant)).opted_out, order


async def test_words_at_the_same_time_end_with_the_last_message(log: EventLog) -> None:
    """Of many writers at once the last message's wins."""
    participant = new_id()
    words = [stop(n) if n % 2 else start(n) for n in range(1, 11)]
    await asyncio.gather(*(append_consent(log, participant, word, now()) for word in words))
    last = await log.last(subjects.consent(participant))
    assert last
    assert last.commit.events == (start(10),)


async def test_a_message_speaks_once(log: EventLog) -> None:
    """Whoever repeats it."""
    participant = new_id()
    assert await say(log, participant, stop(7), stop(7), start(9), stop(7), start(9)) == [
        True, False, True, False, False,
    ]  # fmt: skip


async def test_a_word_that_does_not_tell_its_message_was_said_right_before_it(
    log: EventLog,
) -> None:
    """Nothing but its own place tells where its message may stand."""
    participant = new_id()
    subject = subjects.consent(participant)
    old = await log.append(subject, new_commit([stop(None)], now()))
    assert await say(log, participant, start(old - 1), start(old + 1)) == [False, True]


async def test_a_last_word_that_cannot_be_read_keeps_no_stop_out(
    log: EventLog, client: Client
) -> None:
    """A stop is written down all the same, and can be read then."""
    participant = new_id()
    await client.jetstream().publish(subjects.consent(participant), b"not a commit")
    assert await say(log, participant, stop(5)) == [True]
    assert (await load_consent(log, participant)).opted_out


async def test_of_many_those_are_told_whose_last_word_was_stop(
    log: EventLog, client: Client
) -> None:
    """A word that cannot be read hides nobody else's."""
    silent, out, back, imported, unreadable = (new_id() for _ in range(5))
    everybody = [silent, out, back, imported, unreadable]
    await say(log, out, stop(5))
    await say(log, back, stop(5), start(6))
    await say(log, imported, ParticipantOptedOut(source=OptOutSource.IMPORT))
    assert await opted_out_among(log, everybody) == {out, imported}
    await client.jetstream().publish(subjects.consent(unreadable), b"not a commit")
    assert await opted_out_among(log, everybody) == {out, imported}
    assert await opted_out_among(log, []) == set()
