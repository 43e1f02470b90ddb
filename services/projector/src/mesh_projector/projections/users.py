"""`users`: everybody who was ever enrolled, once, however many campaigns they are in."""

from __future__ import annotations

from collections.abc import Iterator

from mesh_projector.change import PersonChange
from mesh_projector.table import Projection, Row, Table

TABLE = Table(
    "users",
    {"id": "text", "first_enrolled_at": "timestamptz", "opted_out": "boolean"},
)


def rows(change: PersonChange) -> Iterator[Row]:
    """The participant's row; none before the first enrolment, whatever they wrote."""
    person = change.after
    if person.first_enrolled_at:
        yield change.participant, person.first_enrolled_at, person.consent.opted_out


PROJECTION = Projection(TABLE, PersonChange, rows)
