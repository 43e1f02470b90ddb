"""How many rows each table is to have: counted from the log, without the fold behind the tables."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from mesh_projector.foldable import why_unfoldable
from meshcore.domain import participant as participants
from meshcore.domain.commit import Recorded
from meshcore.domain.events import (
    CampaignCreated,
    Event,
    MessageComposed,
    MessageReceived,
    OpeningsPlanned,
    ParticipantsEnrolled,
    ReportRequested,
)
from meshcore.domain.participant import Consent, conversation_id
from meshcore.log import subjects
from meshcore.log.subjects import ConversationRef

_WITH_MESSAGES = (MessageReceived.wire_name, MessageComposed.wire_name)


@dataclass
class Counting:
    """Takes the commits in the log's order. Of ids only hashes are kept, some 100 bytes each.

    Attributes:
        sample: how many conversations to choose.
        chosen: those, each as likely as any other.
    """

    sample: int
    dice: random.Random
    chosen: list[ConversationRef] = field(default_factory=list)
    _owners: dict[int, str] = field(default_factory=dict)
    _messages: set[int] = field(default_factory=set)
    _campaigns: set[str] = field(default_factory=set)
    _users: set[int] = field(default_factory=set)
    _consents: dict[str, Consent] = field(default_factory=dict)
    _reports: set[str] = field(default_factory=set)
    _seen: int = 0

    @property
    def rows(self) -> dict[str, int]:
        """How many rows there are to be, by table."""
        return {
            "campaigns": len(self._campaigns),
            "consents": len(self._consents),
            "conversations": len(self._owners),
            "figures": len(self._owners),
            "messages": len(self._messages),
            "reports": len(self._reports),
            "users": len(self._users),
        }

    def wants(self, subject: str, types: str) -> bool:
        """Whether a commit of these types can change a count."""
        ref = subjects.conversation_of(subject)
        if ref is None or hash(ref.conversation) not in self._owners:
            return True
        return any(name in types for name in _WITH_MESSAGES)

    def add(self, record: Recorded) -> None:
        """Counts what a commit adds."""
        if why_unfoldable(record) is not None:
            return
        if ref := subjects.conversation_of(record.subject):
            if self._own(ref) == ref.campaign:
                ids = filter(None, map(_message_in, record.commit.events))
                self._messages.update(hash((ref.conversation, found)) for found in ids)
        elif campaign := subjects.campaign_of(record.subject):
            for event in record.commit.events:
                self._campaign(campaign, event)
        elif participant := subjects.participant_of(record.subject):
            self._consent(participant, record)
        elif subjects.campaign_of_report(record.subject):
            asked = (e for e in record.commit.events if isinstance(e, ReportRequested))
            self._reports.update(event.report_id for event in asked)

    def _campaign(self, campaign: str, event: Event) -> None:
        match event:
            case CampaignCreated():
                self._campaigns.add(campaign)
            case ParticipantsEnrolled():
                self._users.update(map(hash, event.participants))
                self._take_part(campaign, event.participants)
            case OpeningsPlanned():
                known = zip(event.participants, event.slots, strict=False)
                self._take_part(campaign, [participant for participant, _ in known])
            case _:
                pass

    def _take_part(self, campaign: str, who: tuple[str, ...] | list[str]) -> None:
        for participant in who:
            self._own(ConversationRef(campaign, conversation_id(campaign, participant)))

    def _own(self, ref: ConversationRef) -> str:
        """The campaign that the conversation's id belongs to: the one that used it first."""
        owner = self._owners.setdefault(hash(ref.conversation), ref.campaign)
        if len(self._owners) > self._seen:
            self._seen = len(self._owners)
            self._perhaps_choose(ref)
        return owner

    def _perhaps_choose(self, ref: ConversationRef) -> None:
        if len(self.chosen) < self.sample:
            self.chosen.append(ref)
        elif (place := self.dice.randrange(self._seen)) < self.sample:
            self.chosen[place] = ref

    def _consent(self, participant: str, record: Recorded) -> None:
        before = after = self._consents.get(participant, Consent())
        for event in record.commit.events:
            after = participants.evolve(after, event)
        if after != before:
            self._consents[participant] = after


def _message_in(event: Event) -> str | None:
    match event:
        case MessageReceived():
            return event.message_sid.replace("\x00", "\ufffd")
        case MessageComposed():
            return event.message_id.replace("\x00", "\ufffd")
        case _:
            return None
