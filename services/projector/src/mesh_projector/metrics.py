"""The projector's metrics."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

POSITION = Gauge("mesh_projector_position", "Position of the log up to which the read tables stand")
LAG = Gauge("mesh_projector_lag_commits", "Commits on the log behind that position")
EVENTS = Counter("mesh_projector_events_total", "Events folded into the read tables")
SKIPPED = Counter("mesh_projector_skipped_total", "Messages on the log that could not be folded")
LEADER = Gauge("mesh_projector_leader", "1 while this process writes the read tables, 0 in standby")
