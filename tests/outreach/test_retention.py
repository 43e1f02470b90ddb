"""What is too old is erased, by the log's word; what is younger, or still runs, is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mesh_outreach.retention import Retention
from meshcore.domain.events import ConversationStarted, MessageReceived, PersonalDataErased
from meshcore.erasure import Eraser
from meshcore.handling import WakeUp
from meshcore.ids import new_commit, new_id, now
from meshcore.log import subjects
from meshcore.log.histories import Conversations, load_consent
from meshcore.log.subjects import Lane
from tests.support.desk import new_address
from tests.support.erasing import Person

if TYPE_CHECKING:
    from meshcore.service import Shell

KEEP = timedelta(days=30)


@pytest.fixture
async def person(shell: Shell) -> Person:
    """Somebody whose interview ended a month ago."""
    there = Person(shell, new_address().removeprefix("whatsapp:"), at=now() - KEEP)
    await there.live()
    return there


def retention(shell: Shell, keep: timedelta | None = KEEP) -> Retention:
    """What outreach does about old conversations."""
    return Retention(Conversations(shell.log), Eraser(shell), keep)


def hint(person: Person) -> WakeUp:
    """What the projector says."""
    return WakeUp(subjects.erase_wake_up(person.ref), 1, {}, b"{}")


async def told(person: Person) -> list[PersonalDataErased]:
    """The tombstones."""
    return [
        event
        for record in await person.shell.log.load(subjects.erased(person.id))
        for event in record.commit.events
        if isinstance(event, PersonalDataErased)
    ]


async def words_of(person: Person) -> list[str]:
    """Everything that was said, as a new reader finds it."""
    state = (await Conversations(person.shell.log).load(person.ref)).state
    return [message.words for message in state.messages]


async def test_what_ended_so_long_ago_loses_its_words_once(shell: Shell, person: Person) -> None:
    """The participant stays known and may be written to."""
    deciding = retention(shell)
    await deciding.on_hint(hint(person))
    await deciding.on_hint(hint(person))
    assert await told(person) == [PersonalDataErased(campaigns=(person.campaign,))]
    assert await words_of(person) == ["", "", ""]
    assert await shell.directory.addresses(person.id) == [person.address]
    assert not (await load_consent(shell.log, person.id)).opted_out


@pytest.mark.parametrize("keep", [KEEP + timedelta(hours=1), None])
async def test_what_is_younger_or_kept_for_ever_stays(
    shell: Shell, person: Person, keep: timedelta | None
) -> None:
    """Whoever hinted at it."""
    await retention(shell, keep).on_hint(hint(person))
    assert (await told(person), "" in await words_of(person)) == ([], False)


async def test_a_later_message_keeps_a_conversation(shell: Shell, person: Person) -> None:
    """Until it is too old itself; then all of it goes, once more."""
    said = MessageReceived(message_sid=new_id(), participant=person.id, text="One more thing")
    lane = subjects.lane(person.ref, Lane.IN)
    await shell.log.append(lane, new_commit([said], now()))
    await retention(shell).on_hint(hint(person))
    assert await told(person) == []
    later = replace(retention(shell), clock=lambda: now() + KEEP)
    await later.on_hint(hint(person))
    assert await words_of(person) == [""] * 4
    again = said.model_copy(update={"message_sid": new_id()})
    await shell.log.append(lane, new_commit([again], now()))
    await later.on_hint(hint(person))
    assert await words_of(person) == [""] * 5
    assert len(await told(person)) == 2


async def test_a_conversation_that_runs_is_never_too_old(shell: Shell) -> None:
    """However long it has been silent."""
    person = Person(shell, new_address().removeprefix("whatsapp:"), at=now() - 9 * KEEP)
    person.id = await shell.directory.register(person.address)
    said = MessageReceived(message_sid=new_id(), participant=person.id, text="Hello")
    await person.lane(Lane.TURN, ConversationStarted(participant=person.id))
    await person.lane(Lane.IN, said)
    await retention(shell).on_hint(hint(person))
    assert (await told(person), await words_of(person)) == ([], ["Hello"])


async def test_an_erasure_that_was_cut_off_is_finished(shell: Shell, person: Person) -> None:
    """Also where nothing is erased for its age."""
    eraser = Eraser(shell)
    await eraser.erase(person.id)
    late = MessageReceived(message_sid=new_id(), participant=person.id, text="late")
    await shell.log.append(subjects.lane(person.ref, Lane.IN), new_commit([late], now()))
    await retention(shell, None).on_hint(hint(person))
    assert await words_of(person) == [""] * 4
