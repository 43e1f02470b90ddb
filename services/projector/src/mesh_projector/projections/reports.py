"""`reports`: what was asked for makes a row, what became of it fills it."""

from __future__ import annotations

from collections.abc import Iterator

from mesh_projector.change import ReportChange
from mesh_projector.table import Projection, Row, Table, storable_bigint, storable_int
from meshcore.domain.events import ReportFailed, ReportRequested, ReportWritten

REQUESTED = Table("reports", {"id": "uuid", "campaign_id": "uuid", "requested_at": "timestamptz"})
RESULT = Table(
    "reports",
    {
        "id": "uuid",
        "status": "text",
        "finished_at": "timestamptz",
        "report": "json",
        "reasons": "json",
        "model": "text",
        "model_calls": "int",
        "input_tokens": "bigint",
        "output_tokens": "bigint",
        "cached_tokens": "bigint",
        "cost_usd": "double precision",
    },
    inserts=False,
)


def requests(change: ReportChange) -> Iterator[Row]:
    """The row of a report that was asked for."""
    if isinstance(change.event, ReportRequested):
        yield change.event.report_id, change.campaign, change.at


def results(change: ReportChange) -> Iterator[Row]:
    """What became of it."""
    match change.event:
        case ReportWritten() as event:
            yield _result(event, "written", change)
        case ReportFailed() as event:
            yield _result(event, "failed", change)
        case ReportRequested():
            pass


def _result(event: ReportWritten | ReportFailed, status: str, change: ReportChange) -> Row:
    written = event if isinstance(event, ReportWritten) else None
    return (
        event.report_id,
        status,
        change.at,
        written and written.report,
        event.refused if isinstance(event, ReportWritten) else event.reasons,
        event.model,
        storable_int(event.model_calls),
        storable_bigint(event.input_tokens),
        storable_bigint(event.output_tokens),
        storable_bigint(event.cached_tokens),
        event.cost_usd,
    )


REQUESTS = Projection(REQUESTED, ReportChange, requests)
RESULTS = Projection(RESULT, ReportChange, results)
