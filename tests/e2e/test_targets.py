"""A campaign stops when it has what it wants."""

from __future__ import annotations

from tests.e2e.study import Study, eventually


def test_a_campaign_with_a_target_stops_opening_and_completes(study: Study) -> None:
    """Two of twelve are wanted: most are never written to, and nobody is waited for."""
    phones = study.people(12, "cooperative")
    outreach = {"rate_per_minute": 15, "target_completes": 2}
    campaign = study.launch(phones, outreach=outreach)

    eventually(lambda: study.get(f"/campaigns/{campaign}")["status"] == "completed", "completed")

    shown = study.get(f"/campaigns/{campaign}")
    counts, stats, progress = shown["counts"], shown["stats"], shown["progress"]
    opened = sum(study.opened(phones[n : n + 1])[0] > 0 for n in range(12))
    assert progress["closed"]
    assert progress["openings_left"] == 0
    assert progress["targets"]["completes"] == stats["dispositions"]["completed"] >= 2
    assert counts["pending"] == stats["dispositions"]["not_contacted"] == 12 - opened > 0
    assert counts["outreach_sent"] == counts["active"] == 0
