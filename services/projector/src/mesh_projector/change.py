"""What one commit changed: the unit from which the projections make rows.

Everything here is pure. The states are the domain's own, so no rule is written a second time for
the read tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from meshcore.domain.campaign import Campaign
from meshcore.domain.conversation import Conversation, ConversationStatus, SendStatus
from meshcore.domain.events import MessageKind
from meshcore.domain.participant import Consent

UNENROLLED = -1
"""The ordinal of a conversation whose enrolment is not on the log."""

NEW = Conversation()
CONSENTED = Consent()

Tally = Mapping[ConversationStatus, int]
"""How many conversations of a campaign have each status."""


@dataclass(frozen=True, slots=True)
class Slot:
    """When an opening is due, and whether a pause cancelled it."""

    due: datetime
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a conversation stands: its own lanes, and what its campaign's lane says of it.

    Attributes:
        campaign: the campaign's id.
        id: the conversation's id.
        participant: whose it is; None as long as no event has told.
        ordinal: its place in the order of enrolment, from 0.
        slot: the slot given to its opening last.
        state: the fold of its lanes.
    """

    campaign: str
    id: str
    participant: str | None = None
    ordinal: int = UNENROLLED
    slot: Slot | None = None
    state: Conversation = NEW

    @property
    def opening(self) -> str | None:
        """What became of the opening, as the outreach queue says it; None while it is to come."""
        status = next(
            (m.status for m in self.state.messages if m.kind is MessageKind.OPENING), None
        )
        match status:
            case None:
                return "suppressed" if self.state.ended else None
            case SendStatus.COMPOSED | SendStatus.SENDING:
                return "composed"
            case SendStatus.FAILED:
                return "failed"
            case SendStatus.SUPPRESSED:
                return "suppressed"
            case _:
                return "sent"


@dataclass(frozen=True, slots=True)
class Person:
    """What the read tables say of a participant."""

    first_enrolled_at: datetime | None = None
    consent: Consent = CONSENTED


@dataclass(frozen=True, slots=True)
class CampaignChange:
    """A commit changed a campaign."""

    before: Campaign
    after: Campaign


@dataclass(frozen=True, slots=True)
class ConversationChange:
    """A commit, of the conversation's lanes or of its campaign's, changed a conversation."""

    before: Standing | None
    after: Standing
    at: datetime


@dataclass(frozen=True, slots=True)
class TallyChange:
    """A commit changed how many of a campaign's conversations have which status."""

    campaign: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class PersonChange:
    """A commit enrolled a participant for the first time, or told of an opt-out or opt-in."""

    participant: str
    before: Person
    after: Person


Change = CampaignChange | ConversationChange | TallyChange | PersonChange
