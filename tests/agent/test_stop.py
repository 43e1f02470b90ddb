"""Stop means stop: opt-outs against a real log."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from mesh_agent.phrases import Phrase, say
from meshcore.domain.conversation import ConversationStatus
from meshcore.domain.events import (
    EndReason,
    MessageKind,
    OptOutSource,
)
from meshcore.domain.turns import NextStep
from meshcore.errors import ModelError
from meshcore.log import subjects
from meshcore.log.histories import Conversations, campaigns
from meshcore.log.subjects import Lane
from tests.agent.agents import NoLeases, inbound, replies, taker
from tests.agent.scripted_model import ScriptedModel, says
from tests.support.desk import Desk


def ends(reply: str, quote: str) -> dict[str, Any]:
    """The model heard an opt-out in these words."""
    return {**says(reply, "opted_out"), "because": {"quote": quote, "message": 2}}


OPT_OUT_GOODBYE = say(Phrase.GOODBYE_TO_OPT_OUT, None)


async def test_stop_while_the_model_thinks_drops_the_reply(desk: Desk) -> None:
    """Only the goodbye is composed, and consent is withdrawn."""
    await desk.open_and_send()
    await desk.write("ENOC")
    model = ScriptedModel(says("And then?"))
    model.may_answer.clear()
    thinking = asyncio.create_task(taker(desk.shell, model).on_inbound(await inbound(desk)))
    await model.asked.wait()
    await desk.write("STOP", OptOutSource.KEYWORD)
    model.may_answer.set()
    await thinking
    assert await replies(desk) == [OPT_OUT_GOODBYE]
    assert await desk.has_opted_out()
    state = await desk.state()
    assert (state.status, state.unanswered) == (ConversationStatus.ABANDONED, ())


async def test_stop_is_answered_at_once_and_without_the_model(desk: Desk) -> None:
    """Not even a burst is waited out."""
    await desk.open_and_send()
    await desk.write("Well")
    await desk.write("stop", OptOutSource.KEYWORD)
    model = ScriptedModel(ModelError("away"))
    async with asyncio.timeout(5):
        await taker(desk.shell, model, timedelta(seconds=60)).on_inbound(await inbound(desk))
    assert (model.prompts, await replies(desk)) == ([], [OPT_OUT_GOODBYE])


async def test_a_second_stop_gets_no_second_goodbye(desk: Desk) -> None:
    """Nor does one that Twilio has confirmed itself get the first."""
    await desk.open_and_send()
    agent = taker(desk.shell, ScriptedModel(says("no")))
    for _ in range(2):
        await desk.write("stop", OptOutSource.KEYWORD)
        await agent.on_inbound(await inbound(desk))
    assert await replies(desk) == [OPT_OUT_GOODBYE]
    await desk.open_and_send(1)
    await desk.write("STOP", OptOutSource.PROVIDER, n=1)
    await agent.on_inbound(await inbound(desk, 1))
    assert (await desk.names(Lane.TURN, 1)).count("message_composed") == 1
    assert await desk.has_opted_out(1)


async def test_a_stop_handled_late_respects_the_opt_in_behind_it(desk: Desk) -> None:
    """Whoever said stop and then start has consented, however late the agent reads it."""
    await desk.open_and_send()
    await desk.write("stop", OptOutSource.KEYWORD)
    await desk.consent(given=False)
    await desk.write("start", opt_in=True)
    await desk.consent(given=True)
    await taker(desk.shell, ScriptedModel(says("no"))).on_inbound(await inbound(desk))
    assert not await desk.has_opted_out()
    assert await replies(desk) == []
    assert (await desk.state()).unanswered == ()


async def test_a_stop_handled_late_respects_an_opt_in_in_another_campaign(desk: Desk) -> None:
    """What was said last holds, wherever it was said."""
    await desk.open_and_send()
    await desk.write("stop", OptOutSource.KEYWORD)
    await desk.consent(given=True)
    await taker(desk.shell, ScriptedModel(says("no"))).on_inbound(await inbound(desk))
    assert not await desk.has_opted_out()


async def test_the_last_of_several_stops_withdraws_the_consent(desk: Desk) -> None:
    """Ingress died before it wrote that one's; the opt-in before it does not hold any more."""
    await desk.open_and_send()
    await desk.write("stop", OptOutSource.KEYWORD)
    await desk.write("start", opt_in=True)
    await desk.consent(given=True)
    last = await desk.write("stop", OptOutSource.KEYWORD)
    await taker(desk.shell, ScriptedModel(says("no"))).on_inbound(await inbound(desk))
    assert await desk.has_opted_out()
    consent = await desk.log.last(subjects.consent(desk.participants[0]))
    assert consent is not None
    [withdrawn] = consent.commit.events
    assert withdrawn.message_sid == last  # type: ignore[attr-defined]


async def test_two_agents_withdraw_consent_and_say_goodbye_once(desk: Desk) -> None:
    """Races between replicas end in one goodbye as well."""
    await desk.open_and_send()
    await desk.write("stop", OptOutSource.KEYWORD)
    model = ScriptedModel(says("no"))
    agents = [replace(taker(desk.shell, model), leases=NoLeases()) for _ in range(4)]
    await asyncio.gather(*(agent.take_turn(desk.ref()) for agent in agents))
    assert await replies(desk) == [OPT_OUT_GOODBYE]
    consents = await desk.log.load(subjects.consent(desk.participants[0]))
    assert len(consents) == 1


async def test_an_opt_out_that_the_model_hears_withdraws_consent_before_the_turn(
    desk: Desk,
) -> None:
    """A crash in between leaves the participant in peace."""
    await desk.open_and_send()
    sid = await desk.write("Please do not write to me any more")
    agent = taker(desk.shell, ScriptedModel(ends("Of course. Take care!", "Please do not write")))
    await agent.take_turn(desk.ref())
    consent = await desk.log.last(subjects.consent(desk.participants[0]))
    turn = await desk.log.last(subjects.lane(desk.ref(), Lane.TURN))
    assert consent is not None
    assert turn is not None
    assert consent.position < turn.position
    [withdrawn] = consent.commit.events
    assert (withdrawn.source, withdrawn.message_sid) == (OptOutSource.MODEL, sid)  # type: ignore[attr-defined]
    state = await desk.state()
    assert (state.end_reason, state.opted_out) == (EndReason.OPTED_OUT, True)
    assert [m.kind for m in state.messages][-1] is MessageKind.GOODBYE


async def test_a_crash_between_consent_and_turn_is_mended_by_the_next_wake_up(desk: Desk) -> None:
    """Consent is withdrawn once; the turn follows."""
    await desk.open_and_send()
    await desk.write("Leave me alone")
    agent = taker(desk.shell, ScriptedModel(ends("Of course.", "Leave me alone")))
    history = await Conversations(desk.log).load(desk.ref())
    campaign = (await campaigns(desk.log).load(desk.campaign)).state
    proposal = await agent._propose(campaign, history.state, NextStep.REPLY)
    await agent._turn(history.state, proposal, NextStep.REPLY)  # ... and the process dies
    assert await desk.has_opted_out()
    assert await replies(desk) == []
    await agent.on_inbound(await inbound(desk))
    assert await replies(desk) == ["Of course."]
    assert len(await desk.log.load(subjects.consent(desk.participants[0]))) == 1
