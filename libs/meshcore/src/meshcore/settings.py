"""Settings: read from the environment once, validated, and explained when they are wrong.

Each service's settings are made of the groups below, so a variable has one home, one default and
one explanation.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Literal, NoReturn, TypeVar

from pydantic import (
    AfterValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticKnownError
from pydantic_settings import BaseSettings, SettingsConfigDict

from meshcore import model_names
from meshcore.domain.participant import AddressError, normalise_address

_UNUSABLE = 2


def _whatsapp_address(text: str) -> str:
    try:
        return normalise_address(text)
    except AddressError as error:
        raise ValueError(f"{error}, with the prefix whatsapp:") from error


def _whatsapp_addresses(text: str) -> str:
    addresses = [_whatsapp_address(part.strip()) for part in text.split(",")]
    if len(set(addresses)) < len(addresses):
        raise ValueError("an address stands there twice")
    return ",".join(addresses)


def _postgres_url(secret: SecretStr) -> SecretStr:
    url = secret.get_secret_value()
    if not url.startswith(("postgresql://", "postgres://")):
        raise ValueError("must start with postgresql://")
    # Neon's connection strings have it. It is meant for libpq; asyncpg would hand it on to the
    # server, which refuses a parameter that it does not know.
    return SecretStr(re.sub(r"(?<=[?&])channel_binding=[^&]*(&|$)", "", url).rstrip("?&"))


def _no_trailing_slash(url: str) -> str:
    return url.rstrip("/")


Url = Annotated[str, Field(pattern=r"^https?://[^\s]+$"), AfterValidator(_no_trailing_slash)]
Port = Annotated[int, Field(ge=0, le=65_535)]
Secret = Annotated[SecretStr, Field(min_length=1)]


class _Group(BaseSettings):
    """What the groups have in common, so that a service made of several gets it from each."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", populate_by_name=True)


class CoreSettings(_Group):
    """What every service needs."""

    nats_url: str = Field(
        "nats://localhost:4222",
        validation_alias="NATS_URL",
        pattern=r"^(nats|tls)://",
        description="address of the NATS server with JetStream; several separated by commas",
    )
    participant_key: SecretStr = Field(
        validation_alias="MESH_PARTICIPANT_KEY",
        min_length=16,
        description="secret of 16 characters or more from which participant ids are made; "
        "it must never change",
    )
    replicas: int = Field(
        1,
        validation_alias="MESH_REPLICAS",
        ge=1,
        le=5,
        description="copies of the log in the NATS cluster",
    )
    host: str = Field("0.0.0.0", validation_alias="MESH_HOST", description="address to listen on")  # noqa: S104 - containers
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", validation_alias="MESH_LOG_LEVEL", description="DEBUG, INFO, WARNING or ERROR"
    )
    drain_seconds: float = Field(
        20.0,
        validation_alias="MESH_DRAIN_SECONDS",
        gt=0,
        description="seconds that a stopping service gives to the work in hand",
    )

    @property
    def nats_servers(self) -> list[str]:
        """The servers of NATS_URL."""
        return [server.strip() for server in self.nats_url.split(",")]


class HealthSettings(_Group):
    """For the services that serve nothing but their health."""

    port: Port = Field(
        8080,
        validation_alias="MESH_HEALTH_PORT",
        description="port of /livez, /readyz and /metrics; 0 for any free one",
    )


class DatabaseSettings(_Group):
    """For the services that use the read tables."""

    database_url: Annotated[SecretStr, AfterValidator(_postgres_url)] = Field(
        validation_alias="DATABASE_URL",
        description="PostgreSQL connection string, postgresql://user:password@host/database",
    )


class TwilioAccountSettings(_Group):
    """For the services that call Twilio in the name of our account."""

    account_sid: str = Field(
        validation_alias="TWILIO_ACCOUNT_SID",
        pattern=r"^AC[0-9a-fA-F]{32}$",
        description="Twilio account SID: AC and 32 hex digits",
    )
    auth_token: SecretStr = Field(
        validation_alias="TWILIO_AUTH_TOKEN", min_length=1, description="Twilio auth token"
    )
    twilio_url: Url | None = Field(
        None,
        validation_alias="MESH_TWILIO_URL",
        description="replaces the base URL of Twilio's API",
    )


class TwilioSettings(TwilioAccountSettings):
    """For the services that exchange messages with participants through Twilio."""

    messaging_service_sid: str | None = Field(
        None,
        validation_alias="TWILIO_MESSAGING_SERVICE_SID",
        pattern=r"^MG[0-9a-fA-F]{32}$",
        description="Twilio Messaging Service that chooses the WhatsApp sender: MG and 32 hex "
        "digits; in place of TWILIO_WHATSAPP_FROM",
    )
    whatsapp_from: Annotated[str, AfterValidator(_whatsapp_addresses)] | None = Field(
        None,
        validate_default=True,
        validation_alias="TWILIO_WHATSAPP_FROM",
        description="Twilio WhatsApp sender, for instance whatsapp:+14155238886; several separated "
        "by commas",
    )
    public_url: Url = Field(
        "http://localhost:8000",
        validation_alias="MESH_PUBLIC_URL",
        description="the URL under which Twilio reaches the webhooks, as it signs it",
    )

    @property
    def senders(self) -> tuple[str, ...]:
        """Who writes to participants: our addresses, or the one messaging service."""
        if self.messaging_service_sid:
            return (self.messaging_service_sid,)
        return tuple((self.whatsapp_from or "").split(","))

    @field_validator("whatsapp_from")
    @classmethod
    def _one_of_both(cls, addresses: str | None, info: ValidationInfo) -> str | None:
        if "messaging_service_sid" in info.data:
            service = info.data["messaging_service_sid"]
            if addresses is None and service is None:
                raise PydanticKnownError("missing")
            if addresses and service:
                raise ValueError("TWILIO_MESSAGING_SERVICE_SID is given, too")
        return addresses


class ModelSettings(_Group):
    """For the service that talks with the model."""

    model: Annotated[str, Field(pattern=r"^\S+$"), AfterValidator(model_names.checked)] = Field(
        "gemini-2.5-flash",
        validation_alias="MESH_MODEL",
        description="a Gemini model, or another provider's with the provider before it, "
        "for instance openai:gpt-5-mini",
    )
    gemini_api_key: Secret | None = Field(
        None,
        validate_default=True,
        validation_alias="GEMINI_API_KEY",
        description="Google Gemini API key",
    )
    gemini_url: Url | None = Field(
        None,
        validation_alias="MESH_GEMINI_URL",
        description="replaces the base URL of Gemini's API",
    )
    model_url: Url | None = Field(
        None,
        validation_alias="MESH_MODEL_URL",
        description="base URL of an API like OpenAI's, for a model named openai:... or ollama:...",
    )
    model_api_key: Secret | None = Field(
        None,
        validate_default=True,
        validation_alias="MESH_MODEL_API_KEY",
        description="API key of the provider that MESH_MODEL names",
    )
    max_concurrent_llm_calls: int = Field(
        20,
        validation_alias="MAX_CONCURRENT_LLM_CALLS",
        ge=1,
        le=10_000,
        description="how many calls to the model run at once in one process",
    )
    model_timeout: float = Field(
        30.0,
        validation_alias="MESH_MODEL_TIMEOUT",
        gt=0,
        description="seconds that one call may take",
    )

    @property
    def model_provider(self) -> str | None:
        """Who serves the model; None for Gemini."""
        return model_names.provider_of(self.model)

    @field_validator("gemini_api_key")
    @classmethod
    def _key_of_gemini(cls, key: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if (
            key is None
            and "model" in info.data
            and model_names.provider_of(info.data["model"]) is None
        ):
            raise PydanticKnownError("missing")
        return key

    @field_validator("model_url")
    @classmethod
    def _url_of_provider(cls, url: str | None, info: ValidationInfo) -> str | None:
        if (
            url
            and "model" in info.data
            and model_names.provider_of(info.data["model"]) not in model_names.WITH_URL
        ):
            raise ValueError("MESH_MODEL is served elsewhere")
        return url

    @field_validator("model_api_key")
    @classmethod
    def _key_of_provider(cls, key: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        provider = model_names.provider_of(info.data.get("model", ""))
        if key is None and provider not in {None, "ollama"} and not info.data.get("model_url"):
            raise PydanticKnownError("missing")
        return key


class PaceSettings(_Group):
    """How fast MeshAI writes to people."""

    outreach_rate_per_minute: float = Field(
        10.0,
        validation_alias="OUTREACH_RATE_PER_MINUTE",
        gt=0,
        le=6_000,
        description="openings per minute of each sender, over all campaigns",
    )


class RetentionSettings(_Group):
    """How long MeshAI keeps what participants said."""

    retention_days: int | None = Field(
        None,
        validation_alias="MESH_RETENTION_DAYS",
        ge=1,
        le=36_500,
        description="days after its end when a conversation's words and values are erased; "
        "without it, they are kept",
    )

    @property
    def retention(self) -> timedelta | None:
        """The same as a span of time."""
        return timedelta(days=self.retention_days) if self.retention_days else None


class BurstSettings(_Group):
    """How long MeshAI listens before it answers."""

    burst_seconds: float = Field(
        1.0,
        validation_alias="MESH_BURST_SECONDS",
        ge=0,
        le=30,
        description="messages that follow each other within this many seconds share one reply",
    )


T = TypeVar("T", bound=BaseSettings)


def load_settings(model: type[T]) -> T:
    """The settings of a service from the environment.

    Where any is missing or malformed, prints each by name with what is expected, and leaves with
    status 2. Values are never printed: they may be secrets.
    """
    try:
        return model()
    except ValidationError as error:
        leave_for(sorted(explain(model, error)))


def leave_for(problems: Iterable[str]) -> NoReturn:
    """Prints what is wrong with the settings and leaves with status 2."""
    lines = "".join(f"  {problem}\n" for problem in problems)
    sys.stderr.write(f"The settings are not usable:\n{lines}.env.example lists every setting.\n")
    sys.exit(_UNUSABLE)


def explain(model: type[BaseSettings], error: ValidationError) -> set[str]:
    """One line for each setting that is wrong: its name, what is wrong, and what is expected."""
    fields = model.model_fields
    variables = {name: str(field.validation_alias) for name, field in fields.items()}
    expected = {variables[name]: field.description for name, field in fields.items()}
    lines = set()
    for problem in error.errors(include_input=False, include_url=False):
        place = str(problem["loc"][0])
        name = variables.get(place, place)  # defaults are named by their field
        what = "is missing" if problem["type"] == "missing" else f"is malformed ({problem['msg']})"
        lines.add(f"{name} {what}; expected: {expected.get(name, '')}")
    return lines
