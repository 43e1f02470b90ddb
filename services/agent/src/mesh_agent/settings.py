"""The agent's settings."""

from __future__ import annotations

from meshcore.settings import BurstSettings, CoreSettings, HealthSettings, ModelSettings


class AgentSettings(CoreSettings, HealthSettings, ModelSettings, BurstSettings):
    """What the agent needs."""
