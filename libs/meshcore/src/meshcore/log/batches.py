"""Many keys of a bucket at once: read by direct gets, written by the server's atomic batches.

nats-py speaks neither, so both are spoken raw, and only here. A batch of a thousand costs one sync
of the disk where a thousand writes cost a thousand: some 27,000 keys a second instead of 2,600.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from nats.errors import Error as NatsError

from meshcore.errors import LogUnavailableError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nats.aio.client import Client
    from nats.aio.msg import Msg

BATCH = 1_000
"""Keys that the server takes in one batch, and (nearly) names in one direct get."""

EXPECTED = "Nats-Expected-Last-Subject-Sequence"
_STALE = frozenset({10071, 10158, 10164})
"""A key has moved on, or another write to it is on its way."""

_TIMEOUT = 10.0
_SLICE = 50
"""Messages after which others may use the loop."""

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Stored:
    """A key's value (empty once deleted), and its revision; 0 for a key that never was."""

    value: bytes = b""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """A value for a key, to be written if the key still has this revision."""

    key: str
    value: bytes
    revision: int


class Batches:
    """Reads and writes up to `BATCH` keys of one bucket at a time.

    Both methods raise `LogUnavailableError` when the server does not answer; repeating them is
    safe. The bucket's stream needs `allow_direct` and `allow_atomic`.
    """

    def __init__(self, client: Client, bucket: str) -> None:
        self._client = client
        self._stream = f"KV_{bucket}"
        self._prefix = f"$KV.{bucket}."

    async def read(self, keys: Sequence[str]) -> dict[str, Stored]:
        """What stands under these keys, those left out that never were.

        On a replicated bucket the answer may lag the leader; a write finds out.
        """
        request = {"multi_last": [self._prefix + key for key in keys]}
        inbox = self._client.new_inbox()
        found: dict[str, Stored] = {}
        try:
            async with asyncio.timeout(_TIMEOUT):
                replies = await self._client.subscribe(inbox)
                try:
                    subject = f"$JS.API.DIRECT.GET.{self._stream}"
                    await self._client.publish(subject, json.dumps(request).encode(), reply=inbox)
                    while not _ends(message := await replies.next_msg(timeout=_TIMEOUT)):
                        key, stored = self._stored(message)
                        found[key] = stored
                finally:
                    await replies.unsubscribe()
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("no answer to a read of many keys") from error
        return found

    def _stored(self, message: Msg) -> tuple[str, Stored]:
        headers = message.headers or {}
        key = headers["Nats-Subject"].removeprefix(self._prefix)
        value = b"" if "KV-Operation" in headers else message.data
        return key, Stored(value, int(headers["Nats-Sequence"]))

    async def write(self, changes: Sequence[Change]) -> bool:
        """Writes all of these, or none if any of the keys has moved on; tells which."""
        headers = {"Nats-Batch-Id": uuid.uuid4().hex}
        try:
            for number, change in enumerate(changes[:-1], 1):
                await self._client.publish(
                    self._prefix + change.key, change.value, headers=_of(headers, number, change)
                )
                if number % _SLICE == 0:
                    await asyncio.sleep(0)
            last = changes[-1]
            answer = await self._client.request(
                self._prefix + last.key,
                last.value,
                headers={**_of(headers, len(changes), last), "Nats-Batch-Commit": "1"},
                timeout=_TIMEOUT,
            )
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("no acknowledgement for a batch") from error
        refused = json.loads(answer.data).get("error")
        if refused and refused.get("err_code") not in _STALE:
            logger.warning("a batch was refused", code=refused.get("err_code"))
        return not refused


def _of(batch: dict[str, str], number: int, change: Change) -> dict[str, str]:
    """The headers of the batch's n-th message, counted from 1."""
    return {**batch, "Nats-Batch-Sequence": str(number), EXPECTED: str(change.revision)}


def _ends(message: Msg) -> bool:
    """Whether nothing more comes; that nothing was found is an end, too."""
    match (message.headers or {}).get("Status"):
        case None:
            return False
        case "204" | "404":
            return True
        case status:
            raise LogUnavailableError(f"a read of many keys was answered with status {status}")
