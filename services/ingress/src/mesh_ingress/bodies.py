"""Bodies that hold long lists, read entry by entry.

The text is held as it came; the objects that it describes are made one at a time, so that a hundred
thousand participants neither fill the memory nor hold webhooks up.
"""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from mesh_ingress import problems
from mesh_ingress.reasons import FieldError, errors_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator, Iterable, Iterator, Mapping

    from fastapi import Request

LISTS = frozenset({"phone_numbers", "participants"})
"""The fields of a JSON body that may be long."""

PHONE = "phone"
_SLICE = 20
_BLANK = re.compile(r"[ \t\n\r]*")

JSON, CSV = "application/json", "text/csv"

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Given:
    """An entry of a list, as it was sent and not checked yet.

    Attributes:
        where: its place, such as `line 7` or `participants[3]`.
        fields: what was sent; anything, if it is not even an object.
        nested: whether its parts have places of their own, such as `participants[3].phone`.
    """

    where: str
    fields: Any
    nested: bool = False

    def error(self, part: str, reason: str, fix: str) -> FieldError:
        """What is wrong with a part of it, or with the whole of it (an empty name)."""
        if self.nested:
            return FieldError(f"{self.where}.{part}" if part else self.where, reason, fix)
        told = reason if part in {PHONE, ""} else f"{part}: {reason}"
        return FieldError(self.where, told, fix)


@dataclass(frozen=True, slots=True)
class JsonBody:
    """A JSON object with long lists.

    Attributes:
        text: the whole of it.
        rest: its fields, the lists in it empty.
    """

    text: str
    rest: Mapping[str, Any] = field(default_factory=dict)

    def entries(self) -> Iterator[Given]:
        """The entries of the lists, in their order; a phone number stands for its participant."""
        for name, index, value in _parts(self.text):
            if index is not None:
                nested = name == "participants"
                yield Given(f"{name}[{index}]", value if nested else {PHONE: value}, nested)


async def in_slices(items: Iterable[T]) -> AsyncIterator[T]:
    """The items, with webhooks taken in between."""
    for number, item in enumerate(items, 1):
        yield item
        if number % _SLICE == 0:
            await asyncio.sleep(0)


def media_type_of(request: Request) -> str:
    """The media type of the body, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def checked(model: type[M], fields: Mapping[str, Any]) -> M:
    """The fields as this model.

    Raises:
        Problem: they do not fit it.
    """
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        errors = [replace(e, field=e.field or "body") for e in errors_of(found)]
        raise problems.invalid(errors) from None


async def body_of(request: Request) -> bytearray:
    """The bytes of a body.

    Raises:
        HTTPException: there are too many of them.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
    return body


async def read_json(request: Request) -> JsonBody:
    """Reads a JSON object.

    Raises:
        Problem: it is none.
    """
    text = _decoded(await body_of(request))
    if not text.strip():
        raise problems.invalid([FieldError("body", "Field required", "send an object")])
    rest: dict[str, Any] = {}
    try:
        async for name, index, value in in_slices(_parts(text)):
            rest |= {name: value} if index is None else {}
    except json.JSONDecodeError as error:
        raise problems.not_json(f"see character {error.pos}") from None
    except (ValueError, RecursionError):
        why = "it has NaN or Infinity, a number that is too long, or nests too deeply"
        raise problems.not_json(why) from None
    return JsonBody(text, rest)


def _decoded(body: bytearray) -> str:
    try:
        return body.decode(json.detect_encoding(bytes(body[:4])))
    except UnicodeDecodeError:
        raise problems.not_json("it is not in UTF-8") from None


def _parts(text: str) -> Iterator[tuple[str, int | None, Any]]:
    """The fields of the object that stands in a text; of a long list, each entry by its index.

    Raises:
        Problem: it is JSON, but no object.
        ValueError: it is not JSON.
    """
    at = _blank(text, 0)
    if text[at : at + 1] != "{":
        _DECODER.raw_decode(text, at)
        raise problems.invalid([FieldError("body", "is not an object", "send an object")])
    at = _blank(text, at + 1)
    following = "," if text[at : at + 1] != "}" else "}"
    at += following == "}"
    while following == ",":
        name, at = _value(text, at)
        if not isinstance(name, str):
            raise json.JSONDecodeError("a name is missing", text, at)
        _, at = _mark(text, at, ":")
        at = _blank(text, at)
        if name in LISTS and text[at : at + 1] == "[":
            yield name, None, []
            at = yield from _items(text, at + 1, name)
        else:
            value, at = _value(text, at)
            yield name, None, value
        following, at = _mark(text, at, ",}")
    if _blank(text, at) != len(text):
        raise json.JSONDecodeError("something follows", text, at)


def _items(text: str, at: int, name: str) -> Generator[tuple[str, int | None, Any], None, int]:
    """The entries of a list behind its bracket; returns where it ends."""
    at, index, following = _blank(text, at), 0, ","
    if text[at : at + 1] == "]":
        return at + 1
    while following == ",":
        value, at = _value(text, at)
        yield name, index, value
        index += 1
        following, at = _mark(text, at, ",]")
    return at


def _value(text: str, at: int) -> tuple[Any, int]:
    return _DECODER.raw_decode(text, _blank(text, at))


def _mark(text: str, at: int, allowed: str) -> tuple[str, int]:
    at = _blank(text, at)
    mark = text[at : at + 1]
    if not mark or mark not in allowed:
        raise json.JSONDecodeError("a mark is missing", text, at)
    return mark, at + 1


def _blank(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _no_constant(_: str) -> Any:
    raise ValueError("neither NaN nor infinity is JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)
