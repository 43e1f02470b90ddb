"""Dead letters: wake-ups that could not be handled, parked with the reason until somebody decides.

A parked wake-up blocks nobody. The fact behind it stays on the log; what is parked is only that
nothing has been done about it yet.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from nats.errors import Error as NatsError
from nats.js.errors import KeyDeletedError, KeyNotFoundError, NoKeysError

from meshcore.errors import LogUnavailableError
from meshcore.log import streams, subjects

if TYPE_CHECKING:
    from nats.js import JetStreamContext
    from nats.js.kv import KeyValue


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A parked wake-up.

    Attributes:
        consumer: which consumer could not handle it.
        stream: the stream that the message stands in.
        position: where it stands there.
        subject: what was written to.
        code: the last error's code.
        where: the place in our code that gave up.
        failures: how often it was tried.
        parked_at: when, ISO 8601.
        headers: the message's headers.
        hint: the message's body if it was a hint; commits stay on the log.
    """

    consumer: str
    stream: str
    position: int
    subject: str
    code: str
    where: str
    failures: int
    parked_at: str
    headers: Mapping[str, str]
    hint: str = ""

    @property
    def id(self) -> str:
        """What it is called on the command line."""
        return f"{self.consumer}.{self.position}"


def decode(body: bytes) -> DeadLetter:
    """The letter that was stored as JSON."""
    return DeadLetter(**json.loads(body))


class DeadLetters:
    """The parked wake-ups. Every method raises `LogUnavailableError` when NATS does not answer."""

    def __init__(self, js: JetStreamContext, bucket: KeyValue) -> None:
        self._js = js
        self._bucket = bucket

    async def park(self, letter: DeadLetter) -> None:
        """Parks a wake-up. Parking it again replaces it."""
        try:
            await self._bucket.put(letter.id, json.dumps(asdict(letter)).encode())
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("a dead letter could not be parked") from error

    async def find(self, letter_id: str) -> DeadLetter | None:
        """The letter of this id."""
        try:
            value = (await self._bucket.get(letter_id)).value
        except (KeyNotFoundError, KeyDeletedError):
            return None
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("the dead letters do not answer") from error
        return decode(value or b"{}")

    async def all(self) -> list[DeadLetter]:
        """All parked letters, the oldest first."""
        try:
            ids = await self._bucket.keys()
        except NoKeysError:
            return []
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("the dead letters do not answer") from error
        letters = [await self.find(letter_id) for letter_id in ids]
        return sorted((found for found in letters if found), key=lambda letter: letter.parked_at)

    async def retry(self, letter: DeadLetter) -> None:
        """Wakes its handler again and takes the letter away. What fails again is parked again."""
        subject = subjects.retry_wake_up(letter.consumer, letter.position)
        body = json.dumps(asdict(replace(letter, failures=0))).encode()
        try:
            await self._js.publish(subject, body, stream=streams.WORK)
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("a wake-up was not acknowledged") from error
        await self.discard(letter.id)

    async def discard(self, letter_id: str) -> None:
        """Takes a letter away without doing anything about it."""
        try:
            await self._bucket.purge(letter_id)
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("the dead letters do not answer") from error
