"""A study and a chat as one participant knows them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from meshcore.domain.message import SendStatus
from meshcore.domain.study import Opening, personal, rendered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshcore.domain.campaign import Campaign
    from meshcore.domain.conversation import Conversation
    from meshcore.domain.outreach import Reminder
    from meshcore.domain.study import Template

_NEVER_READ = frozenset({SendStatus.FAILED, SendStatus.SUPPRESSED})


def study_for(
    campaign: Campaign, participant: str, attributes: Mapping[str, str] | None = None
) -> Campaign:
    """The campaign in the participant's language and time zone.

    Args:
        campaign: the study.
        participant: whom it is put to.
        attributes: what its opening is filled in with; not needed once it is open.
    """
    return replace(
        campaign,
        language=campaign.language_of(participant),
        timezone=campaign.timezone_of(participant),
        opening=_filled_in(campaign.opening, attributes or {}),
    )


def chat_with(conversation: Conversation) -> Conversation:
    """The conversation without what we composed and the participant never got to read."""
    read = tuple(
        m for m in conversation.messages if m.sender != "agent" or m.status not in _NEVER_READ
    )
    return replace(conversation, messages=read)


def words_of(
    reminder: Reminder, attributes: Mapping[str, str]
) -> tuple[str | None, Template | None]:
    """A reminder as the participant reads it, None if that is left to us, and its template."""
    template = personal(reminder.template, attributes) if reminder.template else None
    if reminder.text is None:
        return None, template
    return rendered(Opening(text=reminder.text, template=template)), template


def _filled_in(opening: Opening | None, attributes: Mapping[str, str]) -> Opening | None:
    if opening is None or opening.template is None:
        return opening
    return opening.model_copy(update={"template": personal(opening.template, attributes)})
