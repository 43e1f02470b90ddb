"""What is wrong with a request, thing by thing: where, why, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_FIXES = {
    "missing": "add the field",
    "extra_forbidden": "remove the field, or correct its name",
    "string_type": "send a string",
    "string_unicode": "send well-formed Unicode",
    "string_too_short": "send some text",
    "string_too_long": "shorten it",
    "string_pattern_mismatch": "write it in the form that the pattern asks for",
    "list_type": "send a list",
    "tuple_type": "send a list",
    "dict_type": "send an object",
    "model_type": "send an object",
    "model_attributes_type": "send an object",
    "int_parsing": "send a whole number",
    "int_type": "send a whole number",
    "int_from_float": "send a whole number",
    "float_type": "send a number",
    "float_parsing": "send a number",
    "finite_number": "send a finite number",
    "time_parsing": "write it as 09:00; midnight is 00:00",
    "time_type": "write it as 09:00; midnight is 00:00",
    "bool_type": "send true or false",
    "bool_parsing": "send true or false",
    "uuid_parsing": "send the id as it was given out",
    "enum": "send one of the values listed",
    "literal_error": "send one of the values listed",
    "greater_than": "send a larger number",
    "greater_than_equal": "send a larger number",
    "less_than_equal": "send a smaller number",
    "too_short": "add an entry",
    "too_long": "leave some out",
}
_REASONS = {
    "list_type": "is not a list",
    "tuple_type": "is not a list",
    "dict_type": "is not an object",
    "model_type": "is not an object",
    "model_attributes_type": "is not an object",
    "too_short": "has fewer entries than {min_length}",
    "too_long": "has more entries than {max_length}",
}
"""Where Pydantic's words speak of Python rather than of JSON."""

_SOURCES = frozenset({"body", "query", "path", "header"})


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing that is wrong with a request.

    Never repeats what was sent: it may be a phone number.

    Attributes:
        field: where, such as `phone_numbers[3]` or `line 7`.
        reason: what is wrong.
        fix: what to do about it.
    """

    field: str
    reason: str
    fix: str

    def document(self) -> dict[str, str]:
        """As it stands in a problem document."""
        return {"field": self.field, "reason": self.reason, "fix": self.fix}


def errors_of(found: Iterable[Mapping[str, Any]]) -> list[FieldError]:
    """Pydantic's errors, as ours."""
    return [_error_of(entry) for entry in found]


def _error_of(entry: Mapping[str, Any]) -> FieldError:
    told, kind = entry.get("ctx", {}), entry["type"]
    ours = None if "fix" in told else _REASONS.get(kind)
    reason = ours.format_map(told) if ours else str(entry["msg"]).removeprefix("Value error, ")
    fix = told.get("fix") or _FIXES.get(kind, "see the description of the field in /docs")
    return FieldError(field_path(entry["loc"]), reason, fix)


def field_path(location: Sequence[int | str]) -> str:
    """A location as people write it: `extraction_schema.age.type`, `phone_numbers[3]`."""
    parts = list(location)
    if parts and parts[0] in _SOURCES:
        source = str(parts.pop(0))
        if not parts:
            return source
    path = ""
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path
