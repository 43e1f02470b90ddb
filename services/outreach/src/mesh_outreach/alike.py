"""Which of the messages that Twilio lists is ours.

Twilio's list of messages does not tell which conversation a message belongs to. Where two campaigns
say the same to one participant at the same time, each has to leave the other's alone. And what a
template reads as is the researcher's word: it may differ from the body that Twilio lists.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshcore.domain.conversation import Message, SendStatus
from meshcore.domain.participant import conversation_id
from meshcore.log import subjects
from meshcore.log.subjects import ConversationRef, Lane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh_outreach.twilio import Listed
    from meshcore.log.event_log import EventLog
    from meshcore.log.histories import Conversations


@dataclass(frozen=True, slots=True)
class Claim:
    """What a message may be of what Twilio lists.

    Attributes:
        sids: of the messages that may be it, the oldest first.
        rivals: the other messages that may be one of these, and of which nobody knows either
            whether they reached Twilio.
    """

    sids: Sequence[str]
    rivals: Sequence[Message]

    def sid_of(self, message: Message) -> str | None:
        """The message's SID; None if it never got there.

        It shares out what is listed with its rivals in the order in which they were composed, each
        by itself with the same result.
        """
        before = sum(rival.position < message.position for rival in self.rivals)
        return self.sids[before] if before < len(self.sids) else None


async def elsewhere(
    log: EventLog, conversations: Conversations, ref: ConversationRef, participant: str
) -> list[Message]:
    """The agent's messages in the participant's other conversations.

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
            found += [m for m in messages if m.sender == "agent"]
    return found


def claim(message: Message, others: Sequence[Message], listed: Sequence[Listed]) -> Claim:
    """What of the list the message may be.

    Its own words count first. A template that reads otherwise than its campaign says is whatever
    no other message explains: taken for missing, it would go out twice.

    Args:
        message: a message of which nobody knows whether it reached Twilio.
        others: everything else that the agent composed for the participant, in any campaign.
        listed: what Twilio has, the oldest first.
    """
    known = {other.sid for other in others}
    free = [entry for entry in listed if entry.sid not in known]
    same = [entry.sid for entry in free if reads_as(entry.body, message)]
    open_ones = [other for other in others if other.status is SendStatus.SENDING]
    if same or message.template is None:
        return Claim(same, [other for other in open_ones if _alike(other, message)])
    unexplained = [e.sid for e in free if not any(reads_as(e.body, other) for other in others)]
    misquoted = [
        other
        for other in open_ones
        if other.template and not any(reads_as(entry.body, other) for entry in free)
    ]
    return Claim(unexplained, misquoted)


def reads_as(body: str, message: Message) -> bool:
    """Whether the body is the message's text; of a template spaces and line breaks may differ."""
    if message.template is None:
        return body == message.text
    return _folded(body) == _folded(message.text)


def _alike(one: Message, other: Message) -> bool:
    return reads_as(one.text, other) or reads_as(other.text, one)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
