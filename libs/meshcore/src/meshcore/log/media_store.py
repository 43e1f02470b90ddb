"""Files that participants sent, where a campaign wants them kept."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nats.errors import Error as NatsError
from nats.js.api import ObjectMeta
from nats.js.errors import ObjectNotFoundError

from meshcore.errors import LogUnavailableError
from meshcore.log import sealing, subjects

if TYPE_CHECKING:
    from nats.js.object_store import ObjectStore

    from meshcore.log.data_keys import DataKeys

_CONTENT_TYPE = "Content-Type"
_KEY = "Mesh-Key"
_ANY = "application/octet-stream"
_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class FileKey:
    """Which file: the n-th (from 0) of a message of a conversation."""

    conversation: str
    message_sid: str
    index: int

    def __str__(self) -> str:
        """The name under which it is kept."""
        return f"{self.conversation}/{self.message_sid}/{self.index}"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that was kept."""

    data: bytes
    content_type: str


class MediaStore:
    """Files by conversation, message and place in the message, sealed with the conversation's key.

    Every method raises `LogUnavailableError` when NATS does not answer.
    """

    def __init__(self, bucket: ObjectStore, keys: DataKeys) -> None:
        self._bucket = bucket
        self._keys = keys

    async def put(self, key: FileKey, file: KeptFile) -> None:
        """Keeps a file. Keeping it again replaces it."""
        owner = subjects.owner_of_conversation(key.conversation)
        sealed_with = await self._keys.for_writing(owner)
        sealed = await asyncio.to_thread(sealing.seal_bytes, file.data, sealed_with, str(key))
        meta = ObjectMeta(headers={_CONTENT_TYPE: file.content_type, _KEY: sealed_with.id})
        try:
            async with asyncio.timeout(_SECONDS):
                await self._bucket.put(str(key), sealed, meta)
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("the media store does not answer") from error

    async def has(self, key: FileKey) -> bool:
        """Whether the file is kept."""
        try:
            await self._bucket.get_info(str(key))
        except ObjectNotFoundError:
            return False
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("the media store does not answer") from error
        return True

    async def get(self, key: FileKey) -> KeptFile | None:
        """The file; None if it was not kept, or if it is erased."""
        try:
            async with asyncio.timeout(_SECONDS):  # nats-py itself waits for missing parts for ever
                found = await self._bucket.get(str(key))
        except ObjectNotFoundError:
            return None
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("the media store does not answer") from error
        headers = found.info.headers or {}
        owner = subjects.owner_of_conversation(key.conversation)
        opens = await self._keys.for_reading(owner, headers.get(_KEY, ""))
        if opens is None:
            return None
        data = await asyncio.to_thread(sealing.unseal_bytes, found.data or b"", opens, str(key))
        return KeptFile(data, headers.get(_CONTENT_TYPE, _ANY))

    async def drop(self, key: FileKey) -> None:
        """Keeps the file no longer."""
        try:
            async with asyncio.timeout(_SECONDS):
                await self._bucket.delete(str(key))
        except ObjectNotFoundError:
            return
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("the media store does not answer") from error
