"""The keys under which personal data stands on the log, one for each conversation and participant.

Whoever destroys a key makes unreadable what was sealed with it, wherever copies of the log are. A
key is made once and never changed; one made after a destruction is another one, with another id.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nats.errors import Error as NatsError
from nats.js.errors import APIError, NotFoundError

from meshcore.errors import LogUnavailableError
from meshcore.log import streams, subjects

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
    other processes when they forget it, or at their next start.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._js = client.jetstream(timeout=_TIMEOUT)
        self._known: OrderedDict[tuple[str, str], DataKey | None] = OrderedDict()
        self._current: OrderedDict[str, DataKey] = OrderedDict()

    async def for_writing(self, owner: str) -> DataKey:
        """The owner's key, made if there is none."""
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
        return self._known[owner, key_id]

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
        for known in [known for known in self._known if known[0] == owner]:
            del self._known[known]

    async def destroy(self, owner: str) -> bool:
        """Destroys the owner's key: it is overwritten on the server's disk.

        Returns:
            Whether there was one.
        """
        self.forget(owner)
        found = False
        while (place := await self._place(owner)) is not None:
            body = json.dumps({"seq": place, "no_erase": False}).encode()
            await self._request(f"STREAM.MSG.DELETE.{streams.KEYS}", body)
            found = True
        return found

    async def _stored(self, owner: str) -> DataKey | None:
        """As the leader has it."""
        try:
            found = await self._js.get_last_msg(streams.KEYS, subjects.data_key(owner))
        except NotFoundError:
            return None
        except _AWAY as error:
            raise LogUnavailableError("the keys are not to be had") from error
        return DataKey(found.data or b"")

    async def _place(self, owner: str) -> int | None:
        try:
            return (await self._js.get_last_msg(streams.KEYS, subjects.data_key(owner))).seq
        except NotFoundError:
            return None
        except _AWAY as error:
            raise LogUnavailableError("the keys are not to be had") from error

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

    async def _request(self, endpoint: str, body: bytes) -> None:
        try:
            reply = await self._client.request(f"$JS.API.{endpoint}", body, timeout=_TIMEOUT)
        except _AWAY as error:
            raise LogUnavailableError("a key could not be destroyed") from error
        if "error" in json.loads(reply.data):
            raise LogUnavailableError("a key could not be destroyed")

    def _remember(self, owner: str, key: DataKey) -> None:
        self._current[owner] = key
        self._current.move_to_end(owner)
        self._note(owner, key.id, key)
        while len(self._current) > _CACHED:
            self._current.popitem(last=False)

    def _note(self, owner: str, key_id: str, key: DataKey | None) -> None:
        self._known[owner, key_id] = key
        self._known.move_to_end((owner, key_id))
        while len(self._known) > _CACHED:
            self._known.popitem(last=False)
