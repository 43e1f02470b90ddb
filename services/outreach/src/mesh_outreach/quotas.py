"""Targets: closes openings once a campaign has the completed interviews that it wants.

The projector counts, and hints when a target may be reached; what is decided is appended at the
position of the campaign's lane that was read. Nobody is written to on counts that are old, so that
without a projector a campaign with targets stands still rather than overshoots.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from meshcore.domain.campaign import CampaignStatus
from meshcore.domain.quotas import Completes, closings, has_targets
from meshcore.errors import StaleWriteError
from meshcore.handling import Busy
from meshcore.ids import new_commit, now
from meshcore.log import subjects

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshcore.domain.campaign import Campaign
    from meshcore.handling import WakeUp
    from meshcore.log.counts import Counted, Counts
    from meshcore.log.event_log import EventLog
    from meshcore.log.histories import Histories

FRESH = timedelta(minutes=1)
"""How old the counts may be on which a campaign with targets is given slots."""

LOOK_AGAIN = timedelta(seconds=10)
"""How long to wait with slots for fresher counts."""

_OPEN = frozenset({CampaignStatus.ACTIVE, CampaignStatus.PAUSED})


@dataclass(frozen=True)
class Targets:
    """Decides about closings. Any number of replicas may do so at once."""

    log: EventLog
    campaigns: Histories[Campaign]
    clock: Callable[[], datetime] = now

    async def on_counts(self, wake_up: WakeUp) -> None:
        """A campaign may have what it wants: closes what is full.

        Raises:
            Busy: the campaign has changed meanwhile; it is to be looked at again.
            LogUnavailableError: NATS does not answer.
        """
        campaign = subjects.campaign_of(wake_up.subject)
        if campaign is not None:
            hint = json.loads(wake_up.body)
            await self.close(campaign, Completes(hint["completes"], hint["cells"]))

    async def close(self, campaign: str, completes: Completes) -> None:
        """Closes what these counts fill. Raises like `on_counts`."""
        history = await self.campaigns.load(campaign)
        state = history.state
        if state.status not in _OPEN:
            return
        events = closings(
            state.outreach, completes, closed=state.closed, closed_cells=state.closed_cells
        )
        if not events:
            return
        lane = subjects.campaign(campaign)
        commit = new_commit(events, self.clock(), correlation=history.correlation)
        try:
            await self.log.append(lane, commit, expected=history.end_of(lane))
        except StaleWriteError as stale:
            raise Busy from stale


async def counts_are_fresh(counts: Counts, campaign: Campaign, at: datetime) -> bool:
    """Whether slots may be given to a campaign: it has no targets, or they are known to be open.

    Args:
        counts: what the projector says.
        campaign: whose openings.
        at: the present.

    Returns:
        False as long as the counts are older than `FRESH`, and where they fill something that is
        not closed yet: the closing comes first.

    Raises:
        LogUnavailableError: NATS does not answer.
    """
    if not has_targets(campaign.outreach):
        return True
    counted = await counts.of(campaign.id)
    return counted is not None and counted.as_of > at - FRESH and not _due(campaign, counted)


def _due(campaign: Campaign, counted: Counted) -> bool:
    closed, cells = campaign.closed, campaign.closed_cells
    found = closings(campaign.outreach, counted.completes, closed=closed, closed_cells=cells)
    return bool(found)
