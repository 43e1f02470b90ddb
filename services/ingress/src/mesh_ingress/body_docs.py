"""How bodies that are read by hand stand in the API's description."""

from __future__ import annotations

from typing import Any


def json_body(model: str, example: dict[str, Any]) -> dict[str, Any]:
    """A JSON body of this model."""
    return _body({"application/json": _json(model, example)})


def list_body(model: str, example: dict[str, Any], table: str, about: str) -> dict[str, Any]:
    """A JSON body of this model, or a CSV file such as `table`."""
    csv = {"schema": {"type": "string", "description": about}, "example": table}
    return _body({"application/json": _json(model, example), "text/csv": csv})


def _json(model: str, example: dict[str, Any]) -> dict[str, Any]:
    return {"schema": {"$ref": f"#/components/schemas/{model}"}, "example": example}


def _body(content: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": content}}
