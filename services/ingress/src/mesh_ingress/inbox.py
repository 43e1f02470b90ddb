"""What participants write: to which conversation it belongs, and that it counts once.

The log itself drops a repeated MessageSid for two minutes, and the fold of a conversation for ever.
A message repeated later may find that its participant has moved on to another conversation. So
where there are others, it is looked for in them first.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from meshcore.crash_points import crash_point
from meshcore.domain.events import (
    MessageReceived,
    OptOutSource,
    ParticipantOptedIn,
    ParticipantOptedOut,
    UnroutedMessageReceived,
)
from meshcore.ids import new_commit, now
from meshcore.log import subjects
from meshcore.log.consents import append_consent
from meshcore.log.subjects import Lane

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from mesh_ingress.forms import InboundMessage
    from meshcore.directory import Directory, Route, Routes
    from meshcore.domain.commit import Recorded
    from meshcore.domain.events import Event
    from meshcore.log.consents import ConsentEvent
    from meshcore.log.event_log import EventLog

REPEATED_WITHIN = timedelta(days=1)
"""How long after its first copy a message may come again. Nobody repeats a webhook for so long; the
bound keeps the look-up small, however much a participant wrote in earlier conversations.
"""


class Inbox:
    """Takes participants' messages in. Needs nothing but NATS."""

    def __init__(self, log: EventLog, directory: Directory, routes: Routes) -> None:
        self._log = log
        self._directory = directory
        self._routes = routes

    async def take(self, message: InboundMessage) -> str:
        """Puts a message on the log, and what it says about consent.

        Returns:
            How it counts: `taken`, `unrouted` or `repeated`.

        Raises:
            LogUnavailableError: not everything is on the log. Repeating the call is safe.
        """
        participant, route = await self._whose(message)
        first = await self._first_copy(message, participant, route)
        if first:
            position, correlation = first.position, first.commit.correlation
        else:
            commit = new_commit([_fact(message, participant, route)], now())
            subject, correlation = _subject(participant, route), commit.correlation
            # The position of a repetition that the log drops is that of the first copy.
            position = await self._log.append(subject, commit, msg_id=message.sid)
        crash_point("inbound.after_message")
        if consent := _consent_given(message, position):
            await append_consent(self._log, participant, consent, now(), correlation)
            crash_point("inbound.after_consent")
        if first:
            return "repeated"
        return "taken" if route.current else "unrouted"

    async def _whose(self, message: InboundMessage) -> tuple[str, Route]:
        """The participant who wrote, and where the message belongs.

        Routes are kept under the participant's own id, so that a route found there needs no look
        into the directory. Strangers are entered there: they can be answered later, and erased.
        """
        other = message.other_address
        participant = self._directory.id_of(message.address)
        route = await self._routes.find(participant)
        if route.current is None:
            participant = await self._enter(message.address, other)
            route = await self._routes.note_unrouted(participant)
        if other:
            await self._directory.link(participant, other)
        return participant, route

    async def _enter(self, address: str, other: str | None) -> str:
        """The participant of an address, entered if nobody knows them by either address."""
        if other and not await self._directory.addresses(await self._directory.find(address)):
            known = await self._directory.find(other)
            if await self._directory.addresses(known):
                await self._directory.link(known, address)
        return await self._directory.register(address)

    async def _first_copy(
        self, message: InboundMessage, participant: str, route: Route
    ) -> Recorded | None:
        """The commit that tells of the message already, where it may stand elsewhere.

        One that speaks of consent is also looked for where it belongs, and however old it is: it
        must not speak again, after the participant has said otherwise.
        """
        lanes = [subjects.lane(ref, Lane.IN) for ref in route.earlier]
        if route.current and route.unrouted:
            lanes.append(subjects.unrouted(participant))
        since = now() - REPEATED_WITHIN
        if not (message.opt_out or message.opt_in):
            return await _find(self._log, lanes, message.sid, since)
        return await _find(self._log, [_subject(participant, route), *lanes], message.sid)


async def _find(
    log: EventLog, lanes: Sequence[str], sid: str, since: datetime | None = None
) -> Recorded | None:
    """The first commit on these lanes that tells of the message."""
    found = await asyncio.gather(*(_find_on(log, lane, sid, since) for lane in lanes))
    return min((each for each in found if each), key=lambda each: each.position, default=None)


async def _find_on(log: EventLog, lane: str, sid: str, since: datetime | None) -> Recorded | None:
    after = 0
    while True:
        page = await log.read(lane, after, since=since, strict=False)
        for record in page.records:
            if any(_sid_of(event) == sid for event in record.commit.events):
                return record
        if not page.pending or not page.end:
            return None
        after = page.end


def _sid_of(event: Event) -> str | None:
    match event:
        case MessageReceived() | UnroutedMessageReceived():
            return event.message_sid
        case _:
            return None


def _subject(participant: str, route: Route) -> str:
    if route.current:
        return subjects.lane(route.current, Lane.IN)
    return subjects.unrouted(participant)


def _fact(message: InboundMessage, participant: str, route: Route) -> Event:
    if route.current is None:
        return UnroutedMessageReceived(
            message_sid=message.sid, text=message.text, media=message.media
        )
    return MessageReceived(
        message_sid=message.sid,
        participant=participant,
        text=message.text,
        media=message.media,
        opt_out=message.opt_out,
        opt_in=message.opt_in,
        sender=message.sender,
    )


def _consent_given(message: InboundMessage, position: int) -> ConsentEvent | None:
    """What the message says about consent, if anything."""
    if message.opt_out:
        return ParticipantOptedOut(
            source=OptOutSource(message.opt_out),
            message_sid=message.sid,
            message_position=position,
        )
    if message.opt_in:
        return ParticipantOptedIn(message_sid=message.sid, message_position=position)
    return None
