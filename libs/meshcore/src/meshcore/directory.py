"""The directory: the only home of personal data.

And the routes, which lead a participant's message to a conversation.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nats.errors import Error as NatsError
from nats.js.errors import KeyNotFoundError, KeyWrongLastSequenceError

from meshcore.domain.participant import participant_id
from meshcore.errors import LogUnavailableError
from meshcore.log.subjects import ConversationRef

if TYPE_CHECKING:
    from nats.js.kv import KeyValue


class Directory:
    """Participants and their addresses.

    A participant is known by the keyed hash of the address that was seen first. Further addresses
    of the same person are kept as aliases. Every method raises `LogUnavailableError` when the
    bucket does not answer.
    """

    def __init__(self, bucket: KeyValue, key: bytes) -> None:
        self._bucket = bucket
        self._key = key

    def id_of(self, address: str) -> str:
        """The id that the address stands for by itself, aliases aside."""
        return participant_id(self._key, address)

    async def register(self, address: str) -> str:
        """Makes sure that the participant of a normalised address is known, and returns the id."""
        own = self.id_of(address)
        try:
            await self._bucket.create(own, json.dumps({"addresses": [address]}).encode())
        except KeyWrongLastSequenceError:
            return await self.find(address)
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("the directory does not answer") from error
        return own

    async def find(self, address: str) -> str:
        """The id of the participant who has this address, known or not."""
        own = self.id_of(address)
        entry = await self._entry(own)
        return str(entry.get("alias_of", own))

    async def link(self, participant: str, address: str) -> None:
        """Notes a further address of a known participant."""
        alias = self.id_of(address)
        if alias == participant or await self._entry(alias):
            return
        known = await self.addresses(participant)
        # The alias comes last: as long as it is missing, a repetition does all of it again.
        await self._put(participant, {"addresses": [*dict.fromkeys([*known, address])]})
        await self._put(alias, {"alias_of": participant})

    async def addresses(self, participant: str) -> list[str]:
        """The participant's addresses, the oldest first; none if nothing is known."""
        return [str(a) for a in (await self._entry(participant)).get("addresses", [])]

    async def _entry(self, key: str) -> dict[str, list[str]]:
        try:
            value = (await self._bucket.get(key)).value
        except KeyNotFoundError:
            return {}
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("the directory does not answer") from error
        entry: dict[str, list[str]] = json.loads(value or b"{}")
        return entry

    async def _put(self, key: str, entry: dict[str, object]) -> None:
        try:
            await self._bucket.put(key, json.dumps(entry).encode())
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("the directory does not answer") from error


class Routes:
    """Which conversation a participant's next message belongs to. Raises like `Directory`."""

    def __init__(self, bucket: KeyValue) -> None:
        self._bucket = bucket

    async def find(self, participant: str) -> ConversationRef | None:
        """The participant's current conversation."""
        try:
            value = (await self._bucket.get(participant)).value
        except KeyNotFoundError:
            return None
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("the routes do not answer") from error
        campaign, _, conversation = (value or b"").decode().partition("/")
        return ConversationRef(campaign, conversation)

    async def lead(self, participant: str, ref: ConversationRef) -> None:
        """Leads the participant's next messages to this conversation."""
        try:
            await self._bucket.put(participant, f"{ref.campaign}/{ref.conversation}".encode())
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("the routes do not answer") from error
