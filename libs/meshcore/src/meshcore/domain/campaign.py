"""A campaign: its state, the fold of its lane, and what may be decided about it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from meshcore.domain.events import (
    CampaignCompleted,
    CampaignCreated,
    CampaignLaunched,
    CampaignPaused,
    OpeningsClosed,
    OpeningsPlanned,
    ParticipantsEnrolled,
)
from meshcore.domain.outreach import Outreach
from meshcore.domain.roster import ENROLMENT_CHUNK, Enrolment, Plan, Plans, Roster
from meshcore.domain.schema import Rejected
from meshcore.domain.study import Limits, Opening

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from meshcore.domain.commit import Stamp
    from meshcore.domain.events import Event
    from meshcore.domain.schema import FieldSpec


class CampaignStatus(StrEnum):
    """The brief's state machine: draft -> active <-> paused, active -> completed."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"


@dataclass(frozen=True)
class Campaign:
    """What is known about a campaign; before its first event, only its id.

    Attributes:
        enrolled: who takes part.
        plans: the slots given out that still hold.
        void: the slots given out that a pause has voided. Who had one of them may have been opened
            all the same.
        planned_until: the last slot given out that still holds, by sender.
        closed: whether nobody new is written to any more.
        closed_cells: the cells of the quota in which nobody new is written to any more.
        paused_because: why outreach itself paused it; None if it did not.
        paused_code: the error code of Twilio that comes with it.
    """

    id: str
    name: str = ""
    research_brief: str = ""
    extraction_schema: dict[str, FieldSpec] = field(default_factory=dict)
    system_prompt_override: str | None = None
    language: str | None = None
    timezone: str = "UTC"
    opening: Opening | None = None
    support_text: str | None = None
    limits: Limits = field(default_factory=Limits)
    keep_media: bool = False
    outreach: Outreach = field(default_factory=Outreach)
    status: CampaignStatus = CampaignStatus.DRAFT
    created_at: datetime | None = None
    launched_at: datetime | None = None
    completed_at: datetime | None = None
    enrolled: Roster = field(default_factory=Roster)
    plans: Plans = field(default_factory=Plans)
    void: Plans = field(default_factory=Plans)
    planned_until: Mapping[str | None, datetime] = field(default_factory=dict)
    closed: bool = False
    closed_cells: frozenset[str] = frozenset()
    paused_because: str | None = None
    paused_code: int | None = None

    @property
    def exists(self) -> bool:
        """Whether the campaign was ever created."""
        return self.created_at is not None

    @property
    def enrolled_count(self) -> int:
        """How many participants are enrolled."""
        return self.enrolled.count

    @property
    def interrupted(self) -> bool:
        """Whether a pause ever voided plans, so that some without a slot may have been opened."""
        return len(self.void) > 0

    def participants(self) -> Iterator[str]:
        """Everybody enrolled, in the order of enrolment."""
        return iter(self.enrolled)

    def unplanned(self) -> list[str]:
        """Who has no valid slot, in the order of enrolment.

        Some may have been opened under a plan that is void now.
        """
        planned = {p for plan in self.plans for p in plan.event.participants}
        return [p for p in self.participants() if p not in planned]

    def plan_at(self, position: int) -> Plan | None:
        """The plan made at this position, if it still holds."""
        return self.plans.at(position)

    def has_plan(self, position: int) -> bool:
        """Whether the plan made at this position still holds."""
        return self.plan_at(position) is not None

    def slot_of(self, participant: str) -> datetime | None:
        """The slot that the participant was given and that holds; None without one.

        Where an opening missed it, the conversation knows of a later one (`send_scheduled`).
        """
        return self.plans.slot_of(participant)

    def due_of(self, participant: str, given: datetime | None) -> datetime | None:
        """When the participant's opening may go out; None if it has no slot that holds.

        Args:
            participant: whose opening.
            given: the slot that the opening names, by its plan or, since it missed that, by itself.
                One that a pause voided may be somebody else's by now.
        """
        holds = given is not None and given not in self.void.slots_of(participant)
        slots = (given if holds else None, self.slot_of(participant))
        return max((slot for slot in slots if slot), default=None)

    def language_of(self, participant: str) -> str | None:
        """The language in which to write to the participant first; None if nobody said so."""
        return self.enrolled.enrolment(participant).language or self.language

    def timezone_of(self, participant: str) -> str:
        """The IANA name of the participant's time zone; without one, the campaign's."""
        return self.enrolled.enrolment(participant).timezone or self.timezone

    def cell_of(self, participant: str) -> str | None:
        """The value of the quota's attribute that the participant was enrolled with."""
        return self.enrolled.enrolment(participant).cell

    def is_closed_to(self, participant: str) -> bool:
        """Whether the participant is not to be written to first any more."""
        if self.closed or not self.closed_cells:
            return self.closed
        return self.cell_of(participant) in self.closed_cells


def evolve(state: Campaign, event: Event, stamp: Stamp) -> Campaign:  # noqa: PLR0911 - one case per event
    """Folds one event of the campaign's lane. Events of other lanes change nothing."""
    match event:
        case CampaignCreated():
            return _created(state, event, stamp)
        case ParticipantsEnrolled():
            return replace(state, enrolled=state.enrolled.with_enrolled(event))
        case CampaignLaunched():
            state = replace(state, paused_because=None, paused_code=None)
            return replace(
                state, status=CampaignStatus.ACTIVE, launched_at=state.launched_at or stamp.at
            )
        case CampaignPaused():
            return _paused(state, event, stamp)
        case OpeningsPlanned():
            return _planned(state, Plan(stamp.position, event))
        case OpeningsClosed(cell=None):
            return replace(state, closed=True)
        case OpeningsClosed(cell=str(cell)):
            return replace(state, closed_cells=state.closed_cells | {cell})
        case CampaignCompleted():
            return replace(state, status=CampaignStatus.COMPLETED, completed_at=stamp.at)
        case _:
            return state


def _created(state: Campaign, event: CampaignCreated, stamp: Stamp) -> Campaign:
    return replace(
        state,
        name=event.name,
        research_brief=event.research_brief,
        extraction_schema=event.extraction_schema,
        system_prompt_override=event.system_prompt_override,
        language=event.language,
        timezone=event.timezone,
        opening=event.opening,
        support_text=event.support_text,
        limits=event.limits,
        keep_media=event.keep_media,
        outreach=event.outreach,
        created_at=stamp.at,
    )


def _paused(state: Campaign, event: CampaignPaused, stamp: Stamp) -> Campaign:
    voided = tuple(replace(plan, voided_at=stamp.at) for plan in state.plans)
    return replace(
        state,
        status=CampaignStatus.PAUSED,
        plans=Plans(),
        void=Plans(state.void.all + voided),
        planned_until={},
        paused_because=event.reason,
        paused_code=event.error_code,
    )


def _planned(state: Campaign, plan: Plan) -> Campaign:
    sender, until = plan.event.sender, state.planned_until
    ends = [*plan.event.slots, *((until[sender],) if sender in until else ())]
    return replace(
        state,
        plans=Plans((*state.plans.all, plan)),
        planned_until={**until, sender: max(ends)} if ends else until,
    )


def decide_enrolment(
    state: Campaign, wanted: Iterable[Enrolment]
) -> list[ParticipantsEnrolled] | Rejected:
    """Enrols whoever is not enrolled yet, in events of bounded size. Nobody new: no events.

    Of whoever is wanted twice, the first counts.
    """
    if state.status is CampaignStatus.COMPLETED:
        return Rejected("the campaign is completed; create a new one for more participants")
    known = set(state.participants())
    new: dict[str, Enrolment] = {}
    for each in wanted:
        if each.participant not in known:
            new.setdefault(each.participant, each)
    rows = list(new.values())
    chunks = (rows[i : i + ENROLMENT_CHUNK] for i in range(0, len(rows), ENROLMENT_CHUNK))
    return [_enrolled(chunk) for chunk in chunks]


def _enrolled(chunk: Sequence[Enrolment]) -> ParticipantsEnrolled:
    return ParticipantsEnrolled(
        participants=tuple(each.participant for each in chunk),
        languages=_column(each.language for each in chunk),
        timezones=_column(each.timezone for each in chunk),
        cells=_column(each.cell for each in chunk),
    )


def _column(values: Iterable[str | None]) -> tuple[str | None, ...]:
    """The values; nothing at all if there are none."""
    column = tuple(values)
    return column if any(value is not None for value in column) else ()


def decide_launch(state: Campaign) -> list[Event] | Rejected:
    """Starts or restarts the outreach of a draft or paused campaign that has participants."""
    if state.status not in {CampaignStatus.DRAFT, CampaignStatus.PAUSED}:
        return Rejected(
            f"only a draft or paused campaign can be launched; this one is {state.status}"
        )
    if not state.enrolled_count:
        return Rejected("the campaign has no participants; add some first")
    return [CampaignLaunched()]


def decide_pause(
    state: Campaign, reason: str | None = None, error_code: int | None = None
) -> list[Event] | Rejected:
    """Stops the outreach of an active campaign.

    Args:
        state: the campaign.
        reason: why outreach itself does so, in words for the researcher.
        error_code: Twilio's, if one made it do so.
    """
    if state.status is not CampaignStatus.ACTIVE:
        return Rejected(f"only an active campaign can be paused; this one is {state.status}")
    return [CampaignPaused(reason=reason, error_code=error_code)]


def decide_completion(state: Campaign) -> list[Event]:
    """Completes an active or paused campaign; a completed one stays as it is."""
    if state.status in {CampaignStatus.ACTIVE, CampaignStatus.PAUSED}:
        return [CampaignCompleted()]
    return []
