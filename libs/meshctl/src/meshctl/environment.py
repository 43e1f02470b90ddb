"""The settings that a user gives: the environment, and a `.env` file behind it."""

from __future__ import annotations

import os
from pathlib import Path

from dotenv import dotenv_values

from meshsim.world import is_setting


def given_settings(dotenv: Path) -> dict[str, str]:
    """MeshAI's settings from `.env` and the environment, which wins.

    Empty values count as not given.
    """
    from_file = dotenv_values(dotenv) if dotenv.exists() else {}
    both = {**from_file, **os.environ}
    return {name: value for name, value in both.items() if value and is_setting(name)}
