"""Campaigns: their state machine, enrolment and plans."""

from __future__ import annotations

from datetime import timedelta

import pytest

from meshcore.domain.campaign import (
    Campaign,
    CampaignStatus,
    decide_completion,
    decide_enrolment,
    decide_launch,
    decide_pause,
)
from meshcore.domain.events import (
    CampaignCompleted,
    CampaignCreated,
    CampaignLaunched,
    CampaignPaused,
    Event,
    OpeningsClosed,
    OpeningsPlanned,
    ParticipantsEnrolled,
)
from meshcore.domain.roster import ENROLMENT_CHUNK, Enrolment, Plan
from meshcore.domain.schema import FieldSpec, FieldType
from tests.support.facts import received
from tests.support.story import BEGINNING, given_campaign, stamp

CREATED = CampaignCreated(
    name="Yas Island",
    research_brief="Refuelling habits.",
    extraction_schema={"age": FieldSpec(type=FieldType.INTEGER, description="Age")},
    system_prompt_override="Be brief.",
)
ENROLLED = ParticipantsEnrolled(participants=("p1", "p2"))
LAUNCHED = CampaignLaunched()
PAUSED = CampaignPaused()
COMPLETED = CampaignCompleted()


def planned(*participants: str) -> OpeningsPlanned:
    """These got slots, ten seconds apart."""
    slots = tuple(BEGINNING + n * timedelta(seconds=10) for n in range(len(participants)))
    return OpeningsPlanned(slots=slots, participants=participants)


def test_a_campaign_exists_once_it_is_created() -> None:
    """Before, only its id is known."""
    assert not Campaign("c").exists
    state = given_campaign(CREATED).state
    assert state.exists
    assert (state.name, state.research_brief, state.system_prompt_override) == (
        "Yas Island",
        "Refuelling habits.",
        "Be brief.",
    )
    assert (state.status, state.created_at) == (CampaignStatus.DRAFT, stamp(1).at)
    assert list(state.extraction_schema) == ["age"]


@pytest.mark.parametrize(
    ("history", "status"),
    [
        ([], CampaignStatus.DRAFT),
        ([LAUNCHED], CampaignStatus.ACTIVE),
        ([LAUNCHED, PAUSED], CampaignStatus.PAUSED),
        ([LAUNCHED, PAUSED, LAUNCHED], CampaignStatus.ACTIVE),
        ([LAUNCHED, COMPLETED], CampaignStatus.COMPLETED),
        ([LAUNCHED, PAUSED, COMPLETED], CampaignStatus.COMPLETED),
    ],
)
def test_every_fact_moves_the_state_machine(history: list[Event], status: CampaignStatus) -> None:
    """As the brief draws it, and paused leads back to active."""
    assert given_campaign(CREATED, ENROLLED, *history).state.status is status


def test_the_first_launch_is_the_launch() -> None:
    """Launching again after a pause does not move it."""
    assert given_campaign(CREATED, LAUNCHED, PAUSED, LAUNCHED).state.launched_at == stamp(2).at


def test_only_a_draft_or_paused_campaign_with_participants_is_launched() -> None:
    """The rejection says what is wrong."""
    ready = given_campaign(CREATED, ENROLLED)
    ready.when(decide_launch).then(LAUNCHED)
    ready.and_then(LAUNCHED, PAUSED).when(decide_launch).then(LAUNCHED)
    ready.and_then(LAUNCHED).when(decide_launch).then_rejected("draft or paused", "active")
    ready.and_then(LAUNCHED, COMPLETED).when(decide_launch).then_rejected("completed")
    given_campaign(CREATED).when(decide_launch).then_rejected("no participants")


def test_only_an_active_campaign_is_paused() -> None:
    """The rejection says what it is instead."""
    draft = given_campaign(CREATED, ENROLLED)
    draft.when(decide_pause).then_rejected("draft")
    draft.and_then(LAUNCHED).when(decide_pause).then(PAUSED)
    draft.and_then(LAUNCHED, PAUSED).when(decide_pause).then_rejected("paused")
    draft.and_then(LAUNCHED, COMPLETED).when(decide_pause).then_rejected("completed")


def test_an_active_or_paused_campaign_completes_once() -> None:
    """A draft has nothing to complete."""
    draft = given_campaign(CREATED, ENROLLED)
    draft.when(decide_completion).then()
    draft.and_then(LAUNCHED).when(decide_completion).then(COMPLETED)
    draft.and_then(LAUNCHED, PAUSED).when(decide_completion).then(COMPLETED)
    draft.and_then(LAUNCHED, COMPLETED).when(decide_completion).then()


def enrolments(*participants: str) -> list[Enrolment]:
    """Those of whom nothing more is known."""
    return [Enrolment(participant) for participant in participants]


def test_what_is_known_of_participants_is_written_column_by_column() -> None:
    """In their order; a column of which nothing is known stays empty."""
    wanted = [Enrolment("p1", language="ar", cell="north"), Enrolment("p2", language="en")]
    given_campaign(CREATED).when(decide_enrolment, wanted).then(
        ParticipantsEnrolled(
            participants=("p1", "p2"), languages=("ar", "en"), cells=("north", None)
        )
    )


def test_whoever_is_enrolled_is_not_enrolled_again() -> None:
    """Neither from before nor named twice; the order is kept."""
    given_campaign(CREATED, ENROLLED).when(
        decide_enrolment, enrolments("p3", "p2", "p3", "p4")
    ).then(ParticipantsEnrolled(participants=("p3", "p4")))
    given_campaign(CREATED, ENROLLED).when(decide_enrolment, enrolments("p1")).then()


def test_many_are_enrolled_in_events_of_bounded_size() -> None:
    """A message of the log has a limit."""
    many = [f"p{n}" for n in range(2 * ENROLMENT_CHUNK + 1)]
    decided = given_campaign(CREATED).when(decide_enrolment, enrolments(*many)).result
    assert isinstance(decided, list)
    assert [len(event.participants) for event in decided] == [ENROLMENT_CHUNK, ENROLMENT_CHUNK, 1]
    state = given_campaign(CREATED, *decided).state
    assert list(state.participants()) == many
    assert state.enrolled_count == len(many)


def test_a_completed_campaign_takes_nobody_more() -> None:
    """It would never be opened."""
    done = given_campaign(CREATED, ENROLLED, LAUNCHED, COMPLETED)
    done.when(decide_enrolment, enrolments("p9")).then_rejected("completed")


def test_whoever_has_no_slot_is_unplanned_in_the_order_of_enrolment() -> None:
    """Whoever is enrolled later comes last."""
    state = given_campaign(
        CREATED, ENROLLED, LAUNCHED, planned("p1"), ParticipantsEnrolled(participants=("p3",))
    ).state
    assert state.unplanned() == ["p2", "p3"]
    assert state.has_plan(4)
    assert not state.has_plan(3)


def test_the_last_slot_given_out_is_known() -> None:
    """The next slots come behind it."""
    state = given_campaign(CREATED, ENROLLED, LAUNCHED, planned("p1", "p2")).state
    assert state.planned_until == {None: BEGINNING + timedelta(seconds=10)}
    assert given_campaign(CREATED).state.planned_until == {}


def test_a_pause_voids_every_plan() -> None:
    """Who is woken by a plan from before the pause finds that it does not hold any more."""
    story = given_campaign(CREATED, ENROLLED, LAUNCHED, planned("p1"), PAUSED)
    assert not story.state.has_plan(4)
    assert story.state.planned_until == {}
    assert story.state.unplanned() == ["p1", "p2"]
    assert story.state.interrupted
    again = story.and_then(LAUNCHED, planned("p1", "p2")).state
    assert not again.has_plan(4)
    assert again.has_plan(7)


def test_a_pause_without_plans_interrupts_nothing() -> None:
    """Nobody can have been opened."""
    assert not given_campaign(CREATED, ENROLLED, LAUNCHED, PAUSED).state.interrupted


def test_events_of_other_lanes_change_nothing() -> None:
    """The fold is total."""
    story = given_campaign(CREATED)
    assert story.and_then(received(1)).state == story.state


def test_a_plan_is_found_by_its_position_and_a_slot_by_its_participant() -> None:
    """Of two slots the newer counts; what a pause voids is remembered, and gives nobody a slot."""
    story = given_campaign(CREATED, ENROLLED, LAUNCHED, planned("p1"), planned("p2", "p1"))
    assert story.state.plan_at(4) == Plan(4, planned("p1"))
    assert story.state.plan_at(3) is None
    assert story.state.slot_of("p1") == BEGINNING + timedelta(seconds=10)
    assert story.state.slot_of("p9") is None
    paused = story.and_then(PAUSED).state
    assert paused.slot_of("p1") is None
    assert [plan.position for plan in paused.void] == [4, 5]


def test_an_opening_does_not_go_out_at_a_slot_that_a_pause_voided() -> None:
    """It may be somebody else's by now, also where the new one is earlier; single slots hold."""
    void, single = BEGINNING + timedelta(seconds=10), BEGINNING + timedelta(minutes=5)
    paused = given_campaign(CREATED, ENROLLED, LAUNCHED, planned("p1", "p2"), PAUSED, LAUNCHED)
    assert paused.state.due_of("p2", void) is None
    assert paused.state.due_of("p2", single) == single
    again = paused.and_then(planned("p2")).state
    assert again.due_of("p2", void) == BEGINNING
    assert again.due_of("p2", None) == BEGINNING
    assert again.due_of("p2", single) == single


def test_the_last_slot_is_known_for_each_sender() -> None:
    """Their timetables run out at different times."""
    plans = [
        OpeningsPlanned(slots=(BEGINNING + n * timedelta(minutes=1),), participants=(p,), sender=s)
        for n, (p, s) in enumerate([("p1", "a"), ("p2", "b"), ("p3", "a")])
    ]
    state = given_campaign(CREATED, ENROLLED, LAUNCHED, *plans).state
    assert state.planned_until == {
        "a": BEGINNING + timedelta(minutes=2),
        "b": BEGINNING + timedelta(minutes=1),
    }


def test_what_is_known_of_participants_is_found_in_every_chunk() -> None:
    """Language and time zone fall back to the campaign's; few are joined to the last chunk."""
    known = ParticipantsEnrolled(
        participants=("p3", "p4"),
        languages=("de", None),
        timezones=(None, "Asia/Dubai"),
        cells=("north", None),
    )
    created = CREATED.model_copy(update={"language": "en", "timezone": "Europe/Berlin"})
    state = given_campaign(created, ENROLLED, known).state
    assert [state.language_of(p) for p in ("p1", "p3", "p4")] == ["en", "de", "en"]
    assert [state.timezone_of(p) for p in ("p3", "p4")] == ["Europe/Berlin", "Asia/Dubai"]
    assert [state.cell_of(p) for p in ("p1", "p3")] == [None, "north"]
    assert len(state.enrolled.chunks) == 1
    assert "p4" in state.enrolled
    assert [e.participant for e in state.enrolled.after(2)] == ["p3", "p4"]


def test_a_closed_cell_keeps_its_own_away_and_a_closing_everybody() -> None:
    """Whoever is in no cell is kept away by the closing of all alone."""
    known = ParticipantsEnrolled(participants=("p3", "p4"), cells=("north", "south"))
    story = given_campaign(CREATED, ENROLLED, known, OpeningsClosed(cell="north"))
    assert [story.state.is_closed_to(p) for p in ("p1", "p3", "p4")] == [False, True, False]
    assert not story.state.closed
    everybody = story.and_then(OpeningsClosed()).state
    assert everybody.closed
    assert everybody.is_closed_to("p1")


def test_why_outreach_paused_a_campaign_is_told_until_the_next_launch() -> None:
    """In words for the researcher, with Twilio's code."""
    story = given_campaign(CREATED, ENROLLED, LAUNCHED)
    story.when(decide_pause, "the sender is not known", 63007).then(
        CampaignPaused(reason="the sender is not known", error_code=63007)
    )
    paused = story.and_then(CampaignPaused(reason="credentials", error_code=20003))
    assert (paused.state.paused_because, paused.state.paused_code) == ("credentials", 20003)
    again = paused.and_then(LAUNCHED).state
    assert (again.paused_because, again.paused_code) == (None, None)
