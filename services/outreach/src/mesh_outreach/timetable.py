"""The timetables of the senders: one key each, moved by compare-and-set."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any, TypeVar

from nats.errors import Error as NatsError
from nats.js.errors import KeyNotFoundError, KeyWrongLastSequenceError

from meshcore.domain.pace import Pace
from meshcore.domain.timetable import Grid, Held, current
from meshcore.errors import LogUnavailableError
from meshcore.handling import Busy
from meshcore.ids import now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from nats.js.kv import KeyValue

    from meshcore.domain.campaign import Campaign
    from meshcore.domain.roster import Plan

R = TypeVar("R")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Stand:
    """How a campaign's lane stands when slots are taken for it.

    Attributes:
        campaign: its id.
        position: the end of its lane.
        valid: the slots that its plans need, by sender.
        pace: its own, if it is slower than all senders together.
        spent: the slots that count for its pace.
    """

    campaign: str
    position: int
    valid: Mapping[str, Sequence[datetime]] = field(default_factory=dict)
    pace: Pace | None = None
    spent: Sequence[datetime] = ()


class Timetable:
    """The slots of all senders, shared by all campaigns and replicas.

    No slot is ever given out twice. All of it raises `LogUnavailableError` where NATS does not
    answer; slots that were taken in vain are given back when their campaign plans again.
    """

    def __init__(
        self,
        bucket: KeyValue,
        rate_per_minute: float,
        senders: Sequence[str] = ("sender",),
        clock: Callable[[], datetime] = now,
    ) -> None:
        """Prepares the timetables.

        Args:
            bucket: where they are kept.
            rate_per_minute: openings per minute of each sender.
            senders: our addresses, or our messaging service.
            clock: tells the present.
        """
        self.senders = tuple(senders)
        self._bucket = bucket
        self._rate = rate_per_minute
        self._clock = clock
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def pace_of(self, campaign: Campaign) -> Pace | None:
        """The campaign's own pace; None if it is not slower than all senders together."""
        rate = campaign.outreach.rate_per_minute
        if rate is None or rate >= self._rate * len(self.senders):
            return None
        return Pace(campaign.id, rate)

    def stand(self, campaign: Campaign, position: int, at: datetime) -> Stand:
        """How a campaign's lane stands.

        Args:
            campaign: its state.
            position: the end of its lane.
            at: the present.
        """
        pace = self.pace_of(campaign)
        valid: dict[str, list[datetime]] = {}
        for plan in campaign.plans:
            if plan.event.slots and plan.event.slots[-1] >= at:
                sender = plan.event.sender or self.senders[0]
                valid.setdefault(sender, []).extend(_needed(campaign, plan))
        spent = _spent(campaign, pace, at) if pace else ()
        return Stand(campaign.id, position, valid, pace, spent)

    async def take(
        self, sender: str | None, stand: Stand, wanted: int, at: datetime
    ) -> list[datetime]:
        """Takes the next stretch of a sender's slots for a campaign.

        Args:
            sender: whose slots; None for the only one.
            stand: the campaign's lane. Its plan must be appended at this very position.
            wanted: how many it has use for.
            at: from when on.

        Returns:
            At least one slot, and at most the campaign's share of a horizon, in order.

        Raises:
            Busy: its lane has moved on.
        """
        taking = self._taking
        return await self._change(sender, lambda grid: taking(grid, sender, stand, wanted, at))

    async def offer(self, sender: str | None, stand: Stand, at: datetime) -> list[datetime]:
        """What `take` would give at most, without taking it. Arguments and errors as there."""
        grid, _ = await self._read(self._key(sender))
        return self._taking(grid, sender, stand, sys.maxsize, at)[1]

    def _taking(
        self, grid: Grid, sender: str | None, stand: Stand, wanted: int, at: datetime
    ) -> tuple[Grid, list[datetime]]:
        held = grid.held.get(stand.campaign)
        if held and held.position > stand.position:
            raise Busy
        valid = stand.valid.get(sender or self.senders[0], ())
        return grid.settled(stand.campaign, stand.position, valid).taking(
            stand.campaign,
            stand.position,
            valid,
            wanted=wanted,
            at=at,
            pace=stand.pace,
            spent=stand.spent,
        )

    async def take_one(
        self, sender: str | None, at: datetime, campaign: Campaign | None = None
    ) -> datetime:
        """Takes one free slot, not before `at`, for an opening that missed its own.

        Args:
            sender: whose slot; None for the only one.
            at: from when on.
            campaign: whose opening; None for one without a pace of its own.
        """
        if campaign is None or (pace := self.pace_of(campaign)) is None:
            return await self._change(sender, lambda grid: grid.taking_one(at))
        spent = _spent(campaign, pace, at)
        return await self._change(sender, lambda grid: grid.taking_one(at, pace, spent))

    async def give_back(self, sender: str | None, slots: Iterable[datetime]) -> None:
        """Gives back slots that `take_one` took, and that nobody uses or has used.

        To be called once at most: later they may be somebody else's.
        """
        gone = list(slots)
        await self._change(sender, lambda grid: (grid.without(gone), None))

    async def settle(self, stand: Stand) -> None:
        """Gives back what a campaign holds, of any sender, and does not need.

        May be repeated, late, and be overtaken by new plans: what these need is kept.
        """
        for sender in self.senders:
            await self._settle(sender, stand)

    async def _settle(self, sender: str, stand: Stand) -> None:
        valid = stand.valid.get(sender, ())
        await self._change(
            sender, lambda grid: (grid.settled(stand.campaign, stand.position, valid), None)
        )

    async def free_from(self, sender: str | None, at: datetime) -> datetime:
        """The first slot of a sender that is free now, and not before a time."""
        return (await self._read(self._key(sender)))[0].free_from(at)

    async def _change(self, sender: str | None, decide: Callable[[Grid], tuple[Grid, R]]) -> R:
        """Reads, decides and writes, until nobody else has written in between."""
        key = self._key(sender)
        async with self._turns[key]:
            while True:
                before, revision = await self._read(key)
                after, result = decide(before)
                if after is before or await self._write(key, after, revision):
                    return result

    async def _read(self, key: str) -> tuple[Grid, int | None]:
        try:
            entry = await self._bucket.get(key)
        except KeyNotFoundError:
            return current(None, self._clock(), self._rate), None
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("the timetable is not to be had") from error
        grid = current(_decoded(entry.value or b""), self._clock(), self._rate)
        return grid, entry.revision

    async def _write(self, key: str, grid: Grid, revision: int | None) -> bool:
        try:
            if revision is None:
                await self._bucket.create(key, _encoded(grid))
            else:
                await self._bucket.update(key, _encoded(grid), last=revision)
        except KeyWrongLastSequenceError:
            return False
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("the timetable is not acknowledged") from error
        return True

    def _key(self, sender: str | None) -> str:
        return re.sub(r"[^0-9A-Za-z]+", "-", sender or self.senders[0])


def _spent(campaign: Campaign, pace: Pace, at: datetime) -> list[datetime]:
    since, plans = at - pace.span, (*campaign.void, *campaign.plans)
    return [slot for plan in plans for slot in plan.spent(since)]


def _needed(campaign: Campaign, plan: Plan) -> Iterable[datetime]:
    """The slots of a plan, but for those of whom nobody writes to any more."""
    if not campaign.closed and not campaign.closed_cells:
        return plan.event.slots
    return (slot for p, slot in plan.slots.items() if not campaign.is_closed_to(p))


def _encoded(grid: Grid) -> bytes:
    wire = {
        "origin": _micros(grid.origin),
        "interval": grid.interval // _MICROSECOND,
        "held": {
            campaign: [held.position, _micros(held.claim), _runs(held.slots)]
            for campaign, held in grid.held.items()
        },
        "single": _runs(grid.single),
        "late": {
            campaign: [list(map(_micros, entry)) for entry in kept]
            for campaign, kept in grid.late.items()
        },
    }
    return json.dumps(wire, separators=(",", ":")).encode()


def _decoded(wire: bytes) -> Grid | None:
    if not wire:
        return None
    found: dict[str, Any] = json.loads(wire)
    return Grid(
        _time(found["origin"]),
        found["interval"] * _MICROSECOND,
        {
            campaign: Held(position, _numbers(runs), _time(claim))
            for campaign, (position, claim, runs) in found["held"].items()
        },
        _numbers(found["single"]),
        {
            campaign: tuple((_time(slot), _time(until)) for slot, until in kept)
            for campaign, kept in found["late"].items()
        },
    )


def _runs(numbers: Iterable[int]) -> list[int]:
    """The numbers as runs: how many are left out, how many follow, and so on."""
    runs, end = [], 0
    for _, run in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0]):
        members = [number for _, number in run]
        runs += [members[0] - end, len(members)]
        end = members[-1] + 1
    return runs


def _numbers(runs: list[int]) -> frozenset[int]:
    numbers: list[int] = []
    end = 0
    for left_out, length in zip(islice(runs, 0, None, 2), islice(runs, 1, None, 2), strict=True):
        numbers += range(end + left_out, end + left_out + length)
        end += left_out + length
    return frozenset(numbers)


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _time(micros: int) -> datetime:
    return _EPOCH + micros * _MICROSECOND
