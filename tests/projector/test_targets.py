"""Outreach is told how many interviews are completed, and when that fills a target."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from typing import Any

from nats.js.errors import NotFoundError

from meshcore.domain.events import (
    CampaignLaunched,
    OpeningsClosed,
    ParticipantsEnrolled,
    SendStarted,
)
from meshcore.domain.outreach import Outreach, Quota
from meshcore.ids import now
from meshcore.log import streams, subjects
from meshcore.log.counts import Counts
from meshcore.service import Shell
from tests.projector.histories import (
    BY_CITY,
    BY_STATION,
    Pen,
    append,
    created,
    interviewed,
    opened,
    plan,
)
from tests.projector.tables import projected, projecting, until


def _launched(pen: Pen, outreach: Outreach, *people: str, cells: tuple[str, ...] = ()) -> str:
    campaign = pen.id()
    pen.campaign(campaign, created(outreach))
    pen.campaign(campaign, ParticipantsEnrolled(participants=people, cells=cells))
    pen.campaign(campaign, CampaignLaunched())
    pen.campaign(campaign, plan(*people))
    return campaign


async def _hint(shell: Shell, wake_up: str) -> dict[str, Any] | None:
    """The last hint of this kind."""
    js = shell.nats.jetstream()
    try:
        message = await js.get_last_msg(streams.WORK, wake_up)
    except NotFoundError:
        return None
    hint: dict[str, Any] = json.loads(message.data or b"{}")
    return hint


async def test_a_target_that_is_reached_is_hinted(shell: Shell, database: str) -> None:
    """With the counts, and neither before nor of campaigns that want more."""
    pen = Pen()
    people = pen.participants(3)
    enough = _launched(pen, Outreach(target_completes=2), *people)
    more = _launched(pen, Outreach(target_completes=3), *people)
    for person in people[:2]:
        interviewed(pen, enough, person)
        interviewed(pen, more, person)
    await projected(shell, database, await append(shell, pen.written))
    hint = await _hint(shell, subjects.counts_wake_up(enough))
    assert hint == {"completes": 2, "cells": {}}
    assert await _hint(shell, subjects.counts_wake_up(more)) is None


async def test_a_full_cell_is_hinted_until_it_is_closed(shell: Shell, database: str) -> None:
    """A cell is the value of an attribute; those without a target are not counted."""
    pen = Pen()
    people = pen.participants(3)
    cells = ("Dubai", "Ajman", "Sharjah")
    full = _launched(pen, Outreach(quota=BY_CITY), *people, cells=cells)
    closed = _launched(pen, Outreach(quota=BY_CITY), *people, cells=cells)
    for campaign in (full, closed):
        pen.campaign(campaign, OpeningsClosed(cell="Dubai" if campaign == closed else "Sharjah"))
        for person in people[:2]:
            interviewed(pen, campaign, person)
    tables = await projected(shell, database, await append(shell, pen.written))
    assert [row["cells"] for row in tables["campaigns"]] == [{"Dubai": 1}] * 2
    hint = await _hint(shell, subjects.counts_wake_up(full))
    assert hint == {"completes": 2, "cells": {"Dubai": 1}}
    assert await _hint(shell, subjects.counts_wake_up(closed)) is None


async def test_a_fields_cell_is_what_the_participant_said(shell: Shell, database: str) -> None:
    """Once the interview is completed."""
    pen = Pen()
    people = pen.participants(2)
    campaign = _launched(pen, Outreach(quota=BY_STATION), *people)
    interviewed(pen, campaign, people[0])
    opened(pen, campaign, people[1])
    tables = await projected(shell, database, await append(shell, pen.written))
    assert tables["campaigns"][0]["cells"] == {"ADNOC": 1}
    assert await _hint(shell, subjects.counts_wake_up(campaign)) is None


async def test_a_target_of_nothing_is_hinted_at_the_launch(shell: Shell, database: str) -> None:
    """Nobody need be interviewed for that."""
    pen = Pen()
    quota = Quota(attribute="city", targets={"Ajman": 0})
    campaign = _launched(pen, Outreach(quota=quota), *pen.participants(1))
    await projected(shell, database, await append(shell, pen.written))
    assert await _hint(shell, subjects.counts_wake_up(campaign))


async def test_what_is_closed_and_never_opened_does_not_keep_a_campaign_open(
    shell: Shell, database: str
) -> None:
    """Neither in a campaign that is closed, nor in one whose cell is; in another cell it does."""
    pen = Pen()
    people = pen.participants(3)
    outreach, cells = Outreach(quota=BY_CITY), ("Dubai", "Dubai", "Dubai")
    whole = _launched(pen, outreach, *people)
    cell = _launched(pen, outreach, *people, cells=cells)
    other = _launched(pen, outreach, *people, cells=("Dubai", "Dubai", "Sharjah"))
    for campaign in (whole, cell, other):
        interviewed(pen, campaign, people[0])
        pen.campaign(campaign, OpeningsClosed(cell=None if campaign == whole else "Dubai"))
    tables = await projected(shell, database, await append(shell, pen.written))
    hinted = [await _hint(shell, subjects.completion_wake_up(c)) for c in (whole, cell, other)]
    assert [bool(hint) for hint in hinted] == [True, True, False]
    queue = Counter((row["campaign_id"], row["status"]) for row in tables["outreach_queue"])
    assert (queue[whole, "cancelled"], queue[whole, "sent"]) == (2, 1)
    assert (queue[other, "cancelled"], queue[other, "scheduled"]) == (1, 1)


async def test_an_opening_that_twilio_may_have_is_waited_for(shell: Shell, database: str) -> None:
    """It may become a conversation, though openings are closed."""
    pen = Pen()
    people = pen.participants(2)
    campaign = _launched(pen, Outreach(target_completes=1), *people)
    interviewed(pen, campaign, people[0])
    message = opened(pen, campaign, people[1])
    del pen.written[-3:]  # all that follows the beginning of the send
    assert pen.written[-1][1].events == (SendStarted(message_id=message),)
    pen.campaign(campaign, OpeningsClosed())
    await projected(shell, database, await append(shell, pen.written))
    assert await _hint(shell, subjects.completion_wake_up(campaign)) is None


async def test_while_it_follows_the_projector_says_up_to_when_it_has_counted(
    shell: Shell, database: str
) -> None:
    """Of campaigns that have targets and are open; the others need no counts."""
    pen = Pen(seed=4_711)  # the bucket knows the campaigns of other tests
    people = pen.participants(1)
    wanted = _launched(pen, Outreach(target_completes=5), *people)
    closed = _launched(pen, Outreach(target_completes=5), *people)
    plain = _launched(pen, Outreach(), *people)
    pen.campaign(closed, OpeningsClosed())
    interviewed(pen, wanted, people[0])
    begun = now()
    await append(shell, pen.written)
    counts = Counts(await shell.bucket(streams.COUNTS))
    async with projecting(shell, database):
        await until(lambda: counts.of(wanted))
    counted = await counts.of(wanted)
    assert counted
    assert counted.completes.total == 1
    assert begun - timedelta(seconds=1) < counted.as_of <= now()
    assert (await counts.of(closed), await counts.of(plain)) == (None, None)
