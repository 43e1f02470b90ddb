"""The agent's settings."""

from __future__ import annotations

from meshcore.settings import (
    BurstSettings,
    CoreSettings,
    HealthSettings,
    ModelSettings,
    TwilioAccountSettings,
)


class AgentSettings(
    CoreSettings, HealthSettings, ModelSettings, TwilioAccountSettings, BurstSettings
):
    """What the agent needs; Twilio's account, to fetch voice notes."""
