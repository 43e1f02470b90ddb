"""Two campaigns say the same to one participant at the same time: both messages arrive, once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mesh_outreach.settling import SETTLED_AFTER
from meshcore.domain.events import SendStarted
from meshcore.handling import Busy
from meshcore.log.subjects import Lane
from tests.outreach.deliverers import deliverer, later
from tests.outreach.network import WhatsApp
from tests.support.desk import Desk


async def _same_participants(desk: Desk) -> Desk:
    """Another campaign with the same participants."""
    other = Desk(desk.shell)
    await other.create(participants=0)
    other.participants, other.addresses = desk.participants, desk.addresses
    await other.launch()
    return other


async def _started(desk: Desk) -> str:
    """An opening whose sender died before it called Twilio."""
    message_id = await desk.open()
    await desk.happen_in(Lane.OUT, SendStarted(message_id=message_id))
    return message_id


async def _sids(desk: Desk) -> list[str | None]:
    return [message.sid for message in (await desk.state()).messages]


async def test_the_same_words_of_another_campaign_are_not_taken_for_ours(
    desk: Desk, whatsapp: WhatsApp
) -> None:
    """What another conversation has sent says nothing about a send of ours that was started."""
    other = await _same_participants(desk)
    await _started(desk)
    await other.open()
    outreach = deliverer(desk.shell, whatsapp)
    await outreach.deliver(other.ref())

    with pytest.raises(Busy):
        await outreach.deliver(desk.ref())
    outreach = replace(outreach, clock=later(SETTLED_AFTER))
    await outreach.deliver(desk.ref())

    sids = [entry["sid"] for entry in await whatsapp.accepted(desk.addresses[0])]
    assert [*await _sids(other), *await _sids(desk)] == sids
    assert len(sids) == 2


@pytest.mark.parametrize("first", [0, 1])
async def test_two_campaigns_that_both_must_ask_share_out_what_twilio_has(
    desk: Desk, whatsapp: WhatsApp, first: int
) -> None:
    """One of two messages with the same words arrived: the other one is sent, and no third."""
    desks = [desk, await _same_participants(desk)]
    ids = [await _started(each) for each in desks]
    text = (await desk.state()).messages[0].text
    await whatsapp.twilio.send(desks[first].ref(), ids[first], desk.addresses[0], text)
    outreach = deliverer(desk.shell, whatsapp)
    for each in desks:
        with pytest.raises(Busy):
            await outreach.deliver(each.ref())

    outreach = replace(outreach, clock=later(SETTLED_AFTER))
    for each in (desks[1], desks[0]):
        await outreach.deliver(each.ref())

    sids = {sid for each in desks for sid in await _sids(each)}
    assert sids == {entry["sid"] for entry in await whatsapp.accepted(desk.addresses[0])}
    assert len(sids) == 2
