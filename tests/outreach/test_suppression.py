"""What must not be sent any more, or not yet, against a real log and the simulated WhatsApp."""

from __future__ import annotations

from dataclasses import replace

import pytest

from meshcore.domain.conversation import ConversationStatus
from meshcore.domain.events import (
    CampaignLaunched,
    CampaignPaused,
    ConversationEnded,
    EndReason,
    MessageKind,
    MessageSuppressed,
    OptOutSource,
    SuppressionReason,
)
from meshcore.ids import new_id
from meshcore.log import subjects
from meshcore.log.subjects import Lane
from tests.outreach.deliverers import EventfulLog, deliverer
from tests.outreach.network import WhatsApp
from tests.support.desk import OPENING, Desk


async def test_stop_between_composing_and_sending_suppresses_the_message(
    desk: Desk, whatsapp: WhatsApp
) -> None:
    """It never reaches Twilio; the goodbye does."""
    await desk.open_and_send()
    await desk.compose("And then?")
    stop = await desk.write("stop", OptOutSource.KEYWORD)
    await desk.consent(given=False)
    agent = deliverer(desk.shell, whatsapp)
    await agent.deliver(desk.ref())
    assert await whatsapp.accepted(desk.addresses[0]) == []
    await desk.compose("Take care!", MessageKind.GOODBYE, answers=stop)
    await desk.compose("But wait!", MessageKind.REPLY)
    await agent.deliver(desk.ref())
    assert await whatsapp.texts(desk.addresses[0]) == ["Take care!"]


@pytest.mark.parametrize("elsewhere", [False, True])
async def test_stop_between_the_start_and_the_call_suppresses_the_message(
    desk: Desk,
    whatsapp: WhatsApp,
    elsewhere: bool,  # noqa: FBT001 - pytest's
) -> None:
    """The last look before the call is behind the `send_started`: no stop slips through."""
    message = await desk.open()

    async def stop() -> None:
        if elsewhere:
            await desk.consent(given=False)
        else:
            await desk.write("stop", OptOutSource.KEYWORD)

    async with EventfulLog(desk.shell, stop) as log:
        await replace(deliverer(desk.shell, whatsapp), log=log).deliver(desk.ref())
    assert await whatsapp.accepted(desk.addresses[0]) == []
    suppressed = MessageSuppressed(message_id=message, reason=SuppressionReason.OPTED_OUT)
    assert (await desk.commits(Lane.OUT))[-1] == (suppressed,)
    assert (await desk.state()).status is ConversationStatus.ABANDONED


async def test_consent_withdrawn_in_another_campaign_abandons_this_one(
    desk: Desk, whatsapp: WhatsApp
) -> None:
    """Neither a reply nor a goodbye of this conversation goes out."""
    await desk.open_and_send()
    await desk.write("At the harbour.")
    await desk.consent(given=False)
    await desk.compose("And then?")
    agent = deliverer(desk.shell, whatsapp)
    await agent.deliver(desk.ref())
    assert (await desk.state()).status is ConversationStatus.ABANDONED
    await desk.compose("Bye!", MessageKind.GOODBYE)
    await agent.deliver(desk.ref())
    assert await whatsapp.accepted(desk.addresses[0]) == []


async def test_consent_given_again_lets_messages_through(desk: Desk, whatsapp: WhatsApp) -> None:
    """The last word counts."""
    await desk.consent(given=False)
    await desk.consent(given=True)
    await desk.open()
    await deliverer(desk.shell, whatsapp).deliver(desk.ref())
    assert len(await whatsapp.accepted(desk.addresses[0])) == 1


async def test_the_goodbye_of_a_complete_interview_is_sent(desk: Desk, whatsapp: WhatsApp) -> None:
    """The end of a conversation does not hold back its last words."""
    await desk.open_and_send()
    await desk.write("At the harbour.")
    await desk.compose("Thank you!", MessageKind.GOODBYE)
    await desk.happen_in(Lane.TURN, ConversationEnded(reason=EndReason.COMPLETED))
    await deliverer(desk.shell, whatsapp).deliver(desk.ref())
    assert await whatsapp.texts(desk.addresses[0]) == ["Thank you!"]


async def test_a_pause_holds_openings_but_no_replies(desk: Desk, whatsapp: WhatsApp) -> None:
    """Running interviews go on; what was held goes out after the next launch."""
    await desk.open()
    await desk.open_and_send(1)
    await desk.write("At the harbour.", n=1)
    await desk.compose("And then?", n=1)
    await desk.happen(desk.lane, CampaignPaused())
    agent = deliverer(desk.shell, whatsapp)
    await agent.deliver(desk.ref(0))
    await agent.deliver(desk.ref(1))
    assert await whatsapp.accepted(desk.addresses[0]) == []
    assert await whatsapp.texts(desk.addresses[1]) == ["And then?"]
    assert await desk.names(Lane.OUT) == []
    await desk.happen(desk.lane, CampaignLaunched())
    await agent.on_turn(await desk.wake_up(subjects.delivery_wake_up(desk.ref(0))))
    assert await whatsapp.texts(desk.addresses[0]) == [OPENING]


async def test_nobody_is_written_to_without_an_address(desk: Desk, whatsapp: WhatsApp) -> None:
    """The message is suppressed for that reason, and the conversation has failed."""
    stray = Desk(desk.shell, campaign=desk.campaign, participants=[new_id().replace("-", "")])
    message = await stray.open()
    await deliverer(desk.shell, whatsapp).deliver(stray.ref())
    suppressed = MessageSuppressed(message_id=message, reason=SuppressionReason.ADDRESS_UNKNOWN)
    assert await stray.commits(Lane.OUT) == [(suppressed,)]
    assert (await stray.state()).status is ConversationStatus.FAILED
