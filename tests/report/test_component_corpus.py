"""Every component of the corpus is judged right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from meshreport.component import check

CORPUS = Path(__file__).parent / "corpus"
MALICIOUS = sorted((CORPUS / "malicious").glob("*.tsx"))
HARMLESS = sorted((CORPUS / "harmless").glob("*.tsx"))
REASONS: dict[str, str] = json.loads((CORPUS / "malicious" / "reasons.json").read_text())


@pytest.mark.parametrize("path", MALICIOUS, ids=lambda path: path.stem)
def test_a_malicious_component_is_refused_with_its_reason(path: Path) -> None:
    """Each refusal says where it is and why."""
    text = path.read_text(encoding="utf-8")
    refusals = check(text)
    assert refusals
    lines = text.split("\n")
    assert all(r.column <= len(lines[r.line - 1]) + 1 and r.reason for r in refusals)
    wanted = REASONS[path.stem].split("|")
    assert any(words in str(refusal) for refusal in refusals for words in wanted)


@pytest.mark.parametrize("path", HARMLESS, ids=lambda path: path.stem)
def test_a_harmless_component_passes(path: Path) -> None:
    """What reports are made of is let through."""
    assert check(path.read_text(encoding="utf-8")) == []


def test_the_corpus_is_large_enough() -> None:
    """At least 60 attacks, each with its entry, and 30 harmless components."""
    assert len(MALICIOUS) >= 60
    assert {path.stem for path in MALICIOUS} == set(REASONS)
    assert len(HARMLESS) >= 30
