"""Settings: their defaults, and how they are explained when they are wrong."""

from __future__ import annotations

import pytest

from meshcore.settings import (
    BurstSettings,
    CoreSettings,
    DatabaseSettings,
    HealthSettings,
    ModelSettings,
    PaceSettings,
    TwilioAccountSettings,
    TwilioSettings,
    load_settings,
)


class Everything(
    CoreSettings,
    HealthSettings,
    DatabaseSettings,
    TwilioSettings,
    ModelSettings,
    PaceSettings,
    BurstSettings,
):
    """A service that needs every setting there is."""


REQUIRED = {
    "MESH_PARTICIPANT_KEY": "key-of-the-tests-7531",
    "DATABASE_URL": "postgresql://mesh:pa55word@db.example.org/mesh?sslmode=require",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "token-of-the-tests",
    "TWILIO_WHATSAPP_FROM": "whatsapp:+14155238886",
    "GEMINI_API_KEY": "gemini-of-the-tests",
}
MALFORMED_MODELS = (
    "hunter2",
    "hunter2:model",
    "google:hunter2",
    "gemini-hunter2 ",
    "openai:hunter2 mini",
    ":hunter2",
    "Gemini-hunter2",
)
SECRETS = ("MESH_PARTICIPANT_KEY", "DATABASE_URL", "TWILIO_AUTH_TOKEN", "GEMINI_API_KEY")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what is required is set."""
    for field in Everything.model_fields.values():
        monkeypatch.delenv(str(field.validation_alias), raising=False)
    for name, value in REQUIRED.items():
        monkeypatch.setenv(name, value)


def complaint(capsys: pytest.CaptureFixture[str]) -> str:
    """What is printed about settings that cannot be used."""
    with pytest.raises(SystemExit) as caught:
        load_settings(Everything)
    assert caught.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    return err


def test_the_required_variables_are_enough() -> None:
    """Everything else has the default that the documentation names."""
    settings = load_settings(Everything)
    assert settings.nats_servers == ["nats://localhost:4222"]
    assert (settings.replicas, settings.host, settings.log_level) == (1, "0.0.0.0", "INFO")  # noqa: S104 - the default
    assert (settings.drain_seconds, settings.port) == (20.0, 8080)
    assert (settings.twilio_url, settings.public_url) == (None, "http://localhost:8000")
    assert (settings.gemini_url, settings.model) == (None, "gemini-2.5-flash")
    assert (settings.model_provider, settings.model_url, settings.model_api_key) == (None,) * 3
    assert settings.model_timeout == 30.0
    assert settings.outreach_rate_per_minute == 10
    assert settings.max_concurrent_llm_calls == 20
    assert settings.burst_seconds == 1.0


@pytest.mark.parametrize(
    ("variable", "text", "field", "value"),
    [
        ("OUTREACH_RATE_PER_MINUTE", "0.5", "outreach_rate_per_minute", 0.5),
        ("MAX_CONCURRENT_LLM_CALLS", "200", "max_concurrent_llm_calls", 200),
        ("TWILIO_WHATSAPP_FROM", "+1 415 523 8886", "whatsapp_from", "whatsapp:+14155238886"),
        (
            "TWILIO_WHATSAPP_FROM",
            "whatsapp:+14155238886, +1 415 523 8887",
            "senders",
            ("whatsapp:+14155238886", "whatsapp:+14155238887"),
        ),
        ("TWILIO_ACCOUNT_SID", "AC" + "aF" * 16, "account_sid", "AC" + "aF" * 16),
        ("MESH_PUBLIC_URL", "https://mesh.example.org/", "public_url", "https://mesh.example.org"),
        ("NATS_URL", "nats://a:1, tls://b:2", "nats_servers", ["nats://a:1", "tls://b:2"]),
        ("MESH_MODEL", "gemini-3.5-flash-lite", "model", "gemini-3.5-flash-lite"),
        ("MESH_MODEL", "ollama:llama3.1:8b", "model_provider", "ollama"),
    ],
)
def test_a_variable_replaces_its_default(
    monkeypatch: pytest.MonkeyPatch, variable: str, text: str, field: str, value: object
) -> None:
    """Read and brought into one form."""
    monkeypatch.setenv(variable, text)
    assert getattr(load_settings(Everything), field) == value


@pytest.mark.parametrize(
    "variable", ["OUTREACH_RATE_PER_MINUTE", "MAX_CONCURRENT_LLM_CALLS", "NATS_URL", "MESH_MODEL"]
)
def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    """As .env files have them, whichever group of settings the variable belongs to."""
    monkeypatch.setenv(variable, "")
    assert load_settings(Everything) == Everything()


def test_who_only_calls_twilio_needs_no_sender(monkeypatch: pytest.MonkeyPatch) -> None:
    """The agent fetches voice notes with the account alone."""
    monkeypatch.delenv("TWILIO_WHATSAPP_FROM")
    settings = load_settings(TwilioAccountSettings)
    assert settings.account_sid == REQUIRED["TWILIO_ACCOUNT_SID"]


def test_a_messaging_service_takes_the_place_of_senders(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One of both is needed, and only one can be meant."""
    service = "MG" + "0" * 32
    monkeypatch.setenv("TWILIO_MESSAGING_SERVICE_SID", service)
    assert "TWILIO_WHATSAPP_FROM is malformed" in complaint(capsys)
    monkeypatch.setenv("TWILIO_WHATSAPP_FROM", "")
    assert load_settings(Everything).senders == (service,)


@pytest.mark.parametrize("variable", REQUIRED)
def test_a_missing_variable_is_named_with_what_is_expected(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], variable: str
) -> None:
    """Also when it is there and empty."""
    monkeypatch.setenv(variable, "")
    told = complaint(capsys)
    description = next(
        f.description for f in Everything.model_fields.values() if f.validation_alias == variable
    )
    assert f"{variable} is missing; expected: {description}" in told
    assert ".env.example" in told


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("DATABASE_URL", "mysql://mesh:hunter2@db/mesh"),
        ("MESH_PARTICIPANT_KEY", "hunter2"),
        ("TWILIO_ACCOUNT_SID", "AChunter2"),
        ("TWILIO_WHATSAPP_FROM", "whatsapp:hunter2"),
        ("TWILIO_WHATSAPP_FROM", "whatsapp:+14155238886,hunter2"),
        ("TWILIO_WHATSAPP_FROM", "whatsapp:+14155238886,whatsapp:+14155238886"),
        ("TWILIO_MESSAGING_SERVICE_SID", "MGhunter2"),
        ("OUTREACH_RATE_PER_MINUTE", "hunter2"),
        ("OUTREACH_RATE_PER_MINUTE", "0"),
        ("MAX_CONCURRENT_LLM_CALLS", "1.5"),
        ("MAX_CONCURRENT_LLM_CALLS", "0"),
        ("NATS_URL", "http://hunter2"),
        ("MESH_PUBLIC_URL", "hunter2"),
        ("MESH_LOG_LEVEL", "hunter2"),
        ("MESH_REPLICAS", "9"),
        ("MESH_MODEL_URL", "hunter2"),
        ("MESH_MODEL_URL", "http://hunter2"),
        *(("MESH_MODEL", name) for name in MALFORMED_MODELS),
    ],
)
def test_a_malformed_variable_is_named_and_its_value_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], variable: str, text: str
) -> None:
    """It may be a secret, or a secret in the wrong place."""
    monkeypatch.setenv(variable, text)
    told = complaint(capsys)
    assert f"{variable} is malformed" in told
    assert "expected: " in told
    assert "hunter2" not in told


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("gpt-5-mini", "the provider is missing; for instance openai:gpt-5-mini"),
        ("opanai:gpt-5-mini", "unknown provider; known are alibaba, anthropic, "),
        ("openai:", "no model behind the provider"),
        ("google:gemini-2.5-flash", "Gemini models are named without a provider"),
        ("google-gla:gemini-2.5-flash", "Gemini models are named without a provider"),
    ],
)
def test_a_model_that_cannot_be_meant_is_told_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, told: str
) -> None:
    """And how it is to be named."""
    monkeypatch.setenv("MESH_MODEL", name)
    complained = complaint(capsys)
    assert "MESH_MODEL is malformed" in complained
    assert told in complained


def test_each_provider_needs_its_own_key_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Google's for Gemini, the named provider's for every other model."""
    monkeypatch.delenv("GEMINI_API_KEY")
    monkeypatch.setenv("MESH_MODEL", "openai:gpt-5-mini")
    told = complaint(capsys)
    assert "MESH_MODEL_API_KEY is missing; expected: API key of the provider" in told
    assert "GEMINI_API_KEY" not in told
    monkeypatch.setenv("MESH_MODEL_API_KEY", "key-of-a-provider")
    assert "key-of-a-provider" not in repr(load_settings(Everything))


@pytest.mark.parametrize(
    "given",
    [
        {"MESH_MODEL": "ollama:llama3.1:8b"},
        {"MESH_MODEL": "openai:any", "MESH_MODEL_URL": "http://gateway:4000/v1"},
    ],
)
def test_a_model_of_ones_own_needs_no_key(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str]
) -> None:
    """Its server may still want one."""
    monkeypatch.delenv("GEMINI_API_KEY")
    for variable, value in given.items():
        monkeypatch.setenv(variable, value)
    assert load_settings(Everything).model_api_key is None


def test_everything_that_is_wrong_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody likes to start a service six times."""
    for variable in REQUIRED:
        monkeypatch.delenv(variable)
    told = complaint(capsys)
    assert all(f"{variable} is missing" in told for variable in REQUIRED)


def test_secrets_are_never_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither by the settings themselves nor by a complaint about another one."""
    settings = load_settings(Everything)
    monkeypatch.setenv("MESH_REPLICAS", "many")
    for shown in (repr(settings), str(settings), settings.model_dump_json(), complaint(capsys)):
        for secret in SECRETS:
            assert REQUIRED[secret] not in shown
    assert settings.database_url.get_secret_value() == REQUIRED["DATABASE_URL"]
