"""Overwriting messages on the disk, where what is only purged stays until it is compacted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError

from meshcore.errors import LogUnavailableError

if TYPE_CHECKING:
    from nats.aio.client import Client

_TIMEOUT = 5.0
_NO_MESSAGE = frozenset({10037, 10043, 10057})
"""There is no message at that place (any more)."""


async def overwrite_subject(client: Client, stream: str, subject: str) -> bool:
    """Overwrites everything that stands on an exact subject, by the stream's leader.

    Returns:
        Whether anything stood there.

    Raises:
        LogUnavailableError: no answer in time. Repeating the call is safe.
    """
    js, found = client.jetstream(timeout=_TIMEOUT), False
    while True:
        try:
            place = (await js.get_last_msg(stream, subject)).seq or 0
        except NotFoundError:
            return found
        except (NatsError, TimeoutError) as error:
            raise LogUnavailableError("nothing can be erased at the moment") from error
        await overwrite(client, stream, place)
        found = True


async def overwrite(client: Client, stream: str, position: int) -> None:
    """Overwrites the message at this position, if there is one. Raises like `overwrite_subject`."""
    body = json.dumps({"seq": position, "no_erase": False}).encode()
    try:
        reply = await client.request(f"$JS.API.STREAM.MSG.DELETE.{stream}", body, timeout=_TIMEOUT)
    except (NatsError, TimeoutError) as error:
        raise LogUnavailableError("a message could not be erased") from error
    refused = json.loads(reply.data).get("error")
    if refused and refused.get("err_code") not in _NO_MESSAGE:
        raise LogUnavailableError("a message could not be erased")
