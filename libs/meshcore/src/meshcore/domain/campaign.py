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
    OpeningsPlanned,
    ParticipantsEnrolled,
)
from meshcore.domain.outreach import Outreach
from meshcore.domain.schema import Rejected
from meshcore.domain.study import Limits, Opening

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from meshcore.domain.commit import Stamp
    from meshcore.domain.events import Event
    from meshcore.domain.schema import FieldSpec

ENROLMENT_CHUNK = 1_000
"""Participants per `participants_enrolled` event.

About 35 kB, far below the server's message limit.
"""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Somebody who is to take part; `ParticipantsEnrolled` says what the rest means."""

    participant: str
    language: str | None = None
    timezone: str | None = None
    cell: str | None = None


class CampaignStatus(StrEnum):
    """The brief's state machine: draft -> active <-> paused, active -> completed."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Plan:
    """Slots given to participants by the event at `position`."""

    position: int
    event: OpeningsPlanned

    @property
    def slots(self) -> dict[str, datetime]:
        """The slot of each participant."""
        return dict(zip(self.event.participants, self.event.slots, strict=False))


@dataclass(frozen=True, slots=True)
class Campaign:
    """What is known about a campaign; before its first event, only its id.

    Attributes:
        enrolled: who takes part, in the chunks in which they were enrolled.
        plans: the slots given out that still hold.
        interrupted: whether a pause ever voided plans, so that some without a slot may have been
            opened.
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
    enrolled: tuple[tuple[str, ...], ...] = ()
    plans: tuple[Plan, ...] = ()
    interrupted: bool = False

    @property
    def exists(self) -> bool:
        """Whether the campaign was ever created."""
        return self.created_at is not None

    @property
    def enrolled_count(self) -> int:
        """How many participants are enrolled."""
        return sum(map(len, self.enrolled))

    def participants(self) -> Iterator[str]:
        """Everybody enrolled, in the order of enrolment."""
        for chunk in self.enrolled:
            yield from chunk

    def unplanned(self) -> list[str]:
        """Who has no valid slot, in the order of enrolment.

        Some may have been opened under a plan that is void now.
        """
        planned = {p for plan in self.plans for p in plan.event.participants}
        return [p for p in self.participants() if p not in planned]

    @property
    def planned_until(self) -> datetime | None:
        """The last slot given out; None if no plan holds."""
        return max((max(plan.event.slots) for plan in self.plans if plan.event.slots), default=None)

    def has_plan(self, position: int) -> bool:
        """Whether the plan made at this position still holds."""
        return any(plan.position == position for plan in self.plans)


def evolve(state: Campaign, event: Event, stamp: Stamp) -> Campaign:  # noqa: PLR0911 - one case per event
    """Folds one event of the campaign's lane. Events of other lanes change nothing."""
    match event:
        case CampaignCreated():
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
        case ParticipantsEnrolled():
            return replace(state, enrolled=(*state.enrolled, event.participants))
        case CampaignLaunched():
            return replace(
                state, status=CampaignStatus.ACTIVE, launched_at=state.launched_at or stamp.at
            )
        case CampaignPaused():
            return replace(
                state,
                status=CampaignStatus.PAUSED,
                plans=(),
                interrupted=state.interrupted or bool(state.plans),
            )
        case OpeningsPlanned():
            return replace(state, plans=(*state.plans, Plan(stamp.position, event)))
        case CampaignCompleted():
            return replace(state, status=CampaignStatus.COMPLETED, completed_at=stamp.at)
        case _:
            return state


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


def decide_pause(state: Campaign) -> list[Event] | Rejected:
    """Stops the outreach of an active campaign."""
    if state.status is not CampaignStatus.ACTIVE:
        return Rejected(f"only an active campaign can be paused; this one is {state.status}")
    return [CampaignPaused()]


def decide_completion(state: Campaign) -> list[Event]:
    """Completes an active or paused campaign; a completed one stays as it is."""
    if state.status in {CampaignStatus.ACTIVE, CampaignStatus.PAUSED}:
        return [CampaignCompleted()]
    return []
