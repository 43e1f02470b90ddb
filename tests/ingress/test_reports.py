"""Reports over HTTP: asked for once, shown when they are there, and safe to look at."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx

from meshcore.domain.events import ReportFailed, ReportRequested
from meshcore.domain.report import Finding, Quote, Report, ValueCount
from meshcore.ids import new_commit, new_id, now
from meshcore.log import subjects
from meshcore.log.subjects import ReportLane
from tests.ingress.harness import Ground, create_campaign, problem
from tests.ingress.tables import EPOCH, add_campaign

TSX = "export default function Report({ data }) {\n  return <p>{data.summary}</p>;\n}\n"
EVIL = "<script>alert(1)</script>"
REPORT = Report(
    title="Yas & Island",
    summary=EVIL,
    interviews=2,
    participants=3,
    statuses=(ValueCount(value=EVIL, n=2, share=0.6667),),
    findings=(
        Finding(
            title="Content",
            text="The mean is 7.5.",
            quotes=(Quote(text=EVIL, field="f", conversation_id="c", message_sid="SM1"),),
        ),
    ),
    tsx=TSX,
)


async def add_report(
    database: asyncpg.Connection, campaign: str, status: str = "written", **fields: Any
) -> str:
    """Puts a report into its table, as the projector would."""
    report_id = new_id()
    report = REPORT.model_dump_json() if status == "written" else None
    await database.execute(
        "INSERT INTO reports (id, campaign_id, requested_at, status, finished_at, report, reasons)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        report_id,
        campaign,
        fields.get("requested_at", EPOCH),
        status,
        None if status == "requested" else EPOCH,
        report,
        json.dumps(fields.get("reasons", [])),
    )
    return report_id


async def requests(ground: Ground, campaign: str) -> list[ReportRequested]:
    """What stands on the lane of requests."""
    records = await ground.log.load(subjects.report_lane(campaign, ReportLane.REQUEST))
    return [e for r in records for e in r.commit.events if isinstance(e, ReportRequested)]


async def test_asking_for_a_report_puts_the_request_on_the_log(
    lonely_client: httpx.AsyncClient, ground: Ground
) -> None:
    """It needs no PostgreSQL."""
    campaign = (await create_campaign(lonely_client, "+971501112233"))["id"]
    answer = await lonely_client.post(f"/campaigns/{campaign}/report")
    assert answer.status_code == httpx.codes.ACCEPTED
    assert answer.headers["Location"] == f"/campaigns/{campaign}/report"
    assert int(answer.headers["Mesh-Position"]) > 0
    [asked] = await requests(ground, campaign)
    assert answer.json()["id"] == asked.report_id
    assert answer.json()["status"] == "requested"


async def test_one_report_is_written_at_a_time(client: httpx.AsyncClient, ground: Ground) -> None:
    """Whoever asks meanwhile is told of that one; after its end a new one is begun."""
    campaign = (await create_campaign(client))["id"]
    path = f"/campaigns/{campaign}/report"
    answers = await asyncio.gather(*(client.post(path) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {httpx.codes.ACCEPTED}
    [first] = {answer.json()["id"] for answer in answers}
    assert len(await requests(ground, campaign)) == 1
    failed = ReportFailed(report_id=first, reasons=("nothing yet",))
    lane = subjects.report_lane(campaign, ReportLane.RESULT)
    await ground.log.append(lane, new_commit([failed], now()))
    assert (await client.post(path)).json()["id"] != first


async def test_a_campaign_that_is_not_there_has_no_reports(client: httpx.AsyncClient) -> None:
    """Neither to ask for nor to see."""
    path = f"/campaigns/{uuid4()}/report"
    problem(await client.post(path), 404, "unknown-campaign")
    problem(await client.get(path), 404, "unknown-campaign")
    problem(await client.post("/campaigns/nonsense/report"), 422, "invalid-request")


async def test_before_anybody_asked_there_is_none(client: httpx.AsyncClient) -> None:
    """The problem says how to get one."""
    campaign = (await create_campaign(client))["id"]
    told = problem(await client.get(f"/campaigns/{campaign}/report"), 404, "no-report")
    assert "POST" in told["detail"]


async def test_the_latest_report_is_shown(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """With what its component is given, the component, and where its quotations stand."""
    campaign = await add_campaign(database)
    await add_report(database, campaign, "failed")
    wanted = await add_report(
        database, campaign, requested_at=EPOCH + timedelta(hours=1), reasons=["finding 2: no"]
    )
    answer = await client.get(f"/campaigns/{campaign}/report")
    assert answer.status_code == httpx.codes.OK
    shown = answer.json()
    assert (shown["id"], shown["status"], shown["tsx"]) == (wanted, "written", TSX)
    assert shown["reasons"] == ["finding 2: no"]
    assert shown["data"]["findings"][0]["quotes"] == [{"text": EVIL}]
    assert shown["quotes"][0]["conversation_id"] == "c"
    assert "tsx" not in shown["data"]


async def test_a_report_that_is_being_written_says_so(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """With 202, and when to look again; also as a page."""
    campaign = await add_campaign(database)
    await add_report(database, campaign, "requested")
    path = f"/campaigns/{campaign}/report"
    shown, page = await client.get(path), await client.get(f"{path}?format=html")
    assert {shown.status_code, page.status_code} == {httpx.codes.ACCEPTED}
    assert {shown.headers["Retry-After"], page.headers["Retry-After"]} == {"5"}
    assert shown.json()["status"] == "requested"
    assert "being written" in page.text


async def test_a_report_that_failed_says_why(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """In both forms."""
    campaign = await add_campaign(database)
    await add_report(database, campaign, "failed", reasons=["no interview <yet>"])
    shown = (await client.get(f"/campaigns/{campaign}/report")).json()
    assert (shown["status"], shown["reasons"]) == ("failed", ["no interview <yet>"])
    page = (await client.get(f"/campaigns/{campaign}/report?format=html")).text
    assert "no interview &lt;yet&gt;" in page


async def test_the_page_runs_nothing_and_escapes_every_word(
    client: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """Whatever was said, and by whom."""
    campaign = await add_campaign(database)
    await add_report(database, campaign, reasons=[EVIL])
    answer = await client.get(f"/campaigns/{campaign}/report?format=html")
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "<script" not in answer.text
    assert answer.text.count("&lt;script&gt;") == 4
    assert "<h1>Yas &amp; Island</h1>" in answer.text
    assert "width:67%" in answer.text


async def test_another_form_is_refused(client: httpx.AsyncClient) -> None:
    """JSON and HTML there are."""
    answer = await client.get(f"/campaigns/{uuid4()}/report?format=pdf")
    problem(answer, 422, "invalid-request")
