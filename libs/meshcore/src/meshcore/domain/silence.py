"""What the agent owes a participant who says nothing: a reminder, or at last to be let go.

Silence begins with the last word: ours, once it went out, or the participant's, if we had nothing
to say to it. Each reminder of the campaign goes out at most once in a conversation, and only while
an answer is awaited. Its message's id is made of its number, so that the conversation itself tells
which ones there were.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from meshcore.domain import contact_hours
from meshcore.domain.campaign import CampaignStatus
from meshcore.domain.events import (
    ConversationEnded,
    EndReason,
    MessageComposed,
    MessageKind,
)
from meshcore.domain.message import OUT
from meshcore.domain.participant import conversation_id

if TYPE_CHECKING:
    from datetime import datetime

    from meshcore.domain.campaign import Campaign
    from meshcore.domain.conversation import Conversation
    from meshcore.domain.events import Event
    from meshcore.domain.outreach import Outreach
    from meshcore.domain.study import Template

_SHORTEST = timedelta(seconds=1)
_PAUSED = timedelta(hours=1)
"""How soon somebody is looked at again whose reminder waits for the end of a pause."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing is owed now; to be looked at again at this time, whatever happens until then."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Remind:
    """The n-th reminder of the campaign is due, counted from 0."""

    n: int


@dataclass(frozen=True, slots=True)
class Expire:
    """Nobody has answered for so long that the conversation is given up."""


def next_silence_step(
    state: Conversation, campaign: Campaign, now: datetime
) -> Wait | Remind | Expire | None:
    """What silence asks for now; None if never anything again.

    Expiry comes before a reminder that cannot go out any earlier. A paused campaign reminds nobody,
    but gives up whoever is silent.
    """
    if state.ended or state.started_at is None or campaign.status is CampaignStatus.COMPLETED:
        return None
    again = now + patience(campaign.outreach)
    silent = silent_since(state)
    if silent is None:
        return Wait(again)
    expires = silent + timedelta(hours=campaign.outreach.expire_after_hours)
    if now >= expires:
        return Expire()
    n, at = _next_reminder(state, campaign, silent, now) or (None, again)
    if n is not None and at <= now:
        return Remind(n)
    return Wait(min(again, expires, at))


def patience(outreach: Outreach) -> timedelta:
    """The shortest silence after which anything can be owed.

    Whoever looks at a conversation that often misses nothing, whatever happens in between.
    """
    hours = min(outreach.expire_after_hours, *(r.after_hours for r in outreach.reminders), 8_760)
    return max(timedelta(hours=hours), _SHORTEST)


def silent_since(state: Conversation) -> datetime | None:
    """When the last word was said; None if none was, or if it is our turn to say something.

    As long as something of ours is on its way, the silence is not the participant's. A reminder
    counts only once it went out: one that waits keeps nobody from being given up.
    """
    said = tuple(m for m in state.messages if m.kind is not MessageKind.REMINDER or m.status in OUT)
    if state.unanswered or any(m.sender == "agent" and not m.is_settled for m in said):
        return None
    return replace(state, messages=said).awaiting_since or state.last_inbound_at


def reminder_id(conversation: str, n: int) -> str:
    """The id of the message that is the n-th reminder of a conversation (a name-based UUID)."""
    return str(uuid.uuid5(uuid.UUID(conversation), f"reminder {n}"))


def decide_reminder(
    state: Conversation, campaign: Campaign, n: int, text: str, template: Template | None
) -> list[Event]:
    """Says the n-th reminder, once."""
    message_id = _reminder_id(state, campaign, n)
    if state.ended or state.unanswered or state.message(message_id):
        return []
    kind = MessageKind.REMINDER
    return [MessageComposed(message_id=message_id, kind=kind, text=text, template=template)]


def decide_expiry(state: Conversation) -> list[Event]:
    """Gives the conversation up, without a word."""
    if state.ended or silent_since(state) is None:
        return []
    return [ConversationEnded(reason=EndReason.EXPIRED)]


def _next_reminder(
    state: Conversation, campaign: Campaign, silent: datetime, now: datetime
) -> tuple[int | None, datetime] | None:
    """Which reminder is next, and when; None if there is none to come as things are.

    While the campaign is paused it is not told which: that is to be asked again after a while.
    """
    if not _wants_an_answer(state, campaign):
        return None
    if campaign.status is not CampaignStatus.ACTIVE:
        return None, now + _PAUSED
    outreach, zone = campaign.outreach, campaign.timezone_of(state.participant or "")
    for n in range(_reminders_said(state, campaign), len(outreach.reminders)):
        reminder = outreach.reminders[n]
        due = max(silent + timedelta(hours=reminder.after_hours), now)
        at = contact_hours.next_open(outreach.contact_hours, zone, due)
        if reminder.template or state.window_open_at(at):
            return n, at  # after 24 hours without a word of theirs, WhatsApp takes templates only
    return None


def _wants_an_answer(state: Conversation, campaign: Campaign) -> bool:
    """Whether an answer is awaited, which it is not while a reminder is on its way, and wanted.

    Of whoever never wrote nothing is wanted any more once openings are closed.
    """
    wanted = state.last_inbound_at or not campaign.is_closed_to(state.participant or "")
    return state.awaiting_since is not None and bool(wanted)


def _reminders_said(state: Conversation, campaign: Campaign) -> int:
    """How many of the campaign's reminders are behind the conversation, said or passed over."""
    numbers = range(len(campaign.outreach.reminders), 0, -1)
    said = (n for n in numbers if state.message(_reminder_id(state, campaign, n - 1)))
    return next(said, 0)


def _reminder_id(state: Conversation, campaign: Campaign, n: int) -> str:
    return reminder_id(conversation_id(campaign.id, state.participant or ""), n)
