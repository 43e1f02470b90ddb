"""Outreach's settings."""

from __future__ import annotations

from meshcore.settings import (
    CoreSettings,
    HealthSettings,
    PaceSettings,
    RetentionSettings,
    TwilioSettings,
)


class OutreachSettings(
    CoreSettings, HealthSettings, TwilioSettings, PaceSettings, RetentionSettings
):
    """What outreach needs."""
