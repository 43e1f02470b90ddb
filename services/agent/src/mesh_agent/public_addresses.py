"""Which addresses are out on the internet, and a resolver that finds no others."""

from __future__ import annotations

import socket
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

from aiohttp import DefaultResolver
from aiohttp.abc import AbstractResolver

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from aiohttp.abc import ResolveResult


class PrivateAddressError(OSError):
    """A name leads to an address that is not out on the internet."""


def is_private(host: str) -> bool:
    """Whether this is an address that is not out on the internet, or this very machine's name."""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return not address.is_global or address.is_multicast


class GuardedResolver(AbstractResolver):
    """Resolves names, but to public addresses only.

    The connection is made to what was looked at here, so a name cannot change its mind in between.
    """

    def __init__(self, trusted: AbstractSet[str]) -> None:
        """Prepares the resolver; the trusted names may lead anywhere."""
        self._trusted = trusted
        self._resolver = DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a name.

        Raises:
            PrivateAddressError: one of them is not public.
            OSError: there are none.
        """
        found = await self._resolver.resolve(host, port, family)
        if host not in self._trusted and any(is_private(each["host"]) for each in found):
            raise PrivateAddressError("not a public address")
        return found

    async def close(self) -> None:
        """Closes the resolver behind it."""
        await self._resolver.close()
