"""A model's draft of a report: what is wrong with it, and what is kept of it in the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from meshcore.domain.report import Finding, Report
from meshreport.component import check
from meshreport.texts import Figure, figures_by_id, fill, names_figures, problems_of, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from meshcore.domain.report import Quote
    from meshcore.domain.schema import FieldSpec

MOST_FINDINGS = 12
MOST_QUOTES = 5
_LONGEST_TITLE = 160
_LONGEST_TEXT = 1_500


class WrittenFinding(BaseModel):
    """A finding in the model's words."""

    model_config = ConfigDict(frozen=True)

    title: str
    text: str
    quotes: list[str] = []


class Written(BaseModel):
    """A report in the model's words: figures and quotations are named, not written."""

    model_config = ConfigDict(frozen=True)

    title: str
    summary: str
    findings: list[WrittenFinding]
    component: str


@dataclass(frozen=True)
class Material:
    """What a report is made from.

    Attributes:
        counted: the report with everything that was counted, and nothing that was written.
        quotes: the words that may be quoted, by id.
        schema: what the study asks.
    """

    counted: Report
    quotes: Mapping[str, Quote]
    schema: Mapping[str, FieldSpec]
    figures: dict[str, Figure] = field(init=False)

    def __post_init__(self) -> None:
        counted = self.counted
        figures = figures_by_id(
            counted.interviews, counted.participants, counted.statuses, counted.fields
        )
        object.__setattr__(self, "figures", figures)

    def problems(self, text: str) -> list[str]:
        """What is wrong with a text."""
        return problems_of(text, self.figures, self.quotes, words_of(self.schema))


@dataclass(frozen=True)
class Draft:
    """What is usable of an answer, and what is wrong with the rest.

    Attributes:
        title: None if it cannot be used; so the summary and the component.
        problems: in words for the model; they also say why something was left out.
    """

    title: str | None = None
    summary: str | None = None
    findings: tuple[Finding, ...] = ()
    component: str | None = None
    problems: tuple[str, ...] = ()


def draft_of(answer: str, material: Material) -> Draft:
    """Judges an answer of the model."""
    try:
        written = Written.model_validate_json(answer)
    except ValidationError as error:
        places = sorted({".".join(map(str, e["loc"])) for e in error.errors(include_input=False)})
        return Draft(problems=(f"the answer does not fit its form at: {', '.join(places)}",))
    judged = _Judged(material)
    title = judged.text("the title", written.title, _LONGEST_TITLE)
    summary = judged.text("the summary", written.summary, _LONGEST_TEXT)
    findings = judged.findings(written.findings)
    component = judged.component(written.component)
    return Draft(title, summary, findings, component, tuple(judged.problems))


class _Judged:
    """Collects what is wrong."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self.problems: list[str] = []

    def text(self, which: str, text: str, longest: int) -> str | None:
        """The text with its figures, if nothing is wrong with it."""
        problems = self._material.problems(text)
        if not text.strip():
            problems.append("it is empty")
        if len(text) > longest:
            problems.append(f"it is longer than {longest} characters")
        return self._usable(which, problems) and fill(text, self._material.figures)

    def findings(self, written: Sequence[WrittenFinding]) -> tuple[Finding, ...]:
        """Those that nothing is wrong with."""
        if not written:
            self.problems.append("there are no findings")
        if len(written) > MOST_FINDINGS:
            self.problems.append(f"there are more than {MOST_FINDINGS} findings")
        found = [self._finding(n, one) for n, one in enumerate(written[:MOST_FINDINGS], 1)]
        return tuple(finding for finding in found if finding is not None)

    def _finding(self, number: int, written: WrittenFinding) -> Finding | None:
        which = f"finding {number}"
        title = self.text(f"the title of {which}", written.title, _LONGEST_TITLE)
        text = self.text(which, written.text, _LONGEST_TEXT)
        quotes = self._material.quotes
        problems = [f"there is no quotation {q[:40]!r}" for q in written.quotes if q not in quotes]
        if len(written.quotes) > MOST_QUOTES:
            problems.append(f"it has more than {MOST_QUOTES} quotations")
        if not (names_figures(written.text) or written.quotes):
            problems.append("it names neither a figure nor a quotation that shows it")
        usable = self._usable(which, problems)
        if title is None or text is None or usable is None:
            return None
        return Finding(title=title, text=text, quotes=tuple(quotes[q] for q in written.quotes))

    def component(self, text: str) -> str | None:
        """The component, if it may be run."""
        refusals = check(text.strip() + "\n")
        problems = [str(refusal) for refusal in refusals]
        return self._usable("the component", problems) and text.strip() + "\n"

    def _usable(self, which: str, problems: Sequence[str]) -> str | None:
        self.problems += [f"{which}: {problem}" for problem in problems]
        return None if problems else which


@dataclass(frozen=True)
class Concluded:
    """What comes of the drafts.

    Attributes:
        report: None if there is none.
        reasons: what was left out, or why there is no report.
    """

    report: Report | None
    reasons: tuple[str, ...] = ()


def conclude(drafts: Sequence[Draft], material: Material) -> Concluded:
    """The report of the last draft that has findings, with the last component that may be run."""
    reasons = drafts[-1].problems if drafts else ("the model gave no answer",)
    told = next((draft for draft in reversed(drafts) if draft.findings), None)
    if told is None:
        return Concluded(None, reasons)
    component = next((d.component for d in reversed(drafts) if d.component), None)
    counted = material.counted
    report = counted.model_copy(
        update={
            "title": told.title or counted.title,
            "summary": told.summary or counted.summary,
            "findings": told.findings,
            "tsx": component,
        }
    )
    return Concluded(report, told.problems)
