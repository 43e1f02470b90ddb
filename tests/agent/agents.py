"""Agents as processes of their own have them, and what they did."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from mesh_agent.interviewer import Interviewer
from mesh_agent.media import MediaFile, MediaProblem
from mesh_agent.take_turn import TurnTaker
from mesh_agent.voice_notes import VoiceNotes
from meshcore.domain.events import (
    MessageComposed,
)
from meshcore.handling import WakeUp
from meshcore.log import subjects
from meshcore.log.histories import Conversations, campaigns
from meshcore.log.leases import Leases
from meshcore.log.subjects import Lane
from meshcore.log.wake_ups import WakeUps
from meshcore.service import Shell
from tests.agent.scripted_model import ScriptedModel
from tests.support.desk import Desk

NO_BURST = timedelta(0)


class NoLeases(Leases):
    """Leases whose bucket is away: everybody goes to work, as `Leases` promises then."""

    def __init__(self) -> None:
        """Needs no bucket."""

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[bool]:  # noqa: ARG002 - the real one's
        """Yields that the lease is free, always."""
        yield True


class NoFiles:
    """Twilio without a file: nobody here sends any that would be fetched."""

    async def fetch(
        self, url: str, declared: str, allowed: AbstractSet[str] | None = None
    ) -> MediaFile | MediaProblem:
        """There is none."""
        del url, declared, allowed
        return MediaProblem.UNAVAILABLE


class Watched(WakeUps):
    """Wake-ups that note how many commits there were on a lane when each was written."""

    def __init__(self, desk: Desk) -> None:
        """Watches the turn lane of the first conversation."""
        super().__init__(desk.shell.nats.jetstream())
        self._desk = desk
        self.commits_before: list[int] = []

    async def at(self, due: datetime, wake_up: str, hint: Mapping[str, object]) -> None:
        """Notes and writes."""
        self.commits_before.append(len(await self._desk.commits(Lane.TURN)))
        await super().at(due, wake_up, hint)


def taker(shell: Shell, model: ScriptedModel, burst: timedelta = NO_BURST) -> TurnTaker:
    """An agent as a process of its own has it."""
    log = shell.log
    conversations, interviewer = Conversations(log), Interviewer(model)
    notes = VoiceNotes(model, NoFiles(), shell.media)
    return TurnTaker(
        log, conversations, campaigns(log), shell.leases, interviewer, notes, shell.spend, burst
    )


async def inbound(desk: Desk, n: int = 0) -> WakeUp:
    """The wake-up by the newest message of the n-th participant."""
    return await desk.wake_up(subjects.lane(desk.ref(n), Lane.IN))


async def replies(desk: Desk) -> list[str]:
    """What the agent composed after the opening."""
    found = [e for c in await desk.commits(Lane.TURN) for e in c]
    return [e.text for e in found if isinstance(e, MessageComposed)][1:]
