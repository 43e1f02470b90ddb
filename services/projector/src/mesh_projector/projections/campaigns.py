"""`campaigns`: the campaign's own lane. The counts in the same table are kept by `tallies`."""

from __future__ import annotations

from collections.abc import Iterator

from mesh_projector.change import CampaignChange
from mesh_projector.table import Projection, Row, Table, storable_int

TABLE = Table(
    "campaigns",
    {
        "id": "uuid",
        "name": "text",
        "research_brief": "text",
        "extraction_schema": "json",
        "system_prompt_override": "text",
        "language": "text",
        "timezone": "text",
        "opening": "json",
        "support_text": "text",
        "limits": "json",
        "keep_media": "boolean",
        "outreach": "json",
        "paused_because": "text",
        "paused_code": "int",
        "closed": "boolean",
        "closed_cells": "jsonb",
        "status": "text",
        "participants": "int",
        "created_at": "timestamptz",
        "launched_at": "timestamptz",
        "completed_at": "timestamptz",
    },
)


def rows(change: CampaignChange) -> Iterator[Row]:
    """The campaign's row, once it is created."""
    campaign = change.after
    if campaign.exists:
        yield (
            campaign.id,
            campaign.name,
            campaign.research_brief,
            {
                name: spec.model_dump(exclude_none=True)
                for name, spec in campaign.extraction_schema.items()
            },
            campaign.system_prompt_override,
            campaign.language,
            campaign.timezone,
            campaign.opening,
            campaign.support_text,
            campaign.limits,
            campaign.keep_media,
            campaign.outreach,
            campaign.paused_because,
            storable_int(campaign.paused_code),
            campaign.closed,
            sorted(campaign.closed_cells),
            campaign.status,
            campaign.enrolled_count,
            campaign.created_at,
            campaign.launched_at,
            campaign.completed_at,
        )


PROJECTION = Projection(TABLE, CampaignChange, rows)
