"""The read tables as they ought to be: a plain fold of the log, written without the projector."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import Any

from meshcore.domain import campaign as campaigns
from meshcore.domain import conversation as conversations
from meshcore.domain.campaign import Campaign
from meshcore.domain.commit import Recorded
from meshcore.domain.conversation import Conversation, ConversationStatus, Message, SendStatus
from meshcore.domain.disposition import Disposition, disposition
from meshcore.domain.events import (
    CampaignPaused,
    EndReason,
    Event,
    MessageKind,
    OpeningsClosed,
    OpeningsPlanned,
    ParticipantOptedIn,
    ParticipantOptedOut,
    ParticipantsEnrolled,
)
from meshcore.domain.participant import conversation_id
from meshcore.domain.quotas import cell_name
from meshcore.log import subjects

KEYS = {
    "users": ("id",),
    "campaigns": ("id",),
    "conversations": ("id",),
    "figures": ("conversation_id",),
    "messages": ("conversation_id", "id"),
    "outreach_queue": ("conversation_id",),
}
"""The tables that are compared, and what identifies a row."""

_TAKEN = ("accepted", "queued", "sent", "delivered", "read")

Rows = dict[tuple[Any, ...], dict[str, Any]]


@dataclass
class _Seat:
    """A conversation's row in the making."""

    campaign: str
    id: str
    participant: str | None = None
    ordinal: int = -1
    timezone: str | None = None
    cell: str | None = None
    disposition: str = "not_contacted"
    slot: datetime | None = None
    cancelled: bool = False
    attempts: int = 0
    state: Conversation = field(default_factory=Conversation)

    @property
    def openings(self) -> list[Message]:
        return [m for m in self.state.messages if m.kind is MessageKind.OPENING]

    @property
    def opening(self) -> Message | None:
        """The last opening that was composed for the slot."""
        return next(reversed(self.openings[self.attempts :]), None)

    @property
    def queue_status(self) -> str:
        opening = self.opening
        if opening is None and self.state.ended:
            return "suppressed"
        if opening is None:
            return "cancelled" if self.cancelled else "scheduled"
        match opening.status:
            case SendStatus.COMPOSED | SendStatus.SENDING:
                return "composed"
            case SendStatus.FAILED | SendStatus.SUPPRESSED:
                return str(opening.status)
            case _:
                return "sent"


@dataclass
class _Tables:
    seats: dict[str, _Seat] = field(default_factory=dict)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    enrolled_at: dict[str, datetime] = field(default_factory=dict)
    opted_out: dict[str, bool] = field(default_factory=dict)

    def fold(self, record: Recorded) -> None:
        for event in record.commit.events:
            if ref := subjects.conversation_of(record.subject):
                seat = self._seat(ref.campaign, ref.conversation)
                if seat.campaign != ref.campaign:
                    continue  # whoever used the id first has it
                seat.state = conversations.evolve(seat.state, event, record.stamp)
                seat.participant = seat.participant or seat.state.participant
                self._judge(seat, self.campaigns.get(ref.campaign) or Campaign(ref.campaign))
            elif campaign := subjects.campaign_of(record.subject):
                self._of_campaign(campaign, event, record)
            elif participant := subjects.participant_of(record.subject):
                match event:
                    case ParticipantOptedOut() | ParticipantOptedIn():
                        self.opted_out[participant] = isinstance(event, ParticipantOptedOut)
                    case _:
                        pass

    def _of_campaign(self, campaign: str, event: Event, record: Recorded) -> None:
        before = self.campaigns.get(campaign) or Campaign(campaign)
        match event:
            case ParticipantsEnrolled():
                self._enrol(before, event, record)
            case OpeningsPlanned():
                for participant, due in zip(event.participants, event.slots, strict=False):
                    seat = self._seat_of(campaign, participant)
                    if (seat.opening is None and not seat.state.ended) or seat.state.reopenable:
                        seat.slot, seat.cancelled = due, False
                        seat.attempts = len(seat.openings)
            case CampaignPaused() | OpeningsClosed(cell=None):
                for seat in self.seats.values():
                    seat.cancelled |= seat.campaign == campaign and seat.slot is not None
            case OpeningsClosed(cell=cell):
                for seat in self.seats.values():
                    here = seat.campaign == campaign and seat.cell == cell
                    seat.cancelled |= here and seat.slot is not None
            case _:
                pass
        self.campaigns[campaign] = campaigns.evolve(before, event, record.stamp)

    def _enrol(self, before: Campaign, event: ParticipantsEnrolled, record: Recorded) -> None:
        quota = before.outreach.quota
        for n, participant in enumerate(event.participants):
            self.enrolled_at.setdefault(participant, record.commit.at)
            seat = self._seat_of(before.id, participant)
            if seat.ordinal != -1:
                continue
            seat.ordinal = before.enrolled_count + n
            seat.timezone = event.timezones[n] if n < len(event.timezones) else None
            value = event.cells[n] if n < len(event.cells) else None
            if quota and quota.attribute and value in quota.targets:
                seat.cell = value

    def _judge(self, seat: _Seat, campaign: Campaign) -> None:
        """What the campaign as it is now makes of what the seat's lanes say now."""
        quota, values = campaign.outreach.quota, seat.state.values
        if quota and quota.field in values:
            said = cell_name(values[quota.field])
            seat.cell = said if said in quota.targets else seat.cell
        seat.disposition = disposition(seat.state, campaign.extraction_schema, campaign.limits)
        opening = seat.opening
        if seat.slot and opening and opening.due:
            seat.slot = max(seat.slot, opening.due)

    def _seat(self, campaign: str, conversation: str) -> _Seat:
        return self.seats.setdefault(conversation, _Seat(campaign, conversation))

    def _seat_of(self, campaign: str, participant: str) -> _Seat:
        seat = self._seat(campaign, conversation_id(campaign, participant))
        seat.participant = participant
        return seat


def differences(
    records: list[Recorded], checkpoint: int, tables: Mapping[str, list[dict[str, Any]]]
) -> list[str]:
    """Where the tables differ from a fold of the log up to their checkpoint, row by row."""
    expected = tables_of([r for r in records if r.position <= checkpoint])
    found = []
    for table, key in KEYS.items():
        there = {tuple(row[name] for name in key): row for row in tables[table]}
        found += [f"{table} {k}: no such row" for k in expected[table].keys() - there.keys()]
        found += [f"{table} {k}: too many" for k in there.keys() - expected[table].keys()]
        for k in expected[table].keys() & there.keys():
            wrong = {
                name: (value, there[k][name])
                for name, value in expected[table][k].items()
                if there[k][name] != value
            }
            if wrong:
                found.append(f"{table} {k}: (expected, found) {wrong}")
    return found


def tables_of(records: list[Recorded]) -> dict[str, Rows]:
    """The read tables that a log makes, by key."""
    tables = _Tables()
    for record in records:
        tables.fold(record)
    rows = {
        "users": _users(tables),
        "campaigns": _campaigns(tables),
        "conversations": (_conversation(seat) for seat in tables.seats.values()),
        "figures": (_figures(seat) for seat in tables.seats.values()),
        "messages": (row for seat in tables.seats.values() for row in _messages(seat)),
        "outreach_queue": _queue(tables),
    }
    return {t: {tuple(r[n] for n in KEYS[t]): r for r in made} for t, made in rows.items()}


def _users(tables: _Tables) -> Iterator[dict[str, Any]]:
    for participant, at in tables.enrolled_at.items():
        yield {
            "id": participant,
            "first_enrolled_at": at,
            "opted_out": tables.opted_out.get(participant, False),
        }


def _campaigns(tables: _Tables) -> Iterator[dict[str, Any]]:
    for campaign in tables.campaigns.values():
        if not campaign.exists:
            continue
        seats = [s for s in tables.seats.values() if s.campaign == campaign.id]
        statuses = [seat.state.status for seat in seats]
        dispositions = [seat.disposition for seat in seats]
        yield {
            "id": campaign.id,
            "name": campaign.name,
            "research_brief": campaign.research_brief,
            "system_prompt_override": campaign.system_prompt_override,
            "language": campaign.language,
            "timezone": campaign.timezone,
            "opening": campaign.opening and campaign.opening.model_dump(),
            "support_text": campaign.support_text,
            "limits": campaign.limits.model_dump(),
            "keep_media": campaign.keep_media,
            "outreach": campaign.outreach.model_dump(mode="json"),
            "paused_because": campaign.paused_because,
            "paused_code": campaign.paused_code,
            "closed": campaign.closed,
            "closed_cells": sorted(campaign.closed_cells),
            "status": campaign.status,
            "participants": campaign.enrolled_count,
            "created_at": campaign.created_at,
            "launched_at": campaign.launched_at,
            "completed_at": campaign.completed_at,
            **{status.value: statuses.count(status) for status in ConversationStatus},
            "dispositions": {each.value: dispositions.count(each) for each in Disposition},
            "cells": Counter(
                seat.cell for seat in seats if seat.cell and seat.disposition == "completed"
            ),
        }


def _conversation(seat: _Seat) -> dict[str, Any]:
    state = seat.state
    unsent = [m.error for m in state.messages if m.status in {"failed", "suppressed"}]
    failed = state.end_reason is EndReason.SEND_FAILED
    return {
        "id": seat.id,
        "campaign_id": seat.campaign,
        "user_id": seat.participant,
        "ordinal": seat.ordinal,
        "status": state.status,
        "extracted_data": state.values,
        "evidence": {
            name: {
                "state": found.state,
                "value": found.value,
                "quote": found.quote,
                "message_sid": found.message_sid,
            }
            for name, found in state.extractions.items()
        },
        "end_reason": state.end_reason,
        "failure": unsent[0] if failed and unsent else None,
        "turns": state.turns,
        "input_tokens": state.usage.input_tokens,
        "output_tokens": state.usage.output_tokens,
        "cost_usd": state.usage.cost_usd,
        "unpriced": state.usage.unpriced,
        "breaches": state.breaches,
        "fallbacks": state.fallbacks,
        "language": state.language,
        "flag": state.flag,
        "started_at": state.started_at,
        "last_message_at": state.messages[-1].at if state.messages else None,
        "ended_at": state.ended_at,
        "timezone": seat.timezone,
        "cell": seat.cell,
        "disposition": seat.disposition,
        "handed_over": any(m.status == "sending" for m in state.messages),
    }


_SHARED = (
    "campaign_id", "status", "disposition", "timezone", "cell", "handed_over", "ended_at", "turns",
    "input_tokens", "output_tokens", "cost_usd", "unpriced", "breaches", "fallbacks",
)  # fmt: skip


def _figures(seat: _Seat) -> dict[str, Any]:
    """What the statistics are made of."""
    row = _conversation(seat)
    shared = {name: row[name] for name in _SHARED}
    return {"conversation_id": seat.id, **shared, **_timed(seat.state.messages)}


def _timed(messages: Sequence[Message]) -> dict[str, Any]:
    ours = [m for m in messages if m.sender == "agent"]
    taken = [m for m in ours if m.status in _TAKEN]
    heard = [m for m in messages if m.status in _TAKEN or m.sender == "participant"]
    pairs = [(a, b) for a, b in pairwise([None, *heard]) if b and b.sender == "participant"]
    first_of_burst = [(a, b) for a, b in pairs if a is None or a.sender == "agent"]
    waits = [max(0.0, (b.at - (a.gone_at or a.at)).total_seconds()) for a, b in first_of_burst if a]
    failed = [m for m in ours if m.status == "failed"]
    asked = [m.asked for m in messages if m.asked]
    return {
        "contacted_at": (taken[0].gone_at or taken[0].at) if taken else None,
        "answers": len(first_of_burst),
        "first_reply_seconds": waits[0] if waits else None,
        "reply_seconds": median(waits) if waits else None,
        "last_asked": asked[-1] if asked else None,
        "messages_received": len(messages) - len(ours),
        **{f"messages_{s}": sum(m.status == s for m in ours) for s in (*_TAKEN, "failed")},
        "failures": Counter(str(m.error_code or m.error or "unknown") for m in failed),
    }


def _messages(seat: _Seat) -> Iterator[dict[str, Any]]:
    for ordinal, message in enumerate(seat.state.messages):
        yield {
            "conversation_id": seat.id,
            "id": message.id,
            "campaign_id": seat.campaign,
            "position": message.position,
            "ordinal": ordinal,
            "sender": message.sender,
            "kind": message.kind,
            "text": message.text,
            "status": message.status,
            "twilio_sid": message.sid,
            "error": message.error,
            "error_code": message.error_code,
            "media": [item.model_dump() for item in message.media],
            "transcript": message.transcript,
            "created_at": message.at,
        }


def _queue(tables: _Tables) -> Iterator[dict[str, Any]]:
    for seat in tables.seats.values():
        if seat.slot is not None:
            yield {
                "conversation_id": seat.id,
                "campaign_id": seat.campaign,
                "user_id": seat.participant,
                "scheduled_at": seat.slot,
                "status": seat.queue_status,
                "attempts": seat.attempts,
            }
