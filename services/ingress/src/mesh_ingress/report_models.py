"""What the API answers about reports."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from meshcore.domain.report import Quote, Report, data_of

_CAMPAIGN = "01a1b2c3-0000-7000-8000-000000000001"
_ID = "01a1b2c3-0000-7000-8000-00000000000a"
_QUOTE = {
    "text": "a solid 8, I'd say",
    "field": "satisfaction",
    "conversation_id": "5e0c6a52-8a55-5bb1-8b6c-2a1a35a1c001",
    "message_sid": "SM00000000000000000000000000000001",
}
_REPORT: dict[str, Any] = {
    "title": "Refuelling on Yas Island",
    "summary": "Two of three interviews were held to their end.",
    "interviews": 2,
    "participants": 3,
    "statuses": [{"value": "completed", "n": 2, "share": 0.6667}],
    "fields": [
        {
            "name": "satisfaction",
            "description": "1-10 satisfaction with current fueling options",
            "type": "number",
            "n": 2,
            "missing": 0,
            "vague": 0,
            "refused": 0,
            "mean": 7.5,
            "median": 7.5,
            "q1": 7.25,
            "q3": 7.75,
            "min": 7.0,
            "max": 8.0,
            "counts": [
                {"value": "7", "n": 1, "share": 0.5},
                {"value": "8", "n": 1, "share": 0.5},
            ],
            "other": 0,
        }
    ],
    "findings": [{"title": "People are content", "text": "The mean is 7.5.", "quotes": [_QUOTE]}],
    "tsx": "export default function Report({ data }) {\n  return <p>{data.summary}</p>;\n}\n",
}
REQUESTED: dict[str, Any] = {
    "id": _ID,
    "campaign_id": _CAMPAIGN,
    "status": "requested",
    "requested_at": "2026-01-15T10:00:00Z",
}
WRITTEN: dict[str, Any] = {
    **REQUESTED,
    "status": "written",
    "finished_at": "2026-01-15T10:00:31Z",
    "data": data_of(Report.model_validate(_REPORT)),
    "tsx": _REPORT["tsx"],
    "quotes": [_QUOTE],
    "reasons": [],
    "model": "gemini-2.5-flash",
    "model_calls": 1,
    "input_tokens": 4_210,
    "output_tokens": 2_034,
    "cached_tokens": 0,
    "cost_usd": 0.0063,
}


class RequestedReport(BaseModel):
    """A report that is to be written."""

    model_config = ConfigDict(json_schema_extra={"example": REQUESTED})

    id: str
    campaign_id: str
    status: Literal["requested"] = "requested"
    requested_at: datetime


class CampaignReport(BaseModel):
    """The latest report of a campaign, and how far it is."""

    model_config = ConfigDict(json_schema_extra={"example": WRITTEN})

    id: str
    campaign_id: str
    status: Literal["requested", "written", "failed"] = Field(
        description="Requested: it is still to be written. Failed: `reasons` say why."
    )
    requested_at: datetime
    finished_at: datetime | None = None
    data: dict[str, Any] | None = Field(
        default=None, description="Texts and figures; what the component is given as `data`."
    )
    tsx: str | None = Field(
        default=None,
        description="A React component that was checked: `export default function Report({ data })`"
        ". Null where the model wrote none that may be run.",
    )
    quotes: list[Quote] = Field(default=[], description="Where the words stand that are quoted.")
    reasons: list[str] = Field(
        default=[],
        description="What of the model's answers was left out, or why there is no report.",
    )
    model: str | None = None
    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cost_usd: float | None = Field(default=None, description="Null where no price is known.")

    def filled(self, report: Report) -> CampaignReport:
        """With what was written."""
        quotes = [quote for finding in report.findings for quote in finding.quotes]
        return self.model_copy(
            update={"data": data_of(report), "tsx": report.tsx, "quotes": quotes}
        )
