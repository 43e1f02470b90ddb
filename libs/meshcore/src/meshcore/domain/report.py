"""What a report says, and how far a campaign's reports are.

The figures are counted by code (`meshreport.figures`); the model writes the findings around them
and a component that shows them. A report is derived: it can be thrown away and asked for again.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from meshcore.domain.schema import FieldType


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class ValueCount(_Part):
    """How many gave a value."""

    value: str = Field(description="The value as it is shown.")
    n: int = Field(description="How many interviews.")
    share: float = Field(description="Of those that have a value: from 0 to 1.")


class FieldFigures(_Part):
    """What the completed interviews say about one field.

    `n`, `missing`, `vague` and `refused` add up to the number of interviews.
    """

    name: str
    description: str
    type: FieldType
    n: int = Field(description="How many interviews have a value.")
    missing: int = Field(description="How many say nothing about it.")
    vague: int = Field(description="How many only have a vague answer.")
    refused: int = Field(description="How many participants did not want to answer.")
    mean: float | None = Field(default=None, description="Of numbers.")
    median: float | None = Field(default=None, description="Of numbers.")
    q1: float | None = Field(default=None, description="The lower quartile of numbers.")
    q3: float | None = Field(default=None, description="The upper quartile of numbers.")
    min: float | str | None = Field(default=None, description="The smallest number, first date.")
    max: float | str | None = Field(default=None, description="The largest number, last date.")
    counts: tuple[ValueCount, ...] = Field(
        default=(), description="The values and how often they were given, the most frequent first."
    )
    other: int = Field(default=0, description="How often values were given that are not listed.")


class Quote(_Part):
    """A participant's literal words, and where they stand."""

    text: str
    field: str = Field(description="The field that they are about.")
    conversation_id: str
    message_sid: str


class Finding(_Part):
    """One thing that the interviews show. The figures in it were put in by code."""

    title: str
    text: str
    quotes: tuple[Quote, ...] = ()


class Report(_Part):
    """A report over a campaign's completed interviews.

    `tsx` is a React component, `export default function Report({ data })`, that was checked; None
    where the model wrote none that may be run.
    """

    title: str
    summary: str
    interviews: int = Field(description="How many completed interviews it is about.")
    participants: int = Field(description="How many people are enrolled.")
    statuses: tuple[ValueCount, ...] = Field(
        default=(), description="What became of everybody, by disposition."
    )
    fields: tuple[FieldFigures, ...] = ()
    findings: tuple[Finding, ...] = ()
    tsx: str | None = None


def data_of(report: Report) -> dict[str, object]:
    """What the component is given as `data`: everything but itself and the places of quotations."""
    data = report.model_dump(mode="json", exclude={"tsx"})
    for finding in data["findings"]:
        finding["quotes"] = [{"text": quote["text"]} for quote in finding["quotes"]]
    return data
