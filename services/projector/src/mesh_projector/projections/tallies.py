"""The counts in `campaigns`: how many of its conversations have which status and disposition.

And how many completed interviews there are in each cell of its quota.

They change with every conversation, the rest of the row hardly ever, so they are written by
themselves: a count must not rewrite a brief of many pages.
"""

from __future__ import annotations

from collections.abc import Iterator

from mesh_projector.change import TallyChange
from mesh_projector.table import Projection, Row, Table
from meshcore.domain.conversation import ConversationStatus

TABLE = Table(
    "campaigns",
    {
        "id": "uuid",
        **{status.value: "int" for status in ConversationStatus},
        "dispositions": "jsonb",
        "cells": "jsonb",
    },
    inserts=False,
)


def rows(change: TallyChange) -> Iterator[Row]:
    """The campaign's counts."""
    tally = change.tally
    counts = (tally.statuses[status] for status in ConversationStatus)
    yield change.campaign, *counts, tally.dispositions, tally.cells


PROJECTION = Projection(TABLE, TallyChange, rows)
