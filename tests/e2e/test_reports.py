"""A report, from the interviews to what a researcher reads."""

from __future__ import annotations

import httpx

from meshreport.component import check
from tests.e2e.study import Study, eventually


def test_a_report_tells_what_the_interviews_found(study: Study) -> None:
    """Its figures are those of the extractions, its quotations are in the transcripts."""
    phones = study.people(3, "cooperative")
    campaign = study.launch(phones)
    path = f"/campaigns/{campaign}/report"
    assert study.api.get(path).status_code == httpx.codes.NOT_FOUND
    eventually(lambda: study.get(f"/campaigns/{campaign}")["status"] == "completed", "completed")

    asked = study.api.post(path)
    assert asked.status_code == httpx.codes.ACCEPTED
    seen = {"Mesh-Min-Position": asked.headers["Mesh-Position"]}
    eventually(
        lambda: study.api.get(path, headers=seen).status_code == httpx.codes.OK, "it is written"
    )

    report = study.get(path)
    assert (report["id"], report["status"]) == (asked.json()["id"], "written")
    assert report["reasons"] == []
    rows = study.get(f"/campaigns/{campaign}/extractions")["extractions"]
    told = [row["data"]["satisfaction"] for row in rows]
    field = next(f for f in report["data"]["fields"] if f["name"] == "satisfaction")
    assert report["data"]["interviews"] == field["n"] == len(told) == len(phones)
    assert abs(field["mean"] - sum(told) / len(told)) < 1e-4
    assert check(report["tsx"]) == []
    assert report["quotes"]
    for quote in report["quotes"]:
        said = [m for m in study.transcript(quote["conversation_id"]) if m["sender"] != "agent"]
        assert any(m["id"] == quote["message_sid"] and quote["text"] in m["text"] for m in said)

    page = study.api.get(path, params={"format": "html"}).text
    assert report["data"]["title"] in page
    assert "<script" not in page
