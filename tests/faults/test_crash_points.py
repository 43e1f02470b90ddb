"""A process that dies exactly between two effects: nothing is lost or doubled at any such place."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

import pytest

from meshcore.crash_points import VARIABLE
from tests.e2e.study import eventually
from tests.faults.lab import Lab, lab

POINTS = {
    "ingress": ("inbound.after_message", "inbound.after_consent"),
    "agent": (
        "opening.before_append",
        "opening.after_append",
        "turn.before_append",
        "turn.after_append",
        "turn.after_consent",
        "wake_up.before_ack",
    ),
    "outreach": (
        "plan.after_slots",
        "plan.after_append",
        "plan.while_scheduling",
        "send.after_route",
        "send.after_started",
        "send.after_call",
        "send.after_sent",
        "wake_up.before_ack",
    ),
    "projector": ("project.before_commit", "project.after_commit"),
}
ROUNDS = [
    {service: point for service, point in zip(POINTS, points, strict=True) if point}
    for points in zip_longest(*POINTS.values())
]
"""Each point once; in one round each service dies at one of its points."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One world for all points."""
    with lab(tmp_path_factory.mktemp("crash")) as found:
        yield found


@pytest.mark.parametrize("points", ROUNDS, ids=lambda points: "+".join(points.values()))
def test_a_crash_between_two_effects_loses_and_doubles_nothing(
    world: Lab, points: dict[str, str]
) -> None:
    """Processes die at these points while people are interviewed, and are started again."""
    phones = [*world.people(2, "terse"), *world.people(1, "stops")]
    dying = {service: world.replicas(service)[0] for service in points}
    for service, child in dying.items():
        child.stop()
        child.env[VARIABLE] = points[service]
        child.start()
    world.world.wait_ready()

    campaign = world.launch(phones)
    waiting = set(dying)
    while waiting:
        eventually(lambda: any(not dying[s].alive for s in waiting), f"{waiting} died", 30)
        for service in [s for s in waiting if not dying[s].alive]:
            waiting.discard(service)
            del dying[service].env[VARIABLE]
            dying[service].start()
    world.world.wait_ready()

    eventually(lambda: world.ended(campaign), "every interview ended", 45)
    world.expect_nothing_lost(str(points))
