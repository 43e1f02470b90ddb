"""A message on the log is a commit: the one to few events that one decision produced, together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from meshcore.domain.events import Event


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where and when an event stands.

    Attributes:
        position: its commit's position in the log.
        at: the time that its writer gave it, UTC.
    """

    position: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Commit:
    """What one decision produced, not yet on the log.

    Attributes:
        id: UUIDv7; also the key by which the log drops a repeated publish.
        at: the writer's clock, UTC.
        events: in the order in which they are folded.
        correlation: the commit that began this chain of causes; its own id if it is the first.
        causation: the commit that this one answers.
    """

    id: str
    at: datetime
    events: tuple[Event, ...]
    correlation: str
    causation: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A commit as it stands on the log."""

    position: int
    subject: str
    commit: Commit

    @property
    def stamp(self) -> Stamp:
        """Position and time, as the folds want them."""
        return Stamp(self.position, self.commit.at)
