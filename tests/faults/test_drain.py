"""SIGTERM under load: a service finishes what it has in hand, leaves with 0, and loses nothing."""

from __future__ import annotations

import pytest

from meshsim.world import SERVICES
from tests.faults.lab import Lab

GRACE = 20.0


@pytest.mark.parametrize("service", SERVICES)
def test_a_stopped_service_leaves_with_0_and_loses_nothing(
    world_to_break: Lab, service: str
) -> None:
    """The only process of a service is told to stop in the middle of 15 interviews."""
    phones = world_to_break.mixed(15)
    campaign = world_to_break.launch(phones)
    world_to_break.under_way(phones, 20)

    [child] = world_to_break.replicas(service)
    status = child.stop(GRACE)
    child.start()

    assert status == 0
    world_to_break.expect_nothing_lost(f"SIGTERM of {service}")
    assert world_to_break.ended(campaign)
