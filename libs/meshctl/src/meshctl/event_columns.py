"""The columns of an export of events. docs/events.md promises them."""

from __future__ import annotations

from dataclasses import replace

from meshtables.table import Column, Kind

_ABOUT = (
    Column("position", Kind.INTEGER, "Of the event's commit on the log: the log's order."),
    Column("ordinal", Kind.INTEGER, "The event's place within its commit, from 0."),
    Column("time", Kind.TIME, "When its writer decided it (UTC)."),
    Column("stored_at", Kind.TIME, "When the log's server took it (UTC)."),
    Column("type", Kind.TEXT, "The event's name, as below."),
    Column("version", Kind.INTEGER, "Of the payload. Old ones are brought up to date on export."),
    Column("lane", Kind.TEXT, "Where it stands."),
    Column("campaign", Kind.TEXT, "The campaign; empty for what participants do outside of one."),
    Column("conversation", Kind.TEXT, "The conversation, on its four lanes."),
    Column("participant", Kind.TEXT, "Where the event names one; the same in every campaign."),
    Column("source", Kind.TEXT, "The service that wrote it."),
    Column("commit", Kind.TEXT, "Events of one decision share it."),
    Column("correlation", Kind.TEXT, "The commit that began this chain of causes."),
    Column("causation", Kind.TEXT, "The commit that this one answers."),
    Column("data", Kind.JSON, "The payload as JSON. A field that is left out has its default."),
)

COLUMNS = tuple(replace(column, plain=column.kind is Kind.TEXT) for column in _ABOUT)
"""What people write stands in `data` only, and JSON begins no formula."""
