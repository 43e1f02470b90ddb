"""Messages with the same words to the same participant, in conversations of other campaigns.

Twilio's list of messages does not tell which conversation a message belongs to. Where two campaigns
say the same to one participant at the same time, each has to leave the other's alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshcore.domain.conversation import Message, SendStatus
from meshcore.domain.participant import conversation_id
from meshcore.log import subjects
from meshcore.log.subjects import ConversationRef, Lane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshcore.log.event_log import EventLog
    from meshcore.log.histories import Conversations


async def alike_elsewhere(
    log: EventLog, conversations: Conversations, ref: ConversationRef, participant: str, text: str
) -> list[Message]:
    """The agent's messages with this text in the participant's other conversations.

    Looks into every campaign, so it is for the rare case only.

    Raises:
        LogUnavailableError: the log does not answer.
    """
    campaigns = map(subjects.campaign_of, await log.subjects_in(subjects.CAMPAIGNS))
    others = [
        ConversationRef(campaign, conversation_id(campaign, participant))
        for campaign in campaigns
        if campaign and campaign != ref.campaign
    ]
    found: list[Message] = []
    for begun in await log.last_of([subjects.lane(other, Lane.TURN) for other in others]):
        if other := subjects.conversation_of(begun.subject):
            messages = (await conversations.load(other)).state.messages
            found += [m for m in messages if m.sender == "agent" and m.text == text]
    return found


def own_sid(message: Message, alike: Sequence[Message], listed: Sequence[str]) -> str | None:
    """Which of the SIDs that Twilio lists is the message's; None if it never got there.

    Where others with the same words are not settled either, they share out what is listed in the
    order in which they were composed, each by itself with the same result.
    """
    known = {other.sid for other in alike}
    free = [sid for sid in listed if sid not in known]
    before = sum(other.position < message.position for other in unsettled(alike))
    return free[before] if before < len(free) else None


def unsettled(alike: Sequence[Message]) -> list[Message]:
    """Those of which nobody knows yet whether they reached Twilio."""
    return [message for message in alike if message.status is SendStatus.SENDING]
