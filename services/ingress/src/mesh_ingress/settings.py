"""The settings of ingress."""

from __future__ import annotations

from pydantic import Field

from meshcore.settings import CoreSettings, DatabaseSettings, Port, TwilioSettings


class IngressSettings(TwilioSettings, DatabaseSettings, CoreSettings):
    """What ingress needs: the log, Twilio's secret, and where the read tables are."""

    port: Port = Field(
        8000,
        validation_alias="MESH_HTTP_PORT",
        description="port of the API and of the webhooks; 0 for any free one",
    )
