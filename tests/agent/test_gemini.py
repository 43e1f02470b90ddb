"""The real google-genai client against the simulated model, and against broken servers."""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import pytest
from pydantic_ai.models import known_model_names
from pydantic_ai.profiles.google import (
    GOOGLE_THINKING_LEVELS,
    GoogleModelProfile,
    google_model_profile,
)

from mesh_agent.models.gemini import GeminiModel, least_thinking
from mesh_agent.models.protocol import Answer, Prompt, Recording
from mesh_agent.prompt import opening_prompt, turn_prompt
from meshcore.domain.conversation import Conversation
from meshcore.errors import CannotHearError, ModelError, UnusableAnswerError
from tests.agent.raw_server import answering, http
from tests.agent.talks import CAMPAIGN, opened, talk, wrote
from tests.sim.servers import call, process

FLASH = "gemini-2.5-flash"
PROMPT = turn_prompt(CAMPAIGN, talk(*opened(), wrote(1, "I always refuel at ENOC")), [])
TINY = Prompt("system", "user", {"type": "object"})
SPOKEN = Prompt(
    "Write down what is said.",
    "The recording:",
    {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]},
    Recording(b"I refuel at ENOC", "audio/ogg"),
)


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    """The simulated model, without latency."""
    with process("meshsim.model", "--latency", "0", "--api-key", "right") as url:
        yield url


async def ask(
    base: str, prompt: Prompt = PROMPT, *, name: str = FLASH, key: str = "right", limit: float = 5
) -> Answer:
    """Asks once, as the agent does."""
    model = GeminiModel(name, key, base, limit)
    try:
        return await model.generate(prompt)
    finally:
        await model.aclose()


async def broken(base: str, **fault: Any) -> ModelError:
    """The error that comes out of a faulty call."""
    await call(f"{base}/sim/faults", "POST", json=fault)
    with pytest.raises(ModelError) as caught:
        await ask(base, limit=1)
    return caught.value


@pytest.mark.parametrize("name", [FLASH, "gemini-3.5-flash-lite"])
async def test_both_generations_answer(base: str, name: str) -> None:
    """With what the schema asks for, and with its price."""
    answer = await ask(base, name=name)
    assert set(json.loads(answer.text)) == set(PROMPT.schema["required"])
    assert answer.model == name
    assert answer.input_tokens > 100
    assert answer.output_tokens > 0
    assert answer.cost_usd is not None
    assert 0 < answer.cost_usd < 0.01
    prompt = opening_prompt(CAMPAIGN, Conversation())
    opening = await ask(base, prompt, name=name)
    assert set(json.loads(opening.text)) == set(prompt.schema["required"])


async def test_a_rate_limit_says_when_to_come_back(base: str) -> None:
    """Google's RetryInfo becomes the error's."""
    error = await broken(base, kind="rate_limited", retry_delay=27)
    assert (error.retryable, error.retry_after) == (True, 27.0)


async def test_a_server_error_may_be_tried_again(base: str) -> None:
    """It says nothing about when."""
    error = await broken(base, kind="server_error", status=503)
    assert (error.retryable, error.retry_after) == (True, None)


@pytest.mark.parametrize(
    ("kind", "words"), [("blocked", "SAFETY"), ("empty", "no candidates"), ("cut_off", "cut off")]
)
async def test_an_answer_that_is_none_is_an_error(base: str, kind: str, words: str) -> None:
    """Blocked, empty and cut off are told apart; an outage is none of them."""
    error = await broken(base, kind=kind)
    assert isinstance(error, UnusableAnswerError)
    assert words in str(error)
    assert not isinstance(await broken(base, kind="server_error"), UnusableAnswerError)


async def test_text_that_is_no_json_is_the_callers_to_judge(base: str) -> None:
    """The adapter hands it on as it is."""
    await call(f"{base}/sim/faults", "POST", json={"kind": "invalid_json"})
    with pytest.raises(ValueError, match="Expecting"):
        json.loads((await ask(base)).text)


async def test_a_prompt_that_takes_longer_is_given_its_time(base: str) -> None:
    """A report is not a turn."""
    await call(f"{base}/sim/faults", "POST", json={"kind": "hang", "seconds": 2})
    answer = await ask(base, replace(PROMPT, seconds=20), limit=1)
    assert json.loads(answer.text)


async def test_a_hanging_call_is_given_up_in_time(base: str) -> None:
    """The client's timeout holds."""
    began = time.perf_counter()
    error = await broken(base, kind="hang", seconds=8)
    assert "no answer" in str(error)
    assert time.perf_counter() - began < 3
    assert error.retryable


async def test_our_own_mistakes_are_not_tried_again(base: str) -> None:
    """A wrong key stays wrong."""
    with pytest.raises(ModelError) as caught:
        await ask(base, key="wrong")
    assert not caught.value.retryable
    assert "400" in str(caught.value)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{",
        http(b"<html>"),
        http(b"[]"),
        http(b"{}"),
        http(b"<html>", "502 Bad Gateway"),
        http(b'{"candidates": [{"finishReason": "STOP"}]}'),
        http(b'{"candidates": "none"}'),
    ],
)
async def test_a_broken_answer_is_a_model_error_that_may_pass(raw: bytes) -> None:
    """Whatever a proxy in between makes of it."""
    async with answering(raw, []) as url:
        with pytest.raises(ModelError) as caught:
            await ask(url, TINY)
    assert caught.value.retryable


def answered(**usage: Any) -> bytes:
    """An answer of Gemini's on the wire, with what it used."""
    content = {"parts": [{"text": "{}"}]}
    body = {
        "candidates": [{"content": content, "finishReason": "STOP"}],
        "usageMetadata": usage,
    }
    return http(json.dumps(body).encode())


def camel(sent: Any) -> Any:
    """What was sent, in one casing: Gemini takes two."""
    if isinstance(sent, list):
        return [camel(item) for item in sent]
    if not isinstance(sent, dict):
        return sent
    return {re.sub("_(.)", lambda m: m[1].upper(), k): camel(v) for k, v in sent.items()}


async def sent(prompt: Prompt, name: str = FLASH) -> Any:
    """The request that a prompt becomes."""
    requests: list[Any] = []
    async with answering(answered(), requests) as url:
        assert (await ask(url, prompt, name=name)).model == name
    [request] = requests
    return camel(request)


@pytest.mark.parametrize(
    ("name", "thinking"),
    [
        (FLASH, {"thinkingBudget": 0}),
        ("gemini-2.5-flash-lite", {"thinkingBudget": 0}),
        ("gemini-2.5-pro", {"thinkingBudget": 128}),
        ("gemini-3-flash-preview", {"thinkingLevel": "MINIMAL"}),
        ("gemini-3.5-flash-lite", {"thinkingLevel": "MINIMAL"}),
        ("gemini-3.8-flash", {"thinkingLevel": "LOW"}),
        ("gemini-3.1-pro-preview", {"thinkingLevel": "LOW"}),
        ("gemini-flash-latest", None),
        ("gemini-2.0-flash", None),
    ],
)
async def test_each_generation_is_told_in_its_own_words_to_think_little(
    name: str, thinking: dict[str, Any] | None
) -> None:
    """Sending both is an error, and so is less than a model can; an unknown one is left alone."""
    request = await sent(TINY, name)
    assert request["generationConfig"].get("thinkingConfig") == thinking


@pytest.mark.parametrize(
    "name",
    [
        known.removeprefix("google:")
        for known in known_model_names()
        if known.startswith("google:gemini-") and "image" not in known
    ],
)
def test_no_model_is_told_to_think_as_it_cannot(name: str) -> None:
    """PydanticAI's authors have tried them all."""
    thinking = least_thinking(name)
    profile = cast("GoogleModelProfile", google_model_profile(name))
    match thinking:
        case {"thinking_level": level}:
            assert profile["google_supports_thinking_level"]
            assert level in profile.get("google_thinking_levels", GOOGLE_THINKING_LEVELS)
        case {"thinking_budget": budget}:
            assert not profile["google_supports_thinking_level"]
            assert budget or not profile["thinking_always_enabled"]
        case _:
            assert "latest" in name or not profile["supports_thinking"]


@pytest.mark.parametrize(
    ("name", "temperature"), [(FLASH, 0.6), ("gemini-3.5-flash-lite", None), ("gemini-9", None)]
)
async def test_only_the_generation_that_heeds_a_temperature_is_given_one(
    name: str, temperature: float | None
) -> None:
    """Google advises later ones against it."""
    request = await sent(TINY, name)
    assert request["generationConfig"].get("temperature") == temperature


async def test_what_never_changes_is_sent_apart_from_the_rest() -> None:
    """So that Google finds the same beginning again and bills it as cached."""
    request = await sent(PROMPT)
    [part] = request["systemInstruction"]["parts"]
    assert part["text"] == PROMPT.system
    [content] = request["contents"]
    assert content["parts"] == [{"text": PROMPT.user}]


async def test_what_was_cached_is_counted_and_cheaper() -> None:
    """A tenth of the price, for the tokens that Google names."""
    usage = {"promptTokenCount": 10_000, "candidatesTokenCount": 100, "thoughtsTokenCount": 50}
    async with answering(answered(**usage), []) as url:
        whole = await ask(url, TINY)
    async with answering(answered(**usage, cachedContentTokenCount=8_000), []) as url:
        cached = await ask(url, TINY)
    assert (whole.input_tokens, whole.output_tokens, whole.cached_tokens) == (10_000, 150, 0)
    assert (cached.input_tokens, cached.output_tokens, cached.cached_tokens) == (10_000, 150, 8_000)
    assert whole.cost_usd == pytest.approx((10_000 * 0.30 + 150 * 2.50) / 1e6)
    assert cached.cost_usd == pytest.approx((2_000 * 0.30 + 8_000 * 0.03 + 150 * 2.50) / 1e6)


async def test_a_recording_is_sent_before_the_words_about_it() -> None:
    """Inline, as base64, with its bare media type."""
    request = await sent(SPOKEN)
    [content] = request["contents"]
    audio, text = content["parts"]
    assert audio["inlineData"]["mimeType"] == "audio/ogg"
    assert base64.urlsafe_b64decode(audio["inlineData"]["data"]) == b"I refuel at ENOC"
    assert text == {"text": SPOKEN.user}


async def test_a_recording_costs_what_audio_costs() -> None:
    """More than three times as much as text."""
    audio = {"modality": "AUDIO", "tokenCount": 900}
    details = [{"modality": "TEXT", "tokenCount": 100}, audio]
    usage = {"promptTokenCount": 1_000, "promptTokensDetails": details}
    async with answering(answered(**usage), []) as url:
        answer = await ask(url, SPOKEN)
    assert answer.cost_usd == pytest.approx((100 * 0.30 + 900 * 1.00) / 1e6)


async def test_the_simulated_model_hears_a_recording(base: str) -> None:
    """What is said in it comes back in the form asked for."""
    assert json.loads((await ask(base, SPOKEN)).text)["text"] == "I refuel at ENOC"


async def test_a_recording_that_is_refused_cannot_be_heard() -> None:
    """The same prompt without one is our mistake, and so is a wrong key."""
    refused = http(b'{"error": {"code": 400, "status": "INVALID_ARGUMENT"}}', "400 Bad Request")
    async with answering(refused, []) as url:
        with pytest.raises(CannotHearError) as caught:
            await ask(url, SPOKEN)
    assert not caught.value.retryable
    async with answering(refused, []) as url:
        with pytest.raises(ModelError) as other:
            await ask(url, TINY)
    assert not isinstance(other.value, CannotHearError)


async def test_a_wrong_key_does_not_pass_for_deafness(base: str) -> None:
    """Google refuses both with 400; only one is about the recording."""
    with pytest.raises(ModelError) as caught:
        await ask(base, SPOKEN, key="wrong")
    assert not isinstance(caught.value, CannotHearError)
