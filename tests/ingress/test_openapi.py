"""The API describes itself: every operation, with examples of what goes in and what comes out."""

from __future__ import annotations

from typing import Any

import httpx
from pydantic import BaseModel

from mesh_ingress import models, requests

OPERATIONS = {
    "get /campaigns",
    "delete /participants/{participant_id}",
    "get /campaigns/{campaign_id}",
    "get /campaigns/{campaign_id}/codebook",
    "get /campaigns/{campaign_id}/conversations",
    "get /campaigns/{campaign_id}/extractions",
    "get /campaigns/{campaign_id}/report",
    "get /campaigns/{campaign_id}/transcripts",
    "get /conversations/{conversation_id}",
    "get /conversations/{conversation_id}/media/{message_sid}/{index}",
    "get /health",
    "get /livez",
    "get /metrics",
    "get /readyz",
    "get /suppressions",
    "post /campaigns",
    "post /campaigns/{campaign_id}/launch",
    "post /campaigns/{campaign_id}/participants",
    "post /campaigns/{campaign_id}/pause",
    "post /campaigns/{campaign_id}/report",
    "post /suppressions",
    "post /twilio/inbound",
    "post /twilio/status",
}


async def document(client: httpx.AsyncClient) -> dict[str, Any]:
    """The OpenAPI document."""
    found: dict[str, Any] = (await client.get("/openapi.json")).json()
    return found


def operations(described: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The operations by method and path."""
    return {
        f"{method} {path}": operation
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    }


async def test_every_operation_is_described(client: httpx.AsyncClient) -> None:
    """Each has a tag and a summary."""
    found = operations(await document(client))
    assert set(found) == OPERATIONS
    assert all(operation["tags"] and operation["summary"] for operation in found.values())


async def test_every_body_has_an_example(client: httpx.AsyncClient) -> None:
    """What goes in and what comes out, errors included."""
    described = await document(client)
    for name, operation in operations(described).items():
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for body in bodies:
            for content in body.get("content", {}).values():
                assert _has_example(content, described), name


def _has_example(content: dict[str, Any], described: dict[str, Any]) -> bool:
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    schema = described["components"]["schemas"].get(name, {})
    return any("example" in key for part in (content, schema) for key in part)


async def test_every_reference_leads_somewhere(client: httpx.AsyncClient) -> None:
    """Clients can be generated from it."""
    described = await document(client)
    names = set(described["components"]["schemas"])
    assert _references(described) <= names
    assert "HTTPValidationError" not in names


def _references(node: object) -> set[str]:
    match node:
        case dict():
            found = {str(node["$ref"]).rpartition("/")[2]} if "$ref" in node else set()
            return found.union(*map(_references, node.values()))
        case list():
            return set[str]().union(*map(_references, node))
        case _:
            return set()


def test_the_examples_are_what_they_are_examples_of() -> None:
    """Each model accepts its own."""
    for model in (*vars(models).values(), *vars(requests).values()):
        if isinstance(model, type) and issubclass(model, BaseModel):
            extra: Any = model.model_config.get("json_schema_extra") or {}
            for example in extra.get("examples", []):
                model.model_validate(example)


async def test_the_documentation_can_be_opened(client: httpx.AsyncClient) -> None:
    """It reads the document from the same place."""
    page = await client.get("/docs")
    assert page.status_code == 200
    assert "/openapi.json" in page.text
