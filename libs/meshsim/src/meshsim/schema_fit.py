"""Making a value fit a JSON schema, in either of the dialects that Gemini takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
_DEEPEST = 20
_PYTHON: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "array": (list, tuple),
    "object": (Mapping,),
    "null": (type(None),),
}


def fit(value: Any, schema: Schema, *, blank: str = "") -> Any:
    """Return `value` changed as little as possible so that it fits `schema`.

    Properties that the schema does not list go; required ones that are missing come, as empty as
    the schema allows. With None for a value this makes up an answer to any schema.

    Args:
        value: any JSON value.
        schema: JSON schema, or Gemini's own with types in capitals.
        blank: the text of a string that is made up.
    """
    return _Fitter(schema, blank).fit(value, schema, 0)


class _Fitter:
    def __init__(self, root: Schema, blank: str) -> None:
        self._root = root
        self._blank = blank

    def resolve(self, schema: Schema) -> Schema:
        """Follow references within the schema."""
        reference = schema.get("$ref") or schema.get("ref")
        if not isinstance(reference, str):
            return schema
        found: Any = self._root
        for part in reference.lstrip("#/").split("/"):
            found = found.get(part, {}) if isinstance(found, Mapping) else {}
        return found if isinstance(found, Mapping) else {}

    def fit(self, value: Any, schema: Schema, depth: int) -> Any:
        schema = self.resolve(schema)
        for word in ("anyOf", "any_of", "oneOf", "allOf"):
            if schema.get(word):
                return self._variant(value, schema[word], schema, depth)
        choices = [schema["const"]] if "const" in schema else schema.get("enum")
        if choices:
            return self._choice(value, choices, schema)
        return self._typed(value, schema, depth)

    def _variant(self, value: Any, variants: list[Schema], schema: Schema, depth: int) -> Any:
        if value is None and (schema.get("nullable") or any("null" in _types(v) for v in variants)):
            return None
        solid = [v for v in map(self.resolve, variants) if _types(v) != ["null"]]
        best = next((v for v in solid if self._accepts(v, value)), solid[0] if solid else {})
        return self.fit(value, best, depth + 1)

    def _accepts(self, schema: Schema, value: Any) -> bool:
        """Say whether a variant is the one meant: the type fits, and the values that it fixes."""
        schema = self.resolve(schema)
        choices = [schema["const"]] if "const" in schema else schema.get("enum")
        if choices:
            return value in choices
        types = _types(schema)
        if types and not any(_is(value, kind) for kind in types):
            return False
        properties = schema.get("properties") or {}
        fixed = {k: v for k, v in properties.items() if "const" in v or v.get("enum")}
        given = value if isinstance(value, Mapping) else {}
        return all(self._accepts(fixed[name], given[name]) for name in fixed.keys() & given.keys())

    def _choice(self, value: Any, choices: list[Any], schema: Schema) -> Any:
        if value in choices or (value is None and "null" in _types(schema)):
            return value
        return choices[0]

    def _typed(self, value: Any, schema: Schema, depth: int) -> Any:
        types = _types(schema)
        if depth > _DEEPEST or (value is None and "null" in types):
            return None
        wanted = next((kind for kind in types if _is(value, kind)), next(iter(types), ""))
        if wanted == "object":
            return self._object(value if isinstance(value, Mapping) else {}, schema, depth)
        if wanted == "array":
            return self._array(value if isinstance(value, list | tuple) else [], schema, depth)
        return self._scalar(value, wanted, schema)

    def _scalar(self, value: Any, wanted: str, schema: Schema) -> Any:
        match wanted:
            case "string":
                return self._blank if value is None else _text(value)
            case "integer" | "number":
                return _number(value, schema, whole=wanted == "integer")
            case "boolean":
                return value is True
            case _:
                return value

    def _object(self, value: Mapping[str, Any], schema: Schema, depth: int) -> dict[str, Any]:
        properties = schema.get("properties")
        if not properties:
            return dict(value)
        required = schema.get("required") or ([] if value else list(properties))
        return {
            name: self.fit(value.get(name), inner, depth + 1)
            for name, inner in properties.items()
            if name in value or name in required
        }

    def _array(self, value: Any, schema: Schema, depth: int) -> list[Any]:
        inner = schema.get("items") or {}
        fewest = int(schema.get("minItems") or schema.get("min_items") or 0)
        items = [*value, *([None] * max(fewest - len(value), 0))]
        return [self.fit(item, inner, depth + 1) for item in items]


def _types(schema: Schema) -> list[str]:
    given = schema.get("type") or ("object" if schema.get("properties") else [])
    types = [str(t).lower() for t in (given if isinstance(given, list) else [given])]
    return [*types, "null"] if schema.get("nullable") else types


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _PYTHON.get(kind, ()))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value))
    return str(value)


def _number(value: Any, schema: Schema, *, whole: bool) -> float | int:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = float(schema.get("minimum") or 0)
    return round(number) if whole or number.is_integer() else number
