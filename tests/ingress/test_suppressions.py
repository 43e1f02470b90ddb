"""The suppression list: imported, always applied, shown and exported."""

from __future__ import annotations

import asyncpg
import httpx
import pytest

from meshcore.domain.events import OptOutSource, ParticipantOptedIn, ParticipantOptedOut
from meshcore.ids import now
from meshcore.log import subjects
from meshcore.log.consents import append_consent, opted_out_among
from tests.ingress.harness import Ground, create_campaign, new_phone, problem


async def suppress(client: httpx.AsyncClient, *phones: str) -> httpx.Response:
    """Posts numbers as JSON."""
    return await client.post("/suppressions", json={"phone_numbers": list(phones)})


def participant_of(ground: Ground, phone: str) -> str:
    """Whom the log knows by this number."""
    return ground.directory.id_of(f"whatsapp:{phone}")


async def test_whoever_is_imported_has_opted_out(client: httpx.AsyncClient, ground: Ground) -> None:
    """By an event that says where it came from, once, on the participant's own lane."""
    known, new = new_phone(), new_phone()
    assert (await suppress(client, known)).json() == {
        "added": 1,
        "already_suppressed": 0,
        "duplicates_merged": 0,
    }
    answer = await suppress(client, known, new, new)
    assert answer.json() == {"added": 1, "already_suppressed": 1, "duplicates_merged": 1}
    for phone in (known, new):
        [record] = await ground.log.load(subjects.consent(participant_of(ground, phone)))
        assert record.commit.events == (ParticipantOptedOut(source=OptOutSource.IMPORT),)
        assert record.position <= int(answer.headers["mesh-position"])
        assert await ground.directory.addresses(participant_of(ground, phone)) == [
            f"whatsapp:{phone}"
        ]


async def test_whoever_opted_in_is_opted_out_again_by_an_import(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """The last word counts."""
    phone = new_phone()
    participant = participant_of(ground, phone)
    await suppress(client, phone)
    await append_consent(ground.log, participant, ParticipantOptedIn(message_sid="SM1"), now())
    assert await opted_out_among(ground.log, [participant]) == set()
    assert (await suppress(client, phone)).json()["added"] == 1
    assert await opted_out_among(ground.log, [participant]) == {participant}


async def test_a_file_of_numbers_can_be_imported(client: httpx.AsyncClient) -> None:
    """Its other columns do not matter."""
    content = f"name;phone;name;{{x}}\nA;{new_phone()};;\nB;{new_phone()};B;\n"
    headers = {"content-type": "text/csv"}
    answer = await client.post("/suppressions", content=content, headers=headers)
    assert answer.json()["added"] == 2, answer.text


async def test_one_bad_number_leaves_the_list_as_it_was(
    client: httpx.AsyncClient, ground: Ground
) -> None:
    """It is named by its line, and not repeated."""
    content = f"phone\n{new_phone()}\n0501234567\n"
    before = await ground.log.last_position()
    headers = {"content-type": "text/csv"}
    answer = await client.post("/suppressions", content=content, headers=headers)
    [error] = problem(answer, 422, "invalid-request")["errors"]
    assert error["field"] == "line 3"
    assert "0501234567" not in answer.text
    assert await ground.log.last_position() == before


@pytest.mark.parametrize(
    ("content", "media_type", "status", "code"),
    [
        (b"{", "application/json", 400, "malformed-json"),
        (b"{}", "application/json", 422, "invalid-request"),
        (b'{"participants": []}', "application/json", 422, "invalid-request"),
        (b'{"phone_numbers": [1]}', "application/json", 422, "invalid-request"),
        (b"phone\n", "text/plain", 415, "unsupported-media-type"),
        (b"number\n", "text/csv", 422, "invalid-request"),
    ],
)
async def test_a_body_that_is_no_list_of_numbers_is_refused(
    client: httpx.AsyncClient, content: bytes, media_type: str, status: int, code: str
) -> None:
    """Each way of being wrong has its answer."""
    headers = {"content-type": media_type}
    answer = await client.post("/suppressions", content=content, headers=headers)
    problem(answer, status, code)


async def test_an_enrolment_tells_how_many_have_opted_out(
    client: httpx.AsyncClient,
) -> None:
    """Whether they are new to the campaign or in it already."""
    out, fine = new_phone(), new_phone()
    await suppress(client, out)
    created = await create_campaign(client, out, fine)
    assert created["suppressed"] == 1
    path = f"/campaigns/{created['id']}/participants"
    answer = await client.post(path, json={"phone_numbers": [out, fine, new_phone()]})
    assert answer.json()["suppressed"] == 1


async def fill(database: asyncpg.Connection, ground: Ground, count: int) -> list[str]:
    """Puts people on the list as the projector would; their numbers, in the order of the list."""
    await database.execute("DELETE FROM consents")
    phones = [new_phone() for _ in range(count)]
    for phone in phones:
        participant = await ground.directory.register(f"whatsapp:{phone}")
        await database.execute("INSERT INTO consents VALUES ($1, true)", participant)
    back = await ground.directory.register(f"whatsapp:{new_phone()}")
    await database.execute("INSERT INTO consents VALUES ($1, false)", back)
    return sorted(phones, key=lambda phone: participant_of(ground, phone))


async def test_the_list_is_shown_in_pages_with_masked_numbers(
    client: httpx.AsyncClient, ground: Ground, database: asyncpg.Connection
) -> None:
    """Whoever opted in again is not on it."""
    phones = await fill(database, ground, 5)
    shown, cursor = [], None
    for _ in range(3):
        query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = (await client.get("/suppressions", params=query)).json()
        shown += page["suppressions"]
        cursor = page["next_cursor"]
    assert cursor is None
    assert shown == [
        {
            "participant_id": participant_of(ground, phone),
            "phone": f"{phone[:5]}•••{phone[-4:]}",
        }
        for phone in phones
    ]


async def test_the_list_is_exported_with_the_full_numbers(
    client: httpx.AsyncClient, ground: Ground, database: asyncpg.Connection
) -> None:
    """What is exported can be imported; ids that only WhatsApp knows are left out."""
    phones = await fill(database, ground, 3)
    unreachable = await ground.directory.register("whatsapp:AE.abc")
    await database.execute("INSERT INTO consents VALUES ($1, true)", unreachable)
    await database.execute("INSERT INTO consents VALUES ('erased', true)")
    answer = await client.get("/suppressions", params={"format": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text.splitlines() == ["phone", *phones]
    headers = {"content-type": "text/csv"}
    imported = await client.post("/suppressions", content=answer.content, headers=headers)
    assert imported.json()["added"] == 3


async def test_a_long_list_is_exported_whole(
    client: httpx.AsyncClient, ground: Ground, database: asyncpg.Connection
) -> None:
    """Page by page behind the scenes."""
    phones = await fill(database, ground, 2_100)
    lines = (await client.get("/suppressions", params={"format": "csv"})).text.splitlines()
    assert lines == ["phone", *phones]


@pytest.mark.parametrize(
    "query", [{"limit": "0"}, {"cursor": "x"}, {"format": "xml"}, {"cursor": "WyJcdTAwMDAiXQ=="}]
)
async def test_a_query_that_means_nothing_is_refused(
    client: httpx.AsyncClient, query: dict[str, str]
) -> None:
    """By its name."""
    [name] = query
    answer = await client.get("/suppressions", params=query)
    assert problem(answer, 422, "invalid-request")["errors"][0]["field"] == name


@pytest.mark.parametrize("form", ["json", "csv"])
async def test_without_postgres_numbers_are_imported_and_not_shown(
    lonely_client: httpx.AsyncClient, form: str
) -> None:
    """Stopping needs only the log."""
    assert (await suppress(lonely_client, new_phone())).status_code == 200
    answer = await lonely_client.get("/suppressions", params={"format": form})
    problem(answer, 503, "read-side-unavailable")
