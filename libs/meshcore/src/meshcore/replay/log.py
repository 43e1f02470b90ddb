"""The log as analysts read it."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from meshcore.errors import MalformedCommitError
from meshcore.log.event_log import EventLog, Unreadable
from meshcore.replay import past
from meshcore.replay.bulk import bulk_reader
from meshcore.replay.merging import merged
from meshcore.replay.rows import headers_of, rows_of, time_of, types_of
from meshcore.replay.selection import Selection

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterable
    from datetime import datetime

    from meshcore.domain.conversation import Conversation
    from meshcore.replay.bulk import BulkReader, RawMessage
    from meshcore.replay.past import AsOf, CampaignThen
    from meshcore.replay.rows import EventRow

_IDLE = 0.1
DEFAULT_URL = "nats://localhost:4222"


@dataclass(slots=True)
class Batch:
    """Some events, in order.

    Attributes:
        rows: the events wanted.
        position: how far the log has been read.
        unreadable: the messages among them that are no commits.
        earliest: when the first of all events here was decided, wanted or not.
    """

    rows: list[EventRow] = field(default_factory=list)
    position: int = 0
    unreadable: list[Unreadable] = field(default_factory=list)
    earliest: datetime | None = None


class Log:
    """The log, to be read. Nothing is ever written. Made by `open_log`."""

    def __init__(self, reader: BulkReader, log: EventLog) -> None:
        self._reader = reader
        self._log = log

    async def events(  # noqa: PLR0913 - what may be asked for, by name
        self,
        *,
        campaign: str | None = None,
        conversation: str | None = None,
        types: Iterable[str] = (),
        since: datetime | None = None,
        until: datetime | None = None,
        after: int = 0,
        follow: bool = False,
    ) -> AsyncGenerator[EventRow, None]:
        """The events wanted, in the log's order.

        Args:
            campaign: only of this campaign and its conversations.
            conversation: only of this conversation.
            types: only of these wire names.
            since: only those decided at this time or later.
            until: only those decided before this time.
            after: only behind this position.
            follow: whether to wait for more at the end, for ever.

        Raises:
            LogUnavailableError: no answer in time.
        """
        selection = Selection(campaign, conversation, frozenset(types), since, until, after)
        batches = self.following(selection) if follow else self.batches(selection)
        async with aclosing(batches):
            async for batch in batches:
                for row in batch.rows:
                    yield row

    async def batches(self, selection: Selection) -> AsyncGenerator[Batch, None]:
        """What there is now of the events wanted, some thousand at a time. Raises like `events`."""
        selection, end = await self._resolved(selection), await self._log.last_position()
        async with AsyncExitStack() as stack:
            readings = [
                await stack.enter_async_context(
                    aclosing(self._reader.pages(pattern, selection.after, selection.start))
                )
                for pattern in selection.patterns
            ]
            async for page in merged(readings):
                batch = await self._batch(page, selection, end)
                yield batch
                if batch.position >= end or (
                    batch.earliest and selection.is_behind(batch.earliest)
                ):
                    return

    async def following(self, selection: Selection) -> AsyncGenerator[Batch, None]:
        """The events wanted as they come, for ever. Raises like `events`."""
        selection = await self._resolved(selection)
        after, start = selection.after, selection.start
        while True:
            async with aclosing(self._reader.pages(">", after, start)) as pages:
                async for page in pages:
                    batch = await self._batch(page, selection)
                    after = batch.position
                    yield batch
            await asyncio.sleep(_IDLE)

    async def last_position(self) -> int:
        """The position of the newest commit; 0 for an empty log."""
        return await self._log.last_position()

    async def conversation_at(self, conversation: str, as_of: AsOf = None) -> Conversation | None:
        """A conversation as it stood at a time or position; None if the log knew nothing of it."""
        ref = await past.find_conversation(self._log, conversation)
        return await past.conversation_at(self._log, ref, as_of) if ref else None

    async def campaign_at(self, campaign: str, as_of: AsOf = None) -> CampaignThen | None:
        """A campaign as it stood at a time or position; None if it was not there."""
        return await past.campaign_at(self._log, campaign, as_of)

    async def campaign_of(self, conversation: str) -> str | None:
        """The campaign that a conversation belongs to; None if the log knows nothing of it."""
        ref = await past.find_conversation(self._log, conversation)
        return ref.campaign if ref else None

    async def _batch(
        self, page: list[RawMessage], selection: Selection, end: int | None = None
    ) -> Batch:
        """The events wanted among some messages, up to a position."""
        batch, messages = Batch(), [(headers_of(raw), body) for raw, body in page]
        await self._log.learn_keys(
            {(headers["Nats-Subject"], body) for headers, body in messages if b'"sealed":"' in body}
        )
        for headers, body in messages:
            position = int(headers["Nats-Sequence"])
            if end is not None and position > end:
                batch.position = end
                return batch
            batch.position = position
            try:
                self._add(batch, headers, body, selection)
            except MalformedCommitError as error:
                batch.unreadable.append(Unreadable(position, headers["Nats-Subject"], str(error)))
        return batch

    def _add(
        self, batch: Batch, headers: dict[str, str], body: bytes, selection: Selection
    ) -> None:
        at = time_of(headers)
        batch.earliest = min(at, batch.earliest or at)
        if _is_wanted(headers, selection):
            key_of = self._log.keys_of(headers["Nats-Subject"])
            rows = rows_of(headers, body, key_of)
            batch.rows += filter(selection.wants, rows) if selection.narrows else rows

    async def _resolved(self, selection: Selection) -> Selection:
        """The selection with the campaign that its conversation belongs to."""
        if selection.conversation is None or selection.campaign is not None:
            return selection
        campaign = await self.campaign_of(selection.conversation)
        return replace(selection, campaign=campaign) if campaign else selection


def _is_wanted(headers: dict[str, str], selection: Selection) -> bool:
    """Whether one of its events may be of a type wanted, before any of them is read."""
    return not selection.types or not selection.types.isdisjoint(types_of(headers))


@asynccontextmanager
async def open_log(nats_url: str = DEFAULT_URL) -> AsyncIterator[Log]:
    """The log of a running system.

    Args:
        nats_url: the server, or several, separated by commas.

    Raises:
        LogUnavailableError: nobody answers there.
    """
    async with bulk_reader(nats_url) as (reader, client), EventLog(client, "replay") as log:
        yield Log(reader, log)
