"""The agent's own rules, held against what it sent in the end."""

from __future__ import annotations

from collections.abc import Iterator

from mesh_agent import prompt, reply_rules
from mesh_agent.prompt import shown_text
from mesh_agent.reply_rules import ReplyContext, Said
from meshcore.domain.conversation import Conversation, Message, evolve
from meshcore.domain.events import MessageComposed, MessageKind
from meshcore.domain.turns import settled_fields
from mesheval.interview import Interview

_ENDINGS = frozenset({MessageKind.GOODBYE, MessageKind.COURTESY})


def breaches_as_sent(interview: Interview) -> Iterator[str]:
    """The rules that composed messages break, by name; each is held against the chat so far."""
    state = Conversation()
    for stamp, event in interview.log:
        if isinstance(event, MessageComposed) and not is_fixed(interview, event):
            context = _context(interview, state, event)
            yield from (found.rule.value for found in reply_rules.breaches(event.text, context))
        state = evolve(state, event, stamp)


def is_fixed(interview: Interview, message: Message | MessageComposed) -> bool:
    """Whether the words are the researcher's, and not the agent's."""
    return message.kind is MessageKind.OPENING and interview.campaign.opening is not None


def _context(interview: Interview, state: Conversation, message: MessageComposed) -> ReplyContext:
    campaign = interview.campaign
    opening = campaign.opening.text if campaign.opening else ""
    override = campaign.system_prompt_override or ""
    return ReplyContext(
        fields=tuple(campaign.extraction_schema),
        ending=message.kind in _ENDINGS,
        asked=message.asked,
        settled=frozenset(settled_fields(state, campaign.limits)),
        said=tuple(Said(m.text, m.asked) for m in state.messages if m.sender == "agent"),
        heard=tuple(shown_text(m) for m in state.messages if m.sender == "participant"),
        public=(campaign.research_brief, opening, campaign.support_text or ""),
        secret=(prompt.RULES, override),
        language=state.language,
        campaign_language=campaign.language,
    )
