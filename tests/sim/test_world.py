"""A world leaves another one alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from meshsim.children import WorldError
from meshsim.world import Plan, World


def test_a_second_world_on_the_same_data_is_refused_and_leaves_the_first_alone(
    tmp_path: Path,
) -> None:
    """It would take the processes of the first for leftovers, and end them."""
    first = World(Plan(tmp_path))
    first.start()
    try:
        second = World(Plan(tmp_path))
        with pytest.raises(WorldError, match="MESH_DATA_DIR"):
            second.start()
        assert all(child.alive for child in first.children)
    finally:
        first.stop()
