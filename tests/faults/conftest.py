"""One world for all tests that break things: one process of each service, so nobody steps in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.lab import Lab, lab


@pytest.fixture(scope="package")
def shared_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The world."""
    with lab(tmp_path_factory.mktemp("lab")) as shared:
        yield shared


@pytest.fixture
def world_to_break(shared_lab: Lab) -> Iterator[Lab]:
    """The world, which is healthy when a test begins and is made so again when it ends."""
    shared_lab.world.wait_ready()
    yield shared_lab
    shared_lab.cure()
