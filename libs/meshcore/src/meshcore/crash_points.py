"""Places between two effects where a test makes the process die, as a power cut would."""

from __future__ import annotations

import os
import signal

VARIABLE = "MESH_CRASH_AT"
"""Names the one point at which this process dies; not set in production."""

_armed = os.environ.get(VARIABLE)


def crash_point(name: str) -> None:
    """Dies here, at once and without any clean-up, if this is the point that was named."""
    if name == _armed:
        os.kill(os.getpid(), signal.SIGKILL)
