"""What campaigns have cost so far, over all replicas: a brake, not a bill.

The bill is the sum over the turns on the log. Here it is kept as one counter of the server for each
campaign, so that it is read in one small request. It may be lost, and is then counted from zero; a
process that dies between its turn and its `add` leaves that turn out.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import stamina
import structlog
from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError

from meshcore.domain.events import MediaTranscribed, TurnTaken
from meshcore.errors import LogUnavailableError
from meshcore.log import streams, subjects
from meshcore.log.event_log import MSG_ID

if TYPE_CHECKING:
    from nats.js import JetStreamContext

    from meshcore.domain.campaign import Campaign
    from meshcore.domain.commit import Commit

INCREMENT = "Nats-Incr"

_MICROS = 1_000_000
_AWAY = (NatsError, TimeoutError)
_PATIENCE = 10.0
"""Seconds in which a cluster chooses a new leader; longer than that nobody waits."""

logger = structlog.get_logger(__name__)


class Spend:
    """The counters. One instance serves any number of concurrent tasks."""

    def __init__(self, js: JetStreamContext) -> None:
        self._js = js

    async def is_used_up(self, campaign: Campaign) -> bool:
        """Whether the campaign has a limit and has cost as much. Raises like `total`."""
        limit = campaign.limits.campaign_cost_usd
        return limit is not None and await self.total(campaign.id) >= limit

    async def count(self, campaign: Campaign, commit: Commit) -> None:
        """Counts what a commit has cost, if the campaign has a limit. Never fails, as of `add`."""
        if campaign.limits.campaign_cost_usd is None:
            return
        usages = (e for e in commit.events if isinstance(e, TurnTaken | MediaTranscribed))
        await self.add(campaign.id, sum(u.cost_usd or 0.0 for u in usages), commit.id)

    async def add(self, campaign: str, usd: float, msg_id: str) -> None:
        """Counts what a turn has cost. Never fails: what cannot be counted is left out and logged.

        Args:
            campaign: the campaign's id.
            usd: US dollars; rounded up to a millionth. 0 counts nothing.
            msg_id: what is counted, for instance the commit's id; counted once within the
                duplicate window of the streams.
        """
        micros = math.ceil(usd * _MICROS)
        if micros <= 0:
            return
        headers = {INCREMENT: f"+{micros}", MSG_ID: msg_id}
        try:
            async for attempt in stamina.retry_context(
                on=_AWAY, attempts=None, timeout=_PATIENCE, wait_initial=0.1, wait_max=1.0
            ):
                with attempt:
                    await self._js.publish(subjects.spend(campaign), headers=headers)
        except _AWAY as error:
            reason = type(error).__name__
            logger.warning("spending is left out", campaign=campaign, usd=usd, reason=reason)

    async def total(self, campaign: str) -> float:
        """What the campaign has cost so far, in US dollars; on replicas perhaps a moment behind.

        Raises:
            LogUnavailableError: no answer in time.
        """
        subject = subjects.spend(campaign)
        try:
            last = await self._js.get_last_msg(streams.SPEND, subject, direct=True)
        except NotFoundError:
            return 0.0
        except _AWAY as error:
            raise LogUnavailableError("the counters of spending do not answer") from error
        return int(json.loads(last.data or b"{}").get("val", 0)) / _MICROS
