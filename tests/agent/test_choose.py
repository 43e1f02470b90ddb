"""Which model the settings lead to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from mesh_agent.models.choose import model_from
from mesh_agent.models.patient import PatientModel
from mesh_agent.prompt import opening_prompt
from meshcore.domain.conversation import Conversation
from meshcore.errors import UnusableModelError
from meshcore.settings import ModelSettings
from meshsim.servers import NatsServer
from tests.agent.talks import CAMPAIGN
from tests.sim.servers import process

PROMPT = opening_prompt(CAMPAIGN, Conversation())


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    """The simulated model, without latency."""
    with process("meshsim.model", "--latency", "0", "--api-key", "right") as url:
        yield url


def settings(**variables: str) -> ModelSettings:
    """The settings that these variables make, and no others."""
    return ModelSettings.model_validate(variables)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this machine's own settings."""
    for name in [*os.environ]:
        if name.startswith(("MESH_MODEL", "MESH_GEMINI", "GEMINI_")):
            monkeypatch.delenv(name)


@pytest.mark.parametrize("name", ["gemini-2.5-flash", "openai:gpt-5-mini", "ollama:llama3.1:8b"])
async def test_whatever_is_chosen_answers_and_is_asked_with_patience(base: str, name: str) -> None:
    """The same for every provider."""
    chosen = settings(
        MESH_MODEL=name,
        GEMINI_API_KEY="right",
        MESH_GEMINI_URL=base,
        MESH_MODEL_API_KEY="right",
        **({"MESH_MODEL_URL": f"{base}/v1"} if ":" in name else {}),
    )
    async with model_from(chosen) as model:
        assert isinstance(model, PatientModel)
        answer = await model.generate(PROMPT)
    assert set(json.loads(answer.text)) == set(PROMPT.schema["required"])
    assert answer.model == name.removeprefix("openai:").removeprefix("ollama:")
    assert (answer.cost_usd is None) == (":" in name)


@pytest.mark.parametrize(
    ("chosen", "warned"),
    [
        ({"GEMINI_API_KEY": "k"}, False),
        ({"MESH_MODEL": "gemini-99", "GEMINI_API_KEY": "k"}, True),
        ({"MESH_MODEL": "openai:gpt-4.1-mini", "MESH_MODEL_API_KEY": "k"}, False),
        ({"MESH_MODEL": "openai:gpt-4.1-mini", "MESH_MODEL_URL": "http://localhost:1"}, True),
        ({"MESH_MODEL": "ollama:llama3.1:8b"}, True),
    ],
)
async def test_a_model_without_a_known_price_is_warned_of(
    chosen: dict[str, str], *, warned: bool
) -> None:
    """A budget in dollars would not hold, and nobody would notice."""
    with capture_logs() as logs:
        async with model_from(settings(**chosen)):
            pass
    assert any("no known price" in log["event"] for log in logs) == warned


@pytest.mark.skipif(find_spec("anthropic") is not None, reason="the client is installed")
async def test_a_provider_whose_client_is_not_installed_says_what_to_install() -> None:
    """It is an extra, because few need it."""
    chosen = settings(MESH_MODEL="anthropic:claude-haiku-4-5", MESH_MODEL_API_KEY="k")
    with pytest.raises(UnusableModelError, match="pydantic-ai-slim\\[anthropic\\]"):
        async with model_from(chosen):
            pass


def test_whoever_asks_gemini_does_not_load_the_rest() -> None:
    """PydanticAI takes a second to import, and memory in every process."""
    code = "import sys, mesh_agent.main; sys.exit('pydantic_ai' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603


def test_an_agent_that_cannot_ask_its_model_leaves_with_the_reason(tmp_path: Path) -> None:
    """As with every other setting that is wrong: status 2, and what to do."""
    server = NatsServer(tmp_path)
    server.start()
    try:
        env = {
            **os.environ,
            "NATS_URL": server.url,
            "MESH_PARTICIPANT_KEY": "key-of-the-tests-7531",
            "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "TWILIO_AUTH_TOKEN": "token",
            "MESH_MODEL": "openrouter:without-its-maker",
            "MESH_MODEL_API_KEY": "k",
            "MESH_HEALTH_PORT": "0",
        }
        command = [sys.executable, "-c", "from mesh_agent.main import main; main()"]
        left = subprocess.run(  # noqa: S603 - our own program
            command, env=env, capture_output=True, text=True, timeout=60, check=False
        )
    finally:
        server.stop()
    assert left.returncode == 2, left.stderr
    assert "MESH_MODEL is of no use here: OpenRouter model names must be prefixed" in left.stderr
    assert "Traceback" not in left.stderr
