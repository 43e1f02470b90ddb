"""What a researcher may do with a campaign, written to the log."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshcore.domain.campaign import (
    Campaign,
    Enrolment,
    decide_enrolment,
    decide_launch,
    decide_pause,
    evolve,
)
from meshcore.domain.commit import Recorded
from meshcore.domain.schema import Rejected
from meshcore.errors import StaleWriteError, UnknownCampaignError
from meshcore.ids import new_commit, new_id, now
from meshcore.log import subjects
from meshcore.log.histories import History, campaigns, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from meshcore.directory import Directory
    from meshcore.domain.events import CampaignCreated, Event
    from meshcore.log.event_log import EventLog

ATTEMPTS = 20
"""How often a decision is made anew when others write to the campaign's lane at the same time."""

REGISTRATIONS = 100
"""Addresses registered at once: enough to fill the server's pipeline, and webhooks still pass."""


@dataclass(frozen=True, slots=True)
class Written:
    """A command was carried out.

    Attributes:
        campaign: the campaign after it.
        position: the log's position that a reader must have reached to see it.
        added: how many participants it enrolled.
    """

    campaign: Campaign
    position: int
    added: int = 0


class Commands:
    """Carries commands out. Needs nothing but NATS.

    Every method raises `LogUnavailableError` when NATS does not answer, `UnknownCampaignError` for
    a campaign that is not on the log, and `StaleWriteError` when the campaign's lane does not come
    to rest.
    """

    def __init__(self, log: EventLog, directory: Directory) -> None:
        self._log = log
        self._directory = directory
        self._campaigns = campaigns(log)

    async def create(
        self, created: CampaignCreated, addresses: Sequence[str]
    ) -> Written | Rejected:
        """Creates a campaign with these participants.

        Args:
            created: what the researcher described.
            addresses: normalised, each once.
        """
        participants = await self._register(addresses)
        history = await self._append(History(Campaign(new_id())), [created])
        return await self._enrol(history, participants)

    async def enrol(self, campaign_id: str, addresses: Sequence[str]) -> Written | Rejected:
        """Enrols whoever of these is not enrolled yet; the addresses are as in `create`."""
        decided = decide_enrolment((await self._load(campaign_id)).state, ())
        if isinstance(decided, Rejected):
            return decided
        participants = await self._register(addresses)
        return await self._enrol(await self._load(campaign_id), participants)

    async def launch(self, campaign_id: str) -> Written | Rejected:
        """Starts or restarts the outreach."""
        return await self._decide(campaign_id, decide_launch)

    async def pause(self, campaign_id: str) -> Written | Rejected:
        """Stops the outreach."""
        return await self._decide(campaign_id, decide_pause)

    async def _enrol(
        self, history: History[Campaign], participants: list[str]
    ) -> Written | Rejected:
        """Enrols in as many commits as it takes; where others write in between, it decides anew."""
        added = 0
        for _ in range(ATTEMPTS):
            decided = decide_enrolment(history.state, map(Enrolment, participants))
            if isinstance(decided, Rejected):
                return decided
            try:
                for event in decided:
                    history = await self._append(history, [event])
                    added += len(event.participants)
            except StaleWriteError:
                history = await self._load(history.state.id)
            else:
                return Written(history.state, history.position, added)
        raise StaleWriteError("the campaign's lane does not come to rest")

    async def _decide(
        self, campaign_id: str, decide: Callable[[Campaign], list[Event] | Rejected]
    ) -> Written | Rejected:
        for _ in range(ATTEMPTS):
            history = await self._load(campaign_id)
            decided = decide(history.state)
            if isinstance(decided, Rejected):
                return decided
            try:
                history = await self._append(history, decided)
            except StaleWriteError:
                continue
            return Written(history.state, history.position)
        raise StaleWriteError("the campaign's lane does not come to rest")

    async def _load(self, campaign_id: str) -> History[Campaign]:
        last = await self._log.last_by_leader(subjects.campaign(campaign_id))
        history = await self._campaigns.load(campaign_id, last.position if last else 0)
        if not history.state.exists:
            raise UnknownCampaignError(campaign_id)
        return history

    async def _append(
        self, history: History[Campaign], events: Sequence[Event]
    ) -> History[Campaign]:
        """Appends to the campaign's lane as it was folded, and folds what was appended."""
        subject = subjects.campaign(history.state.id)
        commit = new_commit(events, now(), correlation=history.correlation)
        position = await self._log.append(subject, commit, expected=history.end_of(subject))
        return fold(history, [Recorded(position, subject, commit)], evolve)

    async def _register(self, addresses: Sequence[str]) -> list[str]:
        """Enters the addresses in the directory; returns their participants, in the same order."""
        participants = [""] * len(addresses)
        waiting = iter(range(len(addresses)))

        async def register_next() -> None:
            for index in waiting:
                participants[index] = await self._directory.register(addresses[index])

        async with asyncio.TaskGroup() as group:
            for _ in range(min(REGISTRATIONS, len(addresses))):
                group.create_task(register_next())
        return participants
