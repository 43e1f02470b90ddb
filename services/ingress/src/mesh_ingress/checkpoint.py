"""Waiting until the read tables have come as far as the log: one task asks for all who wait."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from mesh_ingress.database import ReadSideUnavailableError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

_POLL_SECONDS = 0.015


class Checkpoint:
    """The position up to which the read tables tell what the log tells."""

    def __init__(self, read: Callable[[], Awaitable[int]]) -> None:
        self._read = read
        self._waiting: list[tuple[int, asyncio.Future[bool]]] = []
        self._somebody_waits = asyncio.Event()

    async def reaches(self, position: int, seconds: float) -> bool:
        """Waits for a position, and says whether it was reached in time.

        Nothing is remembered: after the tables were rebuilt an earlier answer means nothing.

        Raises:
            ReadSideUnavailableError: PostgreSQL does not answer.
        """
        reached: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((position, reached))
        self._somebody_waits.set()
        try:
            async with asyncio.timeout(seconds):
                return await reached
        except TimeoutError:
            return False

    async def watch(self) -> None:
        """Asks for the checkpoint while somebody waits for it; runs until it is cancelled."""
        while True:
            await self._somebody_waits.wait()
            asked = self._waiting
            self._waiting = []
            try:
                reached = await self._read()
            except ReadSideUnavailableError as error:
                _fail(asked, error)
            else:
                self._waiting += _settle(asked, reached)
            if self._waiting:
                await asyncio.sleep(_POLL_SECONDS)
            else:
                self._somebody_waits.clear()


def _settle(
    asked: list[tuple[int, asyncio.Future[bool]]], reached: int
) -> list[tuple[int, asyncio.Future[bool]]]:
    """Tells those whose position is reached, and returns those who still wait."""
    still = []
    for position, future in asked:
        if future.done():
            continue
        if position <= reached:
            future.set_result(True)
        else:
            still.append((position, future))
    return still


def _fail(asked: list[tuple[int, asyncio.Future[bool]]], error: ReadSideUnavailableError) -> None:
    for _, future in asked:
        if not future.done():
            future.set_exception(error)


@asynccontextmanager
async def watching(read: Callable[[], Awaitable[int]]) -> AsyncIterator[Checkpoint]:
    """A checkpoint that is watched in the background.

    Args:
        read: asks PostgreSQL for the position.
    """
    checkpoint = Checkpoint(read)
    task = asyncio.create_task(checkpoint.watch())
    try:
        yield checkpoint
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
