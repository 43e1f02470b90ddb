"""Openings by template: sent by their id, once, whatever the template really reads as."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mesh_outreach.settling import SETTLED_AFTER
from mesh_outreach.twilio import TwilioUnavailableError
from meshcore.domain.conversation import ConversationStatus
from meshcore.domain.events import CampaignPaused, MessageSent, SendPostponed, SendStarted
from meshcore.domain.study import Template
from meshcore.handling import Busy
from meshcore.log.subjects import Lane
from tests.outreach.deliverers import POSTPONED, SENT, STARTED, deliverer, later
from tests.outreach.network import WhatsApp
from tests.support.desk import Desk

BODY = "Hi, I'm {{1}}.\nWhere do you refuel?"
TEXT = "Hi, I'm Mia.\nWhere do you refuel?"
QUOTED = pytest.mark.parametrize(
    "text",
    [TEXT, "Hi, I'm Mia. Where  do you refuel? ", "Hello! Something else altogether?"],
    ids=["as it reads", "but for spaces", "wrongly"],
)
"""What a campaign says that the template reads as."""


async def mia(whatsapp: WhatsApp) -> Template:
    """The template."""
    return await whatsapp.template(BODY, {"1": "Mia"})


async def died_before_the_call(desk: Desk, text: str, template: Template) -> str:
    """An opening whose sender wrote `send_started`, and died."""
    message = await desk.open(text=text, template=template)
    await desk.happen_in(Lane.OUT, SendStarted(message_id=message))
    return message


async def same_participants(desk: Desk) -> Desk:
    """Another campaign with the same participants."""
    other = Desk(desk.shell)
    await other.create(participants=0)
    other.participants, other.addresses = desk.participants, desk.addresses
    await other.launch()
    return other


async def test_an_opening_by_template_is_sent_by_its_id(desk: Desk, whatsapp: WhatsApp) -> None:
    """Twilio makes the words; the transcript has what the campaign says they are."""
    template = await mia(whatsapp)
    await desk.open(text=TEXT, template=template)
    for _ in range(2):
        await deliverer(desk.shell, whatsapp).deliver(desk.ref())
    [entry] = await whatsapp.accepted(desk.addresses[0])
    assert (entry["content_sid"], entry["body"]) == (template.content_sid, TEXT)
    state = await desk.state()
    assert state.status is ConversationStatus.OUTREACH_SENT
    assert (state.messages[0].text, state.messages[0].sid) == (TEXT, entry["sid"])


@QUOTED
async def test_a_dead_process_that_had_sent_a_template_is_not_sent_again(
    desk: Desk, whatsapp: WhatsApp, text: str
) -> None:
    """Twilio knows the message, even where the campaign quotes the template wrongly."""
    template = await mia(whatsapp)
    message = await died_before_the_call(desk, text, template)
    to = desk.addresses[0]
    await whatsapp.twilio.send(desk.ref(), message, to, template)  # ... and it died behind it
    await deliverer(desk.shell, whatsapp).deliver(desk.ref())
    [entry] = await whatsapp.accepted(to)
    last = (await desk.commits(Lane.OUT))[-1]
    assert last == (MessageSent(message_id=message, message_sid=entry["sid"]),)


@QUOTED
async def test_a_dead_process_that_had_not_sent_a_template_is_made_good(
    desk: Desk, whatsapp: WhatsApp, text: str
) -> None:
    """Once it is settled, somebody sends it."""
    await died_before_the_call(desk, text, await mia(whatsapp))
    outreach = deliverer(desk.shell, whatsapp)
    with pytest.raises(Busy):
        await outreach.deliver(desk.ref())
    await replace(outreach, clock=later(SETTLED_AFTER)).deliver(desk.ref())
    assert await whatsapp.texts(desk.addresses[0]) == [TEXT]


@QUOTED
@pytest.mark.parametrize(("fault", "more"), [("server_error", {}), ("hang", {"seconds": 2})])
async def test_an_ambiguous_send_of_a_template_that_was_taken_is_not_repeated(
    desk: Desk, whatsapp: WhatsApp, text: str, fault: str, more: dict[str, int]
) -> None:
    """After an error or a timeout behind the acceptance, Twilio is asked."""
    await desk.open(text=text, template=await mia(whatsapp))
    to = desk.addresses[0]
    await whatsapp.breaks(fault, to, when="after", **more)
    outreach = deliverer(desk.shell, whatsapp)
    with pytest.raises(TwilioUnavailableError):
        await outreach.deliver(desk.ref())
    await outreach.deliver(desk.ref())
    assert len(await whatsapp.accepted(to)) == 1
    assert await desk.names(Lane.OUT) == [STARTED, SENT]


@QUOTED
@pytest.mark.parametrize("template", [False, True])
async def test_what_another_campaign_has_sent_is_not_taken_for_ours(
    desk: Desk, whatsapp: WhatsApp, text: str, *, template: bool
) -> None:
    """Neither what it said in its own words, nor the very same template."""
    ours = await mia(whatsapp)
    other = await same_participants(desk)
    await died_before_the_call(desk, text, ours)
    await other.open(text=TEXT, template=ours if template else None)
    outreach = deliverer(desk.shell, whatsapp)
    await outreach.deliver(other.ref())
    with pytest.raises(Busy):
        await outreach.deliver(desk.ref())
    await replace(outreach, clock=later(SETTLED_AFTER)).deliver(desk.ref())
    sids = [entry["sid"] for entry in await whatsapp.accepted(desk.addresses[0])]
    assert [(await d.state()).messages[0].sid for d in (other, desk)] == sids
    assert len(sids) == 2


@QUOTED
@pytest.mark.parametrize("first", [0, 1])
async def test_two_campaigns_with_one_template_share_out_what_twilio_has(
    desk: Desk, whatsapp: WhatsApp, text: str, first: int
) -> None:
    """Both must ask, one of the two arrived: the other one is sent, and no third."""
    template = await mia(whatsapp)
    desks = [desk, await same_participants(desk)]
    ids = [await died_before_the_call(each, text, template) for each in desks]
    await whatsapp.twilio.send(desks[first].ref(), ids[first], desk.addresses[0], template)
    outreach = deliverer(desk.shell, whatsapp)
    for each in desks:
        with pytest.raises(Busy):
            await outreach.deliver(each.ref())
    outreach = replace(outreach, clock=later(SETTLED_AFTER))
    for each in (desks[1], desks[0]):
        await outreach.deliver(each.ref())
    sids = {(await each.state()).messages[0].sid for each in desks}
    assert sids == {entry["sid"] for entry in await whatsapp.accepted(desk.addresses[0])}
    assert len(sids) == 2


async def test_a_template_that_twilio_does_not_know_fails_nobody(
    desk: Desk, whatsapp: WhatsApp
) -> None:
    """The campaign is paused, and says what to do; the opening waits for the next launch."""
    await desk.open(text=TEXT, template=Template(content_sid="HX" + "e" * 32))
    outreach = deliverer(desk.shell, whatsapp)
    await outreach.deliver(desk.ref())
    [postponed] = (await desk.commits(Lane.OUT))[-1]
    assert isinstance(postponed, SendPostponed)
    assert postponed.error_code == 21655
    assert (await desk.state()).status is ConversationStatus.PENDING
    paused = (await desk.campaign_events())[-1]
    assert isinstance(paused, CampaignPaused)
    assert (paused.error_code, "content_sid" in (paused.reason or "")) == (21655, True)
    await outreach.deliver(desk.ref())
    assert await desk.names(Lane.OUT) == [STARTED, POSTPONED]
