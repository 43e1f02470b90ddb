"""The directory: the only home of personal data.

And the routes, which lead a participant's message to a conversation.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from nats.errors import Error as NatsError
from nats.js.errors import KeyNotFoundError, KeyWrongLastSequenceError

from meshcore.domain.participant import participant_id
from meshcore.errors import LogUnavailableError
from meshcore.log.subjects import ConversationRef

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nats.js.kv import KeyValue

_EARLIER_KEPT = 8
"""Conversations before the current one. Whose webhook is repeated after so many is long gone."""

_UNROUTED = "unrouted"
_ATTEMPTS = 50
_PAUSE = 0.02


Attributes = dict[str, str]
_Entry = dict[str, Any]
"""What a key of the bucket holds: addresses and attributes, or whose alias it is."""


class Directory:
    """Participants: their addresses, and what researchers know of them.

    A participant is known by the keyed hash of the address that was seen first. Further addresses
    of the same person are kept as aliases. Attributes are kept by campaign, in the participant's
    one entry: nobody can tell whether they are personal. Every method raises `LogUnavailableError`
    when the bucket does not answer.
    """

    def __init__(self, bucket: KeyValue, key: bytes) -> None:
        self._bucket = bucket
        self._key = key

    def id_of(self, address: str) -> str:
        """The id that the address stands for by itself, aliases aside."""
        return participant_id(self._key, address)

    async def register(
        self,
        address: str,
        campaign: str | None = None,
        attributes: Mapping[str, str] | None = None,
    ) -> str:
        """Makes sure that the participant of a normalised address is known, and returns the id.

        Attributes of a campaign take the place of those that were known there before; without any,
        those stay.
        """
        own = self.id_of(address)
        entry = new_entry(address, campaign, attributes)
        try:
            await self._bucket.create(own, json.dumps(entry).encode())
        except KeyWrongLastSequenceError:
            participant = await self.find(address)
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("the directory does not answer") from error
        else:
            return own
        if campaign and attributes:
            # Whoever is erased at this moment is entered anew, as a stranger.
            blank = new_entry(address, None, None)
            await self._change(
                participant, lambda entry: described(entry or blank, campaign, attributes)
            )
        return participant

    async def find(self, address: str) -> str:
        """The id of the participant who has this address, known or not."""
        own = self.id_of(address)
        entry, _ = await self._read(own)
        return str(entry.get("alias_of", own))

    async def person_behind(self, participant: str) -> str:
        """The id of the participant for whom this id stands: itself, unless it is an alias."""
        entry, _ = await self._read(participant)
        return str(entry.get("alias_of", participant))

    async def keys_of(self, participant: str) -> list[str]:
        """The ids under which entries of the participant stand, aliases first, their own last."""
        aliases = [self.id_of(address) for address in await self.addresses(participant)]
        return [*(alias for alias in aliases if alias != participant), participant]

    async def link(self, participant: str, address: str) -> None:
        """Notes a further address of a known participant."""
        alias = self.id_of(address)
        if alias == participant or (await self._read(alias))[0]:
            return
        # The alias comes last: as long as it is missing, a repetition does all of it again.
        await self._change(participant, lambda entry: _reachable_at(entry, address))
        await self._change(alias, lambda _: {"alias_of": participant})

    async def addresses(self, participant: str) -> list[str]:
        """The participant's addresses, the oldest first; none if nothing is known."""
        entry, _ = await self._read(participant)
        return [str(address) for address in entry.get("addresses", [])]

    async def attributes(self, participant: str, campaign: str) -> Attributes:
        """What the campaign's researchers told of the participant; empty if nothing is known."""
        entry, _ = await self._read(participant)
        return dict(entry.get("attributes", {}).get(campaign, {}))

    async def _change(self, key: str, change: Callable[[_Entry], _Entry]) -> None:
        """Changes an entry by what stands there, whoever else does so at the same time."""
        for _ in range(_ATTEMPTS):
            entry, revision = await self._read(key)
            changed = change(entry)
            if changed == entry:
                return
            try:
                await self._bucket.update(key, json.dumps(changed).encode(), last=revision)
            except KeyWrongLastSequenceError:
                await asyncio.sleep(_PAUSE)  # a replica may not show yet what the other wrote
            except (NatsError, TimeoutError) as error:
                raise LogUnavailableError("the directory does not answer") from error
            else:
                return
        raise LogUnavailableError("no replica shows the newest entry of the directory")

    async def _read(self, key: str) -> tuple[_Entry, int]:
        """The entry, and the revision that it has in the bucket; 0 for none yet."""
        try:
            found = await self._bucket.get(key)
        except KeyNotFoundError as missing:
            deleted: KeyValue.Entry | None = missing.entry
            return {}, (deleted.revision if deleted else None) or 0
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("the directory does not answer") from error
        entry: _Entry = json.loads(found.value or b"{}")
        return entry, found.revision or 0


def new_entry(address: str, campaign: str | None, attributes: Mapping[str, str] | None) -> _Entry:
    """The entry of somebody who was not known before."""
    entry: _Entry = {"addresses": [address]}
    return described(entry, campaign, attributes) if campaign and attributes else entry


def described(entry: _Entry, campaign: str, attributes: Mapping[str, str]) -> _Entry:
    """The entry with these attributes of the campaign in place of earlier ones."""
    return {**entry, "attributes": {**entry.get("attributes", {}), campaign: dict(attributes)}}


def _reachable_at(entry: _Entry, address: str) -> _Entry:
    return {**entry, "addresses": [*dict.fromkeys([*entry.get("addresses", []), address])]}


@dataclass(frozen=True, slots=True)
class Route:
    """Where a participant's messages belong, and where they belonged before.

    Attributes:
        current: the conversation that the next message belongs to; None for a stranger.
        earlier: the conversations before it, the newest first; only the last few are kept.
        unrouted: whether the participant may have written outside any conversation.
    """

    current: ConversationRef | None = None
    earlier: tuple[ConversationRef, ...] = ()
    unrouted: bool = False

    def led_to(self, ref: ConversationRef) -> Route:
        """The route from now on, if the next message belongs to this conversation."""
        known = (self.current, *self.earlier) if self.current else ()
        earlier = tuple(each for each in known if each != ref)
        return replace(self, current=ref, earlier=earlier[:_EARLIER_KEPT])

    def left(self, ref: ConversationRef) -> Route:
        """The route as it was before it led to this conversation, if it leads there now."""
        if self.current != ref:
            return self
        return replace(self, current=next(iter(self.earlier), None), earlier=self.earlier[1:])


class Routes:
    """Which conversation a participant's next message belongs to. Raises like `Directory`.

    A route is stored as words: the conversations as `campaign/conversation`, the newest first, and
    a mark if the participant wrote outside any.
    """

    def __init__(self, bucket: KeyValue) -> None:
        self._bucket = bucket

    async def find(self, participant: str) -> Route:
        """The participant's route; an empty one for a stranger."""
        route, _ = await self._read(participant)
        return route

    async def lead(self, participant: str, ref: ConversationRef) -> None:
        """Leads the participant's next messages to this conversation, and keeps where they went."""
        await self._change(participant, lambda route: route.led_to(ref))

    async def leave(self, participant: str, ref: ConversationRef) -> None:
        """Takes the last `lead` to this conversation back, if nobody has led elsewhere since."""
        await self._change(participant, lambda route: route.left(ref))

    async def note_unrouted(self, participant: str) -> Route:
        """Notes that a stranger is about to write outside any conversation.

        Returns:
            The route as it stands then. If a conversation was opened meanwhile, nothing is noted:
            the message belongs there.
        """
        return await self._change(participant, _noting_unrouted)

    async def _change(self, participant: str, change: Callable[[Route], Route]) -> Route:
        """Changes a route by what stands there, whoever else does so at the same time."""
        for _ in range(_ATTEMPTS):
            route, revision = await self._read(participant)
            changed = change(route)
            if changed == route:
                return route
            try:
                await self._bucket.update(participant, _stored(changed), last=revision)
            except KeyWrongLastSequenceError:
                await asyncio.sleep(_PAUSE)  # a replica may not show yet what the other wrote
            except (NatsError, TimeoutError) as error:
                raise LogUnavailableError("the routes do not answer") from error
            else:
                return changed
        raise LogUnavailableError("no replica shows the newest route")

    async def _read(self, participant: str) -> tuple[Route, int]:
        """The route, and the revision that it has in the bucket; 0 for none yet."""
        try:
            entry = await self._bucket.get(participant)
        except KeyNotFoundError as missing:
            deleted: KeyValue.Entry | None = missing.entry
            return Route(), (deleted.revision if deleted else None) or 0
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("the routes do not answer") from error
        return _read_route(entry.value or b""), entry.revision or 0


def _noting_unrouted(route: Route) -> Route:
    return route if route.current else replace(route, unrouted=True)


def _stored(route: Route) -> bytes:
    refs = (route.current, *route.earlier) if route.current else ()
    words = [f"{ref.campaign}/{ref.conversation}" for ref in refs]
    return " ".join([*words, _UNROUTED] if route.unrouted else words).encode()


def _read_route(value: bytes) -> Route:
    words = value.decode().split()
    split = [word.partition("/") for word in words if word != _UNROUTED]
    refs = [ConversationRef(campaign, conversation) for campaign, _, conversation in split]
    return Route(refs[0] if refs else None, tuple(refs[1:]), _UNROUTED in words)
