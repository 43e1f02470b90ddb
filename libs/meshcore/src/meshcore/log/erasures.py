"""What an erasure concerns: conversations, and the keys that were destroyed."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from meshcore.domain.events import PersonalDataErased
from meshcore.domain.participant import conversation_id
from meshcore.log import subjects
from meshcore.log.subjects import ConversationRef

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from meshcore.domain.events import Event


def conversations_erased(participant: str, events: Iterable[Event]) -> Iterator[ConversationRef]:
    """The conversations that these events say are erased, as far as their ids make sense."""
    for event in events:
        if isinstance(event, PersonalDataErased):
            for campaign in filter(_is_uuid, event.campaigns):
                yield ConversationRef(campaign, conversation_id(campaign, participant))


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def owners_erased(participant: str, events: Iterable[Event]) -> Iterator[str]:
    """Whose keys are gone by these events."""
    told = list(events)
    for ref in conversations_erased(participant, told):
        yield subjects.owner_of_conversation(ref.conversation)
    if any(isinstance(event, PersonalDataErased) and event.everything for event in told):
        yield subjects.owner_of_participant(participant)
