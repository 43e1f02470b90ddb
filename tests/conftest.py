"""Where all tests put their files: a folder of this run alone.

PostgreSQL runs as somebody else when the tests run as root, and must be let into the folder. Pytest
shuts its usual one to others again whenever another run begins.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_ROOT = "PYTEST_DEBUG_TEMPROOT"
_made: list[Path] = []


def pytest_configure() -> None:
    """Makes the folder, unless this is a worker of a run that has one."""
    if _ROOT not in os.environ:
        folder = Path(tempfile.mkdtemp(prefix="mesh-tests-"))
        os.environ[_ROOT] = str(folder)
        _made.append(folder)


def pytest_sessionfinish(exitstatus: int) -> None:
    """Removes it; after a failure it stays to be looked at."""
    if exitstatus == pytest.ExitCode.OK:
        for folder in _made:
            shutil.rmtree(folder, ignore_errors=True)
