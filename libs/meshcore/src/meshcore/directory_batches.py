"""The directory for whole lists of participants."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from meshcore.directory import described, new_entry
from meshcore.log.batches import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from meshcore.directory import Directory
    from meshcore.log.batches import Batches, Stored

Person = tuple[str, "Mapping[str, str]"]
"""A normalised address, and the attributes that belong to it in the campaign at hand."""

_ATTEMPTS = 4
_PAUSE = 0.05
_AT_ONCE = 100
"""Single writes under way at a time: enough to fill the server's pipeline."""


class DirectoryBatches:
    """Registers and reads many participants at a time; raises like `Directory`.

    Whatever a batch cannot do is done one by one: a person known by another address, and keys that
    others keep changing. Safe to repeat, and beside single registrations.
    """

    def __init__(self, directory: Directory, batches: Batches) -> None:
        self._directory = directory
        self._batches = batches

    async def register(self, people: Sequence[Person], campaign: str | None = None) -> list[str]:
        """Does what `Directory.register` does, for up to `BATCH` people with an address each.

        Returns:
            Their participants, in the same order.
        """
        keyed = {self._directory.id_of(address): (address, told) for address, told in people}
        rest = await self._register_at_once(keyed, campaign)
        ids = dict(zip(rest, await self._register_singly(rest.values(), campaign), strict=True))
        return [ids.get(own, own) for own in keyed]

    async def find(self, addresses: Sequence[str]) -> list[str]:
        """Does what `Directory.find` does, for up to `BATCH` addresses, in their order."""
        own = [self._directory.id_of(address) for address in addresses]
        entries = {key: _entry(stored) for key, stored in (await self._batches.read(own)).items()}
        return [str(entries.get(key, {}).get("alias_of", key)) for key in own]

    async def addresses(self, participants: Sequence[str]) -> dict[str, list[str]]:
        """The addresses of up to `BATCH` participants, the oldest first; unknown ones left out."""
        found = await self._batches.read(participants)
        entries = {participant: _entry(stored) for participant, stored in found.items()}
        return {p: list(entry["addresses"]) for p, entry in entries.items() if "addresses" in entry}

    async def _register_at_once(
        self, keyed: Mapping[str, Person], campaign: str | None
    ) -> dict[str, Person]:
        """Registers whom a batch can; returns those who are left."""
        for _ in range(_ATTEMPTS):
            found = await self._batches.read(list(keyed))
            aliases = {key for key, stored in found.items() if "alias_of" in _entry(stored)}
            own = {key: person for key, person in keyed.items() if key not in aliases}
            changes = _changes(own, found, campaign)
            if not changes or await self._batches.write(changes):
                return {key: keyed[key] for key in keyed if key in aliases}
            await asyncio.sleep(_PAUSE)  # a replica may not show yet what another has written
        return dict(keyed)

    async def _register_singly(self, people: Iterable[Person], campaign: str | None) -> list[str]:
        permits = asyncio.Semaphore(_AT_ONCE)

        async def register(address: str, told: Mapping[str, str]) -> str:
            async with permits:
                return await self._directory.register(address, campaign, told)

        return list(await asyncio.gather(*(register(*person) for person in people)))


def _changes(
    people: Mapping[str, Person], found: Mapping[str, Stored], campaign: str | None
) -> list[Change]:
    """What has to be written so that everybody is known; nothing for whoever is already."""
    changes = []
    for key, (address, told) in people.items():
        stored = found.get(key)
        before = _entry(stored) if stored else {}
        after = before or new_entry(address, None, None)
        if campaign and told:
            after = described(after, campaign, told)
        if after != before:
            revision = stored.revision if stored else 0
            changes.append(Change(key, json.dumps(after).encode(), revision))
    return changes


def _entry(stored: Stored) -> dict[str, Any]:
    entry: dict[str, Any] = json.loads(stored.value or b"{}")
    return entry
