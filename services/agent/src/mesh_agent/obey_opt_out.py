"""An opt-out holds everywhere: it ends the participant's conversations in all other campaigns too.

Sends are stopped by the consent itself, which outreach reads before each of them, and so are the
openings still to come. What is left to do is to end what runs, so that no conversation waits for
somebody who will never be written to again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from meshcore.domain.events import ParticipantOptedOut
from meshcore.domain.participant import conversation_id
from meshcore.domain.turns import decide_end_elsewhere
from meshcore.errors import StaleWriteError
from meshcore.handling import Busy, WakeUp
from meshcore.ids import new_commit, now
from meshcore.log import codec, subjects
from meshcore.log.event_log import EventLog
from meshcore.log.histories import Conversations, load_consent
from meshcore.log.subjects import ConversationRef, Lane


@dataclass(frozen=True)
class OptOutObeyer:
    """Ends conversations. Any number of tasks and replicas may do so at once."""

    log: EventLog
    conversations: Conversations
    clock: Callable[[], datetime] = now

    async def on_consent(self, wake_up: WakeUp) -> None:
        """A participant opted out: ends the conversations with them that still run."""
        participant = subjects.participant_of(wake_up.subject)
        types = wake_up.headers.get(codec.TYPES, "")
        if participant is None or ParticipantOptedOut.wire_name not in types:
            return
        if not (await load_consent(self.log, participant)).opted_out:
            return  # and has opted in again since
        for subject in await self.log.subjects_in(subjects.CAMPAIGNS):
            campaign = subjects.campaign_of(subject) or ""
            ref = ConversationRef(campaign, conversation_id(campaign, participant))
            await self._end(ref, wake_up.headers.get(codec.ID))

    async def _end(self, ref: ConversationRef, cause: str | None) -> None:
        lane = subjects.lane(ref, Lane.TURN)
        opened = await self.log.last_by_leader(lane)  # a replica may not show it yet
        if opened is None:
            return
        history = await self.conversations.load(ref, opened.position)
        events = decide_end_elsewhere(history.state)
        if not events:
            return
        commit = new_commit(events, self.clock(), correlation=history.correlation, causation=cause)
        try:
            await self.log.append(lane, commit, expected=history.end_of(lane))
        except StaleWriteError as stale:
            raise Busy from stale  # the agent has decided something meanwhile: look again
