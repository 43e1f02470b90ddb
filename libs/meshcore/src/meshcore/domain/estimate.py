"""When a campaign's openings, and the campaign, will be done: as honestly as can be told now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from math import ceil
from typing import TYPE_CHECKING

from meshcore.domain import contact_hours
from meshcore.domain.campaign import CampaignStatus

if TYPE_CHECKING:
    from meshcore.domain.outreach import ContactHours, Outreach

_AT_MOST = 366
"""Days that an estimate looks ahead."""

_MINUTES_A_DAY = 1_440

_TOLD = 5
"""Completed interviews from which it is told how many openings one takes."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Why it cannot be told."""

    because: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is known of a campaign when an estimate is made.

    Attributes:
        status: the campaign's.
        outreach: how it reaches participants.
        waiting: openings to come, by the IANA name of the participants' time zone.
        under_way: conversations that are opened and have not ended.
        last_opened_at: when the newest of those was opened; None if there is none.
        completed: completed interviews.
        ended: all conversations that were opened and have ended.
        silent: those among them and those under way that never answered.
        interview: how long an interview takes from its opening on, nine in ten; None if none has
            been completed.
        closed: whether nobody new is written to any more.
        capacity: openings per minute of all senders together.
        others: the own rates of the other campaigns that have openings to come; None for those
            without one.
    """

    status: CampaignStatus
    outreach: Outreach
    waiting: Mapping[str, int]
    under_way: int
    last_opened_at: datetime | None
    completed: int
    ended: int
    silent: int
    interview: timedelta | None
    closed: bool
    capacity: float
    others: Sequence[float | None] = ()


def openings_done_at(outlook: Outlook, now: datetime) -> datetime | Unknown:
    """When the last opening will go out, if the rate holds and the campaigns stay as they are."""
    match outlook.status:
        case CampaignStatus.DRAFT:
            return Unknown("the campaign is not launched")
        case CampaignStatus.PAUSED:
            return Unknown("the campaign is paused")
        case CampaignStatus.COMPLETED:
            return Unknown("the campaign is completed")
        case CampaignStatus.ACTIVE:
            pass
    if outlook.closed:
        return Unknown("openings are closed: the target is reached")
    if not any(outlook.waiting.values()):
        return Unknown("nobody is left to be written to")
    rate = fair_share(outlook.capacity, outlook.outreach.rate_per_minute, outlook.others)
    done = _served(_wanted(outlook), rate, outlook.outreach.contact_hours, now)
    return done or Unknown(f"it takes more than {_AT_MOST} days")


def campaign_done_at(outlook: Outlook, now: datetime) -> datetime | Unknown:
    """When the last conversation will have ended.

    Whoever stays silent keeps a campaign open the longest: reminded, and given up in the end.
    """
    openings = openings_done_at(outlook, now)
    if isinstance(openings, Unknown):
        if _more_are_to_be_opened(outlook):
            return openings
        if not outlook.under_way:
            return Unknown("no conversation is under way")
    last = outlook.last_opened_at or now
    if isinstance(openings, datetime):
        last = max(last, openings)
    if _somebody_stays_silent(outlook):
        return max(now, last + silence(outlook.outreach))
    if outlook.interview is None:
        return Unknown("no interview has been completed yet")
    return max(now, last + outlook.interview)


def fair_share(capacity: float, own: float | None, others: Sequence[float | None]) -> float:
    """The openings per minute that a campaign can count on.

    Campaigns share the senders evenly. What one with a slower rate of its own leaves is shared by
    the rest.

    Args:
        capacity: openings per minute of all senders together.
        own: the campaign's own rate; None if it has none.
        others: the own rates of the other campaigns.
    """
    left, sharing = capacity, len(others) + 1
    for rate in sorted(rate for rate in others if rate is not None):
        if rate >= left / sharing:
            break
        left, sharing = left - rate, sharing - 1
    return min(left / sharing, own or left)


def silence(outreach: Outreach) -> timedelta:
    """How long it takes at most until somebody who never answers is given up."""
    hours, patience = 0.0, outreach.expire_after_hours
    for reminder in outreach.reminders:
        if reminder.after_hours < patience:
            hours += reminder.after_hours
    return timedelta(hours=hours + patience)


def _more_are_to_be_opened(outlook: Outlook) -> bool:
    """Whether openings are to come, by now or once the campaign is launched."""
    over = outlook.status is CampaignStatus.COMPLETED
    return over or (not outlook.closed and _count(outlook) > 0)


def _count(outlook: Outlook) -> int:
    return sum(outlook.waiting.values())


def _somebody_stays_silent(outlook: Outlook) -> bool:
    """Whether, as things went so far, it is more likely than not that somebody will.

    As long as nothing is known of anybody, it is taken for likely.
    """
    known = outlook.ended + outlook.under_way
    if not outlook.ended:
        return True
    to_come = _count(outlook) if outlook.status is CampaignStatus.ACTIVE else 0
    return outlook.silent / known * (to_come + outlook.under_way) >= 1


def _wanted(outlook: Outlook) -> Mapping[str, int]:
    """The openings that will be needed: fewer than are waiting where a target is reached before."""
    target, waiting = outlook.outreach.target_completes, _count(outlook)
    if target is None or outlook.completed < _TOLD:
        return outlook.waiting
    share = outlook.completed / max(outlook.ended, outlook.completed)  # some wrote to us first
    missing = target - outlook.completed - share * outlook.under_way
    needed = min(waiting, max(1, ceil(missing / share)))
    return {zone: ceil(count * needed / waiting) for zone, count in outlook.waiting.items()}


def _served(
    waiting: Mapping[str, int], rate: float, hours: ContactHours | None, now: datetime
) -> datetime | None:
    """When everybody has been written to at so many openings a minute, zone by zone.

    None if that is too far ahead. Zones that are open at the same time share the rate by what is
    left in them, so they would be done at the same time.
    """
    if hours is None:
        days = sum(waiting.values()) / rate / _MINUTES_A_DAY
        return now + timedelta(days=days) if days <= _AT_MOST else None
    left = {zone: float(count) for zone, count in waiting.items() if count}
    calendars = {zone: _Calendar(hours, zone, now) for zone in left}
    at = now
    while left:
        stretches = {zone: calendars[zone].stretch(at) for zone in left}
        if None in stretches.values():
            return None
        known = {zone: stretch for zone, stretch in stretches.items() if stretch}
        until = min(moment for moment in chain(*known.values()) if moment > at)
        allowed = (until - at) / timedelta(minutes=1) * rate
        opened = [zone for zone, (begins, _) in known.items() if begins <= at]
        together = sum(left[zone] for zone in opened)
        if opened and together <= allowed:
            at += timedelta(minutes=together / rate)
            left = {zone: count for zone, count in left.items() if zone not in opened}
        else:
            for zone in opened:
                left[zone] -= allowed * left[zone] / together
            at = until
    return at


class _Calendar:
    """The stretches in which a zone is open, one after the other."""

    def __init__(self, hours: ContactHours, zone: str, now: datetime) -> None:
        self._ahead = contact_hours.stretches(hours, zone, now, _AT_MOST)
        self._stretch = next(self._ahead, None)

    def stretch(self, at: datetime) -> tuple[datetime, datetime] | None:
        """The one that is not over; None if that is too far ahead. Times may not go back."""
        while self._stretch and self._stretch[1] <= at:
            self._stretch = next(self._ahead, None)
        return self._stretch
