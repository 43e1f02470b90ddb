"""Which of our senders writes to whom: the one that a participant saw first."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from nats.errors import Error as NatsError
from nats.js.errors import KeyNotFoundError, KeyWrongLastSequenceError

from meshcore.errors import LogUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nats.js.kv import KeyValue

_AT_ONCE = 64


class Senders:
    """Remembers senders, over all campaigns. Raises `LogUnavailableError` if NATS is silent."""

    def __init__(self, bucket: KeyValue, configured: Sequence[str]) -> None:
        """Prepares the memory.

        Args:
            bucket: participant -> sender.
            configured: the senders that may be used. Others are forgotten.
        """
        self.configured = tuple(configured)
        self._bucket = bucket
        self._requests = asyncio.Semaphore(_AT_ONCE)

    async def known(self, participants: Iterable[str]) -> dict[str, str]:
        """The senders of those who have one that is configured still."""
        asked = list(participants)
        found = await asyncio.gather(*map(self._sender_of, asked))
        return {p: sender for p, sender in zip(asked, found, strict=True) if sender}

    async def remember(self, chosen: Mapping[str, str]) -> dict[str, str]:
        """Remembers a sender for each, unless there is one already.

        Returns:
            The sender that counts for each: of two campaigns at once, the first one's.
        """
        counts = await asyncio.gather(*(self._remember(*each) for each in chosen.items()))
        return dict(zip(chosen, counts, strict=True))

    async def _sender_of(self, participant: str) -> str | None:
        entry = await self._entry(participant)
        return self._usable(entry)

    async def _remember(self, participant: str, sender: str) -> str:
        entry = None
        while True:
            if known := self._usable(entry):
                return known
            if await self._write(participant, sender, entry):
                return sender
            entry = await self._entry(participant)

    def _usable(self, entry: KeyValue.Entry | None) -> str | None:
        sender = (entry.value or b"").decode() if entry else ""
        return sender if sender in self.configured else None

    async def _entry(self, participant: str) -> KeyValue.Entry | None:
        try:
            async with self._requests:
                return await self._bucket.get(participant)
        except KeyNotFoundError:
            return None
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("senders are not to be had") from error

    async def _write(self, participant: str, sender: str, entry: KeyValue.Entry | None) -> bool:
        """Writes it, if nobody else has written since the entry was read."""
        try:
            async with self._requests:
                if entry is None:
                    await self._bucket.create(participant, sender.encode())
                else:
                    await self._bucket.update(participant, sender.encode(), last=entry.revision)
        except KeyWrongLastSequenceError:
            return False
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("a sender is not acknowledged") from error
        return True
