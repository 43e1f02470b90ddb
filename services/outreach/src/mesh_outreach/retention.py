"""Erases what is to be erased without anybody waiting for it: what is old, and what was left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshcore.ids import now
from meshcore.log import subjects

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from meshcore.domain.conversation import Conversation
    from meshcore.erasure import Eraser
    from meshcore.handling import WakeUp
    from meshcore.log.histories import Conversations


@dataclass(frozen=True)
class Retention:
    """Decides by the log whether a conversation is to be erased, whoever hinted at it.

    Attributes:
        conversations: their histories.
        eraser: what erases.
        keep: how long after its end a conversation is kept; None for ever.
        clock: the time.
    """

    conversations: Conversations
    eraser: Eraser
    keep: timedelta | None
    clock: Callable[[], datetime] = now

    async def on_hint(self, wake_up: WakeUp) -> None:
        """A conversation may be too old, or its participant's erasure not complete."""
        ref = subjects.conversation_of(wake_up.subject)
        if ref is None:
            return
        state = (await self.conversations.load(ref)).state
        if state.participant is None:
            return
        if self._is_too_old(state):
            said_last = state.messages[-1].position if state.messages else 0
            await self.eraser.erase_conversation(ref, state.participant, said_last)
        await self.eraser.finish(ref, state.participant)

    def _is_too_old(self, state: Conversation) -> bool:
        """Also by its last message: somebody may have written after the end."""
        if self.keep is None or not state.ended or state.ended_at is None:
            return False
        last = max([state.ended_at, *(message.at for message in state.messages[-1:])])
        return last + self.keep <= self.clock()
