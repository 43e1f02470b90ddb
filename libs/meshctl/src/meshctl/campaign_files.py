"""A campaign from a file: the JSON that creates one over HTTP, checked by the same rules."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from mesh_ingress.bodies import JsonBody
from mesh_ingress.participant_lists import Rules, read_list
from mesh_ingress.reasons import FieldError, errors_of
from mesh_ingress.requests import CreateCampaign
from meshcore.domain.schema import FieldSpec
from mesheval.study import Study, UnusableFileError

_ANY_SCHEMA = {"anything": {"type": "string", "description": "Whatever it is"}}


def read_study(file: Path) -> Study:
    """Reads a campaign's file.

    Raises:
        UnusableFileError: it cannot be read, or `POST /campaigns` would not take it.
    """
    text = _text(file)
    try:
        campaign = CreateCampaign.model_validate_json(text)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        if found[0]["type"] == "json_invalid":
            reason = f"is not JSON: {found[0]['ctx']['error']}"
            raise UnusableFileError(f"{file} {reason}; correct it there") from None
        raise _unusable(file, errors_of(found)) from None
    created = campaign.created()
    listed = asyncio.run(read_list(JsonBody(text).entries(), Rules.of(created)))
    if listed.errors:
        raise _unusable(file, listed.errors)
    return Study(created, len(listed.people))


def read_schema(file: Path) -> dict[str, FieldSpec]:
    """Reads a schema: the fields by name, or a campaign, of which it takes its schema.

    Raises:
        UnusableFileError: it cannot be read, or no campaign could have this schema.
    """
    try:
        given = json.loads(_text(file))
    except ValueError as error:
        raise UnusableFileError(f"{file} is not JSON: {error}; correct it there") from None
    if isinstance(given, dict) and "extraction_schema" in given:
        given = given["extraction_schema"]
    return _checked(file, "a schema", extraction_schema=given).extraction_schema


def read_instructions(file: Path) -> str:
    """Reads further instructions for the interviewer; an empty file has none.

    Raises:
        UnusableFileError: it cannot be read, or no campaign could have these instructions.
    """
    text = _text(file).strip()
    if not text:
        return ""
    checked = _checked(file, "a prompt", system_prompt_override=text)
    return checked.system_prompt_override or ""


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableFileError(f"{file} cannot be read: {error}") from error


def _checked(file: Path, kind: str, **part: object) -> CreateCampaign:
    """A campaign with this part, which is held against the rules of `POST /campaigns`."""
    rest = {"name": "-", "research_brief": "-", "extraction_schema": _ANY_SCHEMA}
    try:
        return CreateCampaign.model_validate({**rest, **part})
    except ValidationError as error:
        found = errors_of(error.errors(include_url=False, include_input=False))
        raise _unusable(file, found, kind) from None


def _unusable(
    file: Path, errors: Sequence[FieldError], kind: str = "a campaign"
) -> UnusableFileError:
    lines = (f"  {e.field}: {e.reason}; {e.fix}" for e in errors)
    return UnusableFileError("\n".join([f"{file} is not {kind}:", *lines]))
