"""The keys under which personal data stands on the log, one for each conversation and participant.

Whoever destroys a key makes unreadable what was sealed with it, wherever copies of the log are. A
key is made once and never changed; one made after a destruction is another one, with another id.
"""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nats.errors import Error as NatsError
from nats.js.errors import APIError, NotFoundError

from meshcore.errors import LogUnavailableError
from meshcore.log import streams, subjects
from meshcore.log.overwriting import overwrite_subject

if TYPE_CHECKING:
    from nats.aio.client import Client

KEY_BYTES = 32

_CACHED = 100_000
_TIMEOUT = 5.0
_STALE = 10071
_AWAY = (NatsError, TimeoutError)


@dataclass(frozen=True, slots=True)
class DataKey:
    """A key. It is never shown: its id stands for it."""

    secret: bytes

    @property
    def id(self) -> str:
        """Eight hex digits that tell it from others of the same owner."""
        return hashlib.sha256(self.secret).hexdigest()[:8]

    def __repr__(self) -> str:
        """The id only."""
        return f"DataKey({self.id})"


class DataKeys:
    """The keys, by owner: see `owner_of`. Every method raises `LogUnavailableError`.

    What was read is kept in memory, the most recent of it. A destroyed key leaves the memories of
    other processes when they `forget` it: `EventLog` does so as soon as an erasure is told.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._js = client.jetstream(timeout=_TIMEOUT)
        self._known: OrderedDict[tuple[str, str], DataKey | None] = OrderedDict()
        self._current: OrderedDict[str, DataKey] = OrderedDict()
        self._ids: dict[str, set[str]] = {}
        self._reconnects = 0

    async def for_writing(self, owner: str) -> DataKey:
        """The owner's key, made if there is none."""
        self._distrust()
        while (key := self._current.get(owner) or await self._stored(owner)) is None:
            key = DataKey(os.urandom(KEY_BYTES))
            if await self._create(owner, key):
                break
        self._remember(owner, key)
        return key

    async def for_reading(self, owner: str, key_id: str) -> DataKey | None:
        """The key of this id; None if it was destroyed.

        What it has sealed was written later than the key itself, so that a leader which does not
        have it has it no more.
        """
        if (owner, key_id) in self._known:
            return self._known[owner, key_id]
        key = await self._stored(owner)
        if key is not None:
            self._remember(owner, key)
        if key is None or key.id != key_id:
            self._note(owner, key_id, None)
        return key if key and key.id == key_id else None

    def known(self, owner: str, key_id: str) -> DataKey | None:
        """What `for_reading` has answered. Raises KeyError if it was not asked."""
        return self._known[owner, key_id]

    def unknown(self, wanted: set[tuple[str, str]]) -> set[tuple[str, str]]:
        """For which of these owners and key ids `for_reading` was not asked yet."""
        return wanted - self._known.keys()

    def take_in(self, owner: str, secret: bytes) -> None:
        """Notes a key that was read together with others."""
        self._remember(owner, DataKey(secret))

    def forget(self, owner: str) -> None:
        """Lets go of what is in memory, for instance since the key was destroyed."""
        self._current.pop(owner, None)
        for key_id in self._ids.pop(owner, ()):
            self._known.pop((owner, key_id), None)

    async def destroy(self, owner: str) -> bool:
        """Destroys the owner's key: it is overwritten on the server's disk.

        Returns:
            Whether there was one.
        """
        self.forget(owner)
        return await overwrite_subject(self._client, streams.KEYS, subjects.data_key(owner))

    async def _stored(self, owner: str) -> DataKey | None:
        """As the leader has it."""
        try:
            found = await self._js.get_last_msg(streams.KEYS, subjects.data_key(owner))
        except NotFoundError:
            return None
        except _AWAY as error:
            raise LogUnavailableError("the keys are not to be had") from error
        return DataKey(found.data or b"")

    async def _create(self, owner: str, key: DataKey) -> bool:
        """Whether the key is the owner's now; if not, somebody else was faster."""
        headers = {"Nats-Expected-Last-Subject-Sequence": "0"}
        try:
            await self._js.publish(
                subjects.data_key(owner), key.secret, headers=headers, stream=streams.KEYS
            )
        except APIError as error:
            if error.err_code == _STALE:
                return False
            raise LogUnavailableError("a key could not be kept") from error
        except _AWAY as error:
            raise LogUnavailableError("a key could not be kept") from error
        return True

    def _remember(self, owner: str, key: DataKey) -> None:
        self._current[owner] = key
        self._current.move_to_end(owner)
        self._note(owner, key.id, key)
        while len(self._current) > _CACHED:
            self._current.popitem(last=False)

    def _note(self, owner: str, key_id: str, key: DataKey | None) -> None:
        self._known[owner, key_id] = key
        self._known.move_to_end((owner, key_id))
        self._ids.setdefault(owner, set()).add(key_id)
        while len(self._known) > _CACHED:
            (oldest, old_id), _ = self._known.popitem(last=False)
            self._ids[oldest].discard(old_id)
            if not self._ids[oldest]:
                del self._ids[oldest]

    def _distrust(self) -> None:
        """Forgets everything once the connection was lost: an erasure may have been missed."""
        if self._client.stats["reconnects"] != self._reconnects:
            self._reconnects = self._client.stats["reconnects"]
            self._current.clear()
            self._known.clear()
            self._ids.clear()
