"""Erasing a participant: what is left on the server's disk, and what happens meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from meshcore import erasure
from meshcore.domain.events import (
    MessageReceived,
    OptOutSource,
    ParticipantOptedIn,
    ParticipantOptedOut,
    PersonalDataErased,
    ReportFailed,
    ReportRequested,
    UnroutedMessageReceived,
)
from meshcore.erasure import Eraser
from meshcore.ids import new_commit, new_id, now
from meshcore.log import overwriting, streams, subjects
from meshcore.log.histories import Conversations, load_consent, report_requests
from meshcore.log.media_store import FileKey
from meshcore.log.subjects import Lane, ReportLane
from tests.support.desk import new_address, shell_on, started
from tests.support.erasing import STRANGE, VALUE, WORDS, Person, left_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from meshcore.domain.commit import Recorded
    from meshcore.service import Shell
    from meshsim.servers import NatsServer

POINTS = (
    "consent", "schedules", "media", "routes", "keys", "reports", "directory",
)  # fmt: skip


class Crashed(Exception):  # noqa: N818 - what a kill is
    """The process died here."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server keeps everything."""
    return tmp_path_factory.mktemp("erasure")


@pytest.fixture(scope="module")
def nats_server(folder: Path) -> Iterator[NatsServer]:
    """A server that writes to the disk at once."""
    server = started(folder)
    yield server
    server.kill()


@pytest.fixture
async def shell(nats_server: NatsServer) -> AsyncIterator[Shell]:
    """What a service has in hand."""
    async with shell_on(nats_server.url) as connected:
        yield connected


@pytest.fixture
async def person(shell: Shell) -> Person:
    """Somebody who was interviewed."""
    there = Person(shell, new_address().removeprefix("whatsapp:"))
    await there.live()
    return there


async def tombstones(shell: Shell, participant: str) -> list[Recorded]:
    """What tells of erasures."""
    return await shell.log.load(subjects.erased(participant))


async def test_nothing_of_a_participant_is_left_in_any_file_of_the_log(
    folder: Path, nats_server: NatsServer, person: Person
) -> None:
    """Neither words, nor what was heard, values, files, reports, number or attributes."""
    plain = (person.phone.lstrip("+"), VALUE)
    assert left_in(folder, plain)  # the directory and the report; all else is sealed
    done = await Eraser(person.shell).erase(person.id)
    assert done
    assert (done.participant, done.campaigns) == (person.id, (person.campaign,))
    assert left_in(folder, person.secrets) == []
    nats_server.stop()
    nats_server.start()
    assert left_in(folder, person.secrets) == []


async def test_the_history_stays_without_its_words(shell: Shell, person: Person) -> None:
    """Counts, states and ends are as before; the participant is not to be written to."""
    before = (await Conversations(shell.log).load(person.ref)).state
    await Eraser(shell).erase(person.id)
    after = (await Conversations(shell.log).load(person.ref)).state
    assert (after.status, after.turns) == (before.status, before.turns)
    assert len(after.messages) == len(before.messages)
    assert [message.words for message in after.messages] == ["", "", ""]
    assert (after.values, after.extractions["station"].quote) == ({}, "")
    assert (await load_consent(shell.log, person.id)).opted_out
    assert await shell.directory.addresses(person.id) == []
    assert (await shell.routes.find(person.id)).current is None
    assert await shell.media.get(FileKey(person.ref.conversation, person.sid, 0)) is None


async def test_the_tombstone_says_which_conversations_and_nothing_personal(
    shell: Shell, person: Person
) -> None:
    """The last thing that is written."""
    done = await Eraser(shell).erase(person.id)
    assert done
    last = (await tombstones(shell, person.id))[-1]
    told = PersonalDataErased(campaigns=(person.campaign,), everything=True)
    assert (last.position, last.commit.events) == (done.position, (told,))


async def test_a_report_is_void_and_can_be_asked_for_again(shell: Shell, person: Person) -> None:
    """What it took still counts, and one that is being written is void as well."""
    asked = ReportRequested(report_id=new_id())
    lane = subjects.report_lane(person.campaign, ReportLane.REQUEST)
    await shell.log.append(lane, new_commit([asked], now()))
    agents = report_requests(shell.log)
    known = await agents.load(person.campaign)
    await Eraser(shell).erase(person.id)
    result = subjects.report_lane(person.campaign, ReportLane.RESULT)
    [told] = await shell.log.load(result)
    void = [event for event in told.commit.events if isinstance(event, ReportFailed)]
    assert {event.report_id for event in void} == {person.report, asked.report_id}
    assert void[0].cost_usd == 0.5
    assert known.state.pending
    again = await agents.load(person.campaign)
    assert (again.state.pending, again.end_of(result)) == (None, told.position)


async def test_doing_it_again_changes_nothing(shell: Shell, person: Person) -> None:
    """By the same id: the answer is the same."""
    first = await Eraser(shell).erase(person.id)
    end = await shell.log.last_position()
    assert await Eraser(shell).erase(person.id) == first
    assert await shell.log.last_position() == end


async def test_of_somebody_unknown_there_is_nothing_to_erase(shell: Shell) -> None:
    """And nothing is written about them."""
    end = await shell.log.last_position()
    assert await Eraser(shell).erase("ab" * 16) is None
    assert await shell.log.last_position() == end


@pytest.mark.parametrize("point", POINTS)
async def test_a_crash_at_any_step_is_mended_by_doing_it_again(
    shell: Shell, folder: Path, person: Person, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also by the look that outreach takes a minute later."""

    def die(name: str) -> None:
        if name == f"erase.after_{point}":
            raise Crashed

    with monkeypatch.context() as dying:
        dying.setattr(erasure, "crash_point", die)
        with pytest.raises(Crashed):
            await Eraser(shell).erase(person.id)
    if point == "consent":
        await Eraser(shell).erase(person.id)
    else:
        await Eraser(shell).finish(person.ref, person.id)
    assert left_in(folder, person.secrets) == []
    [*_, last] = await tombstones(shell, person.id)
    assert last.commit.events == (
        PersonalDataErased(campaigns=(person.campaign,), everything=True),
    )


async def test_an_alias_leads_to_the_participant_also_after_a_crash(
    shell: Shell, folder: Path, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is asked for by another address is found until nothing is left."""
    await shell.directory.link(person.id, "whatsapp:AE.violetwalrus42")
    alias = shell.directory.id_of("whatsapp:AE.violetwalrus42")
    overwritten: list[str] = []
    really = overwriting.overwrite_subject

    async def die_after_the_first(*where: str) -> bool:
        if overwritten:
            raise Crashed
        overwritten.append(where[-1])
        return await really(*where)  # type: ignore[arg-type]  # passed on as it came

    with monkeypatch.context() as dying:
        dying.setattr(erasure, "overwrite_subject", die_after_the_first)
        with pytest.raises(Crashed):
            await Eraser(shell).erase(alias)
    done = await Eraser(shell).erase(alias)
    assert done
    assert done.participant == person.id
    assert left_in(folder, [*person.secrets, "violetwalrus42"]) == []
    assert await shell.directory.person_behind(alias) == alias


async def test_whoever_writes_again_is_a_stranger(
    shell: Shell, nats_server: NatsServer, person: Person
) -> None:
    """What they write is kept with a new key, also by a process that knew the old one."""
    async with shell_on(nats_server.url, "other") as other:
        await other.log.append(
            subjects.unrouted(person.id),
            new_commit([UnroutedMessageReceived(message_sid=new_id(), text=STRANGE)], now()),
        )
        await Eraser(shell).erase(person.id)
        await shell.nats.flush()
        await other.nats.flush()
        assert await other.directory.register(person.address) == person.id
        back = UnroutedMessageReceived(message_sid=new_id(), text="I am back")
        await other.log.append(subjects.unrouted(person.id), new_commit([back], now()))
    async with shell_on(nats_server.url, "third") as third:
        events = [
            event
            for record in await third.log.load(subjects.unrouted(person.id))
            for event in record.commit.events
            if isinstance(event, UnroutedMessageReceived)
        ]
    assert [event.text for event in events] == ["", "", "I am back"]
    assert (await load_consent(shell.log, person.id)).opted_out
    await Eraser(shell).finish(person.ref, person.id)
    assert await shell.directory.addresses(person.id) == [person.address]


async def test_a_stranger_who_came_back_can_be_erased_again(
    shell: Shell, folder: Path, person: Person
) -> None:
    """With a tombstone of its own."""
    first = await Eraser(shell).erase(person.id)
    await shell.directory.register(person.address)
    second = await Eraser(shell).erase(person.id)
    assert first
    assert second
    assert second.position > first.position
    assert left_in(folder, person.secrets) == []


async def test_a_message_on_its_way_is_a_fact_whose_words_are_erased_later(
    shell: Shell, person: Person
) -> None:
    """It was taken in the old conversation: the message counts, and within a minute it is empty."""
    await Eraser(shell).erase(person.id)
    late = MessageReceived(message_sid=new_id(), participant=person.id, text=WORDS)
    await person.lane(Lane.IN, late)
    assert (await Conversations(shell.log).load(person.ref)).state.messages[-1].text == WORDS
    await Eraser(shell).finish(person.ref, person.id)
    last = (await Conversations(shell.log).load(person.ref)).state.messages[-1]
    assert (last.id, last.text) == (late.message_sid, "")
    assert (await tombstones(shell, person.id))[-1].commit.events == (
        PersonalDataErased(campaigns=(person.campaign,)),
    )


async def test_others_keep_their_words(shell: Shell, person: Person) -> None:
    """Erasing one does not touch the other."""
    other = Person(shell, new_address().removeprefix("whatsapp:"))
    await other.live()
    await Eraser(shell).erase(person.id)
    state = (await Conversations(shell.log).load(other.ref)).state
    assert state.values == {"station": VALUE}
    assert await shell.directory.addresses(other.id) == [other.address]


async def test_nothing_is_finished_for_who_only_opted_out(shell: Shell, person: Person) -> None:
    """Nor for somebody who has come back and opted in."""
    opted_out = ParticipantOptedOut(source=OptOutSource.KEYWORD, message_sid=person.sid)
    await person.happen(subjects.consent(person.id), opted_out)
    await Eraser(shell).finish(person.ref, person.id)
    assert await tombstones(shell, person.id) == []
    opted_in = ParticipantOptedIn(message_sid=person.sid)
    await person.happen(subjects.consent(person.id), opted_in)
    await Eraser(shell).finish(person.ref, person.id)
    assert await tombstones(shell, person.id) == []


async def test_what_is_left_is_looked_for_a_minute_later(shell: Shell, person: Person) -> None:
    """By a schedule that stands before anything is destroyed."""
    await Eraser(shell).erase(person.id)
    schedule = subjects.schedule_of(subjects.erase_wake_up(person.ref))
    found = await shell.nats.jetstream().get_last_msg(streams.WORK, schedule)
    assert found.headers
    assert "Nats-Schedule" in found.headers
