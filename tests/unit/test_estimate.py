"""Estimates are honest: they follow the rate, participants' clocks and what was seen so far."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from meshcore.domain.campaign import CampaignStatus
from meshcore.domain.estimate import (
    Outlook,
    Unknown,
    campaign_done_at,
    fair_share,
    openings_done_at,
    silence,
)
from meshcore.domain.outreach import ContactHours, Outreach, Reminder, Weekday

MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NINE_TO_TEN = ContactHours(start=time(9), end=time(10))

FRESH = Outlook(
    status=CampaignStatus.ACTIVE,
    outreach=Outreach(),
    waiting={"UTC": 600},
    under_way=0,
    last_opened_at=None,
    completed=0,
    ended=0,
    silent=0,
    interview=None,
    closed=False,
    capacity=10,
)
"""A campaign that was just launched: 600 openings at 10 a minute."""


@pytest.mark.parametrize(
    ("own", "others", "share"),
    [
        (None, [], 10),
        (4, [], 4),
        (20, [], 10),
        (None, [None], 5),
        (None, [2], 8),
        (None, [2, None], 4),
        (3, [2, None], 3),
        (None, [8, 1], 4.5),
        (1, [1, 1], 1),
    ],
)
def test_campaigns_share_the_sender_evenly_and_take_what_others_leave(
    own: float | None, others: list[float | None], share: float
) -> None:
    """Ten a minute, among those who have a rate of their own and those who take what there is."""
    assert fair_share(10, own, others) == pytest.approx(share)


def test_openings_at_any_hour_take_what_the_rate_says() -> None:
    """Alone, with another campaign, and with a rate of its own."""
    assert openings_done_at(FRESH, MONDAY) == MONDAY + HOUR
    assert openings_done_at(replace(FRESH, others=[None]), MONDAY) == MONDAY + 2 * HOUR
    slow = replace(FRESH, outreach=Outreach(rate_per_minute=1))
    assert openings_done_at(slow, MONDAY) == MONDAY + 10 * HOUR


@pytest.mark.parametrize(
    ("count", "day", "hours"),
    [(300, 0, 1.5), (600, 0, 2), (601, 1, 1 + 1 / 600), (4_201, 7, 1 + 1 / 600)],
)
def test_openings_wait_for_contact_hours(count: int, day: int, hours: float) -> None:
    """One hour a day from nine on, by the clock where participants are."""
    outlook = replace(FRESH, outreach=Outreach(contact_hours=NINE_TO_TEN), waiting={"UTC": count})
    done = MONDAY + timedelta(days=day, hours=hours)
    assert abs(_told(openings_done_at(outlook, MONDAY)) - done) < timedelta(seconds=1)


def test_each_zone_has_its_own_hours() -> None:
    """In Dubai it is past ten already when the day begins in London; Tokyo is through, too."""
    hours = Outreach(contact_hours=NINE_TO_TEN)
    outlook = replace(FRESH, outreach=hours, waiting={"Europe/London": 300, "Asia/Dubai": 10})
    dubai_opens = MONDAY + timedelta(days=1) - 3 * HOUR
    assert openings_done_at(outlook, MONDAY) == dubai_opens + timedelta(minutes=1)


def test_zones_that_are_open_together_share_the_rate() -> None:
    """Two zones with the same clock are as one."""
    hours = Outreach(contact_hours=NINE_TO_TEN)
    one = replace(FRESH, outreach=hours)
    two = replace(one, waiting={"Europe/London": 200, "Europe/Lisbon": 400})
    found = _told(openings_done_at(two, MONDAY))
    assert abs(found - _told(openings_done_at(one, MONDAY))) < timedelta(seconds=1)


def test_days_without_contact_are_passed_over() -> None:
    """Only on Sundays: six days from now."""
    hours = ContactHours(days=(Weekday.SUN,), start=time(9), end=time(10))
    outlook = replace(FRESH, outreach=Outreach(contact_hours=hours), waiting={"UTC": 10})
    assert openings_done_at(outlook, MONDAY) == MONDAY + timedelta(days=6, hours=1, minutes=1)


def test_an_estimate_over_a_year_of_many_zones_is_quick() -> None:
    """Nobody waits for it: one is made at every look at a campaign."""
    zones = ["Europe/London", "Asia/Dubai", "Asia/Tokyo", "America/New_York", "America/Lima"]
    hours = Outreach(contact_hours=NINE_TO_TEN)
    outlook = replace(FRESH, outreach=hours, waiting=dict.fromkeys(zones, 50_000))
    begun = datetime.now(UTC)
    assert _told(openings_done_at(outlook, MONDAY)) > MONDAY + timedelta(days=80)
    assert datetime.now(UTC) - begun < timedelta(seconds=2)


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"status": CampaignStatus.DRAFT}, "not launched"),
        ({"status": CampaignStatus.PAUSED}, "paused"),
        ({"status": CampaignStatus.COMPLETED}, "completed"),
        ({"closed": True}, "closed"),
        ({"waiting": {}}, "nobody is left to be written to"),
    ],
)
def test_what_cannot_be_told_says_why(changes: dict[str, object], because: str) -> None:
    """In words for the researcher."""
    found = openings_done_at(replace(FRESH, **changes), MONDAY)  # type: ignore[arg-type]
    assert isinstance(found, Unknown)
    assert because in found.because


def test_a_year_is_as_far_as_anybody_looks() -> None:
    """An hour a week would take 200 years."""
    hours = ContactHours(days=(Weekday.SUN,), start=time(9), end=time(10))
    outlook = replace(FRESH, outreach=Outreach(contact_hours=hours), waiting={"UTC": 6_000_000})
    assert openings_done_at(outlook, MONDAY) == Unknown("it takes more than 366 days")


def test_a_rate_that_takes_for_ever_is_told_as_such_at_any_hour() -> None:
    """A date that no calendar has would fail the whole answer."""
    slow = replace(FRESH, outreach=Outreach(rate_per_minute=1e-9))
    assert isinstance(openings_done_at(slow, MONDAY), Unknown)


def test_interviews_completed_without_an_opening_of_ours_break_no_estimate() -> None:
    """Participants who wrote first count as completed, but not as opened."""
    outlook = replace(FRESH, outreach=Outreach(target_completes=10), completed=6, ended=0)
    assert openings_done_at(outlook, MONDAY) == MONDAY + timedelta(minutes=4 / 10)


def test_a_target_needs_no_more_openings_than_it_took_so_far() -> None:
    """Every fourth was completed, ten are missing, and one of those under way will be."""
    seen = {"completed": 10, "ended": 40, "under_way": 4, "last_opened_at": MONDAY}
    outlook = replace(FRESH, outreach=Outreach(target_completes=20), **seen)  # type: ignore[arg-type]
    assert openings_done_at(outlook, MONDAY) == MONDAY + timedelta(minutes=3.6)
    early = replace(outlook, completed=4, ended=16)
    assert openings_done_at(early, MONDAY) == MONDAY + HOUR


def test_the_silent_keep_a_campaign_open_until_they_are_given_up() -> None:
    """After reminders and expiry, counted from the last opening."""
    reminders = (Reminder(after_hours=20), Reminder(after_hours=300))
    outreach = Outreach(reminders=reminders, expire_after_hours=72)
    assert silence(outreach) == 92 * HOUR
    outlook = replace(FRESH, outreach=outreach)
    assert campaign_done_at(outlook, MONDAY) == MONDAY + HOUR + 92 * HOUR


def test_where_everybody_answers_the_last_interview_decides() -> None:
    """As long as those took that were completed so far."""
    seen = replace(FRESH, completed=50, ended=50, silent=0, interview=2 * HOUR)
    assert campaign_done_at(seen, MONDAY) == MONDAY + 3 * HOUR
    assert campaign_done_at(replace(seen, interview=None), MONDAY) == Unknown(
        "no interview has been completed yet"
    )
    some = replace(seen, silent=1)
    assert campaign_done_at(some, MONDAY) == MONDAY + HOUR + silence(Outreach())


def test_after_the_last_opening_only_those_under_way_count() -> None:
    """From when the newest of them was opened; never in the past."""
    outlook = replace(
        FRESH, waiting={}, under_way=1, last_opened_at=MONDAY - HOUR, completed=9, ended=9,
        interview=3 * HOUR,
    )  # fmt: skip
    assert campaign_done_at(outlook, MONDAY) == MONDAY + 2 * HOUR
    assert campaign_done_at(outlook, MONDAY + 9 * HOUR) == MONDAY + 9 * HOUR


@pytest.mark.parametrize("closed", [True, False])
def test_a_paused_campaign_is_done_with_those_under_way_only_if_nobody_is_to_be_opened(
    *, closed: bool
) -> None:
    """Where openings are closed it ends; otherwise a launch is to come that nobody knows of."""
    paused = replace(
        FRESH, status=CampaignStatus.PAUSED, closed=closed, under_way=1, last_opened_at=MONDAY
    )
    found = campaign_done_at(paused, MONDAY)
    if closed:
        assert found == MONDAY + silence(Outreach())
    else:
        assert found == Unknown("the campaign is paused")


@pytest.mark.parametrize("status", [CampaignStatus.DRAFT, CampaignStatus.COMPLETED])
def test_neither_a_draft_nor_a_completed_campaign_has_an_end_to_come(
    status: CampaignStatus,
) -> None:
    """Whatever is waiting."""
    assert isinstance(campaign_done_at(replace(FRESH, status=status), MONDAY), Unknown)
    assert isinstance(campaign_done_at(replace(FRESH, status=status, waiting={}), MONDAY), Unknown)


def _told(found: datetime | Unknown) -> datetime:
    assert isinstance(found, datetime)
    return found
