"""A short soak: a seed that everybody shares, and one that nobody has tried before."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from tests.faults import checker
from tests.faults.lab import Lab, lab
from tests.faults.soak import Soak, report
from tests.faults.soak_plan import REPLICAS, plan

SECONDS = 25
CONVERSATIONS = 60
EVERY = 2.5


@pytest.fixture(scope="module")
def replicated_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A world with two processes of each service."""
    with lab(tmp_path_factory.mktemp("soak"), replicas=REPLICAS) as found:
        yield found


@pytest.mark.timeout(240)
@pytest.mark.parametrize("seed", [20261122, None], ids=["fixed", "fresh"])
def test_nothing_is_lost_or_repeated_whatever_breaks(replicated_lab: Lab, seed: int | None) -> None:
    """Every 2.5 s something else is killed, stopped or made to fail; the seed is in the output."""
    chosen = random.SystemRandom().randrange(2**32) if seed is None else seed
    soak = Soak(replicated_lab, chosen, SECONDS, CONVERSATIONS, EVERY)
    findings = soak.run()
    assert report(soak, findings), (chosen, checker.violations(findings))


def test_the_same_seed_breaks_the_same_things() -> None:
    """A soak that found something can be repeated."""
    first, again = list(plan(7, 600, 5)), list(plan(7, 600, 5))
    assert first == again
    assert {fault.kind for fault in first} == {
        "kill",
        "terminate",
        "nats",
        "postgres",
        "twilio",
        "model",
        "stop",
    }
    assert list(plan(8, 600, 5)) != first
