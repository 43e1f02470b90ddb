"""Gemini's generateContent on the wire: requests in mixed casing, answers, errors."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from starlette.responses import JSONResponse

from meshsim.wire import GenerateRequest, Tool, audio_tokens, recorded, spoken, tokens

_TYPE = "type.googleapis.com/google.rpc."
_LEAST_BUDGET_OF_PRO = 128
_STATUS = {
    400: "INVALID_ARGUMENT",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


def take(item: Mapping[str, Any], name: str) -> Any:
    """Return the value under a camelCase name, or under its snake_case twin."""
    snake = re.sub(r"(?<!^)([A-Z])", lambda match: "_" + match[1].lower(), name)
    return item.get(name, item.get(snake))


def parse_request(body: Mapping[str, Any], model: str) -> GenerateRequest:
    """Read a request.

    Raises:
        ValueError: for what Gemini answers with 400, with its message.
    """
    contents = body.get("contents") or []
    if not isinstance(contents, list) or not contents:
        raise ValueError("* GenerateContentRequest.contents: contents is not specified\n")
    config = take(body, "generationConfig") or {}
    _check_generation(config, contents, model)
    parts = [part for content in contents for part in content.get("parts") or []]
    system = take(body, "systemInstruction") or {}
    audio = [recording for part in parts if (recording := _recording(part)) is not None]
    return GenerateRequest(
        text="\n".join(part["text"] for part in parts if part.get("text")),
        system="\n".join(str(part.get("text", "")) for part in system.get("parts") or []),
        schema=take(config, "responseJsonSchema") or take(config, "responseSchema"),
        tools=tuple(_tools(body)),
        audio=next(map(spoken, audio), None),
        audio_tokens=sum(map(audio_tokens, audio)),
    )


def _check_generation(config: Mapping[str, Any], contents: list[Any], model: str) -> None:
    thinking = take(config, "thinkingConfig") or {}
    both = take(thinking, "thinkingBudget") is not None and take(thinking, "thinkingLevel")
    if both:
        raise ValueError("You can only set one of thinking budget and thinking level.")
    if "2.5" in model and take(thinking, "thinkingLevel"):
        raise ValueError("Thinking level is not supported for this model.")
    budget = take(thinking, "thinkingBudget")
    if "2.5-pro" in model and budget is not None and 0 <= budget < _LEAST_BUDGET_OF_PRO:
        raise ValueError("The thinking budget is invalid. This model only works in thinking mode.")
    if "2.5" not in model and contents[-1].get("role") == "model":
        raise ValueError("The last content must not be of role model.")


def _tools(body: Mapping[str, Any]) -> Iterator[Tool]:
    for tool in body.get("tools") or []:
        for declared in take(tool, "functionDeclarations") or []:
            schema = take(declared, "parametersJsonSchema") or declared.get("parameters") or {}
            yield Tool(str(declared.get("name", "")), schema)


def _recording(part: Mapping[str, Any]) -> bytes | None:
    inline = take(part, "inlineData")
    if not inline or not str(take(inline, "mimeType") or "").startswith("audio/"):
        return None
    return recorded(str(inline.get("data", "")))


def answered(
    request: GenerateRequest, model: str, part: Mapping[str, Any], finish: str = "STOP"
) -> dict[str, Any]:
    """Return an answer with one candidate of one part."""
    candidate = {
        "content": {"parts": [part], "role": "model"},
        "finishReason": finish,
        "index": 0,
    }
    made = tokens(part.get("text") or json.dumps(part))
    return {"candidates": [candidate], **_envelope(request, model, made)}


def without_candidates(request: GenerateRequest, model: str) -> dict[str, Any]:
    """Return an answer that holds nothing."""
    return _envelope(request, model, 0)


def blocked(request: GenerateRequest, model: str, reason: str) -> dict[str, Any]:
    """Return the answer to a prompt that was not let through."""
    return {"promptFeedback": {"blockReason": reason}, **_envelope(request, model, 0)}


def _envelope(request: GenerateRequest, model: str, made: int) -> dict[str, Any]:
    asked = request.read_tokens
    details = [{"modality": "TEXT", "tokenCount": asked - request.audio_tokens}]
    usage: dict[str, Any] = {
        "promptTokenCount": asked,
        "candidatesTokenCount": made,
        "totalTokenCount": asked + made,
        "promptTokensDetails": details,
    }
    if request.audio_tokens:
        details.append({"modality": "AUDIO", "tokenCount": request.audio_tokens})
    if request.cached_tokens:
        usage["cachedContentTokenCount"] = request.cached_tokens
    return {
        "usageMetadata": usage,
        "modelVersion": model,
        "responseId": secrets.token_urlsafe(16),
    }


def error(code: int, message: str, details: list[Any] | None = None) -> JSONResponse:
    """Return an error as Google's APIs do."""
    body: dict[str, Any] = {
        "code": code,
        "message": message,
        "status": _STATUS.get(code, "UNKNOWN"),
    }
    if details:
        body["details"] = details
    return JSONResponse({"error": body}, status_code=code)


def unknown_key(key: str | None) -> JSONResponse:
    """Return the error for a missing or a wrong API key."""
    if not key:
        message = (
            "Method doesn't allow unregistered callers (callers without established identity). "
            "Please use API Key or other form of API consumer identity to call this API."
        )
        return error(403, message)
    info = {
        "@type": f"{_TYPE}ErrorInfo",
        "reason": "API_KEY_INVALID",
        "domain": "googleapis.com",
        "metadata": {"service": "generativelanguage.googleapis.com"},
    }
    return error(400, "API key not valid. Please pass a valid API key.", [info])


def rate_limited(seconds: float, model: str) -> JSONResponse:
    """Return the 429 that says when to come back."""
    delay = f"{seconds:g}s"
    violation = {
        "quotaMetric": "generativelanguage.googleapis.com/generate_content_requests",
        "quotaId": "GenerateRequestsPerMinutePerProjectPerModel",
        "quotaDimensions": {"location": "global", "model": model},
    }
    details = [
        {"@type": f"{_TYPE}QuotaFailure", "violations": [violation]},
        {
            "@type": f"{_TYPE}Help",
            "links": [{"description": "Learn more about Gemini API quotas"}],
        },
        {"@type": f"{_TYPE}RetryInfo", "retryDelay": delay},
    ]
    message = f"You exceeded your current quota, please check your plan. Please retry in {delay}."
    return error(429, message, details)
