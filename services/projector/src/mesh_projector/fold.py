"""The fold behind the read tables: one commit in, what it changes out. No I/O.

The states that a commit needs must be there before it is folded: `mesh_projector.recall` brings
them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, repeat

from mesh_projector import erased, report_changes
from mesh_projector.change import (
    UNENROLLED,
    CampaignChange,
    Change,
    ConversationChange,
    Person,
    PersonChange,
    Slot,
    Standing,
    Study,
    Tally,
    TallyChange,
)
from mesh_projector.recent import Recent
from meshcore.domain import campaign as campaigns
from meshcore.domain import conversation as conversations
from meshcore.domain import participant as participants
from meshcore.domain.campaign import Campaign
from meshcore.domain.changing import replace
from meshcore.domain.commit import Recorded
from meshcore.domain.conversation import Conversation, ConversationStatus
from meshcore.domain.disposition import Disposition, disposition
from meshcore.domain.events import (
    CampaignPaused,
    OpeningsClosed,
    OpeningsPlanned,
    ParticipantsEnrolled,
)
from meshcore.domain.participant import conversation_id
from meshcore.domain.quotas import cell_of_attribute, cell_of_values
from meshcore.log import subjects

_MESSAGES_KEPT = 150_000
"""How many messages (and conversations) stay in memory: about 100 MB."""
_PARTICIPANTS_KEPT = 500_000
"""How many participants of campaigns stay in memory: about 50 MB."""

UNDER_WAY = (ConversationStatus.OUTREACH_SENT, ConversationStatus.ACTIVE)
EMPTY_TALLY = Tally(dict.fromkeys(ConversationStatus, 0), dict.fromkeys(Disposition, 0), {})
_UNKNOWN = Study()


def _messages_in(standing: Standing) -> int:
    return 1 + len(standing.state.messages)


def _participants_in(campaign: Campaign) -> int:
    return 1 + campaign.enrolled_count


@dataclass
class Fold:
    """The states as of the last commit folded.

    Attributes:
        standings: conversations, by id.
        campaigns: campaigns, by id.
        tallies: of every campaign seen since the start.
        studies: what the same campaigns say of how their conversations count.
        people: participants whom the batch in hand tells about.
        scheduled: conversations with a slot, by campaign, that the batch in hand may cancel.
    """

    standings: Recent[Standing] = field(
        default_factory=lambda: Recent(_messages_in, _MESSAGES_KEPT)
    )
    campaigns: Recent[Campaign] = field(
        default_factory=lambda: Recent(_participants_in, _PARTICIPANTS_KEPT)
    )
    tallies: dict[str, Tally] = field(default_factory=dict)
    studies: dict[str, Study] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    scheduled: dict[str, dict[str, None]] = field(default_factory=dict)

    def apply(self, record: Recorded) -> list[Change]:
        """Folds a commit that is `foldable` and returns what it changed."""
        if ref := subjects.conversation_of(record.subject):
            return list(self._conversation(ref, record))
        if campaign := subjects.campaign_of(record.subject):
            return list(self._campaign(campaign, record))
        if participant := subjects.participant_of(record.subject):
            return [*self._consent(participant, record), *self._erase(record)]
        if campaign := subjects.campaign_of_report(record.subject):
            return list(report_changes.changes_of(campaign, record))
        return []

    def forget_batch(self) -> None:
        """Ends a batch: lets go of what only it needed, and of what is over the limits."""
        self.people.clear()
        self.scheduled.clear()
        self.standings.trim()
        self.campaigns.trim()

    def _conversation(self, ref: subjects.ConversationRef, record: Recorded) -> Iterator[Change]:
        before = self.standings.get(ref.conversation) or Standing(ref.campaign, ref.conversation)
        if before.campaign != ref.campaign:
            return  # the id belongs to the campaign that used it first
        state = evolve(before.state, record)
        study = self.studies.get(ref.campaign, _UNKNOWN)
        after = replace(
            before,
            participant=before.participant or _owner(ref, state),
            cell=cell_of_values(study.outreach.quota, state.values) or before.cell,
            disposition=disposition(state, study.schema, study.limits),
            erased_at=erased.still(before, state),
            state=state,
        )
        yield from self._move(_at_its_slot(after), record.commit.at)

    def _erase(self, record: Recorded) -> Iterator[Change]:
        for ref in erased.conversations_in(record):
            before = self.standings.get(ref.conversation)
            if before and before.campaign == ref.campaign:
                study = self.studies.get(ref.campaign, _UNKNOWN)
                after = erased.without_words(before, study, record)
                yield from self._move(after, record.commit.at, anew=True)

    def _campaign(self, campaign_id: str, record: Recorded) -> Iterator[Change]:
        before = after = self.campaigns.get(campaign_id) or Campaign(campaign_id)
        for event in record.commit.events:
            match event:
                case ParticipantsEnrolled():
                    yield from self._enrol(after, event, record.commit.at)
                case OpeningsPlanned():
                    yield from self._plan(campaign_id, event, record.commit.at)
                case CampaignPaused():
                    yield from self._cancel(campaign_id, None, record.commit.at)
                case OpeningsClosed(cell=cell):
                    yield from self._cancel(campaign_id, cell, record.commit.at)
                case _:
                    pass
            after = campaigns.evolve(after, event, record.stamp)
        self.campaigns.put(campaign_id, after)
        self.studies[campaign_id] = Study(after.extraction_schema, after.limits, after.outreach)
        yield CampaignChange(before, after)
        if after.exists and not before.exists:
            yield TallyChange(campaign_id, self.tallies.get(campaign_id, EMPTY_TALLY))

    def _enrol(
        self, campaign: Campaign, event: ParticipantsEnrolled, at: datetime
    ) -> Iterator[Change]:
        zones, values = chain(event.timezones, repeat(None)), chain(event.cells, repeat(None))
        rows = zip(event.participants, zones, values, strict=False)
        for ordinal, (participant, timezone, value) in enumerate(rows, campaign.enrolled_count):
            standing = self._of_participant(campaign.id, participant)
            if standing and standing.ordinal == UNENROLLED:
                cell = cell_of_attribute(campaign.outreach.quota, value) or standing.cell
                enrolled = replace(standing, ordinal=ordinal, timezone=timezone, cell=cell)
                yield from self._move(enrolled, at)
            person = self.people.get(participant, Person())
            if person.first_enrolled_at is None:
                yield from self._tell(participant, replace(person, first_enrolled_at=at))

    def _plan(self, campaign_id: str, event: OpeningsPlanned, at: datetime) -> Iterator[Change]:
        for participant, due in zip(event.participants, event.slots, strict=False):
            standing = self._of_participant(campaign_id, participant)
            if standing and (standing.opening is None or standing.state.reopenable):
                slot = Slot(due, attempts=standing.attempts)
                yield from self._move(replace(standing, slot=slot), at)
                self.scheduled.setdefault(campaign_id, {})[standing.id] = None

    def _cancel(self, campaign_id: str, cell: str | None, at: datetime) -> Iterator[Change]:
        """Voids what is scheduled, in a cell of the quota or (None) at all."""
        for conversation in self.scheduled.get(campaign_id, ()):
            standing = self.standings.get(conversation)
            if standing is None or cell not in {None, standing.cell}:
                continue
            if standing.slot and not standing.slot.cancelled and not standing.opening:
                slot = replace(standing.slot, cancelled=True)
                yield from self._move(replace(standing, slot=slot), at)

    def _consent(self, participant: str, record: Recorded) -> Iterator[Change]:
        person = self.people.get(participant, Person())
        consent = person.consent
        for event in record.commit.events:
            consent = participants.evolve(consent, event)
        yield from self._tell(participant, replace(person, consent=consent))

    def _of_participant(self, campaign_id: str, participant: str) -> Standing | None:
        """The participant's conversation in the campaign; None if another campaign holds its id."""
        conversation = conversation_id(campaign_id, participant)
        standing = self.standings.get(conversation) or Standing(campaign_id, conversation)
        if standing.campaign != campaign_id:
            return None
        return replace(standing, participant=participant)

    def _move(self, after: Standing, at: datetime, *, anew: bool = False) -> Iterator[Change]:
        before = self.standings.get(after.id)
        if before == after and not anew:
            return
        self.standings.put(after.id, after)
        yield ConversationChange(None if anew else before, after, at)
        if before is None or before.counts_as != after.counts_as:
            tally = self.tallies.get(after.campaign, EMPTY_TALLY)
            tally = _counted(_counted(tally, before, -1), after, 1)
            self.tallies[after.campaign] = tally
            yield TallyChange(after.campaign, tally)

    def _tell(self, participant: str, after: Person) -> Iterator[Change]:
        before = self.people.get(participant, Person())
        self.people[participant] = after
        if before != after:
            yield PersonChange(participant, before, after)


def evolve(state: Conversation, record: Recorded) -> Conversation:
    """Folds a commit of a conversation's lanes."""
    for event in record.commit.events:
        state = conversations.evolve(state, event, record.stamp)
    return state


def _at_its_slot(standing: Standing) -> Standing:
    """The standing, with the later slot if its opening was given one."""
    slot, message = standing.slot, standing.opening_message
    if slot and message and message.due and message.due > slot.due:
        return replace(standing, slot=replace(slot, due=message.due))
    return standing


def _counted(tally: Tally, standing: Standing | None, times: int) -> Tally:
    """The tally with a standing counted in, or (-1 times) out."""
    if standing is None:
        return tally
    status, came_to, cell = standing.counts_as
    cells = tally.cells
    if cell is not None:
        cells = {**cells, cell: cells.get(cell, 0) + times}
    return Tally(
        {**tally.statuses, status: tally.statuses[status] + times},
        {**tally.dispositions, came_to: tally.dispositions[came_to] + times},
        {name: count for name, count in cells.items() if count},
    )


def _owner(ref: subjects.ConversationRef, state: Conversation) -> str | None:
    """Whose conversation it is by its own events, which must fit its id."""
    named = state.participant
    return named if named and conversation_id(ref.campaign, named) == ref.conversation else None


def is_quiet(tally: Tally) -> bool:
    """Whether no conversation is under way any more, or yet."""
    return not any(tally.statuses[status] for status in UNDER_WAY)
