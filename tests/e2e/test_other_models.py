"""The interview is the same, whoever serves the model."""

from __future__ import annotations

from pathlib import Path

import httpx

from meshctl.demo import CAMPAIGN
from meshsim.world import Plan, running
from tests.e2e.study import Study, eventually


def test_a_model_behind_an_api_like_openais_holds_interviews_to_their_end(tmp_path: Path) -> None:
    """With every field filled; without a key for it, the model is simulated."""
    settings = {
        "MESH_MODEL": "openai:gpt-5-mini",
        "MESH_BURST_SECONDS": "0",
        "OUTREACH_RATE_PER_MINUTE": "1200",
    }
    with (
        running(Plan(tmp_path, settings, speed=50)) as world,
        httpx.Client(base_url=world.api, timeout=30) as api,
    ):
        study = Study(world, api)
        campaign = study.launch(study.people(2, "cooperative"))
        eventually(lambda: study.ended(campaign), "the interviews ended")
        rows = study.get(f"/campaigns/{campaign}/extractions")["extractions"]
        assert [set(row["data"]) for row in rows] == [set(CAMPAIGN["extraction_schema"])] * 2
        stats = httpx.get(f"{world.env['MESH_GEMINI_URL']}/sim/stats").json()
        assert set(stats["models"]) == {"gpt-5-mini"}
