"""SIGTERM under load: a service finishes what it has in hand, leaves with 0, and loses nothing."""

from __future__ import annotations

from meshsim.world import SERVICES
from tests.faults.lab import Lab

GRACE = 20.0


def test_stopped_services_leave_with_0_and_lose_nothing(world_to_break: Lab) -> None:
    """The only process of each service in turn is told to stop in the middle of 25 interviews."""
    phones = world_to_break.mixed(25)
    campaign = world_to_break.launch(phones)
    statuses = {}
    for n, service in enumerate(SERVICES, 1):
        world_to_break.under_way(phones, 20 * n)
        [child] = world_to_break.replicas(service)
        statuses[service] = child.stop(GRACE)
        child.start()

    assert statuses == dict.fromkeys(SERVICES, 0)
    world_to_break.expect_nothing_lost("SIGTERM of every service")
    assert world_to_break.ended(campaign)
