"""The model that is measured: the configured one, or the scripted one where none is configured."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from os import environ
from pathlib import Path

from mesh_agent.models.choose import model_from
from mesh_agent.models.protocol import Model
from meshcore.model_names import provider_of
from meshcore.settings import ModelSettings
from meshsim.children import Child, WorldError, answers, free_port, wait_until

_START = 30.0
_SIMULATED_KEY = "simulated"


@dataclass(frozen=True, slots=True)
class ChosenModel:
    """A model that can be asked.

    Attributes:
        model: with patience.
        name: as it is configured.
        concurrency: how many calls it takes at once.
        simulated: whether it is the scripted one.
    """

    model: Model
    name: str
    concurrency: int
    simulated: bool

    @property
    def described(self) -> str:
        """What a person should know about it."""
        if self.simulated:
            return "SIMULATED (a script): GEMINI_API_KEY is not given"
        return f"{self.name}, as configured"


@asynccontextmanager
async def chosen_model(
    given: Mapping[str, str], concurrency: int | None = None
) -> AsyncIterator[ChosenModel]:
    """The model for as long as the context lasts.

    Args:
        given: settings by the names of their environment variables.
        concurrency: calls at once; by default what the settings say.

    Raises:
        WorldError: the simulated model does not start.
        UnusableModelError: the configured model cannot be asked from here.
        pydantic.ValidationError: the settings are not usable.
    """
    simulated = is_simulated(given)
    with _scripted_model(simulated) as led_to_it:
        settings = ModelSettings.model_validate({**given, **led_to_it})
        if concurrency:
            settings = settings.model_copy(update={"max_concurrent_llm_calls": concurrency})
        async with model_from(settings) as model:
            calls = settings.max_concurrent_llm_calls
            yield ChosenModel(model, settings.model, calls, simulated)


def is_simulated(given: Mapping[str, str]) -> bool:
    """Whether these settings leave it to a script to answer: Gemini, and no key."""
    return provider_of(given.get("MESH_MODEL", "")) is None and not given.get("GEMINI_API_KEY")


@contextmanager
def _scripted_model(wanted: bool) -> Iterator[dict[str, str]]:  # noqa: FBT001 - the one question
    """Runs the scripted model on a free port; the settings that lead to it, none if not wanted."""
    if not wanted:
        yield {}
        return
    port = free_port()
    options = ["--port", str(port), "--latency", "0"]
    command = [sys.executable, "-m", "meshsim.model", *options]
    with tempfile.TemporaryDirectory(prefix="mesh-eval-") as folder:
        child = Child("simulated-model", command, environ, Path(folder))
        child.start()
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until(
                lambda: answers(f"{url}/livez") or not child.alive,
                _START,
                "the simulated model did not start",
            )
            if not child.alive:
                raise WorldError(f"the simulated model left at once:\n{child.tail()}")
            yield {"GEMINI_API_KEY": _SIMULATED_KEY, "MESH_GEMINI_URL": url}
        finally:
            child.stop()
