"""Files of participants are handed out if they are kept, and opened by nobody by accident."""

from __future__ import annotations

from uuid import uuid4

import httpx
import pytest

from meshcore.log.media_store import FileKey, KeptFile, MediaStore
from meshcore.log.streams import MEDIA
from tests.ingress.harness import Ground, new_sid, problem


@pytest.fixture
async def store(ground: Ground) -> MediaStore:
    """What the agent keeps files in."""
    return MediaStore(await ground.nats.jetstream().object_store(MEDIA), ground.log.keys)


def path_of(key: FileKey) -> str:
    """Where the API has a file."""
    return f"/conversations/{key.conversation}/media/{key.message_sid}/{key.index}"


async def test_a_file_that_is_kept_is_handed_out_as_it_came(
    client: httpx.AsyncClient, store: MediaStore
) -> None:
    """To be saved, not to be shown, and not to be guessed at."""
    key = FileKey(str(uuid4()), new_sid(), 0)
    await store.put(key, KeptFile(b"\xff\xd8photo", "image/jpeg"))
    answer = await client.get(path_of(key))
    assert (answer.status_code, answer.content) == (200, b"\xff\xd8photo")
    assert answer.headers["content-type"] == "image/jpeg"
    name = f"{key.message_sid}-0.jpg"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("stored", ["nonsense", "text/html\r\nSet-Cookie: a=b", ""])
async def test_a_media_type_that_is_none_is_not_passed_on(
    client: httpx.AsyncClient, store: MediaStore, stored: str
) -> None:
    """It came from outside."""
    key = FileKey(str(uuid4()), new_sid(), 3)
    await store.put(key, KeptFile(b"data", stored))
    answer = await client.get(path_of(key))
    assert (answer.status_code, answer.content) == (200, b"data")
    assert answer.headers["content-type"] == "application/octet-stream"


async def test_a_file_that_is_not_kept_is_a_404(
    client: httpx.AsyncClient, store: MediaStore
) -> None:
    """Whether the message had one or not."""
    key = FileKey(str(uuid4()), new_sid(), 0)
    await store.put(key, KeptFile(b"photo", "image/jpeg"))
    for missing in (
        FileKey(str(uuid4()), key.message_sid, 0),
        FileKey(key.conversation, new_sid(), 0),
        FileKey(key.conversation, key.message_sid, 1),
    ):
        problem(await client.get(path_of(missing)), 404, "media-not-kept")


@pytest.mark.parametrize("path", ["MM1/0", f"{'SM' + '0' * 32}/10", f"{'SM' + '0' * 32}/-1"])
async def test_a_name_that_no_file_can_have_is_a_422(client: httpx.AsyncClient, path: str) -> None:
    """What is wrong is named."""
    answer = await client.get(f"/conversations/{uuid4()}/media/{path}")
    problem(answer, 422, "invalid-request")


async def test_files_can_be_had_while_postgres_is_away(
    lonely_client: httpx.AsyncClient, store: MediaStore
) -> None:
    """They are not in the read tables."""
    key = FileKey(str(uuid4()), new_sid(), 0)
    await store.put(key, KeptFile(b"opus", "audio/ogg"))
    assert (await lonely_client.get(path_of(key))).content == b"opus"
