"""The settings of ingress."""

from __future__ import annotations

from pydantic import Field

from meshcore.settings import CoreSettings, DatabaseSettings, PaceSettings, Port, TwilioSettings


class IngressSettings(TwilioSettings, DatabaseSettings, PaceSettings, CoreSettings):
    """What ingress needs: the log, Twilio's secret, the read tables, the pace for estimates."""

    port: Port = Field(
        8000,
        validation_alias="MESH_HTTP_PORT",
        description="port of the API and of the webhooks; 0 for any free one",
    )
