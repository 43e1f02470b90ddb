"""The projector's settings."""

from __future__ import annotations

from meshcore.settings import (
    CoreSettings,
    DatabaseSettings,
    HealthSettings,
    RetentionSettings,
)


class ProjectorSettings(CoreSettings, HealthSettings, DatabaseSettings, RetentionSettings):
    """What the projector needs to run; `migrate` needs the database only."""
