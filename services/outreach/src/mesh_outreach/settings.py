"""Outreach's settings."""

from __future__ import annotations

from meshcore.settings import CoreSettings, HealthSettings, PaceSettings, TwilioSettings


class OutreachSettings(CoreSettings, HealthSettings, TwilioSettings, PaceSettings):
    """What outreach needs."""
