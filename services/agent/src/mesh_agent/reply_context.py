"""What a reply of one conversation is checked against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesh_agent.language import spoken
from mesh_agent.prompt import RULES
from mesh_agent.reply_rules import ReplyContext, Said
from meshcore.domain.turns import settled_fields

if TYPE_CHECKING:
    from collections.abc import Collection

    from meshcore.domain.campaign import Campaign
    from meshcore.domain.conversation import Conversation


def reply_context(  # noqa: PLR0913 - what a turn knows beyond the state
    campaign: Campaign,
    conversation: Conversation,
    *,
    ending: bool = False,
    asked: str | None = None,
    settled: Collection[str] = (),
    language: str | None = None,
) -> ReplyContext:
    """The context of the next message.

    Args:
        campaign: the study.
        conversation: the chat so far.
        ending: whether the message is to be the last one.
        asked: the field that the model says it asks about.
        settled: the fields that this turn settles, besides those that are settled already.
        language: the participant's as the model tells it now; else what was known before.
    """
    opening = campaign.opening.text if campaign.opening else None
    public = (campaign.research_brief, opening, campaign.support_text)
    return ReplyContext(
        fields=tuple(campaign.extraction_schema),
        ending=ending,
        asked=asked,
        settled=frozenset({*settled_fields(conversation, campaign.limits), *settled}),
        said=tuple(Said(m.text, m.asked) for m in conversation.messages if m.sender == "agent"),
        heard=tuple(m.words for m in conversation.messages if m.sender == "participant"),
        public=tuple(filter(None, public)),
        secret=tuple(filter(None, (RULES, campaign.system_prompt_override))),
        language=language or conversation.language,
        campaign_language=campaign.language,
    )


def language_with(
    campaign: Campaign, conversation: Conversation, told: str | None = None
) -> str | None:
    """The language to speak to the participant in (BCP 47), None if nothing tells.

    Args:
        campaign: the study.
        conversation: the chat so far.
        told: what the model says that it is.
    """
    heard = [m.words for m in conversation.messages if m.sender == "participant"]
    return spoken(heard, told or conversation.language, campaign.language)
