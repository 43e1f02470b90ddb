"""The log itself: guarded appends, reading a subject, and following everything."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import structlog
from nats.errors import Error as NatsError
from nats.js.errors import APIError, NotFoundError

from meshcore.domain.commit import Recorded
from meshcore.errors import LogUnavailableError, MalformedCommitError, StaleWriteError
from meshcore.log import codec, streams, subjects
from meshcore.log.data_keys import DataKeys
from meshcore.log.erasures import owners_erased

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Sequence
    from datetime import datetime

    from nats.aio.client import Client
    from nats.aio.msg import Msg
    from nats.aio.subscription import Subscription

    from meshcore.domain.commit import Commit
    from meshcore.log.data_keys import DataKey

MSG_ID = "Nats-Msg-Id"
EXPECTED = "Nats-Expected-Last-Subject-Sequence"

_STALE = 10071
_IN_FLIGHT = frozenset({10158, 10164})
"""Replicas are still agreeing on this very message id, or on another append to the subject."""

_TIMEOUT = 5.0
_ATTEMPTS = 4
_RETRY = 0.1
_PAGE = 1_000
_MULTI_LAST = 500
"""Subjects per request for their last messages; the server refuses more than 1,024."""

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message on the log that cannot be read as a commit, and why. Never its contents."""

    position: int
    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some commits of a subject, in order.

    Attributes:
        records: the commits.
        pending: how many more there were when the server answered.
        unreadable: what stood between them and is not a commit.
    """

    records: list[Recorded]
    pending: int
    unreadable: list[Unreadable] = field(default_factory=list)

    @property
    def end(self) -> int:
        """The position of the last message read, commit or not; 0 if there was none."""
        return max(
            (found[-1].position for found in (self.records, self.unreadable) if found), default=0
        )


class EventLog:
    """Reads and appends commits.

    Use as an async context manager. One instance serves any number of concurrent tasks.
    """

    def __init__(self, client: Client, source: str) -> None:
        self._client = client
        self._js = client.jetstream(timeout=_TIMEOUT)
        self._source = source
        self.keys = DataKeys(client)
        self._inbox = client.new_inbox()
        self._replies: dict[str, asyncio.Queue[Msg]] = {}
        self._subscription: Subscription | None = None
        self._erasures: Subscription | None = None
        self._requests = 0

    async def __aenter__(self) -> Self:
        self._subscription = await self._client.subscribe(f"{self._inbox}.*", cb=self._dispatch)
        self._erasures = await self._client.subscribe(subjects.ERASURES, cb=self._on_erasure)
        return self

    async def __aexit__(self, *_: object) -> None:
        for subscription in (self._subscription, self._erasures):
            if subscription and self._client.is_connected:
                await subscription.unsubscribe()

    async def append(
        self,
        subject: str,
        commit: Commit,
        *,
        expected: int | None = None,
        msg_id: str | None = None,
    ) -> int:
        """Appends a commit and returns its position once it is durable.

        Args:
            subject: an exact subject.
            commit: what to append.
            expected: position of the subject's last message, 0 for none yet; None to append
                whatever stands there.
            msg_id: the key by which the log drops repetitions; by default the commit's id.

        Raises:
            StaleWriteError: the subject's last message is not the expected one.
            LogUnavailableError: no acknowledgement after several tries. Repeating the call is safe.
        """
        owner = subjects.owner_of(subject) if codec.is_personal(commit) else None
        key = await self.keys.for_writing(owner) if owner else None
        body, headers = codec.encode(commit, self._source, key)
        headers[MSG_ID] = msg_id or commit.id
        if expected is not None:
            headers[EXPECTED] = str(expected)
        for attempt in range(_ATTEMPTS):
            try:
                ack = await self._js.publish(subject, body, headers=headers, stream=streams.MESH)
            except APIError as error:
                if error.err_code == _STALE:
                    return await self._position_of_own(subject, commit, attempt)
                if error.err_code not in _IN_FLIGHT and (error.code or 500) < 500:  # noqa: PLR2004 - HTTP's meaning
                    raise
                reason = f"error {error.err_code}"
            except (NatsError, TimeoutError) as error:
                reason = type(error).__name__
            else:
                return ack.seq
            logger.warning("append is repeated", attempt=attempt, reason=reason)
            await asyncio.sleep(0.1 * 2**attempt)
        raise LogUnavailableError(f"no acknowledgement for {subject} after {_ATTEMPTS} attempts")

    async def _position_of_own(self, subject: str, commit: Commit, attempt: int) -> int:
        """The position of this very commit, if the lane has moved on by it.

        A repeated append may itself have moved the lane on, before its answer was lost.
        """
        if attempt:
            last = await self.last(subject)
            if last and last.commit.id == commit.id:
                return last.position
        raise StaleWriteError(f"{subject} has moved on")

    async def read(
        self,
        subject: str,
        after: int = 0,
        limit: int = _PAGE,
        *,
        since: datetime | None = None,
        strict: bool = True,
    ) -> Page:
        """The next commits of a subject (wildcards allowed) behind a position, at most `limit`.

        On a replicated log the answer may lag the leader; it never has gaps.

        Args:
            subject: which commits.
            after: the position behind which to begin.
            limit: how many to read at most.
            since: where `after` is 0, the time at which to begin, by the server's clock.
            strict: whether a message that is not a commit is an error, or set aside as unreadable.

        Raises:
            LogUnavailableError: no answer in time.
            MalformedCommitError: a message is not a commit, and the reading is strict.
        """
        request: dict[str, object] = {"batch": limit, "next_by_subj": subject}
        if since and not after:
            request["start_time"] = since.isoformat()
        else:
            request["seq"] = after + 1
        messages, pending = await self._read_direct(request)
        if strict:
            return Page([self._recorded(message) for message in messages], pending)
        page = Page([], pending)
        for message in messages:
            try:
                page.records.append(self._recorded(message))
            except MalformedCommitError as error:
                page.unreadable.append(Unreadable(*_place(message), str(error)))
        return page

    async def load(self, subject: str, after: int = 0, up_to: int | None = None) -> list[Recorded]:
        """All commits of a subject behind a position. Raises like `read`.

        Args:
            subject: an exact subject, or with wildcards; those cost the more the longer the log is.
            after: the position behind which to begin.
            up_to: the last position wanted; None for all there are.
        """
        records: list[Recorded] = []
        while True:
            page = await self.read(subject, after)
            records += page.records
            after = page.records[-1].position if page.records else after
            if not page.pending or not page.records or (up_to and after >= up_to):
                return [r for r in records if up_to is None or r.position <= up_to]

    async def last(self, subject: str) -> Recorded | None:
        """The last commit of one exact subject. Raises like `read`."""
        found = await self.last_of([subject])
        return found[0] if found else None

    async def last_by_leader(self, subject: str) -> Recorded | None:
        """The last commit of one exact subject, by the leader: what was acknowledged is in it.

        Raises like `read`.
        """
        try:
            found = await self._js.get_last_msg(streams.MESH, subject)
        except NotFoundError:
            return None
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("the log's leader does not answer") from error
        data = found.data or b""
        await self.learn_keys([(subject, data)])
        commit = codec.decode(data, found.headers or {}, self.keys_of(subject))
        return Recorded(found.seq or 0, subject, commit)

    async def last_of(self, exact: Sequence[str]) -> list[Recorded]:
        """The last commit of each of these subjects that has one, in the order of the log."""
        records: list[Recorded] = []
        for i in range(0, len(exact), _MULTI_LAST):
            found, _ = await self._read_direct({"multi_last": list(exact[i : i + _MULTI_LAST])})
            records += map(self._recorded, found)
        return sorted(records, key=lambda record: record.position)

    async def follow(self, after: int, *, idle: float = 0.02) -> AsyncIterator[list[Recorded]]:
        """Everything behind a position, in order, for ever: batches as they come, never empty.

        Holds no state on the server: after a crash or a lost connection, follow again from the last
        position handled.

        Args:
            after: the position behind which to begin.
            idle: seconds between looks once everything has been read.
        """
        while True:
            try:
                page = await self.read(subjects.EVERYTHING, after)
            except LogUnavailableError:
                logger.warning("the log does not answer; trying again")
                await asyncio.sleep(_RETRY)
                continue
            if page.records:
                after = page.records[-1].position
                yield page.records
            else:
                await asyncio.sleep(idle)

    async def last_position(self) -> int:
        """The position of the newest commit; 0 for an empty log.

        Raises:
            LogUnavailableError: no answer in time.
        """
        try:
            info = await self._js.stream_info(streams.MESH)
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("the stream's state is not to be had") from error
        return info.state.last_seq

    async def subjects_in(self, pattern: str) -> dict[str, int]:
        """The subjects that match a pattern, with the number of commits on each.

        Raises like `last_position`.
        """
        found: dict[str, int] = {}
        while True:
            body = json.dumps({"subjects_filter": pattern, "offset": len(found)}).encode()
            try:
                reply = await self._client.request(
                    f"$JS.API.STREAM.INFO.{streams.MESH}", body, timeout=_TIMEOUT
                )
            except (NatsError, TimeoutError) as error:
                raise LogUnavailableError("the stream's subjects are not to be had") from error
            answer = json.loads(reply.data)
            if "error" in answer:
                raise LogUnavailableError("the stream's subjects are not to be had")
            page = answer["state"].get("subjects") or {}
            found.update(page)
            if not page or len(found) >= answer.get("total", 0):
                return found

    async def _read_direct(self, request: dict[str, object]) -> tuple[list[Msg], int]:
        """One batched direct get of the log, and the keys to read what it brings."""
        messages, pending = await self._direct_get(streams.MESH, request)
        await self.learn_keys((_place(message)[1], message.data) for message in messages)
        return messages, pending

    async def learn_keys(self, read: Iterable[tuple[str, bytes]]) -> None:
        """Gets the keys, as far as they are not known, of what was read: subjects and bodies.

        They are known for as long as the caller awaits nothing else: an erasure may come any time.
        """
        wanted = {
            (owner, key_id)
            for subject, body in read
            if (owner := subjects.owner_of(subject))
            for key_id in codec.key_ids_in(body)
        }
        while unknown := self.keys.unknown(wanted):
            if len(unknown) > 1:
                await self._learn_together(sorted({owner for owner, _ in unknown}))
            for owner, key_id in self.keys.unknown(wanted):
                await self.keys.for_reading(owner, key_id)

    async def _learn_together(self, owners: Sequence[str]) -> None:
        """Many keys with few requests. What a replica does not show is asked of the leader."""
        for i in range(0, len(owners), _MULTI_LAST):
            wanted = [subjects.data_key(owner) for owner in owners[i : i + _MULTI_LAST]]
            found, _ = await self._direct_get(streams.KEYS, {"multi_last": wanted})
            for message in found:
                _, subject = _place(message)
                self.keys.take_in(subjects.owner_of_key(subject), message.data)

    def keys_of(self, subject: str) -> Callable[[str], DataKey | None]:
        """The keys of a subject's owner by id, as far as `learn_keys` has got them."""
        owner = subjects.owner_of(subject) or ""
        return lambda key_id: self.keys.known(owner, key_id)

    def _recorded(self, message: Msg) -> Recorded:
        position, subject = _place(message)
        commit = codec.decode(message.data, message.headers or {}, self.keys_of(subject))
        return Recorded(position, subject, commit)

    async def _direct_get(self, stream: str, request: dict[str, object]) -> tuple[list[Msg], int]:
        """One batched direct get: the messages, and how many more matched."""
        self._requests += 1
        token = str(self._requests)
        queue = self._replies[token] = asyncio.Queue()
        try:
            async with asyncio.timeout(_TIMEOUT):
                await self._client.publish(
                    f"$JS.API.DIRECT.GET.{stream}",
                    json.dumps(request).encode(),
                    reply=f"{self._inbox}.{token}",
                )
                return await _collect(queue)
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("no answer to a read") from error
        finally:
            del self._replies[token]

    async def _on_erasure(self, message: Msg) -> None:
        """Lets go of the keys that were destroyed: nothing more is to be sealed with them."""
        participant = subjects.participant_of(message.subject) or ""
        with suppress(MalformedCommitError):
            commit = codec.decode(message.data, message.headers or {})
            for owner in owners_erased(participant, commit.events):
                self.keys.forget(owner)

    async def _dispatch(self, message: Msg) -> None:
        queue = self._replies.get(message.subject.rpartition(".")[2])
        if queue is not None:
            queue.put_nowait(message)


async def _collect(queue: asyncio.Queue[Msg]) -> tuple[list[Msg], int]:
    messages: list[Msg] = []
    while True:
        message = await queue.get()
        headers = message.headers or {}
        match headers.get("Status"):
            case None:
                messages.append(message)
            case "204":
                return messages, int(headers.get("Nats-Num-Pending", "0"))
            case "404":
                return messages, 0
            case status:
                raise LogUnavailableError(f"a read was answered with status {status}")


def _place(message: Msg) -> tuple[int, str]:
    headers = message.headers or {}
    return int(headers["Nats-Sequence"]), headers["Nats-Subject"]
