"""A turn against a real log: one decision per input, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from mesh_agent.phrases import Phrase, say
from meshcore.domain.events import (
    ConversationEnded,
    EndReason,
    ExtractionRecorded,
    Media,
    MessageComposed,
    MessageKind,
    TurnTaken,
)
from meshcore.domain.study import Limits
from meshcore.errors import ModelError, UnknownCampaignError
from meshcore.handling import Busy, WakeUp
from meshcore.ids import new_id, now
from meshcore.log import subjects
from meshcore.log.subjects import Lane
from tests.agent.agents import NoLeases, inbound, replies, taker
from tests.agent.scripted_model import ScriptedModel, claim, says
from tests.support.desk import CREATED, Desk, shell_on


async def test_a_message_is_answered_with_one_commit_that_names_it(desk: Desk) -> None:
    """The turn, what was learned and the reply stand together; the cause is on the commit."""
    await desk.open_and_send()
    sid = await desk.write("I always go to ENOC.")
    learned = claim("current_station", "ENOC", "I always go to ENOC", 2)
    model = ScriptedModel(says("ENOC, I see. How content are you?", "continue", learned))
    wake_up = await inbound(desk)
    await taker(desk.shell, model).on_inbound(wake_up)
    turn, extraction, reply = (await desk.commits(Lane.TURN))[-1]
    assert isinstance(turn, TurnTaken)
    assert (turn.answers, turn.model, turn.model_calls) == ((sid,), "scripted", 1)
    assert isinstance(extraction, ExtractionRecorded)
    assert (extraction.value, extraction.message_sid) == ("ENOC", sid)
    assert isinstance(reply, MessageComposed)
    assert reply.kind is MessageKind.REPLY
    last = await desk.log.last(subjects.lane(desk.ref(), Lane.TURN))
    assert last is not None
    assert last.commit.causation == wake_up.headers["ce-id"]


async def test_the_same_wake_up_again_does_nothing(desk: Desk) -> None:
    """Redeliveries find nothing unanswered, and the model is not asked."""
    await desk.open_and_send()
    await desk.write("ENOC")
    model = ScriptedModel(says("And then?"))
    for _ in range(3):
        await taker(desk.shell, model).on_inbound(await inbound(desk))
    assert (len(model.prompts), await replies(desk)) == (1, ["And then?"])


async def test_reports_of_twilio_wake_nobody(desk: Desk) -> None:
    """A wake-up that tells of no message is left alone, even with a message waiting."""
    await desk.open_and_send()
    await desk.write("ENOC")
    model = ScriptedModel(says("And then?"))
    report = replace(await inbound(desk), headers={"ce-type": "delivery_status_changed"})
    await taker(desk.shell, model).on_inbound(report)
    assert model.prompts == []


async def test_a_burst_shares_one_reply(desk: Desk) -> None:
    """The agent waits until the participant has paused, and answers everything at once."""
    await desk.open_and_send()
    sids = [await desk.write("Well")]
    model = ScriptedModel(says("And then?"))
    agent = taker(desk.shell, model, timedelta(seconds=0.4))
    at_work = asyncio.create_task(agent.on_inbound(await inbound(desk)))
    for text in ("I think", "ENOC"):
        await asyncio.sleep(0.2)
        assert model.prompts == []
        sids.append(await desk.write(text))
    await at_work
    assert len(model.prompts) == 1
    [turn] = [e for e in (await desk.commits(Lane.TURN))[-1] if isinstance(e, TurnTaken)]
    assert list(turn.answers) == sids


async def test_whoever_never_pauses_is_answered_all_the_same(desk: Desk) -> None:
    """After four bursts' length it is the agent's turn."""
    await desk.open_and_send()
    model = ScriptedModel(says("And then?"))
    burst = timedelta(seconds=0.15)
    await desk.write("and")
    at_work = asyncio.create_task(taker(desk.shell, model, burst).take_turn(desk.ref()))
    for _ in range(9):
        await asyncio.sleep(0.09)
        await desk.write("and")
    assert model.asked.is_set()
    await at_work


async def test_a_message_from_the_future_is_not_waited_for(desk: Desk) -> None:
    """A clock that is ahead in ingress must not silence the agent."""
    await desk.open_and_send()
    await desk.write("ENOC", at=now() + timedelta(hours=1))
    model = ScriptedModel(says("And then?"))
    async with asyncio.timeout(5):
        await taker(desk.shell, model, timedelta(seconds=0.1)).take_turn(desk.ref())
    assert await replies(desk) == ["And then?"]


async def test_what_arrives_while_the_model_thinks_gets_the_next_turn(desk: Desk) -> None:
    """The reply answers what it was made for; the newcomer is shown last, and answered next."""
    await desk.open_and_send()
    first = await desk.write("ENOC")
    model = ScriptedModel(says("And then?"), says("I see."))
    model.may_answer.clear()
    agent = taker(desk.shell, model)
    thinking = asyncio.create_task(agent.on_inbound(await inbound(desk)))
    await model.asked.wait()
    second = await desk.write("Oh, and I love sailing")
    with pytest.raises(Busy):
        await taker(desk.shell, model).on_inbound(await inbound(desk))
    model.may_answer.set()
    await thinking
    await agent.on_inbound(await inbound(desk))
    turns = [e for c in await desk.commits(Lane.TURN) for e in c if isinstance(e, TurnTaken)]
    assert [turn.answers for turn in turns[1:]] == [(first,), (second,)]
    transcript = model.prompts[1].user.partition("## Progress")[0].rstrip()
    assert transcript.endswith('"text": "Oh, and I love sailing"}')


@pytest.mark.parametrize("leases", [True, False])
async def test_two_agents_at_once_make_one_commit(desk: Desk, nats_url: str, leases: bool) -> None:  # noqa: FBT001 - pytest's
    """With leases one of them is busy; without, the log refuses the second."""
    await desk.open_and_send()
    await desk.write("ENOC")
    wake_up = await inbound(desk)
    model = ScriptedModel(says("And then?"))
    async with shell_on(nats_url, "agent-2") as second:
        agents = [taker(shell, model) for shell in (desk.shell, second) for _ in range(2)]
        if not leases:
            agents = [replace(agent, leases=NoLeases()) for agent in agents]
        done = await asyncio.gather(
            *(agent.on_inbound(wake_up) for agent in agents), return_exceptions=True
        )
    assert {type(result) for result in done} <= {type(None), Busy}
    assert done.count(None) >= 1
    assert await replies(desk) == ["And then?"]


async def test_a_model_that_is_away_leaves_no_trace(desk: Desk) -> None:
    """Nothing is on the log, and the next wake-up answers."""
    await desk.open_and_send()
    await desk.write("ENOC")
    agent = taker(desk.shell, ScriptedModel(ModelError("away"), says("And then?")))
    with pytest.raises(ModelError):
        await agent.on_inbound(await inbound(desk))
    assert await replies(desk) == []
    await agent.on_inbound(await inbound(desk))
    assert await replies(desk) == ["And then?"]


async def test_after_the_end_one_courtesy_is_said(desk: Desk) -> None:
    """A late message does not restart the interview; the next one is only taken note of."""
    await desk.open_and_send()
    await desk.happen_in(Lane.TURN, ConversationEnded(reason=EndReason.COMPLETED))
    model = ScriptedModel(says("Have a lovely day!", "continue", claim("hobby", "x", "one", 2)))
    for text in ("And one more thing", "Hello?"):
        await desk.write(text)
        await taker(desk.shell, model).on_inbound(await inbound(desk))
    assert await replies(desk) == ["Have a lovely day!"]
    state = await desk.state()
    assert (state.unanswered, state.extractions, state.end_reason) == (
        (), {}, EndReason.COMPLETED,
    )  # fmt: skip


async def test_a_campaign_out_of_money_ends_its_interviews(desk: Desk) -> None:
    """What a turn cost is counted for the campaign; beyond its limit the model is not asked."""
    limits = Limits(campaign_cost_usd=0.5)
    await desk.happen(desk.lane, CREATED.model_copy(update={"limits": limits}))
    await desk.open_and_send()
    model = ScriptedModel(says("And then?"), cost_usd=0.5)
    agent = taker(desk.shell, model)
    for text in ("ENOC", "What?"):
        await desk.write(text)
        await agent.on_inbound(await inbound(desk))
    assert len(model.prompts) == 1
    assert (await replies(desk))[1] == say(Phrase.GOODBYE_OUT_OF_BUDGET, None)
    assert (await desk.state()).end_reason is EndReason.OUT_OF_BUDGET


async def test_pictures_are_answered_without_the_model(desk: Desk) -> None:
    """Whoever sends them is asked to type it."""
    await desk.open_and_send()
    await desk.write("", media=(Media(content_type="image/jpeg", url="https://api.example/1"),))
    model = ScriptedModel(says("And then?"))
    await taker(desk.shell, model).on_inbound(await inbound(desk))
    assert (model.prompts, await replies(desk)) == ([], [say(Phrase.PLEASE_TYPE_IT, None)])


async def test_a_message_to_an_unknown_campaign_is_an_error(desk: Desk) -> None:
    """It is told to the operator, and stays to be answered."""
    stray = Desk(desk.shell, participants=desk.participants, campaign=new_id())
    await stray.write("Hello?")
    with pytest.raises(UnknownCampaignError):
        await taker(desk.shell, ScriptedModel(says("Hi"))).take_turn(stray.ref())


async def test_a_subject_that_is_no_lane_wakes_nobody(desk: Desk) -> None:
    """What does not lead to a conversation is dropped."""
    stray = WakeUp("mesh.somewhere.else", 1, {}, b"")
    await taker(desk.shell, ScriptedModel(says("Hi"))).on_inbound(stray)
