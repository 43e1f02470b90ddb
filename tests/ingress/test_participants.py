"""Participants are added to a campaign, as JSON or as a file, each once."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from meshcore.domain.commit import Commit
from meshcore.domain.events import CampaignCompleted, ParticipantsEnrolled
from meshcore.ids import new_id, now
from meshcore.log import subjects
from meshcore.log.histories import campaigns
from tests.ingress.harness import Ground, create_campaign, new_phone, problem


async def send_csv(client: httpx.AsyncClient, campaign_id: str, content: bytes) -> httpx.Response:
    """Posts a file of participants."""
    headers = {"content-type": "text/csv; charset=utf-8"}
    path = f"/campaigns/{campaign_id}/participants"
    return await client.post(path, content=content, headers=headers)


async def test_new_participants_are_told_from_known_ones_and_duplicates(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """The answer counts each kind, and shows the campaign."""
    known, new = new_phone(), new_phone()
    created = await create_campaign(client, known)
    path = f"/campaigns/{created['id']}/participants"
    answer = await client.post(path, json={"phone_numbers": [known, new, new]})
    enrolment = answer.json()
    assert answer.status_code == 200
    assert enrolment["campaign"]["counts"]["participants"] == 2
    assert {name: enrolment[name] for name in enrolment if name != "campaign"} == {
        "added": 1,
        "already_enrolled": 1,
        "duplicates_merged": 1,
        "suppressed": 0,
    }
    history = await campaigns(ground.log).load(created["id"])
    assert answer.headers["mesh-position"] == str(history.position)
    assert history.state.enrolled_count == 2


async def test_a_csv_file_is_read_by_its_phone_column(client: httpx.AsyncClient) -> None:
    """Other columns, quotes, Excel's byte order mark and empty lines do not matter."""
    created = await create_campaign(client)
    first, second = new_phone(), new_phone()
    content = f'﻿Name, Phone ,City\r\n"Al, B",{first},Abu Dhabi\r\n\r\nC,"{second}"\r\n'
    answer = await send_csv(client, created["id"], content.encode())
    assert answer.json()["added"] == 2


async def test_errors_in_a_csv_file_are_listed_by_line(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """Nobody is enrolled, and no number is repeated."""
    created = await create_campaign(client)
    content = f"name,phone\na,{new_phone()}\nb,0501234567\nc\n\nd,\n"
    answer = await send_csv(client, created["id"], content.encode())
    document = problem(answer, 422, "invalid-request")
    assert [error["field"] for error in document["errors"]] == ["line 3", "line 4", "line 6"]
    assert "0501234567" not in answer.text
    assert not (await campaigns(ground.log).load(created["id"])).state.enrolled_count


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b"", "line 1"),
        (b"+971501234567\n", "line 1"),
        (b"name,number\na,+971501234567\n", "line 1"),
        ("phone\nü".encode("latin-1"), "body"),
        (b'phone\n"unfinished', "body"),
    ],
)
async def test_what_is_no_table_of_phones_is_refused(
    client: httpx.AsyncClient, content: bytes, field: str
) -> None:
    """Without the header nothing says which column is meant, and the answer quotes nothing."""
    created = await create_campaign(client)
    answer = await send_csv(client, created["id"], content)
    document = problem(answer, 422, "invalid-request")
    assert document["errors"][0]["field"] == field
    assert "1234567" not in answer.text


@pytest.mark.parametrize(
    ("content", "media_type", "status", "code"),
    [
        (b'{"phone_numbers": ', "application/json", 400, "malformed-json"),
        (b"{}", "application/json", 422, "invalid-request"),
        (b'{"phone_numbers": [1]}', "application/json", 422, "invalid-request"),
        (b'{"phone_numbers": [], "campaign": 1}', "application/json", 422, "invalid-request"),
        (b"phone\n", "text/plain", 415, "unsupported-media-type"),
    ],
)
async def test_a_body_that_is_no_list_is_refused(
    client: httpx.AsyncClient, content: bytes, media_type: str, status: int, code: str
) -> None:
    """Each way of being wrong has its answer."""
    created = await create_campaign(client)
    path = f"/campaigns/{created['id']}/participants"
    answer = await client.post(path, content=content, headers={"content-type": media_type})
    problem(answer, status, code)


async def test_many_additions_at_once_enrol_everybody_once(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """Those who find the lane moved on decide anew."""
    created = await create_campaign(client)
    shared = new_phone()
    path = f"/campaigns/{created['id']}/participants"
    answers = await asyncio.gather(
        *(client.post(path, json={"phone_numbers": [shared, new_phone()]}) for _ in range(8))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert sum(answer.json()["added"] for answer in answers) == 9
    enrolled = list((await campaigns(ground.log).load(created["id"])).state.participants())
    assert len(enrolled) == len(set(enrolled)) == 9


async def test_adding_nobody_changes_nothing(client: httpx.AsyncClient, ground: Ground) -> None:
    """The lane stays as it is."""
    phone = new_phone()
    created = await create_campaign(client, phone)
    before = (await campaigns(ground.log).load(created["id"])).position
    path = f"/campaigns/{created['id']}/participants"
    for numbers in ([], [phone]):
        assert (await client.post(path, json={"phone_numbers": numbers})).json()["added"] == 0
    assert (await campaigns(ground.log).load(created["id"])).position == before


async def test_a_long_list_is_split_into_commits_of_a_thousand(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """No message of the log grows with the list."""
    created = await create_campaign(client, *(new_phone() for _ in range(2_500)))
    records = await ground.log.load(subjects.campaign(created["id"]))
    sizes = [
        len(event.participants)
        for record in records
        for event in record.commit.events
        if isinstance(event, ParticipantsEnrolled)
    ]
    assert sizes == [1_000, 1_000, 500]


async def test_nobody_joins_a_completed_campaign(client: httpx.AsyncClient, ground: Ground) -> None:
    """Nobody is registered either."""
    created = await create_campaign(client, new_phone())
    await client.post(f"/campaigns/{created['id']}/launch")
    own, newcomer = new_id(), new_phone()
    completed = Commit(own, now(), (CampaignCompleted(),), correlation=own)
    await ground.log.append(subjects.campaign(created["id"]), completed)
    path = f"/campaigns/{created['id']}/participants"
    document = problem(
        await client.post(path, json={"phone_numbers": [newcomer]}), 409, "wrong-state"
    )
    assert "completed" in document["detail"]
    participant = ground.directory.id_of(f"whatsapp:{newcomer}")
    assert await ground.directory.addresses(participant) == []
