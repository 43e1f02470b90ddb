"""Files that participants sent, where a campaign wants them kept."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nats.errors import Error as NatsError
from nats.js.api import ObjectMeta
from nats.js.errors import ObjectNotFoundError

from meshcore.errors import LogUnavailableError

if TYPE_CHECKING:
    from nats.js.object_store import ObjectStore

_CONTENT_TYPE = "Content-Type"
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
    """Files by conversation, message and place in the message.

    Every method raises `LogUnavailableError` when NATS does not answer.
    """

    def __init__(self, bucket: ObjectStore) -> None:
        self._bucket = bucket

    async def put(self, key: FileKey, file: KeptFile) -> None:
        """Keeps a file. Keeping it again replaces it."""
        meta = ObjectMeta(headers={_CONTENT_TYPE: file.content_type})
        try:
            async with asyncio.timeout(_SECONDS):
                await self._bucket.put(str(key), file.data, meta)
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
        """The file; None if it was not kept."""
        try:
            async with asyncio.timeout(_SECONDS):  # nats-py itself waits for missing parts for ever
                found = await self._bucket.get(str(key))
        except ObjectNotFoundError:
            return None
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("the media store does not answer") from error
        headers = found.info.headers or {}
        return KeptFile(found.data or b"", headers.get(_CONTENT_TYPE, _ANY))
