"""A campaign from a file: the JSON that creates one over HTTP, checked by the same rules."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from mesh_ingress.bodies import JsonBody
from mesh_ingress.participant_lists import Rules, read_list
from mesh_ingress.reasons import FieldError, errors_of
from mesh_ingress.requests import CreateCampaign
from mesheval.study import Study, UnusableFileError


def read_study(file: Path) -> Study:
    """Reads a campaign's file.

    Raises:
        UnusableFileError: it cannot be read, or `POST /campaigns` would not take it.
    """
    try:
        text = file.read_text("utf-8")
        campaign = CreateCampaign.model_validate_json(text)
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableFileError(f"{file} cannot be read: {error}") from error
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


def _unusable(file: Path, errors: Sequence[FieldError]) -> UnusableFileError:
    lines = (f"  {e.field}: {e.reason}; {e.fix}" for e in errors)
    return UnusableFileError("\n".join([f"{file} is not a campaign:", *lines]))
