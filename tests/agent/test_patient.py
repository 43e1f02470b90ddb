"""Patience: how many calls at once, and when to try again."""

from __future__ import annotations

import asyncio
import time

import pytest
from prometheus_client import REGISTRY

from mesh_agent.models.patient import PatientModel
from mesh_agent.models.protocol import Answer, Prompt
from meshcore.errors import CannotHearError, ModelError, UnusableAnswerError
from tests.agent.scripted_model import ScriptedModel

PROMPT = Prompt("system", "user", {})


class Crowd:
    """A model that counts who is with it at once."""

    def __init__(self) -> None:
        self.here = self.most = 0

    async def generate(self, _: Prompt) -> Answer:
        """Answers after a moment."""
        self.here += 1
        self.most = max(self.most, self.here)
        await asyncio.sleep(0.01)
        self.here -= 1
        return Answer("{}", "crowd", 1, 1)


def failing(*, retry_after: float | None = None, retryable: bool = True) -> ModelError:
    """An error of the model."""
    error = ModelError("away", retry_after=retry_after)
    error.retryable = retryable
    return error


async def test_no_more_callers_at_once_than_the_model_bears() -> None:
    """Fifty callers, three at a time, all answered."""
    crowd = Crowd()
    patient = PatientModel(crowd, 3, timeout=5)
    await asyncio.gather(*(patient.generate(PROMPT) for _ in range(50)))
    assert crowd.most == 3


async def test_the_provider_says_how_long_to_wait() -> None:
    """Its word counts for more than our own pauses."""
    model = ScriptedModel(failing(retry_after=0.05), failing(retry_after=0.05), "{}")
    began = time.perf_counter()
    assert (await PatientModel(model, 1, timeout=5).generate(PROMPT)).text == "{}"
    assert 0.1 <= time.perf_counter() - began < 0.45
    assert len(model.prompts) == 3


async def test_a_waiting_caller_holds_no_slot() -> None:
    """While one waits for the provider, another is served."""
    model = ScriptedModel(failing(retry_after=0.5), "{}")
    patient = PatientModel(model, 1, timeout=5)
    waiting = asyncio.create_task(patient.generate(PROMPT))
    await model.asked.wait()
    async with asyncio.timeout(0.3):
        await patient.generate(PROMPT)
    assert not waiting.done()
    await waiting


async def test_patience_has_an_end() -> None:
    """After four attempts the last error comes out."""
    model = ScriptedModel(failing(retry_after=0.01))
    with pytest.raises(ModelError, match="away"):
        await PatientModel(model, 1, timeout=5).generate(PROMPT)
    assert len(model.prompts) == 4


@pytest.mark.parametrize(
    "error", [failing(retryable=False), failing(retry_after=3_600), ValueError("a bug")]
)
async def test_what_patience_cannot_mend_comes_out_at_once(error: Exception) -> None:
    """Hopeless errors, waits beyond a minute, and errors of our own."""
    model = ScriptedModel(error)
    with pytest.raises(type(error)) as caught:
        await PatientModel(model, 1, timeout=5).generate(PROMPT)
    assert (caught.value, len(model.prompts)) == (error, 1)


async def test_a_model_that_hangs_is_given_up_and_its_slot_freed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever the adapter does, an attempt ends a second after the timeout."""
    monkeypatch.setattr("mesh_agent.models.patient._ATTEMPTS", 1)
    model = ScriptedModel("{}")
    model.may_answer.clear()
    patient = PatientModel(model, 1, timeout=-0.9)
    with pytest.raises(ModelError, match="no answer in time"):
        await patient.generate(PROMPT)
    model.may_answer.set()
    assert (await patient.generate(PROMPT)).text == "{}"


async def test_an_answer_that_is_no_json_is_asked_for_again_at_once() -> None:
    """Who answered has time; the next answer may be better."""
    model = ScriptedModel("Sure! Here it is: {", UnusableAnswerError("blocked"), "{}")
    began = time.perf_counter()
    assert (await PatientModel(model, 1, timeout=5).generate(PROMPT)).text == "{}"
    assert time.perf_counter() - began < 0.4
    assert len(model.prompts) == 3


async def test_what_is_never_answered_usably_is_told_from_an_outage() -> None:
    """The caller may say something else instead of waiting for ever."""
    model = ScriptedModel("Sure! Here it is: {")
    with pytest.raises(UnusableAnswerError, match="not JSON"):
        await PatientModel(model, 1, timeout=5).generate(PROMPT)
    assert len(model.prompts) == 4


async def test_a_recording_that_cannot_be_heard_is_not_sent_again() -> None:
    """It would be refused again."""
    model = ScriptedModel(CannotHearError("HTTP 400"), "{}")
    with pytest.raises(CannotHearError):
        await PatientModel(model, 1, timeout=5).generate(PROMPT)
    assert len(model.prompts) == 1


async def test_what_calls_take_and_cost_is_counted() -> None:
    """For whoever watches the bill."""

    class Priced:
        async def generate(self, _: Prompt) -> Answer:
            return Answer("{}", "priced", 100, 20, 60, 0.25)

    def counted(name: str, **labels: str) -> float:
        return REGISTRY.get_sample_value(name, labels) or 0.0

    def all_counts() -> list[float]:
        kinds = ("read", "cached", "written")
        tokens = [counted("mesh_model_tokens_total", kind=kind) for kind in kinds]
        return [*tokens, counted("mesh_model_cost_usd_total")]

    before = all_counts()
    await PatientModel(Priced(), 1, timeout=5).generate(PROMPT)
    added = [now - then for now, then in zip(all_counts(), before, strict=True)]
    assert added == pytest.approx([40, 60, 20, 0.25])
