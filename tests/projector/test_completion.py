"""Outreach is told when every conversation of a campaign may have ended."""

from __future__ import annotations

import json
from typing import Any

from nats.js.errors import NotFoundError

from meshcore.domain.events import (
    CampaignCompleted,
    CampaignPaused,
)
from meshcore.log import streams, subjects
from meshcore.service import Shell
from tests.projector.histories import CREATED, Pen, append, interviewed, launched, opened
from tests.projector.tables import projected, projecting, until


async def _hint(shell: Shell, campaign: str) -> dict[str, Any] | None:
    """The last hint about the campaign."""
    js = shell.nats.jetstream()
    try:
        message = await js.get_last_msg(streams.WORK, subjects.completion_wake_up(campaign))
    except NotFoundError:
        return None
    hint: dict[str, Any] = json.loads(message.data or b"{}")
    return hint


async def test_outreach_is_woken_when_the_last_conversation_has_ended(
    shell: Shell, database: str
) -> None:
    """The hint says up to where the tables stand and how many are enrolled."""
    pen = Pen()
    people = pen.participants(2)
    campaign = launched(pen, *people)
    for participant in people:
        interviewed(pen, campaign, participant)
    end = await append(shell, pen.written)
    await projected(shell, database, end)
    assert await _hint(shell, campaign) == {"position": end, "participants": 2}


async def test_outreach_is_woken_for_a_paused_campaign_too(shell: Shell, database: str) -> None:
    """Interviews go on after a pause, and may end."""
    pen = Pen()
    people = pen.participants(1)
    campaign = launched(pen, *people)
    opened(pen, campaign, people[0])
    pen.campaign(campaign, CampaignPaused())
    interviewed(pen, campaign, people[0])
    await projected(shell, database, await append(shell, pen.written))
    assert await _hint(shell, campaign)


async def test_outreach_is_left_alone_while_anything_is_open(shell: Shell, database: str) -> None:
    """Neither a waiting participant, nor a draft, nor a completed campaign gives a hint."""
    pen = Pen()
    people = pen.participants(3)
    waiting = launched(pen, *people)
    interviewed(pen, waiting, people[0])
    draft = pen.id()
    pen.campaign(draft, CREATED)
    completed = launched(pen, people[1])
    interviewed(pen, completed, people[1])
    pen.campaign(completed, CampaignCompleted())
    await projected(shell, database, await append(shell, pen.written))
    assert [await _hint(shell, campaign) for campaign in (waiting, draft, completed)] == [None] * 3


async def test_a_hint_that_was_lost_is_given_again_at_the_start(
    shell: Shell, database: str
) -> None:
    """A crash between the commit and the hint loses nothing."""
    pen = Pen()
    people = pen.participants(1)
    campaign = launched(pen, *people)
    interviewed(pen, campaign, people[0])
    end = await append(shell, pen.written)
    await projected(shell, database, end)
    await shell.nats.jetstream().purge_stream(streams.WORK)
    async with projecting(shell, database):
        await until(lambda: _hint(shell, campaign))
    assert await _hint(shell, campaign) == {"position": end, "participants": 1}
