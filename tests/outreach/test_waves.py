"""Many failures that are not the participants' fault pause the campaign, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mesh_outreach.brake import WAVE
from mesh_outreach.settling import SETTLED_AFTER
from mesh_outreach.twilio import TwilioUnavailableError
from meshcore.domain.campaign import CampaignStatus
from meshcore.domain.conversation import SendStatus
from meshcore.domain.events import DeliveryStatus, DeliveryStatusChanged
from meshcore.handling import Busy
from meshcore.log import subjects
from meshcore.log.subjects import Lane
from meshcore.service import Shell
from tests.outreach.network import WhatsApp, twilio_at
from tests.outreach.planning import scheduled
from tests.outreach.refusing import How, Refusing
from tests.support.desk import Desk

UNKNOWN, PEOPLE = 63999, 2 * WAVE + 2


@pytest.fixture
async def crowd(shell: Shell) -> Desk:
    """A campaign with enough participants for two waves, all of whose slots have come."""
    made = Desk(shell)
    await made.create(participants=PEOPLE)
    await made.launch()
    return made


async def fail(refusing: Refusing, people: range, code: int = UNKNOWN) -> None:
    """The openings of these participants are refused, one after the other."""
    for n in people:
        await refusing.desk.open(n)
        await refusing.refuses(code, n)
        await refusing.deliver(n)


def at(crowd: Desk, whatsapp: WhatsApp, how: How = How.ANSWER) -> Refusing:
    """The crowd, a little later: every slot is over."""
    return Refusing(crowd, whatsapp, how, timedelta(seconds=5))


@pytest.mark.parametrize("how", list(How))
async def test_the_tenth_failure_that_nobody_knows_pauses_the_campaign(
    crowd: Desk, whatsapp: WhatsApp, how: How
) -> None:
    """The reason says how many, and why the last one failed; nobody is given up."""
    refusing = at(crowd, whatsapp, how)
    await fail(refusing, range(WAVE - 1))
    assert await refusing.pauses() == []
    await fail(refusing, range(WAVE - 1, WAVE))
    [paused] = await refusing.pauses()
    assert paused.error_code == UNKNOWN
    assert "10 of the last 10 openings failed" in (paused.reason or "")
    states = [await crowd.state(n) for n in range(WAVE)]
    assert all(state.reopenable for state in states)


async def test_failures_among_many_that_succeed_are_no_wave(
    crowd: Desk, whatsapp: WhatsApp
) -> None:
    """Ten in all, but never ten of the last twenty."""
    refusing = at(crowd, whatsapp)
    for n in range(PEOPLE):
        await crowd.open(n)
        if n % 3 == 0:
            await refusing.refuses(UNKNOWN, n)
        await refusing.deliver(n)
    assert await refusing.pauses() == []


@pytest.mark.parametrize("code", [63024, 63014, 63049])
async def test_participants_faults_are_no_wave(crowd: Desk, whatsapp: WhatsApp, code: int) -> None:
    """A list of dead numbers is no outage."""
    refusing = at(crowd, whatsapp)
    await fail(refusing, range(WAVE + 1), code)
    assert await refusing.pauses() == []


async def test_after_the_next_launch_counting_begins_anew(crowd: Desk, whatsapp: WhatsApp) -> None:
    """What failed before says nothing about what was put right meanwhile."""
    refusing = at(crowd, whatsapp)
    await fail(refusing, range(WAVE))
    await crowd.launch()
    await fail(refusing, range(WAVE, 2 * WAVE - 1))
    assert len(await refusing.pauses()) == 1
    await fail(refusing, range(2 * WAVE - 1, 2 * WAVE))
    assert len(await refusing.pauses()) == 2


async def test_a_report_of_a_send_before_the_launch_pauses_nothing(
    crowd: Desk, whatsapp: WhatsApp
) -> None:
    """Somebody has put it right since; the opening goes out once more."""
    refusing = at(crowd, whatsapp, How.REPORT)
    await crowd.open()
    await refusing.outreach.deliver(crowd.ref())
    await fail(Refusing(crowd, whatsapp, How.ANSWER, refusing.ahead), range(1, 2), 20003)
    await crowd.launch()
    message = (await crowd.state()).messages[0]
    assert message.sid
    report = DeliveryStatusChanged(
        message_id=message.id,
        message_sid=message.sid,
        status=DeliveryStatus.FAILED,
        error_code=20003,
    )
    await crowd.happen_in(Lane.RECEIPT, report)
    await refusing.outreach.deliver(crowd.ref())
    assert len(await refusing.pauses()) == 1
    assert (await refusing.campaign()).status is CampaignStatus.ACTIVE
    assert len(await refusing.texts()) == 2


async def test_an_opening_of_a_former_launch_that_failed_is_planned_again(
    crowd: Desk, whatsapp: WhatsApp
) -> None:
    """Its plan is void, so the planner is woken instead of the agent."""
    refusing = at(crowd, whatsapp, How.REPORT)
    await crowd.open()
    await refusing.refuses(UNKNOWN)
    await refusing.outreach.deliver(crowd.ref())
    await fail(Refusing(crowd, whatsapp, How.ANSWER, refusing.ahead), range(1, 2), 20003)
    await crowd.launch(planned=False)
    await refusing.report()
    assert f"opening.-.{crowd.ref().conversation}" not in await scheduled(crowd)
    js = crowd.shell.nats.jetstream()
    woken = await js.get_last_msg("MESH_WORK", subjects.planning_wake_up(crowd.campaign))
    assert woken.data == b"{}"


async def test_a_twilio_that_does_not_answer_pauses_the_campaign_and_fails_nobody(
    crowd: Desk, whatsapp: WhatsApp
) -> None:
    """Every send is settled first: nothing goes out twice after the outage."""
    refusing = at(crowd, whatsapp)
    nowhere = twilio_at("http://127.0.0.1:9")
    for n in range(WAVE):
        await crowd.open(n)
        await whatsapp.breaks("server_error", crowd.addresses[n], when="before")
        with pytest.raises(TwilioUnavailableError):
            await refusing.outreach.deliver(crowd.ref(n))
    refusing.ahead += SETTLED_AFTER
    assert await refusing.pauses() == []
    down = WhatsApp(whatsapp.base, nowhere, whatsapp.timetable)
    with pytest.raises((TwilioUnavailableError, Busy)):
        await Refusing(crowd, down, How.ANSWER, refusing.ahead).outreach.deliver(crowd.ref())
    await nowhere.aclose()
    [paused] = await refusing.pauses()
    assert "Twilio" in (paused.reason or "")
    states = [await crowd.state(n) for n in range(WAVE)]
    assert {state.messages[0].status for state in states} == {SendStatus.SENDING}


async def test_a_twilio_that_cannot_be_reached_pauses_the_campaign(
    crowd: Desk, whatsapp: WhatsApp
) -> None:
    """The openings get new slots until there are too many of them."""
    nowhere = twilio_at("http://127.0.0.1:9")
    down = at(crowd, WhatsApp(whatsapp.base, nowhere, whatsapp.timetable))
    for n in range(WAVE):
        await crowd.open(n)
        if not await down.pauses():
            await _once(down, n)
    await nowhere.aclose()
    [paused] = await down.pauses()
    assert "Twilio could not be reached" in (paused.reason or "")
    assert not any([(await crowd.state(n)).ended for n in range(WAVE)])


async def _once(refusing: Refusing, n: int) -> None:
    """One try; the next one is not waited for."""

    async def give_up(_: float) -> None:
        raise Busy

    outreach = refusing.outreach
    impatient = replace(outreach, gate=replace(outreach.gate, sleep=give_up))
    with pytest.raises(Busy):
        await impatient.deliver(refusing.desk.ref(n))
