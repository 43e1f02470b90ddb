"""The real google-genai client against the simulated model, and against broken servers."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from mesh_agent.models.gemini import GeminiModel
from mesh_agent.models.protocol import Answer, Prompt
from mesh_agent.prompt import opening_prompt, turn_prompt
from meshcore.domain.conversation import Conversation
from meshcore.errors import ModelError
from tests.agent.talks import CAMPAIGN, opened, talk, wrote
from tests.sim.servers import call, process

FLASH = "gemini-2.5-flash"
PROMPT = turn_prompt(CAMPAIGN, talk(*opened(), wrote(1, "I always refuel at ENOC")), [])
TINY = Prompt("system", "user", {"type": "object"})


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
    assert set(json.loads(answer.text)) == {"extractions", "outcome", "reply", "asked"}
    assert answer.model == name
    assert answer.input_tokens > 100
    assert answer.output_tokens > 0
    opening = await ask(base, opening_prompt(CAMPAIGN, Conversation()), name=name)
    assert set(json.loads(opening.text)) == {"reply", "asked"}


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
    """Blocked, empty and cut off are told apart."""
    assert words in str(await broken(base, kind=kind))


async def test_text_that_is_no_json_is_the_callers_to_judge(base: str) -> None:
    """The adapter hands it on as it is."""
    await call(f"{base}/sim/faults", "POST", json={"kind": "invalid_json"})
    with pytest.raises(ValueError, match="Expecting"):
        json.loads((await ask(base)).text)


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


@asynccontextmanager
async def answering(raw: bytes, requests: list[Any]) -> AsyncIterator[str]:
    """A server that notes what it is asked, answers with these bytes, and hangs up."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length: ")[2].split("\r\n")[0])
        requests.append(json.loads(await reader.readexactly(length)))
        writer.write(raw)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def http(body: bytes, status: str = "200 OK") -> bytes:
    """An answer on the wire."""
    kind = "Content-Type: application/json"
    return f"HTTP/1.1 {status}\r\n{kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


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


@pytest.mark.parametrize(
    ("name", "thinking"),
    [
        (FLASH, {"thinkingBudget": 0}),
        ("gemini-2.5-flash-lite", {"thinkingBudget": 0}),
        ("gemini-3.5-flash-lite", {"thinkingLevel": "MINIMAL"}),
        ("gemini-2.5-pro", None),
    ],
)
async def test_each_generation_is_told_not_to_think_in_its_own_words(
    name: str, thinking: dict[str, Any] | None
) -> None:
    """Sending both is an error; a model that cannot do without is left alone."""
    body = b'{"candidates": [{"content": {"parts": [{"text": "{}"}]}, "finishReason": "STOP"}]}'
    requests: list[Any] = []
    async with answering(http(body), requests) as url:
        assert (await ask(url, TINY, name=name)).model == name
    [request] = requests
    sent = request["generationConfig"].get("thinkingConfig")
    snake = {"thinking_budget": "thinkingBudget", "thinking_level": "thinkingLevel"}
    assert (sent and {snake.get(k, k): v for k, v in sent.items()}) == thinking
    assert len(request["contents"]) == 1
