"""Several readings of the log as one, in the log's order."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from meshcore.replay.bulk import position_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from meshcore.replay.bulk import RawMessage


class _Reading:
    """One reading, and what of it has not been handed on."""

    def __init__(self, pages: AsyncIterator[list[RawMessage]]) -> None:
        self._pages = pages
        self._page: list[RawMessage] = []
        self._positions: list[int] = []
        self.over = False

    async def fill(self) -> None:
        if not self._page and not self.over:
            self._page = await anext(self._pages, [])
            self._positions = [position_in(headers) for headers, _ in self._page]
            self.over = not self._page

    @property
    def end(self) -> int:
        """The last position that is here."""
        return self._positions[-1]

    def take(self, up_to: int) -> list[tuple[int, RawMessage]]:
        count = bisect_right(self._positions, up_to)
        taken = list(zip(self._positions[:count], self._page, strict=False))
        del self._positions[:count], self._page[:count]
        return taken


async def merged(
    readings: Sequence[AsyncIterator[list[RawMessage]]],
) -> AsyncIterator[list[RawMessage]]:
    """The pages of all readings, which overlap nowhere; holds a page of each."""
    if len(readings) == 1:
        async for page in readings[0]:
            yield page
        return
    under_way = [_Reading(pages) for pages in readings]
    while True:
        for reading in under_way:
            await reading.fill()
        under_way = [reading for reading in under_way if not reading.over]
        if not under_way:
            return
        up_to = min(reading.end for reading in under_way)
        found = [message for reading in under_way for message in reading.take(up_to)]
        yield [message for _, message in sorted(found, key=lambda each: each[0])]
