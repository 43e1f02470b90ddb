"""The whole log, page after page, as fast as it can be read."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager

from meshcore.domain.commit import Recorded
from meshcore.errors import MalformedCommitError
from meshcore.log import codec, subjects
from meshcore.log.event_log import EventLog, Page, Unreadable
from meshcore.replay.bulk import BulkReader, RawMessage, bulk_reader
from meshcore.replay.rows import headers_of

Wants = Callable[[str, str], bool]
"""Whether a message with this subject and these types of events is wanted."""

_SEALED = b'"sealed":"'


class Reading:
    """Reads everything. Made by `open_reading`.

    Attributes:
        log: the same log, for what is read by subject.
    """

    def __init__(self, reader: BulkReader, log: EventLog) -> None:
        self._reader = reader
        self.log = log

    async def pages(
        self, after: int, wants: Wants | None = None
    ) -> AsyncGenerator[tuple[Page, int]]:
        """The commits behind a position, to the end of the log: pages, and where each ends.

        Args:
            after: the position.
            wants: what of a page is wanted, by subject and types; nothing else is decoded.

        Raises:
            LogUnavailableError: no answer in time.
        """
        async with aclosing(self._reader.pages(subjects.EVERYTHING, after)) as pages:
            async for messages in pages:
                yield await self._page(messages, wants)

    async def _page(self, messages: list[RawMessage], wants: Wants | None) -> tuple[Page, int]:
        read = [(headers_of(raw), body) for raw, body in messages]
        end = int(read[-1][0]["Nats-Sequence"])
        if wants:
            read = [
                (h, body) for h, body in read if wants(h["Nats-Subject"], h.get(codec.TYPES, ""))
            ]
        sealed = {(h["Nats-Subject"], body) for h, body in read if _SEALED in body}
        await self.log.learn_keys(sealed)
        page = Page([], 0)
        for headers, body in read:
            position, subject = int(headers["Nats-Sequence"]), headers["Nats-Subject"]
            try:
                commit = codec.decode(body, headers, self.log.keys_of(subject))
                page.records.append(Recorded(position, subject, commit))
            except MalformedCommitError as error:
                page.unreadable.append(Unreadable(position, subject, str(error)))
        return page, end


@asynccontextmanager
async def open_reading(nats_url: str) -> AsyncIterator[Reading]:
    """The log of a running system, over a connection of its own.

    Raises:
        LogUnavailableError: nobody answers there.
    """
    async with bulk_reader(nats_url) as (reader, client), EventLog(client, "projector") as log:
        yield Reading(reader, log)
