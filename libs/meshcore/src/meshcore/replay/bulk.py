"""Reads much of the log fast: batched direct gets over a connection of its own.

nats-py spends about 20 us on each message that arrives, mostly on headers and queues. Here the
answers are cut out of the stream of bytes as they are; everything else stays nats-py's business.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.protocol.parser import AWAITING_CONTROL_LINE, Parser

from meshcore.errors import LogUnavailableError
from meshcore.log import streams

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

_PAGE = 1_000
_TIMEOUT = 10.0
_CONNECT_TIMEOUT = 3.0
_TICKS_TO_SEND = 5
"""Turns of the loop after which nats-py has sent a request. The next page comes meanwhile."""

_ENDED, _NOTHING = b"204", b"404"
_STATUS = slice(9, 12)
_CRLF = b"\r\n"

RawMessage = tuple[bytes, bytes]
"""The headers as they came, and the body."""


@dataclass(slots=True)
class _Answer:
    """What has come of the answer that is waited for."""

    messages: list[RawMessage]
    status: asyncio.Future[bytes]


class _BulkParser(Parser):
    """nats-py's parser, which sees nothing of the answers to direct gets."""

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self.marker = b""
        self.answers: dict[bytes, _Answer] = {}

    async def parse(self, data: bytes = b"") -> None:
        """Takes in what has arrived."""
        self.buf += data
        while True:
            if self.state == AWAITING_CONTROL_LINE:
                self._take_answers()
            at = self.buf.find(self.marker) if self.marker else -1
            if at < 0:
                await super().parse()
                return
            if at == 0:
                return  # the rest of the message has not arrived
            others, rest = self.buf[:at], self.buf[at:]
            self.buf = others
            await super().parse()
            self.buf += rest

    def _take_answers(self) -> None:
        """Cuts the messages of ours that are complete off the front of the buffer."""
        buffer, marker, position = self.buf, self.marker, 0
        while marker and buffer.startswith(marker, position):
            line_end = buffer.find(_CRLF, position)
            if line_end < 0:
                break
            _, subject, _, of_headers, of_both = buffer[position:line_end].split()
            start = line_end + 2
            middle, end = start + int(of_headers), start + int(of_both)
            if len(buffer) < end + 2:
                break
            self._give(bytes(subject), bytes(buffer[start:middle]), bytes(buffer[middle:end]))
            position = end + 2
        del buffer[:position]

    def _give(self, subject: bytes, headers: bytes, body: bytes) -> None:
        answer = self.answers.get(subject)
        if answer is None:
            return  # of a request that was given up
        if headers.startswith(b"NATS/1.0 "):
            if not answer.status.done():
                answer.status.set_result(headers[_STATUS])
        else:
            answer.messages.append((headers, body))


class _BulkClient(Client):
    """A connection whose parser is ours."""

    def __init__(self) -> None:
        super().__init__()
        self.parser = self._ps = _BulkParser(self)


class BulkReader:
    """Reads page by page; any number of readings at once."""

    def __init__(self, client: _BulkClient) -> None:
        self._client = client
        self._inbox = client.new_inbox()
        self._requests = 0

    async def start(self) -> None:
        """Subscribes to the answers."""
        self._client.parser.marker = f"HMSG {self._inbox}.".encode()
        await self._client.subscribe(f"{self._inbox}.*", cb=_unseen)
        await self._client.flush()

    async def pages(
        self, pattern: str, after: int, since: str | None = None
    ) -> AsyncGenerator[list[RawMessage], None]:
        """The messages of a subject behind a position in order, to the end, a thousand at a time.

        The next page is on its way while one is being handled.

        Args:
            pattern: a subject, wildcards allowed. `>` is by far the cheapest.
            after: the position behind which to begin.
            since: if `after` is 0, the time at which to begin, by the server's clock (ISO 8601).

        Raises:
            LogUnavailableError: no answer in time.
        """
        start: dict[str, Any] = {"start_time": since} if since and not after else {"seq": after + 1}
        coming = asyncio.create_task(self._page(pattern, start))
        try:
            while page := await coming:
                behind = {"seq": position_in(page[-1][0]) + 1}
                coming = asyncio.create_task(self._page(pattern, behind))
                for _ in range(_TICKS_TO_SEND):
                    await asyncio.sleep(0)
                yield page
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)

    async def _page(self, pattern: str, start: dict[str, Any]) -> list[RawMessage]:
        self._requests += 1
        subject = f"{self._inbox}.{self._requests}"
        answer = _Answer([], asyncio.get_running_loop().create_future())
        self._client.parser.answers[subject.encode()] = answer
        request = {"batch": _PAGE, "next_by_subj": pattern, **start}
        try:
            async with asyncio.timeout(_TIMEOUT):
                await self._client.publish(
                    f"$JS.API.DIRECT.GET.{streams.MESH}",
                    json.dumps(request).encode(),
                    reply=subject,
                )
                status = await answer.status
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("no answer to a read") from error
        finally:
            del self._client.parser.answers[subject.encode()]
        if status not in {_ENDED, _NOTHING}:
            raise LogUnavailableError(f"a read was answered with status {status.decode()}")
        return answer.messages


async def _unseen(_: object) -> None:
    """The parser has taken everything before it comes here."""


async def _unmentioned(_: Exception) -> None:
    """What goes wrong is told once, by the error in the end."""


def position_in(headers: bytes) -> int:
    """The position that a message's headers tell."""
    start = headers.index(b"Nats-Sequence: ") + 15
    return int(headers[start : headers.index(_CRLF, start)])


@asynccontextmanager
async def bulk_reader(nats_url: str) -> AsyncIterator[tuple[BulkReader, Client]]:
    """A reader with a connection of its own, and that connection.

    Raises:
        LogUnavailableError: nobody answers there.
    """
    client = _BulkClient()
    try:
        async with asyncio.timeout(_CONNECT_TIMEOUT):
            await client.connect(nats_url.split(","), allow_reconnect=False, error_cb=_unmentioned)
            reader = BulkReader(client)
            await reader.start()
    except (NatsError, OSError, TimeoutError) as error:
        raise LogUnavailableError(f"NATS does not answer at {nats_url}") from error
    try:
        yield reader, client
    finally:
        await client.close()
