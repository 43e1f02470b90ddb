"""The brake: outreach pauses a campaign that would only fail, and says why on it.

That is so for what has to be put right by somebody, and for a wave of failures that are not the
participants' fault. A pause is an event like the researcher's, so it holds for every replica.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import structlog

from mesh_outreach.send_errors import NO_CONNECTION
from mesh_outreach.settling import NEVER_THERE, SETTLED_AFTER
from meshcore.domain.campaign import CampaignStatus, decide_pause
from meshcore.domain.events import MessageFailed, MessageSent, SendPostponed, SendStarted
from meshcore.domain.participant import conversation_id
from meshcore.domain.schema import Rejected
from meshcore.domain.send_errors import Fault, fault_of
from meshcore.errors import StaleWriteError
from meshcore.ids import new_commit
from meshcore.log import subjects
from meshcore.log.subjects import ConversationRef, Lane

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from meshcore.domain.campaign import Campaign
    from meshcore.domain.commit import Recorded
    from meshcore.log.event_log import EventLog
    from meshcore.log.histories import Histories

LOOKED_AT = 20
"""How many of the last openings are looked at."""

WAVE = 10
"""How many of them have to have failed."""

_OUTAGES = frozenset({NEVER_THERE, NO_CONNECTION})
_PLANNED = 3 * LOOKED_AT
"""How many of the last slots are looked into: some have had no outcome yet."""

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of an opening: whether it failed by no fault of the participant's, and why."""

    failed: bool
    reason: str = ""
    code: int | None = None


@dataclass(frozen=True)
class Brake:
    """Pauses campaigns. Any number of replicas may do so at once."""

    log: EventLog
    campaigns: Histories[Campaign]

    async def pause(
        self, campaign: str, begun: int, reason: str, code: int | None, at: datetime
    ) -> None:
        """Pauses a campaign, unless it was launched again since the send that is to blame.

        Args:
            campaign: which.
            begun: where the `send_started` of the send stands.
            reason: why, and what to do about it.
            code: Twilio's error code, if there is one.
            at: the present.

        Raises:
            LogUnavailableError: the log does not answer.
        """
        lane = subjects.campaign(campaign)
        while True:
            history = await self.campaigns.load(campaign)
            first = next(iter(history.state.plans), None)
            if first is None or begun < first.position:
                return
            events = decide_pause(history.state, reason, code)
            if isinstance(events, Rejected):
                return
            commit = new_commit(events, at, correlation=history.correlation)
            try:
                await self.log.append(lane, commit, expected=history.end_of(lane))
            except StaleWriteError:
                continue
            logger.error("a campaign is paused", campaign=campaign, reason=reason, code=code)
            return

    async def watch(self, campaign: str, begun: int, at: datetime) -> None:
        """Pauses a campaign if its last openings failed in a wave. Arguments as of `pause`."""
        state = (await self.campaigns.load(campaign)).state
        if state.status is not CampaignStatus.ACTIVE:
            return
        outcomes = await self._outcomes(state, at)
        bad = [outcome for outcome in outcomes if outcome.failed]
        if len(bad) < WAVE:
            return
        last = bad[0]
        told = f" (Twilio's error {last.code})" if last.code else ""
        await self.pause(
            campaign,
            begun,
            f"{len(bad)} of the last {len(outcomes)} openings failed, and not because of the "
            f"participants; the last one: {last.reason}{told}. Look into Twilio's status and "
            "console, then launch again; whoever was not reached is written to anew.",
            last.code,
            at,
        )

    async def _outcomes(self, state: Campaign, at: datetime) -> list[_Outcome]:
        """What became of the last openings, the newest first."""
        planned = dict(islice(_planned(state, at), _PLANNED))
        lanes = [subjects.lane(ref, Lane.OUT) for ref in planned]
        found = sorted(await self.log.last_of(lanes), key=lambda last: -last.position)
        outcomes: list[_Outcome] = []
        for last in found:
            ref = subjects.conversation_of(last.subject)
            if ref and (outcome := await self._outcome(last, planned[ref], at)):
                outcomes.append(outcome)
        return outcomes[:LOOKED_AT]

    async def _outcome(self, last: Recorded, planned_at: int, at: datetime) -> _Outcome | None:
        """How the last try ended since a position; None if there was none that has ended."""
        if last.position < planned_at:
            return None
        if outcome := _outcome(last, at):
            return outcome
        tries = await self.log.load(last.subject, planned_at)  # it waits for another one
        ends = (_outcome(each, at) for each in reversed(tries))
        return next((end for end in ends if end), None)


def _planned(state: Campaign, at: datetime) -> Iterator[tuple[ConversationRef, int]]:
    """Whose slot has come, the newest plans first, and where the plan stands that gave it."""
    for plan in reversed(state.plans.all):
        rows = zip(plan.event.slots, plan.event.participants, strict=False)
        for slot, participant in reversed(list(rows)):
            if slot <= at:
                ref = ConversationRef(state.id, conversation_id(state.id, participant))
                yield ref, plan.position


def _outcome(record: Recorded, at: datetime) -> _Outcome | None:
    """How a send ended, by one word about it; None if this is not its end."""
    match record.commit.events[-1]:
        case MessageSent():
            return _Outcome(failed=False)
        case MessageFailed() as end:
            is_wave = fault_of(None, end.error_code) is Fault.OTHER
            return _Outcome(is_wave, end.reason, end.error_code)
        case SendPostponed() as end if end.reason in _OUTAGES:
            return _Outcome(failed=True, reason=end.reason, code=end.error_code)
        case SendStarted() if record.commit.at + SETTLED_AFTER <= at:
            return _Outcome(failed=True, reason="Twilio does not answer")
        case _:
            return None
