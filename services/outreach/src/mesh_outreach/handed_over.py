"""Whose opening has been handed to Twilio, among those who may have been opened before a pause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshcore.domain.events import (
    DeliveryStatus,
    DeliveryStatusChanged,
    MessageFailed,
    SendPostponed,
    SendScheduled,
)
from meshcore.domain.participant import conversation_id
from meshcore.domain.send_errors import fault_of, is_participants
from meshcore.log import subjects
from meshcore.log.subjects import ConversationRef, Lane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshcore.domain.events import Event
    from meshcore.log.event_log import EventLog

_FAILED = frozenset({DeliveryStatus.FAILED, DeliveryStatus.UNDELIVERED})
_LANES = (Lane.OUT, Lane.RECEIPT)


async def handed_over(log: EventLog, campaign: str, participants: Sequence[str]) -> set[str]:
    """Who of these participants has been written to, or never will be.

    Not those whose message is put off, or failed by no fault of theirs: they need a new slot. It
    goes by the last word of each lane. That is a hint; outreach looks closely before it sends.

    Raises:
        LogUnavailableError: the log does not answer.
    """
    refs = {p: ConversationRef(campaign, conversation_id(campaign, p)) for p in participants}
    lanes = [subjects.lane(ref, which) for ref in refs.values() for which in _LANES]
    last = {found.subject: found.commit.events[-1] for found in await log.last_of(lanes)}
    return {
        p for p, ref in refs.items() if _is_done(*(last.get(subjects.lane(ref, w)) for w in _LANES))
    }


def _is_done(sent: Event | None, receipt: Event | None) -> bool:
    match sent, receipt:
        case None | SendPostponed() | SendScheduled(), _:
            return False
        case MessageFailed(error_code=code), _:
            return is_participants(fault_of(None, code))
        case _, DeliveryStatusChanged(status=status, error_code=code) if status in _FAILED:
            return is_participants(fault_of(None, code))
        case _:
            return True
