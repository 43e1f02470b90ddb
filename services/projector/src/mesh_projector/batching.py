"""What a transaction takes: the commits of a page that can be folded, in parts of bounded size."""

from __future__ import annotations

from collections.abc import Iterator

import structlog

from mesh_projector import metrics
from mesh_projector.foldable import why_unfoldable
from meshcore.domain.commit import Recorded
from meshcore.domain.events import Event, OpeningsPlanned, ParticipantsEnrolled
from meshcore.log import subjects
from meshcore.log.event_log import Page

logger = structlog.get_logger(__name__)

_WEIGHT_PER_BATCH = 10_000
"""Conversations that one transaction may touch; one commit can enrol a thousand."""


def parts(page: Page, limit: int = _WEIGHT_PER_BATCH) -> Iterator[tuple[list[Recorded], int]]:
    """The page in parts that one transaction can hold, each with the position where it ends.

    Erasures have parts of their own.
    """
    records: list[Recorded] = []
    weight = 0
    for record in _foldable(page):
        added = sum(map(_weight, record.commit.events))
        erases = subjects.is_erasure(record.subject)
        differs = bool(records) and erases is not subjects.is_erasure(records[-1].subject)
        if records and (differs or weight + added > limit):
            yield records, records[-1].position
            records, weight = [], 0
        records.append(record)
        weight += added
    if page.end:
        yield records, page.end


def _weight(event: Event) -> int:
    return (
        len(event.participants) if isinstance(event, ParticipantsEnrolled | OpeningsPlanned) else 1
    )


def _foldable(page: Page) -> Iterator[Recorded]:
    """The commits of the page that can be folded. The others must not stop them."""
    for unreadable in page.unreadable:
        _skip(unreadable.position, unreadable.subject, unreadable.reason)
    for record in page.records:
        reason = why_unfoldable(record)
        if reason is None:
            yield record
        else:
            _skip(record.position, record.subject, reason)


def _skip(position: int, subject: str, reason: str) -> None:
    metrics.SKIPPED.inc()
    logger.error("skipped what is not a commit", position=position, subject=subject, reason=reason)
