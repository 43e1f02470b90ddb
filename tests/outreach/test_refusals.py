"""Each kind of refusal, in Twilio's answer and in its report, against the simulated Twilio."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mesh_outreach.refusals import HELD_FOR
from meshcore.domain.campaign import CampaignStatus
from meshcore.domain.conversation import ConversationStatus, SendStatus
from meshcore.domain.events import EndReason, MessageKind, OptOutSource, ParticipantOptedOut
from meshcore.log import streams, subjects
from meshcore.log.subjects import Lane
from tests.outreach.network import WhatsApp
from tests.outreach.planning import scheduled
from tests.outreach.refusing import How, Refusing
from tests.support.desk import OPENING, Desk

UNKNOWN = 63999
DAY = timedelta(days=1)


@pytest.fixture(params=list(How))
def refusing(request: pytest.FixtureRequest, desk: Desk, whatsapp: WhatsApp) -> Refusing:
    """A campaign whose messages Twilio refuses, at once or later."""
    return Refusing(desk, whatsapp, request.param)


@pytest.mark.parametrize("code", [21211, 21614, 63003, 63024])
async def test_whoever_cannot_be_reached_is_not_tried_again(refusing: Refusing, code: int) -> None:
    """The conversation has failed, for good; the campaign goes on."""
    desk = refusing.desk
    await desk.open()
    await refusing.refuses(code)
    for _ in range(2):
        await refusing.deliver()
    state = await desk.state()
    assert (state.status, state.end_reason) == (ConversationStatus.FAILED, EndReason.SEND_FAILED)
    assert state.messages[-1].error == "the recipient cannot be reached on WhatsApp"
    assert not state.reopenable
    assert await refusing.pauses() == []
    await desk.compose("And then?")
    await refusing.deliver()
    assert (await refusing.message()).status is SendStatus.SUPPRESSED


@pytest.mark.parametrize("code", [21610, 63014])
async def test_whoever_blocked_us_has_withdrawn_consent_everywhere(
    refusing: Refusing, code: int
) -> None:
    """No campaign writes to them any more, and none says goodbye."""
    desk = refusing.desk
    await desk.open()
    await refusing.refuses(code)
    await refusing.deliver()
    state = await desk.state()
    assert (state.status, state.end_reason) == (ConversationStatus.ABANDONED, EndReason.OPTED_OUT)
    [record] = await desk.log.load(subjects.consent(desk.participants[0]))
    [event] = record.commit.events
    assert isinstance(event, ParticipantOptedOut)
    assert (event.source, event.message_sid) == (OptOutSource.PROVIDER, None)
    other = Desk(desk.shell, participants=desk.participants, addresses=desk.addresses)
    await other.launch()
    await other.open()
    before = await refusing.texts()
    await refusing.outreach.deliver(other.ref())
    assert await refusing.texts() == before
    assert (await other.state()).status is ConversationStatus.ABANDONED


async def test_a_block_heard_of_late_does_not_undo_a_later_opt_in(
    desk: Desk, whatsapp: WhatsApp
) -> None:
    """What counts is when the refused message was sent."""
    refusing = Refusing(desk, whatsapp, How.REPORT)
    await desk.open()
    await refusing.refuses(63014)
    await refusing.outreach.deliver(desk.ref())
    await desk.consent(given=True)
    await refusing.report()
    assert not await desk.has_opted_out()


async def test_a_free_opening_outside_the_window_pauses_the_campaign(refusing: Refusing) -> None:
    """It needs a template; nobody has been contacted, and nothing has failed for good."""
    desk = refusing.desk
    await desk.open()
    await refusing.refuses(63016)
    await refusing.deliver()
    [paused] = await refusing.pauses()
    assert paused.error_code == 63016
    assert "approved template" in (paused.reason or "")
    state = await desk.state()
    assert (state.status, state.reopenable) == (ConversationStatus.PENDING, True)


async def test_a_reply_refused_for_the_window_leaves_the_conversation_waiting(
    refusing: Refusing,
) -> None:
    """The participant's next message opens the window again; the campaign goes on."""
    await refusing.owe_a_reply()
    await refusing.refuses(63016)
    await refusing.deliver()
    state = await refusing.desk.state()
    assert (state.status, state.messages[-1].status) == (
        ConversationStatus.ACTIVE,
        SendStatus.FAILED,
    )
    assert state.awaiting_since is not None
    assert await refusing.pauses() == []


@pytest.mark.parametrize("code", [63032, 63049])
async def test_what_meta_holds_is_tried_once_more_after_a_day(
    refusing: Refusing, code: int
) -> None:
    """Not before, however often outreach is woken; and then it is sent."""
    desk = refusing.desk
    await desk.open()
    await refusing.refuses(code)
    for refusing.ahead in (timedelta(), HELD_FOR / 2, HELD_FOR - timedelta(minutes=1)):
        await refusing.deliver()
        assert (await refusing.message()).held
        assert not (await desk.state()).ended
    taken = await refusing.texts()
    wake_ups = await scheduled(desk)
    assert f"delivery.-.{desk.ref().conversation}" in wake_ups
    refusing.ahead = HELD_FOR
    await refusing.deliver()
    assert await refusing.texts() == [*taken, OPENING]
    assert (await desk.state()).status is ConversationStatus.OUTREACH_SENT


async def test_what_meta_holds_twice_has_failed(refusing: Refusing) -> None:
    """The reason is told, and nobody tries again."""
    desk = refusing.desk
    await desk.open()
    await refusing.refuses(63049, count=2)
    await refusing.deliver()
    refusing.ahead = HELD_FOR
    await refusing.deliver()
    state = await desk.state()
    assert (state.status, state.end_reason) == (ConversationStatus.FAILED, EndReason.SEND_FAILED)
    assert state.messages[-1].error == "Meta holds messages to this recipient"
    assert await refusing.pauses() == []


@pytest.mark.parametrize(
    ("code", "words"),
    [(20003, "TWILIO_AUTH_TOKEN"), (21408, "region"), (63007, "TWILIO_WHATSAPP_FROM")],
)
async def test_a_fault_of_ours_pauses_the_campaign_and_fails_nobody(
    refusing: Refusing, code: int, words: str
) -> None:
    """The campaign says what to do; after the next launch the same opening goes out."""
    desk = refusing.desk
    await desk.open()
    await refusing.refuses(code)
    await refusing.deliver()
    [paused] = await refusing.pauses()
    assert (paused.error_code, words in (paused.reason or "")) == (code, True)
    taken = await refusing.texts()
    await refusing.deliver()
    assert await refusing.texts() == taken
    state = await desk.state()
    assert not state.ended
    assert state.messages[-1].status is SendStatus.COMPOSED
    await desk.launch()
    await refusing.deliver()
    assert await refusing.texts() == [*taken, OPENING]
    assert len(await refusing.pauses()) == 1


async def test_a_reply_is_tried_again_until_our_fault_is_put_right(refusing: Refusing) -> None:
    """After a minute, two and four; the pause of the campaign does not hold it back."""
    desk = refusing.desk
    await refusing.owe_a_reply()
    await refusing.refuses(63007, count=3)
    await refusing.deliver()
    for minutes in (1, 2, 4):
        scheduled_try = await desk.shell.nats.jetstream().get_last_msg(
            streams.WORK, subjects.schedule_of(subjects.failure_wake_up(desk.ref()))
        )
        assert scheduled_try.headers
        refusing.ahead += timedelta(minutes=minutes) - timedelta(seconds=5)
        taken = await refusing.texts()
        await refusing.deliver()
        assert await refusing.texts() == taken
        refusing.ahead += timedelta(seconds=6)
        await refusing.deliver()
    assert (await refusing.texts())[-1] == "And why there?"
    assert (await refusing.message()).status in {SendStatus.ACCEPTED, SendStatus.READ}
    assert (await refusing.campaign()).status is CampaignStatus.PAUSED
    assert len(await refusing.pauses()) == 1


@pytest.mark.parametrize("code", [63018, 30001])
async def test_who_is_asked_to_slow_down_sends_a_little_later(
    refusing: Refusing, code: int
) -> None:
    """A reply after a moment, once."""
    await refusing.owe_a_reply()
    await refusing.refuses(code)
    await refusing.deliver()
    refusing.ahead += timedelta(seconds=3)
    await refusing.deliver()
    expected = ["And why there?"] * (1 if refusing.how is How.ANSWER else 2)
    assert await refusing.texts() == expected
    assert (await refusing.message()).status in {SendStatus.ACCEPTED, SendStatus.READ}


async def test_a_refusal_that_nobody_knows_gives_the_opening_one_more_chance(
    refusing: Refusing,
) -> None:
    """The agent is woken in ten minutes to compose a new one; if that fails too, it is over."""
    desk = refusing.desk
    for n in range(2):
        await desk.open(message_id=f"0190c1a0-0000-7000-8000-00000000000{n}")
        await refusing.refuses(UNKNOWN)
        await refusing.deliver()
        opening = f"opening.-.{desk.ref().conversation}"
        hint = (await scheduled(desk)).get(opening)
        assert hint == {"participant": desk.participants[0], "plan": desk.plan}
        assert (await desk.state()).reopenable is (n == 0)
    state = await desk.state()
    assert (state.status, state.end_reason) == (ConversationStatus.FAILED, EndReason.SEND_FAILED)
    assert await refusing.pauses() == []


async def test_a_reply_that_fails_nobody_knows_why_leaves_the_interview_open(
    refusing: Refusing,
) -> None:
    """One lost message is no reason to give the participant up."""
    await refusing.owe_a_reply()
    await refusing.refuses(UNKNOWN)
    await refusing.deliver()
    state = await refusing.desk.state()
    assert (state.status, state.messages[-1].status) == (
        ConversationStatus.ACTIVE,
        SendStatus.FAILED,
    )


@pytest.mark.parametrize("code", [21211, 21610, 63016, 63049, 63007, UNKNOWN])
async def test_no_route_stays_on_a_conversation_whose_opening_was_refused(
    refusing: Refusing, code: int
) -> None:
    """What the participant writes belongs where it belonged before."""
    desk = refusing.desk
    other = Desk(desk.shell, participants=desk.participants, addresses=desk.addresses)
    await desk.shell.routes.lead(desk.participants[0], other.ref())
    await desk.open()
    await refusing.refuses(code)
    await refusing.deliver()
    assert (await desk.shell.routes.find(desk.participants[0])).current == other.ref()


async def test_a_goodbye_owed_to_an_opt_out_is_tried_again_too(refusing: Refusing) -> None:
    """It is the last thing that they hear."""
    desk = refusing.desk
    await desk.open_and_send()
    stop = await desk.write("stop", OptOutSource.KEYWORD)
    await desk.consent(given=False)
    await desk.compose("Take care!", MessageKind.GOODBYE, answers=stop)
    await refusing.refuses(63018)
    await refusing.deliver()
    refusing.ahead += timedelta(seconds=3)
    await refusing.deliver()
    assert (await refusing.texts())[-1] == "Take care!"


async def test_a_report_that_is_heard_of_twice_is_judged_once(
    desk: Desk, whatsapp: WhatsApp
) -> None:
    """Webhooks and wake-ups are repeated."""
    refusing = Refusing(desk, whatsapp, How.REPORT)
    await desk.open()
    await refusing.refuses(63007)
    await refusing.deliver()
    before = await desk.names(Lane.OUT)
    await refusing.outreach.deliver(desk.ref())
    assert await desk.names(Lane.OUT) == before
