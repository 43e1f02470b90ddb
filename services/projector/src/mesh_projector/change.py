"""What one commit changed: the unit from which the projections make rows.

Everything here is pure. The states are the domain's own, so no rule is written a second time for
the read tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from meshcore.domain.campaign import Campaign
from meshcore.domain.conversation import Conversation, ConversationStatus, Message, SendStatus
from meshcore.domain.disposition import Disposition
from meshcore.domain.events import MessageKind, ReportFailed, ReportRequested, ReportWritten
from meshcore.domain.outreach import Outreach
from meshcore.domain.participant import Consent
from meshcore.domain.quotas import Completes
from meshcore.domain.schema import FieldSpec
from meshcore.domain.study import Limits

UNENROLLED = -1
"""The ordinal of a conversation whose enrolment is not on the log."""

NEW = Conversation()
CONSENTED = Consent()


@dataclass(frozen=True, slots=True)
class Study:
    """What a campaign says by which its conversations are judged; nothing before it is created."""

    schema: Mapping[str, FieldSpec] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    outreach: Outreach = field(default_factory=Outreach)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of a campaign's conversations are what.

    Attributes:
        statuses: by status.
        dispositions: by disposition.
        cells: the completed interviews, by cell of the quota.
    """

    statuses: Mapping[ConversationStatus, int]
    dispositions: Mapping[Disposition, int]
    cells: Mapping[str, int]

    @property
    def completes(self) -> Completes:
        """The completed interviews, as targets count them."""
        return Completes(self.dispositions[Disposition.COMPLETED], self.cells)


@dataclass(frozen=True, slots=True)
class Slot:
    """When an opening is due.

    Attributes:
        due: the time.
        cancelled: whether a pause or a closing voided it.
        attempts: how many openings had been composed before it was given. Those after are its own.
    """

    due: datetime
    cancelled: bool = False
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a conversation stands: its own lanes, and what its campaign's lane says of it.

    Attributes:
        campaign: the campaign's id.
        id: the conversation's id.
        participant: whose it is; None as long as no event has told.
        ordinal: its place in the order of enrolment, from 0.
        timezone: the IANA name of the zone that the participant was enrolled with.
        cell: where it counts in the campaign's quota, if its kind has a target.
        slot: the slot given to its opening last.
        disposition: what its lanes made of it, by the campaign as it was then.
        erased_at: when its words were erased; None again once somebody writes.
        state: the fold of its lanes.
    """

    campaign: str
    id: str
    participant: str | None = None
    ordinal: int = UNENROLLED
    timezone: str | None = None
    cell: str | None = None
    slot: Slot | None = None
    disposition: Disposition = Disposition.NOT_CONTACTED
    erased_at: datetime | None = None
    state: Conversation = NEW

    @property
    def attempts(self) -> int:
        """How many openings have been composed."""
        return sum(m.kind is MessageKind.OPENING for m in self.state.messages)

    @property
    def opening_message(self) -> Message | None:
        """The opening composed last for its slot; one without a slot is the last of all."""
        openings = [m for m in self.state.messages if m.kind is MessageKind.OPENING]
        before = self.slot.attempts if self.slot else 0
        return openings[-1] if len(openings) > before else None

    @property
    def handed_over(self) -> bool:
        """Whether a message is with Twilio, perhaps: nobody knows yet."""
        return any(m.status is SendStatus.SENDING for m in self.state.messages)

    @property
    def counts_as(self) -> tuple[ConversationStatus, Disposition, str | None]:
        """What it is counted by: status, disposition, and the cell if it is completed there."""
        completed = self.disposition is Disposition.COMPLETED
        return self.state.status, self.disposition, self.cell if completed else None

    @property
    def opening(self) -> str | None:
        """What became of the opening, as the outreach queue says it; None while it is to come."""
        message = self.opening_message
        match message and message.status:
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
    """A commit, of the conversation's lanes or of its campaign's, changed a conversation.

    Without a state before, all its rows are written: it is new, or what they said is erased.
    """

    before: Standing | None
    after: Standing
    at: datetime


@dataclass(frozen=True, slots=True)
class TallyChange:
    """A commit changed how many of a campaign's conversations are what."""

    campaign: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class PersonChange:
    """A commit enrolled a participant for the first time, or told of an opt-out or opt-in."""

    participant: str
    before: Person
    after: Person


@dataclass(frozen=True, slots=True)
class ReportChange:
    """A commit asked for a report, or told what became of one."""

    campaign: str
    event: ReportRequested | ReportWritten | ReportFailed
    at: datetime


Change = CampaignChange | ConversationChange | TallyChange | PersonChange | ReportChange
