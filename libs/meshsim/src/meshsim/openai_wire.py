"""OpenAI's chat completions on the wire, which many others speak too: requests, answers, errors."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from typing import Any

from starlette.responses import JSONResponse

from meshsim.wire import GenerateRequest, Tool, audio_tokens, recorded, spoken, tokens

_FINISH = {"STOP": "stop", "MAX_TOKENS": "length"}
_SYSTEM = ("system", "developer")
_TOO_MANY = 429
_SERVER_ERROR = 500


def parse_request(body: Mapping[str, Any]) -> GenerateRequest:
    """Read a request.

    Raises:
        ValueError: for what OpenAI answers with 400, with its message.
    """
    messages = body.get("messages") or []
    if not isinstance(messages, list) or not messages:
        raise ValueError("Invalid 'messages': empty array.")
    audio = [recorded(str(part["input_audio"].get("data", ""))) for part in _audio(messages)]
    wanted = body.get("response_format") or {}
    return GenerateRequest(
        text="\n".join(_texts(m for m in messages if m.get("role") not in _SYSTEM)),
        system="\n".join(_texts(m for m in messages if m.get("role") in _SYSTEM)),
        schema=(wanted.get("json_schema") or {}).get("schema"),
        tools=tuple(
            Tool(str(tool["function"]["name"]), tool["function"].get("parameters") or {})
            for tool in body.get("tools") or []
        ),
        audio=next(map(spoken, audio), None),
        audio_tokens=sum(map(audio_tokens, audio)),
    )


def _parts(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    content = message.get("content") or []
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content)


def _texts(messages: Iterator[Mapping[str, Any]]) -> Iterator[str]:
    for message in messages:
        yield from (part["text"] for part in _parts(message) if part.get("text"))


def _audio(messages: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for message in messages:
        yield from (part for part in _parts(message) if part.get("input_audio"))


def answered(
    request: GenerateRequest, model: str, part: Mapping[str, Any], finish: str = "STOP"
) -> dict[str, Any]:
    """Return an answer with one choice.

    Args:
        request: what was asked.
        model: the model.
        part: what Gemini would answer with: a text, or a call of a function.
        finish: Gemini's reason to end.
    """
    call = part.get("functionCall")
    if call:
        function = {"name": call["name"], "arguments": json.dumps(call["args"])}
        called = [{"id": f"call_{secrets.token_hex(8)}", "type": "function", "function": function}]
        message = {"role": "assistant", "content": None, "tool_calls": called}
        return _completion(request, model, message, "tool_calls")
    message = {"role": "assistant", "content": part.get("text")}
    return _completion(request, model, message, _FINISH[finish])


def without_candidates(request: GenerateRequest, model: str) -> dict[str, Any]:
    """Return an answer that holds nothing."""
    return _completion(request, model, {"role": "assistant", "content": ""}, "stop")


def blocked(request: GenerateRequest, model: str, reason: str) -> dict[str, Any]:
    """Return the answer to a prompt that a filter did not let through."""
    message = {"role": "assistant", "content": None, "refusal": f"Filtered: {reason}."}
    return _completion(request, model, message, "content_filter")


def _completion(
    request: GenerateRequest, model: str, message: Mapping[str, Any], finish: str
) -> dict[str, Any]:
    asked, made = request.read_tokens, tokens(json.dumps(message))
    return {
        "id": f"chatcmpl-{secrets.token_hex(12)}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": finish, "logprobs": None}],
        "usage": {
            "prompt_tokens": asked,
            "completion_tokens": made,
            "total_tokens": asked + made,
            "prompt_tokens_details": {
                "cached_tokens": request.cached_tokens,
                "audio_tokens": request.audio_tokens,
            },
        },
    }


def error(code: int, message: str) -> JSONResponse:
    """Return an error as OpenAI's API does."""
    kind = "server_error" if code >= _SERVER_ERROR else "invalid_request_error"
    return _error(code, message, kind)


def unknown_key(key: str | None) -> JSONResponse:
    """Return the error for a missing or a wrong API key."""
    if not key:
        return _error(401, "You didn't provide an API key.", "invalid_request_error")
    return _error(401, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key")


def rate_limited(seconds: float, model: str) -> JSONResponse:
    """Return the 429 that says when to come back."""
    message = f"Rate limit reached for {model}. Please try again in {seconds:g}s."
    response = _error(_TOO_MANY, message, "requests", "rate_limit_exceeded")
    response.headers["retry-after"] = f"{seconds:g}"
    return response


def _error(code: int, message: str, kind: str, name: str | None = None) -> JSONResponse:
    body = {"message": message, "type": kind, "param": None, "code": name}
    return JSONResponse({"error": body}, status_code=code)
