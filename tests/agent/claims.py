"""Claims of a model about one message of a participant."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from mesh_agent.evidence import ClaimedExtraction, Known, check
from meshcore.domain.commit import Stamp
from meshcore.domain.conversation import Conversation, evolve
from meshcore.domain.events import ExtractionRecorded
from meshcore.domain.schema import FieldSpec, Rejected
from tests.agent.talks import CAMPAIGN, wrote

WEDNESDAY = datetime(2026, 3, 11, 10, tzinfo=UTC)


def field_of(kind: str, **more: Any) -> FieldSpec:
    """A field of this type."""
    return FieldSpec.model_validate({"type": kind, "description": "d", **more})


NUMBER, INTEGER, DATE = field_of("number"), field_of("integer"), field_of("date")
STRING, LIST, BOOLEAN = field_of("string"), field_of("list"), field_of("boolean")


def told(
    text: str,
    spec: FieldSpec,
    value: object,
    quote: str | None = None,
    language: str | None = "en",
    *,
    timezone: str = "UTC",
    at: datetime = WEDNESDAY,
) -> ExtractionRecorded | Rejected | Known:
    """What becomes of a value that is claimed from a message, the whole of it or a part."""
    campaign = replace(CAMPAIGN, extraction_schema={"f": spec}, timezone=timezone)
    conversation = evolve(Conversation(language=language), wrote(1, text), Stamp(1, at))
    claim = ClaimedExtraction(field="f", value=value, quote=text if quote is None else quote)
    return check(claim.model_copy(update={"message": 1}), campaign, conversation)


def reason(found: ExtractionRecorded | Rejected | Known) -> str:
    """Why a claim was refused."""
    assert isinstance(found, Rejected), found
    return found.reason


def recorded(found: ExtractionRecorded | Rejected | Known) -> ExtractionRecorded:
    """The fact that a claim became."""
    assert isinstance(found, ExtractionRecorded), found
    return found
