"""Leases: who works on what at the moment.

They save doubled work; correctness rests on the guarded appends alone.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from nats.errors import Error as NatsError
from nats.js.errors import KeyWrongLastSequenceError

from meshcore.log.streams import LEASE_SECONDS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from nats.js.kv import KeyValue

_RENEW = LEASE_SECONDS / 3


class Leases:
    """Short leases in a bucket whose entries expire by themselves when their holder dies."""

    def __init__(self, bucket: KeyValue) -> None:
        self._bucket = bucket
        self._held: set[str] = set()

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[bool]:
        """Tries to take the lease and keeps it as long as the context lasts.

        Args:
            name: what is worked on (letters, digits, `-`, `.`).

        Yields:
            Whether the lease was free. If it was not, the caller leaves the work to its holder.
        """
        if name in self._held or not await self._take(name):
            yield False
            return
        self._held.add(name)
        renewal = asyncio.create_task(self._renew(name))
        try:
            yield True
        finally:
            renewal.cancel()
            self._held.discard(name)
            with suppress(NatsError, TimeoutError):  # it expires by itself
                await self._bucket.delete(name)

    async def _take(self, name: str) -> bool:
        try:
            await self._bucket.create(name, b"")
        except KeyWrongLastSequenceError:
            return False
        except (NatsError, TimeoutError):
            return True  # without leases the work is merely done twice
        return True

    async def _renew(self, name: str) -> None:
        while True:
            await asyncio.sleep(_RENEW)
            with suppress(NatsError, TimeoutError):
                await self._bucket.put(name, b"")
