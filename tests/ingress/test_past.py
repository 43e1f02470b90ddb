"""The API shows campaigns and conversations as they stood, told from the log."""

from __future__ import annotations

import httpx

from tests.analyst.history import write
from tests.ingress.harness import Ground, problem


async def test_a_conversation_is_shown_as_it_stood(
    lonely_client: httpx.AsyncClient, ground: Ground
) -> None:
    """Without PostgreSQL; by time or position; before it began there is none."""
    story = await write(ground.log)
    path = f"/conversations/{story.talkative}"
    then = await lonely_client.get(path, params={"as_of": "2026-03-01T09:00:05Z"})
    assert then.status_code == httpx.codes.OK, then.text
    assert (then.json()["status"], len(then.json()["messages"])) == ("outreach_sent", 1)
    now = (await lonely_client.get(path, params={"as_of": story.positions[-1]})).json()
    assert (now["status"], now["extracted_data"]) == ("completed", {"station": "=1+1"})
    assert now["evidence"]["station"]["quote"] == "=1+1"
    early = await lonely_client.get(path, params={"as_of": story.positions[0]})
    problem(early, 404, "unknown-conversation")


async def test_a_campaign_is_shown_as_it_stood(
    lonely_client: httpx.AsyncClient, ground: Ground
) -> None:
    """Its status and its counts."""
    story = await write(ground.log)
    path = f"/campaigns/{story.campaign}"
    then = (await lonely_client.get(path, params={"as_of": story.positions[1]})).json()
    assert (then["status"], then["counts"]["pending"]) == ("draft", 3)
    now = (await lonely_client.get(path, params={"as_of": "2026-03-01T10:00:00"})).json()
    assert (now["status"], now["counts"]["completed"]) == ("active", 1)
    assert now["position"] == story.positions[8]
    early = await lonely_client.get(path, params={"as_of": "2026-03-01T08:00:00+00:00"})
    problem(early, 404, "unknown-campaign")


async def test_what_is_no_moment_is_refused(lonely_client: httpx.AsyncClient) -> None:
    """With what would be one."""
    path = "/campaigns/00000000-0000-4000-8000-000000000000?as_of=yesterday"
    document = problem(await lonely_client.get(path), 422, "invalid-request")
    assert document["errors"][0]["field"] == "as_of"
