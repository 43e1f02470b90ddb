"""Subjects: what is built can be parsed, and filters match what they mean."""

from __future__ import annotations

import pytest

from meshcore.log import streams, subjects
from meshcore.log.subjects import ConversationRef, Lane

REF = ConversationRef("c1", "v1")
CONVERSATION_SUBJECTS = [
    *(subjects.lane(REF, which) for which in Lane),
    subjects.opening_wake_up(REF),
    subjects.nudge_wake_up(REF),
    subjects.delivery_wake_up(REF),
]
CAMPAIGN_SUBJECTS = [
    subjects.campaign("c1"),
    subjects.planning_wake_up("c1"),
    subjects.completion_wake_up("c1"),
]
PARTICIPANT_SUBJECTS = [subjects.consent("p1"), subjects.unrouted("p1")]
WAKE_UPS = [s for s in CONVERSATION_SUBJECTS + CAMPAIGN_SUBJECTS if ".work." in s]


def matches(pattern: str, subject: str) -> bool:
    """Whether a NATS pattern matches a subject."""
    wanted, found = pattern.split("."), subject.split(".")
    if wanted[-1] == ">":
        wanted, found = wanted[:-1], found[: len(wanted) - 1] if len(found) >= len(wanted) else []
    return len(wanted) == len(found) and all(
        w in ("*", f) for w, f in zip(wanted, found, strict=True)
    )


@pytest.mark.parametrize("subject", CONVERSATION_SUBJECTS)
def test_a_conversations_subject_leads_back_to_it(subject: str) -> None:
    """And to its campaign."""
    assert subjects.conversation_of(subject) == REF
    assert subjects.campaign_of(subject) == "c1"
    assert subjects.participant_of(subject) is None


@pytest.mark.parametrize("subject", CAMPAIGN_SUBJECTS)
def test_a_campaigns_subject_leads_back_to_it(subject: str) -> None:
    """It names no conversation."""
    assert subjects.campaign_of(subject) == "c1"
    assert subjects.conversation_of(subject) is None


@pytest.mark.parametrize("subject", PARTICIPANT_SUBJECTS)
def test_a_participants_subject_leads_back_to_them(subject: str) -> None:
    """It names neither campaign nor conversation."""
    assert subjects.participant_of(subject) == "p1"
    assert subjects.campaign_of(subject) is None
    assert subjects.conversation_of(subject) is None


@pytest.mark.parametrize("subject", ["", "mesh", "mesh.conv.c1", "other.campaign.c1", "$JS.ACK.x"])
def test_a_foreign_subject_leads_nowhere(subject: str) -> None:
    """And raises nothing."""
    assert subjects.campaign_of(subject) is None
    assert subjects.conversation_of(subject) is None
    assert subjects.participant_of(subject) is None


@pytest.mark.parametrize(
    ("pattern", "matched"),
    [
        (subjects.CAMPAIGNS, [subjects.campaign("c1")]),
        (subjects.TURNS, [subjects.lane(REF, Lane.TURN)]),
        (subjects.INBOUND, [subjects.lane(REF, Lane.IN)]),
        (subjects.CONSENTS, [subjects.consent("p1")]),
        (subjects.OPENING_WAKE_UPS, [subjects.opening_wake_up(REF)]),
        (subjects.NUDGE_WAKE_UPS, [subjects.nudge_wake_up(REF)]),
        (subjects.DELIVERY_WAKE_UPS, [subjects.delivery_wake_up(REF)]),
        (subjects.PLANNING_WAKE_UPS, [subjects.planning_wake_up("c1")]),
        (subjects.COMPLETION_WAKE_UPS, [subjects.completion_wake_up("c1")]),
        (subjects.lanes(REF), [subjects.lane(REF, which) for which in Lane]),
        (subjects.lanes_of_campaign("c1", Lane.OUT), [subjects.lane(REF, Lane.OUT)]),
    ],
)
def test_a_filter_matches_what_it_means_and_nothing_else(pattern: str, matched: list[str]) -> None:
    """Schedules among them match no consumer's filter."""
    every = [
        *CONVERSATION_SUBJECTS,
        *CAMPAIGN_SUBJECTS,
        *PARTICIPANT_SUBJECTS,
        *map(subjects.schedule_of, WAKE_UPS),
    ]
    assert sorted(s for s in every if matches(pattern, s)) == sorted(matched)


def test_every_subject_belongs_to_exactly_one_stream() -> None:
    """What no stream takes would be lost without an error."""
    every = [
        *CONVERSATION_SUBJECTS,
        *CAMPAIGN_SUBJECTS,
        *PARTICIPANT_SUBJECTS,
        *map(subjects.schedule_of, WAKE_UPS),
        subjects.spend("c1"),
    ]
    for subject in every:
        holders = [
            s.name for s in streams.streams(1) if any(matches(p, subject) for p in s.subjects or [])
        ]
        of = {".work.": streams.WORK, ".spend.": streams.SPEND}
        assert holders == [next((of[part] for part in of if part in subject), streams.MESH)]


def test_what_is_scheduled_for_a_campaign_can_be_cancelled() -> None:
    """Its openings, deliveries and planning, and nothing of another campaign."""
    patterns = subjects.schedules_of_campaign("c1")
    for wake_up in (
        subjects.opening_wake_up(REF),
        subjects.delivery_wake_up(REF),
        subjects.planning_wake_up("c1"),
    ):
        assert any(matches(p, subjects.schedule_of(wake_up)) for p in patterns)
        other = subjects.schedule_of(wake_up.replace("c1", "c2"))
        assert not any(matches(p, other) for p in patterns)


def test_a_pause_cancels_no_nudge() -> None:
    """Running interviews go on: whoever falls silent in one is still given up at last."""
    nudge = subjects.schedule_of(subjects.nudge_wake_up(REF))
    assert not any(matches(p, nudge) for p in subjects.schedules_of_campaign("c1"))
