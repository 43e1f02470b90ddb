"""The registry: one module for each projection, one line here. They are written in this order."""

from __future__ import annotations

from typing import Any

from mesh_projector.projections import (
    campaigns,
    consents,
    conversations,
    figures,
    messages,
    outreach_queue,
    reports,
    tallies,
    users,
)
from mesh_projector.table import Projection

PROJECTIONS: tuple[Projection[Any], ...] = (
    users.PROJECTION,
    consents.PROJECTION,
    campaigns.PROJECTION,
    tallies.PROJECTION,
    conversations.PROJECTION,
    figures.PROJECTION,
    messages.PROJECTION,
    outreach_queue.PROJECTION,
    reports.REQUESTS,
    reports.RESULTS,
)
