"""One world for all end-to-end tests: two replicas of each service, and a simulated outside."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from meshsim.world import Plan, World, running
from tests.e2e.study import Study

RATE_PER_MINUTE = 1_200


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The whole system, with two processes of each service."""
    plan = Plan(
        folder=tmp_path_factory.mktemp("world"),
        settings={
            "OUTREACH_RATE_PER_MINUTE": str(RATE_PER_MINUTE),
            "MESH_BURST_SECONDS": "0.3",
        },
        replicas=2,
        speed=50,
        model_latency=0.05,
    )
    with running(plan) as world:
        yield world


@pytest.fixture
def study(world: World) -> Iterator[Study]:
    """A researcher's hands on the world."""
    with httpx.Client(base_url=world.api, timeout=30) as api:
        yield Study(world, api)
