"""What is kept of a model's answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from meshreport.drafts import Draft, conclude, draft_of
from tests.report.interviews import interview, material, told

COMPONENT = "export default function Report({ data }) {\n  return <p>{data.summary}</p>;\n}\n"
GOOD = {"title": "Content", "text": "On average {{fig:satisfaction.mean}}.", "quotes": ["q1"]}
MADE_UP = {"title": "Very content", "text": "About 93 % are.", "quotes": []}
MATERIAL = material(interview(0, satisfaction=told(7, "a solid seven, I think")))


def answer(*findings: object, component: str = COMPONENT, **more: Any) -> str:
    """An answer of the model."""
    whole = {"title": "Yas", "summary": "So it is.", "findings": findings, "component": component}
    return json.dumps({**whole, **more})


def drafted(*findings: object, **more: Any) -> Draft:
    """The answer, judged."""
    return draft_of(answer(*findings, **more), MATERIAL)


def test_a_sound_answer_becomes_a_report() -> None:
    """Figures are filled in, quotations looked up, the component is kept."""
    report = conclude([drafted(GOOD)], MATERIAL).report
    assert report is not None
    [finding] = report.findings
    assert finding.text == "On average 7."
    assert [quote.text for quote in finding.quotes] == ["a solid seven, I think"]
    assert report.tsx == COMPONENT
    assert report.fields == MATERIAL.counted.fields


def test_a_finding_with_a_made_up_figure_is_left_out_with_the_reason() -> None:
    """The others stay."""
    concluded = conclude([drafted(GOOD, MADE_UP)], MATERIAL)
    assert concluded.report is not None
    assert [finding.title for finding in concluded.report.findings] == ["Content"]
    assert any("finding 2" in reason and "93" in reason for reason in concluded.reasons)


def test_a_finding_that_nothing_shows_is_left_out() -> None:
    """It names neither a figure nor a quotation."""
    assert drafted({"title": "A", "text": "People are people.", "quotes": []}).findings == ()


def test_a_quotation_that_is_not_among_those_given_is_refused() -> None:
    """Its id is made up."""
    assert "q99" in " ".join(drafted({**GOOD, "quotes": ["q99"]}).problems)


def test_without_a_finding_there_is_no_report() -> None:
    """The reasons say why."""
    concluded = conclude([drafted(MADE_UP), drafted(MADE_UP)], MATERIAL)
    assert concluded.report is None
    assert concluded.reasons


def test_a_component_that_is_refused_is_left_out_with_the_reasons() -> None:
    """The report stands without it."""
    path = Path(__file__).parent / "corpus" / "malicious" / "fetch.tsx"
    concluded = conclude([drafted(GOOD, component=path.read_text())], MATERIAL)
    assert concluded.report is not None
    assert concluded.report.tsx is None
    assert any(reason.startswith("the component: line 2") for reason in concluded.reasons)


def test_the_component_may_come_from_the_first_draft_and_the_findings_from_the_second() -> None:
    """What was sound once is not thrown away."""
    first, second = drafted(MADE_UP), drafted(GOOD, component="nothing")
    report = conclude([first, second], MATERIAL).report
    assert report is not None
    assert (report.tsx, len(report.findings)) == (COMPONENT, 1)


def test_what_is_no_report_at_all_is_a_draft_with_a_problem() -> None:
    """Whatever JSON it is."""
    for text in ("[]", "{}", '{"title": 1}', "null", '"text"'):
        draft = draft_of(text, MATERIAL)
        assert draft.problems
        assert not draft.findings


def test_a_summary_with_a_made_up_figure_is_left_out() -> None:
    """The report stands with its findings."""
    concluded = conclude([drafted(GOOD, summary="All 12 agree.")], MATERIAL)
    assert concluded.report is not None
    assert concluded.report.summary == ""
