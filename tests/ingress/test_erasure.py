"""Erasing a participant over HTTP."""

from __future__ import annotations

import httpx

from meshcore.log import subjects
from meshcore.log.consents import opted_out_among
from tests.ingress.harness import Ground, create_campaign, new_phone, problem


async def test_a_participant_is_erased_and_the_answer_says_where_it_is_told(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """Also when it is asked for again, with the same answer."""
    phone = new_phone()
    await create_campaign(client, phone_numbers=[phone])
    participant = ground.directory.id_of(f"whatsapp:{phone}")
    answer = await client.delete(f"/participants/{participant}")
    assert answer.status_code == 202, answer.text
    assert answer.json() == {"participant_id": participant, "campaigns": []}
    [told] = (await ground.log.load(subjects.erased(participant)))[-1:]
    assert int(answer.headers["mesh-position"]) == told.position
    assert await ground.directory.addresses(participant) == []
    assert await opted_out_among(ground.log, [participant]) == {participant}
    again = await client.delete(f"/participants/{participant}")
    assert (again.status_code, again.json()) == (202, answer.json())
    assert again.headers["mesh-position"] == answer.headers["mesh-position"]


async def test_of_somebody_unknown_nothing_is_erased(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """And nothing is written down."""
    end = await ground.log.last_position()
    answer = await client.delete(f"/participants/{'0' * 32}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert await ground.log.last_position() == end


async def test_what_is_no_id_is_not_found(client: httpx.AsyncClient) -> None:
    """A phone number, for instance, which is not repeated."""
    answer = await client.delete("/participants/+971501234567")
    assert "971501234567" not in problem(answer, 404, "participant-not-found")["detail"]
