"""How the webhooks, and the paths that every service serves, stand in the OpenAPI document."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from mesh_ingress import examples, problems
from mesh_ingress.problems import Problem, documented

_PROBLEMS = documented(
    malformed=Problem(
        HTTPStatus.BAD_REQUEST,
        "malformed-webhook",
        "The webhook cannot be read: MessageSid is missing or malformed.",
    ),
    forged=Problem(
        HTTPStatus.FORBIDDEN,
        "forged-webhook",
        "This does not come from Twilio: the header x-twilio-signature is missing.",
    ),
    too_large=problems.too_large(),
    log_unavailable=problems.log_unavailable(),
)


def _form(required: list[str], example: dict[str, str]) -> dict[str, Any]:
    schema = {
        "type": "object",
        "required": required,
        "properties": {name: {"type": "string"} for name in example},
        "additionalProperties": {"type": "string"},
    }
    content = {"application/x-www-form-urlencoded": {"schema": schema, "example": example}}
    return {"required": True, "content": content}


def _parameter(where: str, name: str, description: str, example: str) -> dict[str, Any]:
    return {
        "in": where,
        "name": name,
        "required": True,
        "description": description,
        "schema": {"type": "string"},
        "example": example,
    }


_SIGNATURE = _parameter(
    "header",
    "X-Twilio-Signature",
    "Made with the account's token over the public URL and the form.",
    examples.SIGNATURE,
)

INBOUND: dict[str, Any] = {
    "tags": ["Webhooks"],
    "summary": "A participant wrote",
    "description": "Set as the webhook of the WhatsApp sender. Answered once the message is "
    "on the log; repetitions are harmless.",
    "response_class": Response,
    "response_model": None,
    "responses": {
        200: {
            "description": "Taken; nothing is to be said at once.",
            "content": {"text/xml": {"example": "<Response/>"}},
        },
        **_PROBLEMS,
    },
    "openapi_extra": {
        "parameters": [_SIGNATURE],
        "requestBody": _form(["MessageSid", "From"], examples.INBOUND_FORM),
    },
}

STATUS: dict[str, Any] = {
    "tags": ["Webhooks"],
    "summary": "What became of a message",
    "description": "Named to Twilio with each message sent; the query says which one it is about.",
    "response_class": Response,
    "response_model": None,
    "status_code": HTTPStatus.NO_CONTENT,
    "responses": {204: {"description": "Taken, or nothing that is kept."}, **_PROBLEMS},
    "openapi_extra": {
        "parameters": [
            _SIGNATURE,
            _parameter("query", "campaign", "The campaign's id.", examples.CAMPAIGN_ID),
            _parameter("query", "conversation", "The conversation's id.", examples.CONVERSATION_ID),
            _parameter("query", "message", "Our id of the message.", examples.MESSAGE_ID),
        ],
        "requestBody": _form(["MessageSid", "MessageStatus"], examples.STATUS_FORM),
    },
}


def _shell_path(summary: str, answers: dict[str, tuple[str, str, Any]]) -> dict[str, Any]:
    """A path that all services serve: status -> (description, media type, example)."""
    responses = {
        status: {"description": text, "content": {media_type: {"example": example}}}
        for status, (text, media_type, example) in answers.items()
    }
    return {"get": {"tags": ["Operation"], "summary": summary, "responses": responses}}


_JSON = "application/json"
SHELL_PATHS: dict[str, Any] = {
    "/livez": _shell_path(
        "Whether the process lives",
        {"200": ("It does.", _JSON, {"status": "alive", "service": "ingress"})},
    ),
    "/readyz": _shell_path(
        "Whether requests should be sent here",
        {
            "200": ("They should.", _JSON, {"status": "ready", "service": "ingress"}),
            "503": (
                "They should not.",
                _JSON,
                {"status": "unready", "service": "ingress", "because": ["nats"]},
            ),
        },
    ),
    "/metrics": _shell_path(
        "Metrics for Prometheus",
        {
            "200": (
                "In Prometheus' text format.",
                "text/plain",
                'mesh_ingress_webhooks_total{kind="inbound",result="taken"} 42.0',
            )
        },
    ),
}
