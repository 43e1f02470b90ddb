"""The ground floor that every MeshAI service stands on.

The domain, the log, the directory, the settings and the service shell. What analysts need is to be
had from here: `from meshcore import open_log` (docs/analysts.md).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from meshcore.replay.log import Log, open_log
    from meshcore.replay.past import CampaignThen
    from meshcore.replay.rows import EventRow

__all__ = ["CampaignThen", "EventRow", "Log", "open_log"]

_HOMES = {
    "CampaignThen": "meshcore.replay.past",
    "EventRow": "meshcore.replay.rows",
    "Log": "meshcore.replay.log",
    "open_log": "meshcore.replay.log",
}


def __getattr__(name: str) -> Any:
    """Imports what is asked for only then: the domain needs no connections."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
