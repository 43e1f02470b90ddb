"""What the documents tell researchers to send is taken as it stands there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
import pytest

from tests.ingress.harness import create_campaign

ROOT = Path(__file__).parents[2]
FIELDS = re.findall(
    r"```json\n(.*?)```", (ROOT / "docs" / "campaigns.md").read_text("utf-8"), re.DOTALL
)
BODIES = re.findall(
    r"/campaigns \\\n.*?-d '(.*?)'\n", (ROOT / "README.md").read_text("utf-8"), re.DOTALL
)


@pytest.mark.parametrize("example", FIELDS)
async def test_every_example_of_a_field_is_taken(client: httpx.AsyncClient, example: str) -> None:
    """And shown again as it was given."""
    body = json.loads(example)
    created = await create_campaign(client, *body.pop("phone_numbers", []), **body)
    assert created["counts"]["participants"] >= len(body.pop("participants", []))
    outreach = body.pop("outreach", {})
    assert _told_in(created["outreach"], outreach)
    limits = {**created["limits"], **body.pop("limits", {})}
    assert body.items() <= {**created, "opening": _as_given(created["opening"])}.items()
    assert created["limits"] == limits


@pytest.mark.parametrize("body", BODIES)
async def test_every_campaign_of_the_readme_is_created(
    client: httpx.AsyncClient, body: str
) -> None:
    """With everything that stands in it."""
    answer = await client.post("/campaigns", json=json.loads(body))
    assert answer.status_code == httpx.codes.CREATED, answer.text


def test_there_are_examples() -> None:
    """Whoever writes them in another form shall notice."""
    assert (len(FIELDS), len(BODIES)) == (16, 2)


def _as_given(opening: dict[str, object] | None) -> dict[str, object] | None:
    return opening and {name: value for name, value in opening.items() if value is not None}


def _told_in(shown: object, given: object) -> bool:
    """Whether all that was given is shown, beside what holds by default."""
    match shown, given:
        case dict(), dict():
            return all(_told_in(shown.get(name), value) for name, value in given.items())
        case list(), list():
            return len(shown) == len(given) and all(map(_told_in, shown, given))
        case _:
            return shown == given
