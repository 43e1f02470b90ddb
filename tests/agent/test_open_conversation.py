"""Openings against a real log: once, and only while the slot holds."""

from __future__ import annotations

import asyncio
import json

import pytest

from mesh_agent.interviewer import Interviewer
from mesh_agent.open_conversation import Opener
from meshcore.domain.conversation import ConversationStatus
from meshcore.domain.events import CampaignPaused, MessageComposed, MessageKind
from meshcore.errors import ModelError
from meshcore.handling import Busy, WakeUp
from meshcore.log import subjects
from meshcore.log.histories import Conversations, campaigns
from meshcore.log.subjects import Lane
from meshcore.service import Shell
from tests.agent.scripted_model import ScriptedModel
from tests.support.desk import OPENING, Desk

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
