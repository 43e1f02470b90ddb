"""Interviews and what they found, for what needs no log."""

from __future__ import annotations

from collections.abc import Mapping

from meshcore.domain.conversation import Extraction
from meshcore.domain.disposition import Disposition
from meshcore.domain.events import FieldState
from meshcore.domain.report import Report
from meshcore.domain.schema import FieldSpec, FieldType, Value
from meshreport.drafts import Material
from meshreport.figures import Interview, Tally
from meshreport.quotes import QuoteSample

SCHEMA = {
    "age_range": FieldSpec(type=FieldType.STRING, description="Age bracket, e.g. 25-34"),
    "satisfaction": FieldSpec(type=FieldType.NUMBER, description="How content, from 1 to 10"),
    "drives": FieldSpec(type=FieldType.BOOLEAN, description="Whether they drive"),
    "fuel": FieldSpec(type=FieldType.ENUM, description="Which", enum=("petrol", "diesel", "gas")),
    "moved": FieldSpec(type=FieldType.DATE, description="When they moved"),
    "brands": FieldSpec(type=FieldType.LIST, description="Brands they know"),
}


def told(value: Value, quote: str = "so it is, I would say") -> Extraction:
    """A value with the words that it was taken from."""
    return Extraction(FieldState.EXTRACTED, value, quote, "SM1")


def untold(state: FieldState) -> Extraction:
    """No value, for this reason."""
    return Extraction(state, None, "I would rather not say", "SM1")


def interview(
    number: int = 0,
    found: Mapping[str, Extraction] | None = None,
    *,
    completed: bool = True,
    **more: Extraction,
) -> Interview:
    """An interview that found this."""
    became = Disposition.COMPLETED if completed else Disposition.BREAKOFF
    extractions = {**(found or {}), **more}
    return Interview(f"c{number}", became, completed, quotable=True, extractions=extractions)


def material(*interviews: Interview) -> Material:
    """What a report over these interviews is made from."""
    tally, sample = Tally(SCHEMA), QuoteSample(SCHEMA)
    for one in interviews:
        tally.add(one)
        sample.add(one)
    counted = Report(
        title="Yas Island",
        summary="",
        interviews=tally.interviews,
        participants=len(interviews),
        statuses=tally.statuses(len(interviews)),
        fields=tally.fields(),
    )
    return Material(counted, sample.quotes(), SCHEMA)
