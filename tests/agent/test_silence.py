"""Silence against a real log: reminders once, one end, and always a wake-up ahead."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from nats.js.errors import NotFoundError

from mesh_agent.phrases import Phrase, say
from mesh_agent.silence import Nudger
from meshcore.domain.events import (
    CampaignPaused,
    EndReason,
    MessageComposed,
    MessageKind,
    MessageSent,
    ParticipantsEnrolled,
)
from meshcore.domain.outreach import Outreach, Reminder
from meshcore.domain.study import Template
from meshcore.handling import Busy, WakeUp
from meshcore.ids import now
from meshcore.log import streams, subjects
from meshcore.log.histories import Conversations, campaigns
from meshcore.log.subjects import Lane
from meshcore.service import Shell
from tests.agent.agents import NoLeases, Watched, inbound, taker
from tests.agent.scripted_model import ScriptedModel, says
from tests.support.desk import CREATED, Desk, new_address, new_sid

TEMPLATE = Template(content_sid="HX" + "0" * 32, variables={"1": "{first_name}"})
BY_TEMPLATE = Reminder(after_hours=24, text="Still there, {{1}}?", template=TEMPLATE)
ADDRESSED = "Still there, Aisha?"


@dataclass
class Later:
    """A clock that stands so many hours after the test began."""

    hours: float = 0.0
    began: datetime = field(default_factory=now)

    def __call__(self) -> datetime:
        """The time that it shows."""
        return self.began + timedelta(hours=self.hours)


def nudger(shell: Shell, clock: Later) -> Nudger:
    """An agent as a process of its own has it."""
    return Nudger(
        shell.log,
        Conversations(shell.log),
        campaigns(shell.log),
        shell.leases,
        shell.wake_ups,
        shell.directory,
        clock,
    )


def nudge(desk: Desk) -> WakeUp:
    """The wake-up of the first conversation."""
    return WakeUp(subjects.nudge_wake_up(desk.ref()), 1, {}, b"{}")


async def asked(shell: Shell, language: str | None = None, **outreach: object) -> Desk:
    """A launched campaign with these settings, whose one participant has been written to."""
    desk = Desk(shell)
    settings = Outreach.model_validate(outreach)
    await desk.happen(desk.lane, CREATED.model_copy(update={"outreach": settings}))
    address = new_address()
    known = {"first_name": "Aisha"}
    desk.participants = [await shell.directory.register(address, desk.campaign, known)]
    enrolled = ParticipantsEnrolled(
        participants=tuple(desk.participants), languages=(language,) if language else ()
    )
    await desk.happen(desk.lane, enrolled)
    await desk.launch()
    await desk.open_and_send()
    return desk


async def said(desk: Desk) -> list[MessageComposed]:
    """The reminders of the first conversation."""
    found = [e for c in await desk.commits(Lane.TURN) for e in c if isinstance(e, MessageComposed)]
    return [e for e in found if e.kind is MessageKind.REMINDER]


async def sends(desk: Desk, reminder: MessageComposed, at: datetime) -> None:
    """Twilio takes the reminder."""
    event = MessageSent(message_id=reminder.message_id, message_sid=new_sid())
    await desk.happen_in(Lane.OUT, event, at=at)


async def scheduled(desk: Desk) -> datetime | None:
    """When the conversation's wake-up comes; None if there is none ahead of it."""
    schedule = subjects.schedule_of(subjects.nudge_wake_up(desk.ref()))
    try:
        found = await desk.shell.nats.jetstream().get_last_msg(streams.WORK, schedule)
    except NotFoundError:
        return None
    due = (found.headers or {})["Nats-Schedule"]
    return datetime.fromisoformat(due.removeprefix("@at "))


async def test_a_silent_participant_is_reminded_once_and_given_up_once(shell: Shell) -> None:
    """However often it is looked at. The reminder has the participant's attributes in it."""
    desk = await asked(shell, reminders=[BY_TEMPLATE], expire_after_hours=48)
    clock = Later()
    agent = nudger(shell, clock)
    for clock.hours in (1, 23, 24.1, 24.2, 30):
        await agent.on_nudge(nudge(desk))
    [reminder] = await said(desk)
    assert reminder.text == ADDRESSED
    assert reminder.template == Template(content_sid=TEMPLATE.content_sid, variables={"1": "Aisha"})
    assert reminder.asked is None
    clock.hours = 25
    await sends(desk, reminder, clock())
    for clock.hours in (40, 72, 73.1, 80, 2_000):
        await agent.on_nudge(nudge(desk))
    assert await said(desk) == [reminder]
    assert (await desk.state()).end_reason is EndReason.EXPIRED
    assert (await desk.names(Lane.TURN)).count("conversation_ended") == 1


async def test_agents_without_leases_remind_once(shell: Shell) -> None:
    """The log refuses all but one, who are to look again."""
    desk = await asked(shell, reminders=[BY_TEMPLATE])
    clock = Later(25)
    agents = [replace(nudger(shell, clock), leases=NoLeases()) for _ in range(4)]
    done = await asyncio.gather(
        *(agent.on_nudge(nudge(desk)) for agent in agents), return_exceptions=True
    )
    assert {type(result) for result in done} <= {type(None), Busy}
    for agent in agents:
        await agent.on_nudge(nudge(desk))
    assert len(await said(desk)) == 1


async def test_there_is_a_wake_up_ahead_before_a_reminder_is_on_the_log(shell: Shell) -> None:
    """A crash in between loses nothing."""
    desk = await asked(shell, reminders=[BY_TEMPLATE])
    clock, watched = Later(25), Watched(desk)
    await replace(nudger(shell, clock), wake_ups=watched).on_nudge(nudge(desk))
    assert watched.commits_before == [1]
    assert len(await desk.commits(Lane.TURN)) == 2
    assert await scheduled(desk) == clock() + timedelta(hours=24)


async def test_a_wake_up_that_comes_for_nothing_sees_to_the_next(shell: Shell) -> None:
    """The participant is not silent for long enough yet, or it is our turn."""
    desk = await asked(shell, reminders=[BY_TEMPLATE])
    clock = Later(1)
    await nudger(shell, clock).on_nudge(nudge(desk))
    due = await scheduled(desk)
    assert due is not None
    assert timedelta(hours=22.9) < due - clock() < timedelta(hours=23.1)
    await desk.write("At the harbour")
    clock.hours = 30
    await nudger(shell, clock).on_nudge(nudge(desk))
    assert await scheduled(desk) == clock() + timedelta(hours=24)
    assert await said(desk) == []


async def test_a_conversation_that_is_over_has_no_further_wake_up(shell: Shell) -> None:
    """Nor has one that was never opened: its opening brings its own."""
    desk = await asked(shell, expire_after_hours=2)
    clock = Later(3)
    agent = nudger(shell, clock)
    for _ in range(2):
        await agent.on_nudge(nudge(desk))
    assert (await desk.state()).ended
    assert await scheduled(desk) is None
    never = Desk(shell)
    await never.create()
    await agent.on_nudge(nudge(never))
    assert await scheduled(never) is None


async def test_a_late_answer_gets_one_courtesy(shell: Shell) -> None:
    """It is on record, and does not begin the interview again."""
    desk = await asked(shell, expire_after_hours=2)
    await nudger(shell, Later(3)).on_nudge(nudge(desk))
    agent = taker(shell, ScriptedModel(says("Thanks for your message, all the best!")))
    for text in ("At the harbour", "Hello?"):
        await desk.write(text)
        await agent.on_inbound(await inbound(desk))
    state = await desk.state()
    assert state.end_reason is EndReason.EXPIRED
    assert [m.kind for m in state.messages if m.sender == "agent"] == [
        MessageKind.OPENING, MessageKind.COURTESY,
    ]  # fmt: skip
    assert state.unanswered == ()


@pytest.mark.parametrize("language", ["es-MX", None])
async def test_a_reminder_of_ours_is_in_the_participants_language(
    shell: Shell, language: str | None
) -> None:
    """Two in a row have other words."""
    ours = [Reminder(after_hours=1), Reminder(after_hours=1)]
    desk = await asked(shell, language, reminders=ours)
    await desk.write("Hm")
    agent = taker(shell, ScriptedModel(says("?")))
    await agent.on_inbound(await inbound(desk))
    state = await desk.state()
    reply = state.messages[-1].id
    await desk.happen_in(Lane.OUT, MessageSent(message_id=reply, message_sid=new_sid()))
    clock = Later(1.1)
    await nudger(shell, clock).on_nudge(nudge(desk))
    [first] = await said(desk)
    await sends(desk, first, clock())
    clock.hours = 2.2
    await nudger(shell, clock).on_nudge(nudge(desk))
    texts = [reminder.text for reminder in await said(desk)]
    assert texts == [say(Phrase.REMINDER, language), say(Phrase.REMINDER, language, texts[:1])]
    assert len(set(texts)) == 2


async def test_nobody_is_reminded_by_a_paused_campaign(shell: Shell) -> None:
    """Once it runs again, they are."""
    desk = await asked(shell, reminders=[BY_TEMPLATE])
    await desk.happen(desk.lane, CampaignPaused())
    clock = Later(25)
    await nudger(shell, clock).on_nudge(nudge(desk))
    assert await said(desk) == []
    assert await scheduled(desk) == clock() + timedelta(hours=1)
    await desk.launch(planned=False)
    await nudger(shell, clock).on_nudge(nudge(desk))
    assert len(await said(desk)) == 1


async def test_a_turn_that_is_being_taken_comes_first(shell: Shell) -> None:
    """The wake-up is handed back."""
    desk = await asked(shell, expire_after_hours=2)
    async with shell.leases.hold(f"turn.{desk.ref().conversation}"):
        with pytest.raises(Busy):
            await nudger(shell, Later(3)).on_nudge(nudge(desk))
    assert not (await desk.state()).ended
