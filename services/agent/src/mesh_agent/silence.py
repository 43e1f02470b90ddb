"""Silence: reminds participants who do not answer, and gives them up at last.

Every conversation that runs has one wake-up ahead of it, written before it is opened. Whoever is
woken decides by what is on the log and writes the next one first, so a crash loses none; one that
comes for nothing does no harm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from mesh_agent.perspective import study_for, words_of
from mesh_agent.phrases import Phrase, say
from mesh_agent.reply_context import language_with
from meshcore.crash_points import crash_point
from meshcore.domain.silence import (
    Expire,
    Remind,
    Wait,
    decide_expiry,
    decide_reminder,
    next_silence_step,
    patience,
)
from meshcore.errors import StaleWriteError
from meshcore.handling import Busy
from meshcore.ids import new_commit, now
from meshcore.log import subjects
from meshcore.log.subjects import Lane

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from meshcore.directory import Directory
    from meshcore.domain.campaign import Campaign
    from meshcore.domain.conversation import Conversation
    from meshcore.domain.events import Event
    from meshcore.handling import WakeUp
    from meshcore.log.event_log import EventLog
    from meshcore.log.histories import Conversations, Histories, History
    from meshcore.log.leases import Leases
    from meshcore.log.subjects import ConversationRef
    from meshcore.log.wake_ups import WakeUps


@dataclass(frozen=True)
class Nudger:
    """Looks after silent conversations. Any number of tasks and replicas may do so at once."""

    log: EventLog
    conversations: Conversations
    campaigns: Histories[Campaign]
    leases: Leases
    wake_ups: WakeUps
    directory: Directory
    clock: Callable[[], datetime] = now

    async def on_nudge(self, wake_up: WakeUp) -> None:
        """A conversation may have been silent for too long: reminds, gives up, or looks again."""
        ref = subjects.conversation_of(wake_up.subject)
        if ref is None:
            return
        async with self.leases.hold(f"turn.{ref.conversation}") as held:
            if not held:
                raise Busy
            await self.look_at(ref)

    async def look_at(self, ref: ConversationRef) -> None:
        """Does what silence asks for now, with at most one commit.

        Raises:
            Busy: somebody else has decided something meanwhile.
            LogUnavailableError: the log or the directory does not answer.
        """
        campaign = (await self.campaigns.load(ref.campaign)).state
        history = await self.conversations.load(ref)
        at = self.clock()
        match next_silence_step(history.state, campaign, at):
            case None:
                return
            case Wait(until):
                await self._wake_at(until, ref)
            case Remind(n):
                await self._wake_at(at + patience(campaign.outreach), ref)
                crash_point("silence.after_wake_up")
                await self._append(ref, history, await self._reminder(campaign, history.state, n))
            case Expire():
                await self._append(ref, history, decide_expiry(history.state))
            case never:
                assert_never(never)

    async def _wake_at(self, due: datetime, ref: ConversationRef) -> None:
        await self.wake_ups.at(due, subjects.nudge_wake_up(ref), {})

    async def _reminder(
        self, campaign: Campaign, conversation: Conversation, n: int
    ) -> Sequence[Event]:
        participant = conversation.participant or ""
        attributes = await self.directory.attributes(participant, campaign.id)
        text, template = words_of(campaign.outreach.reminders[n], attributes)
        if text is None:
            language = language_with(study_for(campaign, participant), conversation)
            ours = [m.text for m in conversation.messages if m.sender == "agent"]
            text = say(Phrase.REMINDER, language, ours)
        return decide_reminder(conversation, campaign, n, text, template)

    async def _append(
        self, ref: ConversationRef, history: History[Conversation], events: Sequence[Event]
    ) -> None:
        if not events:
            return
        lane = subjects.lane(ref, Lane.TURN)
        commit = new_commit(events, self.clock(), correlation=history.correlation)
        try:
            await self.log.append(lane, commit, expected=history.end_of(lane))
        except StaleWriteError as stale:
            raise Busy from stale  # a turn was taken, or another replica was faster: look again
        crash_point("silence.after_append")
