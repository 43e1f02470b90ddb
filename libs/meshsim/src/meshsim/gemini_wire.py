"""Gemini's generateContent on the wire: requests in mixed casing, answers, errors."""

from __future__ import annotations

import base64
import binascii
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse

_TYPE = "type.googleapis.com/google.rpc."
_CHARACTERS_PER_TOKEN = 4
_STATUS = {
    400: "INVALID_ARGUMENT",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


@dataclass(frozen=True)
class Tool:
    """A function that the model may call, which is another way to ask for structured output."""

    name: str
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class GenerateRequest:
    """What a request asks for, whatever casing it came in.

    Attributes:
        text: all text of the contents.
        system: the system instruction.
        schema: the schema of the answer, if it is to be JSON.
        tools: the functions declared.
        audio: what is spoken in the inline audio, if there is any.
    """

    text: str
    system: str
    schema: Mapping[str, Any] | None
    tools: tuple[Tool, ...]
    audio: str | None


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
    return GenerateRequest(
        text="\n".join(part["text"] for part in parts if part.get("text")),
        system="\n".join(str(part.get("text", "")) for part in system.get("parts") or []),
        schema=take(config, "responseJsonSchema") or take(config, "responseSchema"),
        tools=tuple(_tools(body)),
        audio=next((spoken for part in parts if (spoken := _spoken(part)) is not None), None),
    )


def _check_generation(config: Mapping[str, Any], contents: list[Any], model: str) -> None:
    thinking = take(config, "thinkingConfig") or {}
    both = take(thinking, "thinkingBudget") is not None and take(thinking, "thinkingLevel")
    if both:
        raise ValueError("You can only set one of thinking budget and thinking level.")
    if "2.5" in model and take(thinking, "thinkingLevel"):
        raise ValueError("Thinking level is not supported for this model.")
    if "2.5" not in model and contents[-1].get("role") == "model":
        raise ValueError("The last content must not be of role model.")


def _tools(body: Mapping[str, Any]) -> Iterator[Tool]:
    for tool in body.get("tools") or []:
        for declared in take(tool, "functionDeclarations") or []:
            schema = take(declared, "parametersJsonSchema") or declared.get("parameters") or {}
            yield Tool(str(declared.get("name", "")), schema)


def _spoken(part: Mapping[str, Any]) -> str | None:
    """Return the words of inline audio: data that is text is its own transcript."""
    inline = take(part, "inlineData")
    if not inline or not str(take(inline, "mimeType") or "").startswith("audio/"):
        return None
    try:
        return base64.b64decode(str(inline.get("data", "")) + "==", altchars=b"-_").decode()
    except (binascii.Error, UnicodeDecodeError):
        return "I usually fill up twice a week"


def tokens(text: str) -> int:
    """Return a plausible number of tokens of a text."""
    return max(1, len(text) // _CHARACTERS_PER_TOKEN)


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
    asked = tokens(request.system + request.text)
    usage = {
        "promptTokenCount": asked,
        "candidatesTokenCount": made,
        "totalTokenCount": asked + made,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": asked}],
    }
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
