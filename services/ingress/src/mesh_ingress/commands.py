"""What a researcher may do with a campaign, written to the log."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshcore.domain.campaign import (
    Campaign,
    decide_enrolment,
    decide_launch,
    decide_pause,
    evolve,
)
from meshcore.domain.commit import Recorded
from meshcore.domain.events import OptOutSource, ParticipantOptedOut
from meshcore.domain.roster import Enrolment
from meshcore.domain.schema import Rejected
from meshcore.errors import StaleWriteError, UnknownCampaignError
from meshcore.ids import new_commit, new_id, now
from meshcore.log import subjects
from meshcore.log.batches import BATCH
from meshcore.log.consents import append_consent, opted_out_among
from meshcore.log.histories import History, campaigns, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mesh_ingress.participant_lists import Listed
    from meshcore.directory_batches import DirectoryBatches
    from meshcore.domain.events import CampaignCreated, Event
    from meshcore.log.event_log import EventLog

ATTEMPTS = 20
"""How often a decision is made anew when others write to the campaign's lane at the same time."""

AT_ONCE = 100
"""Opt-outs written at a time: enough to fill the server's pipeline, and webhooks still pass."""


@dataclass(frozen=True, slots=True)
class Written:
    """A command was carried out.

    Attributes:
        campaign: the campaign after it.
        position: the log's position that a reader must have reached to see it.
        added: how many participants it enrolled.
        suppressed: how many of those on the list have opted out: nobody writes to them.
    """

    campaign: Campaign
    position: int
    added: int = 0
    suppressed: int = 0


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What would become of a list."""

    already_enrolled: int
    suppressed: int


@dataclass(frozen=True, slots=True)
class Suppressed:
    """What became of a list of people to whom nobody is to write."""

    added: int
    already_suppressed: int
    position: int


class Commands:
    """Carries commands out. Needs nothing but NATS.

    Every method raises `LogUnavailableError` when NATS does not answer, `UnknownCampaignError` for
    a campaign that is not on the log, and `StaleWriteError` when the campaign's lane does not come
    to rest.
    """

    def __init__(self, log: EventLog, directory: DirectoryBatches) -> None:
        self._log = log
        self._directory = directory
        self._campaigns = campaigns(log)

    async def create(
        self, created: CampaignCreated, people: Sequence[Listed]
    ) -> Written | Rejected:
        """Creates a campaign with these participants, each of whom has an address of its own."""
        campaign = new_id()
        wanted = await self._register(people, campaign)
        history = await self._append(History(Campaign(campaign)), [created])
        return await self._enrol(history, wanted)

    async def find(self, campaign_id: str) -> Campaign:
        """The campaign as its lane tells it."""
        return (await self._load(campaign_id)).state

    async def enrol(self, campaign_id: str, people: Sequence[Listed]) -> Written | Rejected:
        """Enrols whoever of these is not enrolled yet; their attributes are kept in any case."""
        decided = decide_enrolment((await self._load(campaign_id)).state, ())
        if isinstance(decided, Rejected):
            return decided
        wanted = await self._register(people, campaign_id)
        return await self._enrol(await self._load(campaign_id), wanted)

    async def rehearse_enrolment(
        self, campaign_id: str, people: Sequence[Listed]
    ) -> Rehearsed | Rejected:
        """What `enrol` would do; changes nothing."""
        state = await self.find(campaign_id)
        decided = decide_enrolment(state, ())
        if isinstance(decided, Rejected):
            return decided
        known, already, suppressed = set(state.participants()), 0, 0
        for chunk in _in_batches(people):
            found = await self._directory.find([each.address for each in chunk])
            already += sum(each in known for each in found)
            suppressed += len(await opted_out_among(self._log, found))
        return Rehearsed(already, suppressed)

    async def suppress(self, people: Sequence[Listed]) -> Suppressed:
        """Opts everybody out who has not opted out already."""
        added = 0
        for chunk in _in_batches(people):
            known = await self._directory.register([(each.address, {}) for each in chunk])
            out = await opted_out_among(self._log, known)
            added += await self._opt_out([each for each in dict.fromkeys(known) if each not in out])
        position = await self._log.last_position()
        return Suppressed(added, len(people) - added, position)

    async def _opt_out(self, participants: Sequence[str]) -> int:
        permits = asyncio.Semaphore(AT_ONCE)

        async def opt_out(participant: str) -> None:
            async with permits:
                event = ParticipantOptedOut(source=OptOutSource.IMPORT)
                await append_consent(self._log, participant, event, now())

        async with asyncio.TaskGroup() as group:
            for participant in participants:
                group.create_task(opt_out(participant))
        return len(participants)

    async def launch(self, campaign_id: str) -> Written | Rejected:
        """Starts or restarts the outreach."""
        return await self._decide(campaign_id, decide_launch)

    async def pause(self, campaign_id: str) -> Written | Rejected:
        """Stops the outreach."""
        return await self._decide(campaign_id, decide_pause)

    async def _enrol(
        self, history: History[Campaign], wanted: Sequence[Enrolment]
    ) -> Written | Rejected:
        """Enrols in as many commits as it takes; where others write in between, it decides anew."""
        added = 0
        for _ in range(ATTEMPTS):
            decided = decide_enrolment(history.state, wanted)
            if isinstance(decided, Rejected):
                return decided
            try:
                for event in decided:
                    history = await self._append(history, [event])
                    added += len(event.participants)
            except StaleWriteError:
                history = await self._load(history.state.id)
            else:
                suppressed = await self._count_suppressed(wanted)
                return Written(history.state, history.position, added, suppressed)
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

    async def _count_suppressed(self, wanted: Sequence[Enrolment]) -> int:
        participants = [each.participant for each in wanted]
        return len(await opted_out_among(self._log, participants))

    async def _register(self, people: Sequence[Listed], campaign: str) -> list[Enrolment]:
        """Enters people in the directory; returns them as participants, in the same order."""
        wanted: list[Enrolment] = []
        for chunk in _in_batches(people):
            described = [(each.address, each.attributes) for each in chunk]
            known = await self._directory.register(described, campaign)
            wanted += map(_enrolment, known, chunk)
        return wanted


def _enrolment(participant: str, listed: Listed) -> Enrolment:
    return Enrolment(participant, listed.language, listed.timezone, listed.cell)


def _in_batches(people: Sequence[Listed]) -> Iterator[Sequence[Listed]]:
    return (people[i : i + BATCH] for i in range(0, len(people), BATCH))
