"""Files are kept as they came, each under its own name."""

from __future__ import annotations

import asyncio
import random
from uuid import uuid4

import pytest
from nats.aio.client import Client

from meshcore.errors import LogUnavailableError
from meshcore.log import media_store, streams
from meshcore.log.data_keys import DataKeys
from meshcore.log.media_store import FileKey, KeptFile, MediaStore
from tests.contract.conftest import Connect
from tests.support.nats_server import NatsServer

PHOTO = KeptFile(b"\x00photo\xff", "image/jpeg")


def key(index: int = 0) -> FileKey:
    """A file of a message that nobody else uses."""
    return FileKey(str(uuid4()), f"MM{uuid4().hex}", index)


@pytest.fixture
async def store(client: Client) -> MediaStore:
    """The store on the common server."""
    return MediaStore(await client.jetstream().object_store(streams.MEDIA), DataKeys(client))


async def test_a_file_is_found_as_it_was_kept(store: MediaStore) -> None:
    """Its bytes, and its media type."""
    there = key()
    await store.put(there, PHOTO)
    assert await store.has(there)
    assert await store.get(there) == PHOTO


async def test_what_was_not_kept_is_not_found(store: MediaStore) -> None:
    """Neither another message's file nor the next one of the same message."""
    there = key()
    await store.put(there, PHOTO)
    for missing in (key(), FileKey(there.conversation, there.message_sid, 1)):
        assert not await store.has(missing)
        assert await store.get(missing) is None


async def test_the_largest_file_of_whatsapp_fits(store: MediaStore) -> None:
    """16 MB, in as many parts as it takes."""
    there, data = key(), random.Random(1).randbytes(16 * 1024 * 1024)
    await store.put(there, KeptFile(data, "video/mp4"))
    found = await store.get(there)
    assert found
    assert found.data == data


async def test_an_empty_file_is_a_file(store: MediaStore) -> None:
    """It has no parts."""
    there = key()
    await store.put(there, KeptFile(b"", "audio/ogg"))
    assert await store.get(there) == KeptFile(b"", "audio/ogg")


async def test_keeping_a_file_again_leaves_one(store: MediaStore) -> None:
    """After a crash it is fetched and kept once more."""
    there = key()
    for _ in range(3):
        await store.put(there, PHOTO)
    assert await store.get(there) == PHOTO


async def test_two_who_keep_the_same_file_leave_it_whole(store: MediaStore) -> None:
    """Two replicas may be at it."""
    there = key()
    await asyncio.gather(*(store.put(there, PHOTO) for _ in range(2)))
    assert await store.get(there) == PHOTO


async def test_a_store_that_is_away_says_so(
    mortal_server: NatsServer, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be there again later."""
    monkeypatch.setattr(media_store, "_SECONDS", 0.5)
    client = await connect(mortal_server.url)
    bucket = await client.jetstream(timeout=0.5).object_store(streams.MEDIA)
    store = MediaStore(bucket, DataKeys(client))
    mortal_server.kill()
    with pytest.raises(LogUnavailableError):
        await store.put(key(), PHOTO)
    with pytest.raises(LogUnavailableError):
        await store.has(key())
    with pytest.raises(LogUnavailableError):
        await store.get(key())
