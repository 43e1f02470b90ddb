"""Openings against a real log: once, and only while the slot holds."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mesh_agent.interviewer import Interviewer
from mesh_agent.open_conversation import Opener
from meshcore.domain.conversation import ConversationStatus
from meshcore.domain.events import (
    CampaignPaused,
    ConversationStarted,
    MessageComposed,
    MessageFailed,
    MessageKind,
    OpeningsClosed,
    OpeningsPlanned,
    ParticipantsEnrolled,
)
from meshcore.domain.message import SendStatus
from meshcore.domain.study import Opening, Template
from meshcore.errors import ModelError
from meshcore.handling import Busy, WakeUp
from meshcore.ids import now
from meshcore.log import streams, subjects
from meshcore.log.histories import Conversations, campaigns
from meshcore.log.subjects import Lane
from meshcore.service import Shell
from tests.agent.agents import Watched
from tests.agent.scripted_model import ScriptedModel
from tests.support.desk import CREATED, OPENING, Desk, new_address

ANSWER = {"reply": OPENING, "asked": "current_station"}


def opener(shell: Shell, model: ScriptedModel) -> Opener:
    """An agent as a process of its own has it."""
    return Opener(
        shell.log,
        Conversations(shell.log),
        campaigns(shell.log),
        shell.leases,
        Interviewer(model),
        shell.spend,
        shell.wake_ups,
        shell.directory,
    )


def slot(desk: Desk) -> WakeUp:
    """The wake-up at the slot of the first participant."""
    hint = {"participant": desk.participants[0], "plan": desk.plan}
    subject = subjects.opening_wake_up(desk.ref())
    return WakeUp(subject, 1, {}, json.dumps(hint).encode())


async def test_a_slot_opens_the_conversation_once(desk: Desk) -> None:
    """The same slot again, and two agents at once, change nothing."""
    model = ScriptedModel(ANSWER)
    agents = [opener(desk.shell, model) for _ in range(3)]
    done = await asyncio.gather(
        *(agent.on_slot(slot(desk)) for agent in agents), return_exceptions=True
    )
    assert {type(result) for result in done} <= {type(None), Busy}
    await agents[0].on_slot(slot(desk))
    [commit] = await desk.commits(Lane.TURN)
    assert [event.wire_name for event in commit] == [
        "conversation_started", "turn_taken", "message_composed",
    ]  # fmt: skip
    assert isinstance(commit[2], MessageComposed)
    assert (commit[2].kind, commit[2].asked) == (MessageKind.OPENING, "current_station")


async def test_two_agents_without_leases_open_once(desk: Desk) -> None:
    """The log refuses the second, who is to look again."""
    model = ScriptedModel(ANSWER)
    agents = [opener(desk.shell, model) for _ in range(3)]
    done = await asyncio.gather(
        *(a.open(desk.ref(), desk.participants[0], desk.plan) for a in agents),
        return_exceptions=True,
    )
    assert sum(isinstance(result, Busy) for result in done) == 2
    assert len(await desk.commits(Lane.TURN)) == 1


async def test_a_void_plan_opens_nothing(desk: Desk) -> None:
    """A slot of a plan that is not the campaign's is void."""
    model = ScriptedModel(ANSWER)
    await opener(desk.shell, model).open(desk.ref(), desk.participants[0], desk.plan - 1)
    assert (model.prompts, await desk.commits(Lane.TURN)) == ([], [])


async def test_a_pause_makes_slots_void_for_ever(desk: Desk) -> None:
    """A wake-up that a pause has missed opens nothing, during the pause or after it."""
    model = ScriptedModel(ANSWER)
    await desk.happen(desk.lane, CampaignPaused())
    await opener(desk.shell, model).on_slot(slot(desk))
    old = slot(desk)
    await desk.launch()
    await opener(desk.shell, model).on_slot(old)
    assert model.prompts == []
    await opener(desk.shell, model).on_slot(slot(desk))
    assert len(await desk.commits(Lane.TURN)) == 1


async def test_whoever_opted_out_before_is_not_written_to(desk: Desk) -> None:
    """The conversation ends unopened, and the model is not asked."""
    await desk.consent(given=False)
    model = ScriptedModel(ANSWER)
    for _ in range(2):
        await opener(desk.shell, model).on_slot(slot(desk))
    assert model.prompts == []
    assert await desk.names(Lane.TURN) == ["conversation_started", "conversation_ended"]
    state = await desk.state()
    assert (state.status, state.messages) == (ConversationStatus.ABANDONED, ())


async def test_a_model_that_is_away_leaves_no_trace(desk: Desk) -> None:
    """Nothing is on the log, and the next wake-up opens."""
    agent = opener(desk.shell, ScriptedModel(ModelError("away"), ANSWER))
    with pytest.raises(ModelError):
        await agent.on_slot(slot(desk))
    assert await desk.commits(Lane.TURN) == []
    await agent.on_slot(slot(desk))
    assert len(await desk.commits(Lane.TURN)) == 1


async def planned(desk: Desk, due: datetime, sender: str | None = None) -> None:
    """The first participant's slot, by a plan of this sender."""
    event = OpeningsPlanned(slots=(due,), participants=tuple(desk.participants[:1]), sender=sender)
    desk.plan = await desk.happen(desk.lane, event)


async def test_an_opening_is_due_at_its_slot_and_comes_from_the_plans_sender(desk: Desk) -> None:
    """It is composed ahead of the slot; outreach holds it until then."""
    due = now() + timedelta(seconds=15)
    await planned(desk, due, "whatsapp:+15550001")
    await opener(desk.shell, ScriptedModel(ANSWER)).on_slot(slot(desk))
    [(begun, _, composed)] = await desk.commits(Lane.TURN)
    assert begun == ConversationStarted(
        participant=desk.participants[0], sender="whatsapp:+15550001"
    )
    assert isinstance(composed, MessageComposed)
    assert composed.due == due


async def test_silence_is_looked_after_from_the_slot_on(desk: Desk) -> None:
    """A week after it by default; the wake-up is there before the opening is."""
    due = now() + timedelta(seconds=15)
    await planned(desk, due)
    watched = Watched(desk)
    agent = replace(opener(desk.shell, ScriptedModel(ANSWER)), wake_ups=watched)
    await agent.on_slot(slot(desk))
    assert watched.commits_before == [0]
    schedule = subjects.schedule_of(subjects.nudge_wake_up(desk.ref()))
    found = await desk.shell.nats.jetstream().get_last_msg(streams.WORK, schedule)
    at = (found.headers or {})["Nats-Schedule"].removeprefix("@at ")
    assert datetime.fromisoformat(at) == due + timedelta(hours=168)


async def test_an_opening_is_filled_in_and_in_the_participants_language(desk: Desk) -> None:
    """Attributes stand in the template and in what it reads as; the model is told the language."""
    template = Template(content_sid="HX" + "0" * 32, variables={"1": "{first_name}"})
    fixed = Desk(desk.shell)
    opening = Opening(text="Hi {{1}}! Where do you refuel?", template=template)
    await fixed.happen(fixed.lane, CREATED.model_copy(update={"opening": opening}))
    address, known = new_address(), {"first_name": "Aisha"}
    fixed.participants = [await desk.shell.directory.register(address, fixed.campaign, known)]
    enrolled = ParticipantsEnrolled(participants=tuple(fixed.participants), languages=("es-MX",))
    await fixed.happen(fixed.lane, enrolled)
    await fixed.launch()
    model = ScriptedModel(ANSWER)
    await opener(desk.shell, model).on_slot(slot(fixed))
    [(*_, composed)] = await fixed.commits(Lane.TURN)
    assert isinstance(composed, MessageComposed)
    assert composed.text == "Hi Aisha! Where do you refuel?"
    assert composed.template is not None
    assert composed.template.variables == {"1": "Aisha"}

    free = Desk(desk.shell)
    await free.happen(free.lane, CREATED)
    free.participants = fixed.participants
    await free.happen(free.lane, enrolled)
    await free.launch()
    await opener(desk.shell, model).on_slot(slot(free))
    assert "Write in this language: es-MX." in model.prompts[0].user


async def test_once_the_openings_are_closed_nobody_is_opened(desk: Desk) -> None:
    """The target was reached after the slots had been given out."""
    await desk.happen(desk.lane, OpeningsClosed())
    model = ScriptedModel(ANSWER)
    await opener(desk.shell, model).on_slot(slot(desk))
    assert (model.prompts, await desk.commits(Lane.TURN)) == ([], [])


async def test_an_opening_that_failed_for_a_fault_of_ours_is_composed_anew(desk: Desk) -> None:
    """With the same words if the model likes: the participant has never read them."""
    agent = opener(desk.shell, ScriptedModel(ANSWER))
    await agent.on_slot(slot(desk))
    [first] = (await desk.state()).messages
    failed = MessageFailed(message_id=first.id, reason="credentials", error_code=20003)
    await desk.happen_in(Lane.OUT, failed)
    await planned(desk, now())
    for _ in range(2):
        await agent.on_slot(slot(desk))
    state = await desk.state()
    [failed_one, second] = state.messages
    assert (second.text, second.status) == (first.text, SendStatus.COMPOSED)
    assert failed_one.id == first.id != second.id
    assert state.turns == 2


async def test_an_opening_that_failed_for_the_participants_fault_is_the_last(desk: Desk) -> None:
    """Nobody is there to be reached."""
    agent = opener(desk.shell, ScriptedModel(ANSWER))
    await agent.on_slot(slot(desk))
    [first] = (await desk.state()).messages
    failed = MessageFailed(message_id=first.id, reason="not on WhatsApp", error_code=63024)
    await desk.happen_in(Lane.OUT, failed)
    await agent.on_slot(slot(desk))
    assert len(await desk.commits(Lane.TURN)) == 1
