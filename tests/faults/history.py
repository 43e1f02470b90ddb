"""What happened, seen from outside: the log, the simulated WhatsApp's record and the read tables.

And what follows from the log alone: its folds, and where each fact stands on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from meshcore.domain import campaign as campaigns
from meshcore.domain import conversation as conversations
from meshcore.domain.campaign import Campaign
from meshcore.domain.commit import Recorded, Stamp
from meshcore.domain.conversation import Conversation
from meshcore.domain.events import (
    Event,
    MessageComposed,
    MessageReceived,
    MessageSent,
    OptOutSource,
    ParticipantOptedIn,
    ParticipantOptedOut,
    SendStarted,
    TurnTaken,
    UnroutedMessageReceived,
)
from meshcore.domain.participant import conversation_id
from meshcore.log import subjects

Tables = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class History:
    """Everything that is known from outside.

    Attributes:
        records: the whole log, in order.
        entries: the simulated WhatsApp's record, in order.
        tables: the rows of each read table, read in one snapshot.
        checkpoint: the position up to which the tables claim to be the fold of the log.
        parked: ids of the dead letters.
        at: when all this was read, by the log's clock.
    """

    records: list[Recorded]
    entries: list[dict[str, Any]]
    tables: Tables
    checkpoint: int
    parked: list[str]
    at: datetime


@dataclass
class Talk:
    """One conversation as the log tells of it."""

    campaign: str
    id: str
    participant: str | None = None
    state: Conversation = field(default_factory=Conversation)


@dataclass(frozen=True)
class Said:
    """One word of a participant about being written to.

    `by_webhook` is False where only the model understood it as an opt-out.
    """

    position: int
    opted_out: bool
    message_sid: str | None
    message_position: int | None
    by_webhook: bool


@dataclass
class Facts:
    """What the log says, by the ids under which it says it. Positions are those of the log.

    Attributes:
        talks: conversations that have begun or whose participant is enrolled, by id.
        campaigns: campaigns, by id.
        places: where a participant's message stands: MessageSid to conversations (or lanes).
        turns: what was answered, turn by turn: position, conversation, MessageSids.
        composed: message id to position, conversation and event.
        started: message id to the positions of its `send_started`.
        sids: message id to the MessageSids that the log gives it.
        consents: participant to what they said about being written to.
    """

    talks: dict[str, Talk] = field(default_factory=dict)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    places: dict[str, dict[str, int]] = field(default_factory=dict)
    turns: list[tuple[int, str, tuple[str, ...]]] = field(default_factory=list)
    composed: dict[str, tuple[int, str, MessageComposed]] = field(default_factory=dict)
    started: dict[str, list[int]] = field(default_factory=dict)
    sids: dict[str, set[str]] = field(default_factory=dict)
    consents: dict[str, list[Said]] = field(default_factory=dict)

    def note(self, record: Recorded) -> None:
        """Takes one commit down."""
        ref = subjects.conversation_of(record.subject)
        campaign = subjects.campaign_of(record.subject)
        participant = subjects.participant_of(record.subject)
        for event in record.commit.events:
            if ref:
                self._in_conversation(ref, event, record.stamp)
            elif campaign:
                state = self.campaigns.get(campaign) or Campaign(campaign)
                self.campaigns[campaign] = campaigns.evolve(state, event, record.stamp)
            elif participant:
                self._of_participant(participant, event, record)

    def _in_conversation(self, ref: subjects.ConversationRef, event: Event, stamp: Stamp) -> None:
        talk = self.talks.setdefault(ref.conversation, Talk(ref.campaign, ref.conversation))
        talk.state = conversations.evolve(talk.state, event, stamp)
        talk.participant = talk.state.participant or talk.participant
        match event:
            case MessageReceived():
                self._place(event.message_sid, talk.id, stamp.position)
            case TurnTaken():
                self.turns.append((stamp.position, talk.id, event.answers))
            case MessageComposed():
                self.composed.setdefault(event.message_id, (stamp.position, talk.id, event))
            case SendStarted():
                self.started.setdefault(event.message_id, []).append(stamp.position)
            case MessageSent():
                self.sids.setdefault(event.message_id, set()).add(event.message_sid)
            case _:
                pass

    def _of_participant(self, participant: str, event: Event, record: Recorded) -> None:
        match event:
            case UnroutedMessageReceived():
                self._place(event.message_sid, record.subject, record.position)
            case ParticipantOptedOut() | ParticipantOptedIn():
                out = isinstance(event, ParticipantOptedOut)
                source = event.source if isinstance(event, ParticipantOptedOut) else None
                by_webhook = source is not OptOutSource.MODEL
                sid, position = event.message_sid, event.message_position
                said = Said(record.position, out, sid, position, by_webhook)
                self.consents.setdefault(participant, []).append(said)
            case _:
                pass

    def _place(self, sid: str, place: str, position: int) -> None:
        self.places.setdefault(sid, {}).setdefault(place, position)

    def expected_talks(self) -> Iterator[tuple[Campaign, str, Talk]]:
        """Every participant enrolled anywhere, with the conversation that is theirs."""
        for campaign in self.campaigns.values():
            for participant in campaign.participants():
                conversation = conversation_id(campaign.id, participant)
                talk = self.talks.get(conversation) or Talk(campaign.id, conversation, participant)
                yield campaign, participant, talk


def facts_of(records: list[Recorded]) -> Facts:
    """What a log says."""
    facts = Facts()
    for record in records:
        facts.note(record)
    return facts


@dataclass(frozen=True)
class Handover:
    """A message that Twilio took: which of ours, when it came in, and under which SID."""

    n: int
    message_id: str
    sid: str
    came_at: float
    accepted_at: float


def handovers(entries: list[dict[str, Any]]) -> list[Handover]:
    """The messages that Twilio took, in the order in which it took them."""
    return [
        Handover(
            n=entry["n"],
            message_id=_message_of(entry["status_callback"]),
            sid=entry["sid"],
            came_at=entry.get("came_at", entry["at"]),
            accepted_at=entry["at"],
        )
        for entry in entries
        if entry["kind"] == "create_accepted"
    ]


def _message_of(status_callback: str) -> str:
    return parse_qs(urlsplit(status_callback).query)["message"][0]


def answered(entries: list[dict[str, Any]]) -> dict[str, float]:
    """MessageSid to when its webhook was first answered with 2xx."""
    found: dict[str, float] = {}
    for entry in entries:
        if entry["kind"] == "inbound" and entry["http_status"] in range(200, 300):
            at = entry.get("answered_at", entry["at"])
            found[entry["sid"]] = min(at, found.get(entry["sid"], at))
    return found
