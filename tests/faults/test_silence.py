"""Agents that die while they look after silent people: nobody is forgotten or reminded twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from meshcore.crash_points import VARIABLE
from tests.e2e.study import eventually
from tests.e2e.test_silence import by_template
from tests.faults.lab import Lab, lab


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One world for all points."""
    with lab(tmp_path_factory.mktemp("silence")) as found:
        yield found


@pytest.mark.parametrize("point", ["silence.after_wake_up", "silence.after_append"])
def test_whoever_is_silent_is_reminded_once_and_given_up_whoever_dies(
    world: Lab, point: str
) -> None:
    """The wake-up is written before the reminder, so one of them is always there."""
    phones = world.people(6, "silent")
    children = world.replicas("agent")
    for child in children:
        child.stop()
        child.env[VARIABLE] = point
        child.start()
    world.world.wait_ready()

    reminder = by_template(world, 2, "Whenever you have a moment, I would love to hear from you.")
    outreach = {"reminders": [reminder], "expire_after_hours": 15 / 3_600}
    campaign = world.launch(phones, outreach=outreach)
    eventually(lambda: not any(child.alive for child in children), "all agents died", 45)
    for child in children:
        del child.env[VARIABLE]
        child.start()
    world.world.wait_ready()

    eventually(lambda: world.ended(campaign), "everybody was given up", 60)
    assert {c["end_reason"] for c in world.conversations(campaign)} == {"expired"}
    for phone in phones:
        assert world.received_by(phone)[1:] == [reminder["text"]]
    world.expect_nothing_lost(point)
