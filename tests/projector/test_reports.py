"""The table of reports: a request makes a row, what became of it fills it."""

from __future__ import annotations

from meshcore.domain.events import ReportFailed, ReportRequested, ReportWritten
from meshcore.domain.report import Report
from meshcore.log import subjects
from meshcore.log.subjects import ReportLane
from meshcore.service import Shell
from tests.projector.histories import Pen, append
from tests.projector.tables import projected, projecting, reached, snapshot

REPORT = Report(title="Yas Island", summary="So it \x00is.", interviews=2, participants=3)


def _asked(pen: Pen, campaign: str, report_id: str) -> None:
    lane = subjects.report_lane(campaign, ReportLane.REQUEST)
    pen.write(lane, ReportRequested(report_id=report_id))


def _ended(pen: Pen, campaign: str, event: ReportWritten | ReportFailed) -> None:
    pen.write(subjects.report_lane(campaign, ReportLane.RESULT), event)


async def test_reports_show_what_became_of_them(shell: Shell, database: str) -> None:
    """Written with its contents and what was left out, failed with the reasons, or asked for."""
    pen = Pen()
    campaign, written, failed, asked = (pen.id() for _ in range(4))
    _asked(pen, campaign, written)
    done = ReportWritten(
        report_id=written, report=REPORT, refused=("no",), model="m", model_calls=2, cost_usd=0.1
    )
    _ended(pen, campaign, done)
    _asked(pen, campaign, failed)
    _ended(pen, campaign, ReportFailed(report_id=failed, reasons=("nothing yet",)))
    _asked(pen, campaign, asked)
    rows = (await projected(shell, database, await append(shell, pen.written)))["reports"]
    found = {row["id"]: row for row in rows}
    assert {row["campaign_id"] for row in rows} == {campaign}
    assert {key: row["status"] for key, row in found.items()} == {
        written: "written",
        failed: "failed",
        asked: "requested",
    }
    assert found[written]["report"]["title"] == "Yas Island"
    assert found[written]["report"]["summary"] == "So it \ufffdis."
    assert (found[written]["reasons"], found[written]["cost_usd"]) == (["no"], 0.1)
    assert found[failed]["reasons"] == ["nothing yet"]
    assert found[asked]["finished_at"] is None


async def test_what_no_service_writes_does_not_stop_the_projector(
    shell: Shell, database: str
) -> None:
    """A report without a usable id is skipped; a result without a request makes no row."""
    pen = Pen()
    campaign, good = pen.id(), pen.id()
    _asked(pen, campaign, "no uuid")
    _asked(pen, "no-uuid", pen.id())
    _ended(pen, campaign, ReportFailed(report_id=pen.id(), reasons=()))
    _asked(pen, campaign, good)
    rows = (await projected(shell, database, await append(shell, pen.written)))["reports"]
    assert [row["id"] for row in rows] == [good]


async def test_the_table_is_the_same_however_the_log_is_cut_into_batches(
    shell: Shell, database: str, second_database: str
) -> None:
    """Also where a result comes in another batch than its request."""
    pen = Pen()
    campaign = pen.id()
    for _ in range(3):
        report_id = pen.id()
        _asked(pen, campaign, report_id)
        _ended(pen, campaign, ReportWritten(report_id=report_id, report=REPORT))
    end = await append(shell, pen.written)
    together = await projected(shell, database, end)
    assert len(together["reports"]) == 3
    async with projecting(shell, second_database, commits_per_batch=1):
        await reached(second_database, end)
    assert await snapshot(second_database) == together
