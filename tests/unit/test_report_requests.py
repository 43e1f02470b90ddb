"""How far a campaign's reports are, and where that stands on the log."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshcore.domain.commit import Stamp
from meshcore.domain.events import Event, ReportFailed, ReportRequested, ReportWritten
from meshcore.domain.report import Finding, Quote, Report, data_of
from meshcore.domain.report_requests import ReportRequests, decide_request, evolve
from meshcore.log import subjects
from meshcore.log.subjects import ReportLane
from tests.support.desk import epoch

REPORT = Report(title="t", summary="s", interviews=1, participants=1)
_ids = st.sampled_from(["r1", "r2"])
_events: st.SearchStrategy[Event] = st.one_of(
    st.builds(ReportRequested, report_id=_ids),
    st.builds(ReportWritten, report_id=_ids, report=st.just(REPORT)),
    st.builds(ReportFailed, report_id=_ids, reasons=st.just(("no",))),
)


def folded(*events: Event) -> ReportRequests:
    """The state after these events."""
    state = ReportRequests()
    for position, event in enumerate(events, 1):
        state = evolve(state, event, Stamp(position, epoch(position)))
    return state


def test_a_request_is_pending_until_its_own_result() -> None:
    """The result of another one ends nothing."""
    asked, other = ReportRequested(report_id="r1"), ReportFailed(report_id="r0", reasons=("no",))
    assert folded(asked, other).pending == "r1"
    assert folded(asked, other).requested_at == epoch(1)
    assert folded(asked, ReportWritten(report_id="r1", report=REPORT)).pending is None


@given(st.lists(_events, max_size=12))
def test_nobody_asks_twice_at_a_time(events: list[Event]) -> None:
    """Whatever has happened, asking leaves exactly one report to be written."""
    state = folded(*events)
    for event in decide_request(state, "r9"):
        state = evolve(state, event, Stamp(99, epoch(99)))
    assert state.pending is not None
    assert decide_request(state, "r10") == []


@pytest.mark.parametrize("lane", ReportLane)
def test_a_report_lane_leads_back_to_its_campaign_and_to_nothing_else(lane: ReportLane) -> None:
    """It is not taken for the campaign's own lane."""
    subject = subjects.report_lane("c1", lane)
    assert subjects.campaign_of_report(subject) == "c1"
    assert subjects.campaign_of(subject) is None
    assert subjects.conversation_of(subject) is None
    assert subjects.participant_of(subject) is None
    assert subjects.is_fact(subject)


@pytest.mark.parametrize("subject", ["mesh.campaign.c1", "mesh.report.c1", "mesh.conv.c1.v1.in"])
def test_no_other_subject_is_taken_for_a_report_lane(subject: str) -> None:
    """Only the two lanes are."""
    assert subjects.campaign_of_report(subject) is None


def test_a_component_is_given_neither_itself_nor_who_was_quoted() -> None:
    """Only what it shows."""
    quote = Quote(text="so", field="f", conversation_id="c", message_sid="SM1")
    finding = Finding(title="t", text="x", quotes=(quote,))
    report = REPORT.model_copy(update={"findings": (finding,), "tsx": "x"})
    data = data_of(report)
    assert "tsx" not in data
    assert data["findings"] == [{"title": "t", "text": "x", "quotes": [{"text": "so"}]}]
