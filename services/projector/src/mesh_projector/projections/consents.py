"""`consents`: who opted out or in again, enrolled or not.

Nobody queries it but the projector: an opt-out that comes before the first enrolment waits here for
its row in `users`.
"""

from __future__ import annotations

from collections.abc import Iterator

from mesh_projector.change import PersonChange
from mesh_projector.table import Projection, Row, Table

TABLE = Table("consents", {"participant": "text", "opted_out": "boolean"})


def rows(change: PersonChange) -> Iterator[Row]:
    """What the participant said last."""
    if change.after.consent != change.before.consent:
        yield change.participant, change.after.consent.opted_out


PROJECTION = Projection(TABLE, PersonChange, rows)
