"""The real google-genai client against the simulated model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from google import genai
from google.genai import errors, types
from pydantic import BaseModel

from tests.sim.servers import call, process

MODEL = "gemini-2.5-flash"
FIELD = {
    "field": "station",
    "type": "string",
    "description": "Where they currently refuel",
    "state": "pending",
    "value": None,
    "asked": 0,
}
PROMPT = f"## Task\nopening\n## Fields\n{json.dumps(FIELD)}\n## Conversation\n"
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"reply": {"type": "string"}, "asked": {"type": ["string", "null"]}},
    "required": ["reply", "asked"],
}
STRUCTURED = types.GenerateContentConfig(
    system_instruction="You interview people.",
    response_mime_type="application/json",
    response_json_schema=SCHEMA,
    thinking_config=types.ThinkingConfig(thinking_budget=0),
)


@pytest.fixture
def base() -> Iterator[str]:
    """Run the model without latency."""
    with process("meshsim.model", "--latency", "0", "--api-key", "right") as url:
        yield url


def connect(base: str, version: str | None = None, key: str = "right") -> genai.client.AsyncClient:
    """Return a client that does not retry by itself."""
    options = types.HttpOptions(
        base_url=base,
        api_version=version,
        timeout=2000,
        retry_options=types.HttpRetryOptions(attempts=1),
    )
    return genai.Client(api_key=key, http_options=options).aio


async def ask(base: str, **options: str) -> types.GenerateContentResponse:
    """Ask for an opening."""
    models = connect(base, **options).models
    return await models.generate_content(model=MODEL, contents=PROMPT, config=STRUCTURED)


@pytest.mark.parametrize("version", ["v1", "v1beta"])
async def test_structured_output_holds_what_the_schema_lists(base: str, version: str) -> None:
    """A prompt that keeps the contract is answered by the interviewer, within the schema."""
    response = await ask(base, version=version)
    answer = json.loads(response.text or "")
    assert answer.keys() == {"reply", "asked"}
    assert answer["asked"] == "station"
    assert answer["reply"].endswith("Where do you currently refuel?")
    assert response.usage_metadata is not None
    assert response.usage_metadata.total_token_count
    assert (response.model_version, bool(response.response_id)) == (MODEL, True)


class Rating(BaseModel):
    """A schema that has nothing to do with interviews."""

    title: str
    score: int
    tags: list[str]
    note: str | None = None


async def test_any_other_schema_gets_an_answer_that_fits_it(base: str) -> None:
    """A request outside the contract is answered too, here in Gemini's own schema dialect."""
    config = types.GenerateContentConfig(
        response_mime_type="application/json", response_schema=Rating
    )
    response = await connect(base).models.generate_content(
        model=MODEL, contents="Rate this, please.", config=config
    )
    assert isinstance(response.parsed, Rating)


async def test_a_declared_function_is_called_with_the_answer(base: str) -> None:
    """Structured output may be asked for as a function call."""
    declared = types.FunctionDeclaration(name="final_result", parameters_json_schema=SCHEMA)
    config = types.GenerateContentConfig(tools=[types.Tool(function_declarations=[declared])])
    response = await connect(base).models.generate_content(
        model=MODEL, contents=PROMPT, config=config
    )
    assert response.function_calls is not None
    [made] = response.function_calls
    assert (made.name, (made.args or {})["asked"]) == ("final_result", "station")


async def test_audio_is_transcribed_as_what_its_bytes_say(base: str) -> None:
    """Inline audio whose bytes are text is its own transcript."""
    voice = types.Part.from_bytes(data=b"About twice a week", mime_type="audio/ogg")
    response = await connect(base).models.generate_content(
        model=MODEL,
        contents=types.Content(parts=[voice, types.Part(text="Write down what is said.")]),
    )
    assert response.text == "About twice a week"


@pytest.mark.parametrize(
    ("spoken", "heard", "text"), [(b" About twice. ", True, "About twice."), (b"...", False, "")]
)
async def test_a_recording_is_heard_unless_nothing_is_said(
    base: str, spoken: bytes, heard: object, text: str
) -> None:
    """A schema may ask for both."""
    voice = types.Part.from_bytes(data=spoken, mime_type="audio/ogg")
    schema = {
        "type": "object",
        "properties": {"heard": {"type": "boolean"}, "text": {"type": "string"}},
        "required": ["heard", "text"],
    }
    config = types.GenerateContentConfig(
        response_mime_type="application/json", response_json_schema=schema
    )
    response = await connect(base).models.generate_content(
        model=MODEL,
        contents=types.Content(parts=[voice, types.Part(text="Write down what is said.")]),
        config=config,
    )
    assert json.loads(response.text or "") == {"heard": heard, "text": text}


async def test_a_rate_limit_says_when_to_come_back(base: str) -> None:
    """429 carries RetryInfo, and only so many calls are struck as were asked for."""
    fault = {"kind": "rate_limited", "retry_delay": 27}
    await call(f"{base}/sim/faults", "POST", json=fault)
    with pytest.raises(errors.ClientError) as caught:
        await ask(base)
    assert (caught.value.code, caught.value.status) == (429, "RESOURCE_EXHAUSTED")
    details = caught.value.details["error"]["details"]
    [retry] = [item for item in details if item["@type"].endswith("RetryInfo")]
    assert retry["retryDelay"] == "27s"
    assert (await ask(base)).text


async def test_a_server_error_is_one(base: str) -> None:
    """5xx comes out of the client as its error for that."""
    await call(f"{base}/sim/faults", "POST", json={"kind": "server_error", "status": 500})
    with pytest.raises(errors.ServerError) as caught:
        await ask(base)
    assert caught.value.code == 500


async def test_a_hanging_call_runs_into_the_timeout(base: str) -> None:
    """The client's own timeout ends the waiting."""
    await call(f"{base}/sim/faults", "POST", json={"kind": "hang", "seconds": 10})
    with pytest.raises(TimeoutError):
        await ask(base)


async def test_a_blocked_prompt_has_a_reason_and_no_candidates(base: str) -> None:
    """What is not let through says so in the prompt feedback."""
    await call(f"{base}/sim/faults", "POST", json={"kind": "blocked"})
    response = await ask(base)
    assert not response.candidates
    assert response.prompt_feedback is not None
    assert response.prompt_feedback.block_reason == types.BlockedReason.SAFETY


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("empty", None),
        ("cut_off", types.FinishReason.MAX_TOKENS),
        ("invalid_json", types.FinishReason.STOP),
    ],
)
async def test_a_damaged_answer_is_not_json(
    base: str, kind: str, reason: types.FinishReason | None
) -> None:
    """Empty, cut off and chatty answers cannot be parsed, each in its own way."""
    await call(f"{base}/sim/faults", "POST", json={"kind": kind, "contains": "refuel"})
    response = await ask(base)
    found = response.candidates[0].finish_reason if response.candidates else None
    assert found == reason
    with pytest.raises(ValueError, match=r"Expecting|Unterminated|Invalid"):
        json.loads(response.text or "")


async def test_a_wrong_key_is_an_invalid_argument_and_a_missing_one_is_forbidden(base: str) -> None:
    """The statuses are Google's."""
    with pytest.raises(errors.ClientError) as caught:
        await ask(base, key="wrong")
    assert caught.value.code == 400
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{base}/v1beta/models/{MODEL}:generateContent", json={})
    assert (answer.status_code, answer.json()["error"]["status"]) == (403, "PERMISSION_DENIED")


async def test_statistics_count_the_calls_by_kind(base: str) -> None:
    """The statistics tell answers and faults apart."""
    await call(f"{base}/sim/faults", "POST", json={"kind": "empty"})
    await ask(base)
    await ask(base)
    stats = await call(f"{base}/sim/stats")
    assert (stats["calls"], stats["in_flight"]) == (2, 0)
    assert stats["kinds"] == {"empty": 1, "opening": 1}
