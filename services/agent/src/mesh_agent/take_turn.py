"""A turn: from a participant's message to the agent's decision on the log.

Whatever happens meanwhile - a second message, a stop, another replica, a crash - is settled in one
place: the append, which is refused if anybody else has decided since the conversation was read.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from mesh_agent.interviewer import out_of_money, please_type_it
from mesh_agent.perspective import chat_with, study_for
from mesh_agent.phrases import Phrase, say
from mesh_agent.reply_context import language_with
from meshcore.crash_points import crash_point
from meshcore.domain.events import (
    EndReason,
    MediaTranscribed,
    MessageReceived,
    OptOutSource,
    ParticipantOptedOut,
)
from meshcore.domain.media import only_unusable
from meshcore.domain.turns import (
    NextStep,
    decide_courtesy,
    decide_farewell,
    decide_turn,
    next_step,
    said_courtesy,
)
from meshcore.errors import StaleWriteError, UnknownCampaignError
from meshcore.handling import Busy
from meshcore.ids import new_commit, new_id, now
from meshcore.log import codec, subjects
from meshcore.log.consents import append_consent
from meshcore.log.subjects import Lane

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from mesh_agent.interviewer import Interviewer
    from mesh_agent.voice_notes import VoiceNotes
    from meshcore.domain.campaign import Campaign
    from meshcore.domain.commit import Commit
    from meshcore.domain.conversation import Conversation, Message
    from meshcore.domain.events import Event
    from meshcore.domain.turns import Proposal
    from meshcore.handling import WakeUp
    from meshcore.log.event_log import EventLog
    from meshcore.log.histories import Conversations, Histories, History
    from meshcore.log.leases import Leases
    from meshcore.log.spend import Spend
    from meshcore.log.subjects import ConversationRef

_NOT_LISTENED_TO = "not_listened_to"
_LONGEST_BURST = 4
"""Bursts' lengths after which a participant who goes on writing is answered all the same."""


@dataclass(frozen=True)
class TurnTaker:
    """Takes turns. Any number of tasks and replicas may do so at once."""

    log: EventLog
    conversations: Conversations
    campaigns: Histories[Campaign]
    leases: Leases
    interviewer: Interviewer
    voice_notes: VoiceNotes
    spend: Spend
    burst: timedelta
    clock: Callable[[], datetime] = now

    async def on_inbound(self, wake_up: WakeUp) -> None:
        """A participant wrote, or Twilio reported on a message: answers whatever is unanswered."""
        ref = subjects.conversation_of(wake_up.subject)
        if ref is None or not tells_of_a_message(wake_up):
            return
        async with self.leases.hold(f"turn.{ref.conversation}") as held:
            if not held:
                raise Busy
            await self.take_turn(ref, wake_up.headers.get(codec.ID), wake_up.position)

    async def take_turn(
        self, ref: ConversationRef, cause: str | None = None, at_least: int = 0
    ) -> None:
        """Answers whatever is unanswered in the conversation, with one commit.

        Args:
            ref: the conversation.
            cause: id of the commit that woke the agent, if one did.
            at_least: where it stands on the log.

        Raises:
            ModelError: the model cannot be reached. Nothing was decided.
            MediaUnavailableError: a voice note cannot be had yet.
            LogUnavailableError: the log does not answer.
            UnknownCampaignError: the conversation's campaign is not on the log.
        """
        while True:
            history = await self._after_the_burst(ref, at_least)
            step = next_step(history.state)
            if step is NextStep.NOTHING:
                return
            campaign = await self._campaign(ref, history.state.participant or "")
            if step is NextStep.FAREWELL:
                events = await self._farewell(campaign, history.state)
            elif heard := await self._hear(campaign, ref, history.state, step):
                commit = self._commit(heard, history, cause)
                await self._append(ref, campaign, history, commit)
                continue  # what was said may be a "stop"
            else:
                proposal = await self._propose(campaign, history.state, step)
                if (await self.conversations.load(ref)).state.opted_out:
                    continue  # "stop" arrived while the model was thinking
                events = await self._turn(history.state, proposal, step)
            commit = self._commit(events, history, cause)
            if not events or await self._append(ref, campaign, history, commit):
                return

    async def _after_the_burst(self, ref: ConversationRef, at_least: int) -> History[Conversation]:
        """The conversation once its participant has paused.

        One who said stop is not made to wait.
        """
        patient_until = self.clock() + self.burst * _LONGEST_BURST  # however far clocks are apart
        while True:
            history = await self.conversations.load(ref, at_least)
            waiting = history.state.unanswered
            if next_step(history.state) not in {NextStep.REPLY, NextStep.COURTESY}:
                return history
            longest = min(waiting[0].at + self.burst * _LONGEST_BURST, patient_until)
            quiet_at = min(waiting[-1].at + self.burst, longest)
            pause = (quiet_at - self.clock()).total_seconds()
            if pause <= 0:
                return history
            await asyncio.sleep(min(pause, self.burst.total_seconds()))

    async def _campaign(self, ref: ConversationRef, participant: str) -> Campaign:
        """The campaign as the participant knows it.

        What is asked of it here never changes, but that participants are enrolled.
        """
        campaign = self.campaigns.cached(ref.campaign)
        if campaign is None or participant not in campaign.enrolled:
            campaign = (await self.campaigns.load(ref.campaign)).state
        if not campaign.exists:
            raise UnknownCampaignError(f"campaign {ref.campaign} is not on the log")
        return study_for(campaign, participant)

    async def _hear(
        self,
        campaign: Campaign,
        ref: ConversationRef,
        conversation: Conversation,
        step: NextStep,
    ) -> list[MediaTranscribed]:
        """What was said in voice notes; those that come when nothing more is paid go unheard."""
        unheard = [(m.id, index) for m in conversation.unanswered for index in m.unheard]
        over = step is NextStep.COURTESY and said_courtesy(conversation)
        if unheard and (over or await self.spend.is_used_up(campaign)):
            return [
                MediaTranscribed(message_sid=sid, index=index, problem=_NOT_LISTENED_TO)
                for sid, index in unheard
            ]
        keep_as = ref.conversation if campaign.keep_media else None
        return await self.voice_notes.hear(conversation, keep_as)

    async def _propose(
        self, campaign: Campaign, conversation: Conversation, step: NextStep
    ) -> Proposal:
        conversation = chat_with(conversation)
        if step is NextStep.COURTESY:
            return await self.interviewer.courtesy(campaign, conversation)
        if only_unusable(conversation.unanswered):
            return please_type_it(campaign, conversation)
        if await self.spend.is_used_up(campaign):
            return out_of_money(campaign, conversation)
        return await self.interviewer.turn(campaign, conversation)

    async def _turn(
        self, conversation: Conversation, proposal: Proposal, step: NextStep
    ) -> list[Event]:
        if proposal.end is EndReason.OPTED_OUT:
            last = conversation.unanswered[-1]
            await self._withdraw_consent(conversation, OptOutSource.MODEL, last)
        decide = decide_courtesy if step is NextStep.COURTESY else decide_turn
        return decide(conversation, new_id(), proposal)

    async def _farewell(self, campaign: Campaign, conversation: Conversation) -> list[Event]:
        asked = next(m for m in reversed(conversation.unanswered) if m.opt_out)
        if conversation.opted_out:  # and has not opted in again since
            source = asked.opt_out or OptOutSource.KEYWORD
            await self._withdraw_consent(conversation, source, asked)
        language = language_with(campaign, conversation)
        return decide_farewell(conversation, new_id(), say(Phrase.GOODBYE_TO_OPT_OUT, language))

    async def _withdraw_consent(
        self, conversation: Conversation, source: OptOutSource, message: Message
    ) -> None:
        """Comes before the turn: a crash in between then leaves the participant in peace."""
        if conversation.participant is None:
            return
        event = ParticipantOptedOut(
            source=source, message_sid=message.id, message_position=message.position
        )
        await append_consent(self.log, conversation.participant, event, self.clock())
        crash_point("turn.after_consent")

    def _commit(
        self, events: Sequence[Event], history: History[Conversation], cause: str | None
    ) -> Commit:
        return new_commit(events, self.clock(), correlation=history.correlation, causation=cause)

    async def _append(
        self,
        ref: ConversationRef,
        campaign: Campaign,
        history: History[Conversation],
        commit: Commit,
    ) -> bool:
        """Appends the commit, unless somebody else has decided meanwhile."""
        lane = subjects.lane(ref, Lane.TURN)
        crash_point("turn.before_append")
        try:
            await self.log.append(lane, commit, expected=history.end_of(lane))
        except StaleWriteError:
            return False
        crash_point("turn.after_append")
        await self.spend.count(campaign, commit)
        return True


def tells_of_a_message(wake_up: WakeUp) -> bool:
    """Whether a participant wrote; reports of Twilio need no answer."""
    return MessageReceived.wire_name in wake_up.headers.get(codec.TYPES, MessageReceived.wire_name)
