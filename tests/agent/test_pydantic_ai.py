"""PydanticAI against the simulated model, which looks like OpenAI, and against broken servers."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from typing import Any, cast

import pytest
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.profiles import ModelProfile

from mesh_agent.models.protocol import Answer, Prompt, Recording
from mesh_agent.models.pydantic_ai import PydanticAIModel
from mesh_agent.prompt import opening_prompt, turn_prompt
from meshcore.domain.conversation import Conversation
from meshcore.errors import (
    CannotHearError,
    ModelError,
    UnusableAnswerError,
    UnusableModelError,
)
from meshcore.model_names import PROVIDERS
from tests.agent.raw_server import answering, http
from tests.agent.talks import CAMPAIGN, opened, talk, wrote
from tests.sim.servers import call, process

MODEL = "openai:gpt-5-mini"
PROMPT = turn_prompt(CAMPAIGN, talk(*opened(), wrote(1, "I always refuel at ENOC")), [])
TINY = Prompt("system", "user", {"type": "object", "properties": {"a": {"type": "string"}}})
SPOKEN = Prompt(
    "Write down what is said.",
    "The recording:",
    {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]},
    Recording(b"I refuel at ENOC", "audio/mpeg"),
)
USAGE = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    """The simulated model, without latency."""
    with process("meshsim.model", "--latency", "0", "--api-key", "right") as url:
        yield url


async def ask(
    base: str, prompt: Prompt = PROMPT, *, name: str = MODEL, key: str = "right", limit: float = 5
) -> Answer:
    """Asks once, as the agent does."""
    model = PydanticAIModel(name, key, f"{base}/v1", limit)
    try:
        return await model.generate(prompt)
    finally:
        await model.aclose()


async def broken(base: str, prompt: Prompt = PROMPT, **fault: Any) -> ModelError:
    """The error that comes out of a faulty call."""
    await call(f"{base}/sim/faults", "POST", json=fault)
    with pytest.raises(ModelError) as caught:
        await ask(base, prompt, limit=1)
    return caught.value


def completion(message: dict[str, Any], finish: str = "stop") -> bytes:
    """An answer of OpenAI's on the wire."""
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
    body = {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [choice],
        "usage": USAGE,
    }
    return http(json.dumps(body).encode())


async def sent(prompt: Prompt, name: str = MODEL, answer: bytes | None = None) -> Any:
    """The request that a prompt becomes."""
    requests: list[Any] = []
    async with answering(answer or completion({"content": "{}"}), requests) as url:
        await ask(url, prompt, name=name)
    [request] = requests
    return request


@pytest.mark.parametrize("name", [MODEL, "openai:gpt-4.1", "ollama:llama3.1:8b"])
async def test_a_model_behind_an_api_like_openais_answers(base: str, name: str) -> None:
    """The scripted interviewer's answers fit the schema, whoever asks."""
    answer = await ask(base, name=name)
    assert set(json.loads(answer.text)) == set(PROMPT.schema["required"])
    assert answer.model == name.partition(":")[2]
    assert answer.input_tokens > 100
    assert answer.output_tokens > 0
    prompt = opening_prompt(CAMPAIGN, Conversation())
    assert set(json.loads((await ask(base, prompt, name=name)).text)) == set(
        prompt.schema["required"]
    )


async def test_both_sdks_hear_the_same_interviewer(base: str) -> None:
    """The simulated model says the same to both."""
    url = f"{base}/v1beta/models/gemini-2.5-flash:generateContent?key=right"
    body = {
        "contents": [{"parts": [{"text": PROMPT.user}]}],
        "systemInstruction": {"parts": [{"text": PROMPT.system}]},
        "generationConfig": {"responseJsonSchema": PROMPT.schema},
    }
    said = (await call(url, "POST", json=body))["candidates"][0]["content"]["parts"][0]["text"]
    assert json.loads((await ask(base)).text) == json.loads(said)


async def test_a_price_is_named_only_for_the_providers_own_address(base: str) -> None:
    """Whoever serves the model elsewhere asks for what they like."""
    assert (await ask(base)).cost_usd is None


async def test_the_model_is_held_to_the_schema_and_told_to_think_little() -> None:
    """The provider enforces the schema; what never changes comes first and apart."""
    request = await sent(PROMPT)
    schema = request["response_format"]["json_schema"]["schema"]
    assert set(schema["properties"]) == set(PROMPT.schema["properties"])
    system, user = request["messages"]
    assert system["content"] == PROMPT.system
    assert user["content"] == PROMPT.user
    assert request["reasoning_effort"] in {"none", "minimal"}
    assert not request.get("stream")


async def test_each_place_of_the_schema_has_one_type() -> None:
    """Anthropic's client takes no lists of types; null becomes a variant of its own."""
    place = {"type": ["string", "null"], "enum": ["a", "b", None], "description": "one of two"}
    fields = {"x": place, "y": {"type": ["string", "null"]}}
    schema = {"type": "object", "properties": fields, "required": ["x", "y"]}
    request = await sent(Prompt("system", "user", {**schema, "additionalProperties": False}))
    places = request["response_format"]["json_schema"]["schema"]["properties"]
    assert places["x"] == {
        "anyOf": [{"type": "string", "enum": ["a", "b"]}, {"type": "null"}],
        "description": "one of two",
    }
    assert places["y"] == {"anyOf": [{"type": "string"}, {"type": "null"}]}


async def test_a_model_without_structured_output_answers_by_a_tool() -> None:
    """What it calls the tool with is the answer."""
    function = {"name": "answer", "arguments": '{"a": "b"}'}
    calls = [{"id": "c", "type": "function", "function": function}]
    called = completion({"content": None, "tool_calls": calls}, "tool_calls")
    requests: list[Any] = []
    async with answering(called, requests) as url:
        model = PydanticAIModel(MODEL, "key", f"{url}/v1", 5)
        plain = ModelProfile(supports_json_schema_output=False)
        model._model = OpenAIChatModel("m", provider=cast("Any", model._provider), profile=plain)
        answer = await model.generate(TINY)
        await model.aclose()
    assert json.loads(answer.text) == {"a": "b"}
    [request] = requests
    assert [tool["function"]["name"] for tool in request["tools"]] == ["answer"]


async def test_what_was_cached_is_counted(base: str) -> None:
    """The beginning of a long prompt, from the second time on."""
    prompt = Prompt("Be kind. " * 2_000, "user", TINY.schema)
    first, second = await ask(base, prompt), await ask(base, prompt)
    assert first.cached_tokens == 0
    assert 2_048 < second.cached_tokens < second.input_tokens == first.input_tokens


async def test_a_rate_limit_says_when_to_come_back(base: str) -> None:
    """The Retry-After header becomes the error's; nobody retries but us."""
    before = (await call(f"{base}/sim/stats"))["calls"]
    error = await broken(base, kind="rate_limited", retry_delay=27)
    assert (error.retryable, error.retry_after) == (True, 27.0)
    assert (await call(f"{base}/sim/stats"))["calls"] == before + 1


async def test_a_server_error_may_be_tried_again(base: str) -> None:
    """It says nothing about when, and is no answer."""
    error = await broken(base, kind="server_error", status=503)
    assert (error.retryable, error.retry_after) == (True, None)
    assert not isinstance(error, UnusableAnswerError)


@pytest.mark.parametrize("kind", ["blocked", "empty", "cut_off"])
async def test_an_answer_that_is_none_is_unusable(base: str, kind: str) -> None:
    """The caller may say something else."""
    error = await broken(base, kind=kind)
    assert isinstance(error, UnusableAnswerError)
    assert error.retryable


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
    assert "401" in str(caught.value)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{",
        http(b"<html>"),
        http(b"[]"),
        http(b"{}"),
        http(b"<html>", "502 Bad Gateway"),
        completion({"content": None}),
    ],
)
async def test_a_broken_answer_is_a_model_error_that_may_pass(raw: bytes) -> None:
    """Whatever a proxy in between makes of it."""
    async with answering(raw, []) as url:
        with pytest.raises(ModelError) as caught:
            await ask(url, TINY)
    assert caught.value.retryable


async def test_the_words_of_a_refusal_stay_out_of_the_error() -> None:
    """Providers quote what they refuse: that may be the participant's words."""
    body = b'{"error": {"message": "bad: my number is 0501234567", "type": "invalid"}}'
    async with answering(http(body, "400 Bad Request"), []) as url:
        with pytest.raises(ModelError) as caught:
            await ask(url, TINY)
    assert "050" not in str(caught.value)
    assert not caught.value.retryable


async def test_a_recording_is_sent_to_whoever_takes_it(base: str) -> None:
    """What is said in it comes back in the form asked for."""
    assert json.loads((await ask(base, SPOKEN)).text)["text"] == "I refuel at ENOC"


async def test_a_recording_that_the_api_has_no_place_for_cannot_be_heard(base: str) -> None:
    """OpenAI's takes MP3 and WAV; WhatsApp's voice notes are neither."""
    with pytest.raises(CannotHearError):
        await ask(base, replace(SPOKEN, recording=Recording(b"I refuel at ENOC", "audio/ogg")))


async def test_a_recording_that_is_refused_cannot_be_heard() -> None:
    """Most models of most providers take none."""
    refused = http(b'{"error": {"message": "no audio", "type": "invalid"}}', "400 Bad Request")
    async with answering(refused, []) as url:
        with pytest.raises(CannotHearError) as caught:
            await ask(url, SPOKEN)
    assert not caught.value.retryable


async def test_a_wrong_key_does_not_pass_for_deafness(base: str) -> None:
    """It is refused for another reason."""
    with pytest.raises(ModelError) as caught:
        await ask(base, SPOKEN, key="wrong")
    assert not isinstance(caught.value, CannotHearError)


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_every_provider_that_the_settings_know_can_be_asked(provider: str) -> None:
    """Or says which client is to be installed."""
    name = {"openrouter": "meta/llama-4", "vercel": "meta/llama-4"}.get(provider, "llama-4")
    told = ""
    try:
        await PydanticAIModel(f"{provider}:{name}", "key", None, 5).aclose()
    except UnusableModelError as error:
        told = str(error)
    if find_spec(provider) or provider not in {"anthropic", "groq", "mistral"}:
        assert not told
    else:
        assert f"pip install 'pydantic-ai-slim[{provider}]'" in told


async def test_a_name_that_the_provider_does_not_have_is_told() -> None:
    """OpenRouter wants the maker before the model."""
    with pytest.raises(UnusableModelError, match="must be prefixed"):
        PydanticAIModel("openrouter:llama-4", "key", None, 5)
