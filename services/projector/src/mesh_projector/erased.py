"""What an erasure changes: the same conversations, folded again without what was erased."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import takewhile

from mesh_projector.change import Standing, Study
from meshcore.domain.commit import Recorded
from meshcore.domain.conversation import Conversation
from meshcore.domain.quotas import cell_of_values
from meshcore.log import subjects
from meshcore.log.erasures import conversations_erased, owners_erased
from meshcore.log.event_log import Page


def conversations_in(record: Recorded) -> list[subjects.ConversationRef]:
    """The conversations that the commit says are erased; none for any other commit."""
    if not subjects.is_erasure(record.subject):
        return []
    participant = subjects.participant_of(record.subject) or ""
    return list(conversations_erased(participant, record.commit.events))


def owners_in(record: Recorded) -> Iterable[str]:
    """Whose keys are gone by this commit."""
    if not subjects.is_erasure(record.subject):
        return ()
    participant = subjects.participant_of(record.subject) or ""
    return owners_erased(participant, record.commit.events)


def without_words(standing: Standing, study: Study, record: Recorded) -> Standing:
    """The standing, whose state was folded again, as the erasure leaves it.

    Its status and disposition stay. Where the quota is one of a field, the value is gone, and so is
    its place in the quota's count.
    """
    quota = study.outreach.quota
    values = standing.state.values
    cell = cell_of_values(quota, values) if quota and quota.field else standing.cell
    return replace(standing, cell=cell, erased_at=record.commit.at)


def still(before: Standing, state: Conversation) -> datetime | None:
    """When the words were erased of which the state tells; None if there are new ones."""
    return before.erased_at if len(state.messages) == len(before.state.messages) else None


def up_to_erasure(page: Page) -> Page:
    """The page up to the first erasure: what comes behind it may be read with keys that are gone.

    If the page begins with erasures, those. The rest counts as pending.
    """
    kept = list(takewhile(lambda r: not subjects.is_erasure(r.subject), page.records))
    if not kept:
        kept = list(takewhile(lambda r: subjects.is_erasure(r.subject), page.records))
    if len(kept) == len(page.records):
        return page
    end = kept[-1].position
    return Page(
        kept,
        page.pending + len(page.records) - len(kept),
        [each for each in page.unreadable if each.position <= end],
    )
