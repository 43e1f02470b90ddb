"""The projector's settings."""

from __future__ import annotations

from meshcore.settings import (
    CoreSettings,
    DatabaseSettings,
    HealthSettings,
    RetentionSettings,
)


class ProjectorSettings(CoreSettings, HealthSettings, DatabaseSettings, RetentionSettings):
    """What the projector needs to run; `migrate` and `rebuild` need the database only."""
