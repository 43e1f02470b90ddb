"""Erasing what participants said and what they could be known by.

Everything here can be done again, and is mended by doing it again if it was interrupted anywhere:
what is destroyed already is found to be so, and the tombstone comes last.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from nats.errors import Error as NatsError

from meshcore.crash_points import crash_point
from meshcore.domain.events import (
    OptOutSource,
    ParticipantOptedOut,
    PersonalDataErased,
)
from meshcore.domain.participant import conversation_id
from meshcore.errors import LogUnavailableError, MalformedCommitError
from meshcore.ids import new_commit, now
from meshcore.log import streams, subjects
from meshcore.log.consents import append_consent
from meshcore.log.histories import Conversations
from meshcore.log.media_store import FileKey
from meshcore.log.overwriting import overwrite_subject
from meshcore.log.subjects import ConversationRef
from meshcore.void_reports import void_reports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from meshcore.service import Shell

LOOK_AGAIN = timedelta(seconds=60)
"""When outreach looks whether anything was left: by a crash, or by who was writing meanwhile."""

_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was done.

    Attributes:
        participant: whose data are gone.
        campaigns: in which they had a conversation.
        position: where the log tells of it.
    """

    participant: str
    campaigns: tuple[str, ...]
    position: int


@dataclass(frozen=True)
class Eraser:
    """Erases participants, and conversations. Several at once do no harm.

    Every method raises `LogUnavailableError` when NATS does not answer; repeating it is safe.
    """

    shell: Shell
    clock: Callable[[], datetime] = now

    async def erase(self, asked: str) -> Erasure | None:
        """Erases a participant everywhere: see docs/erasure.md.

        Args:
            asked: their id, or the id that one of their addresses stands for.

        Returns:
            What was done, now or before; None if nothing is known of them.
        """
        participant = await self.shell.directory.person_behind(asked)
        if not await self._is_known(participant):
            return None
        await self._withdraw_consent(participant)
        crash_point("erase.after_consent")
        refs = await self._conversations(participant)
        await self._have_it_looked_at_again(refs)
        crash_point("erase.after_schedules")
        for ref in refs:
            await self._drop_files(ref)
        await self._drop_dead_letters(refs)
        crash_point("erase.after_media")
        await self._forget(participant)
        crash_point("erase.after_routes")
        found = await self._destroy_keys(participant)
        crash_point("erase.after_keys")
        # Told twice: from here on nobody holds the words, so that a report asked for is without.
        campaigns = tuple(sorted(ref.campaign for ref in refs))
        await self._tell(participant, campaigns, since=None if found else 0)
        for campaign in campaigns:
            await void_reports(self.shell, campaign, self.clock())
        crash_point("erase.after_reports")
        found |= await self._leave_directory(participant, asked)
        crash_point("erase.after_directory")
        since = None if found else await self._asked_at(participant)
        position = await self._tell(participant, campaigns, since=since, everything=True)
        return Erasure(participant, campaigns, position)

    async def erase_conversation(
        self, ref: ConversationRef, participant: str, said_last: int = 0
    ) -> None:
        """Erases what was said and found in one conversation, for instance since it is too old.

        Args:
            ref: the conversation.
            participant: whose it is.
            said_last: where the last message stands. Told before that, it is told again.
        """
        await self._drop_files(ref)
        owner = subjects.owner_of_conversation(ref.conversation)
        found = await self.shell.log.keys.destroy(owner)
        crash_point("erase.after_key")
        await self._tell(participant, (ref.campaign,), since=None if found else said_last)
        await void_reports(self.shell, ref.campaign, self.clock())

    async def finish(self, ref: ConversationRef, participant: str) -> None:
        """Does what is left to do in a conversation whose participant was to be erased.

        A crash may have left everything, and what was on its way meanwhile was sealed with a key
        of its own.
        """
        asked_at = await self._asked_at(participant)
        if asked_at is None:
            return
        if await self._told_at(participant, (), asked_at, everything=True) is None:
            await self.erase(participant)
        elif await self.shell.log.keys.destroy(subjects.owner_of_conversation(ref.conversation)):
            await self._tell(participant, (ref.campaign,), since=None)

    async def _asked_at(self, participant: str) -> int | None:
        """Where the log says that the participant is to be erased, if they said nothing since."""
        last = await self.shell.log.last_by_leader(subjects.consent(participant))
        for event in last.commit.events if last else ():
            if isinstance(event, ParticipantOptedOut) and event.source is OptOutSource.ERASURE:
                return last.position if last else None
        return None

    async def _is_known(self, participant: str) -> bool:
        if await self.shell.directory.addresses(participant):
            return True
        return bool(await self.shell.log.subjects_in(subjects.lanes_of_participant(participant)))

    async def _withdraw_consent(self, participant: str) -> None:
        """Nothing more is sent from now on, and the agent ends what runs.

        It is said again for whoever was erased before and has come back as a stranger.
        """
        asked_at = await self._asked_at(participant)
        if asked_at is not None:
            told_at = await self._told_at(participant, (), asked_at, everything=True)
            if told_at is None or not await self.shell.directory.addresses(participant):
                return
        withdrawn = ParticipantOptedOut(source=OptOutSource.ERASURE)
        await append_consent(self.shell.log, participant, withdrawn, self.clock())

    async def _refs(self, participant: str) -> list[ConversationRef]:
        """The conversation that the participant has, or could have, in each campaign."""
        found = await self.shell.log.subjects_in(subjects.CAMPAIGNS)
        campaigns = filter(None, map(subjects.campaign_of, sorted(found)))
        return [ConversationRef(each, conversation_id(each, participant)) for each in campaigns]

    async def _conversations(self, participant: str) -> list[ConversationRef]:
        """The conversations in which anything happened."""
        permits = asyncio.Semaphore(_AT_ONCE)

        async def has_begun(ref: ConversationRef) -> bool:
            async with permits:
                return bool(await self.shell.log.subjects_in(subjects.lanes(ref)))

        refs = await self._refs(participant)
        begun = await asyncio.gather(*map(has_begun, refs))
        return [ref for ref, is_begun in zip(refs, begun, strict=True) if is_begun]

    async def _have_it_looked_at_again(self, refs: Iterable[ConversationRef]) -> None:
        """Nobody is reminded any more. Whatever else is scheduled finds the consent withdrawn.

        It carries ids only, and what it finds brings openings under way to their end.
        """
        for ref in refs:
            nudge = subjects.nudge_wake_up(ref)
            await self.shell.wake_ups.cancel(subjects.schedule_of(nudge))
            again = self.clock() + LOOK_AGAIN
            await self.shell.wake_ups.at(again, subjects.erase_wake_up(ref), {})

    async def _drop_files(self, ref: ConversationRef) -> None:
        """They are sealed with the conversation's key; so that they take no room, either."""
        try:
            state = (await Conversations(self.shell.log).load(ref)).state
        except MalformedCommitError:
            return  # nobody can tell which there are; without the key they are of no use
        for message in state.messages:
            for n in range(len(message.media)):
                await self.shell.media.drop(FileKey(ref.conversation, message.id, n))

    async def _drop_dead_letters(self, refs: Sequence[ConversationRef]) -> None:
        for letter in await self.shell.dead_letters.all():
            if subjects.conversation_of(letter.subject) in refs:
                await self.shell.dead_letters.discard(letter.id)

    async def _forget(self, participant: str) -> None:
        """Who writes from now on is a stranger."""
        for name in (streams.ROUTES, streams.SENDERS):
            bucket = await self.shell.bucket(name)
            try:
                await bucket.purge(participant)
            except (NatsError, TimeoutError) as error:
                raise LogUnavailableError("a bucket does not answer") from error

    async def _destroy_keys(self, participant: str) -> bool:
        keys = self.shell.log.keys
        owners = [
            subjects.owner_of_conversation(ref.conversation)
            for ref in await self._refs(participant)
        ]
        found = [await keys.destroy(owner) for owner in owners]
        return await keys.destroy(subjects.owner_of_participant(participant)) or any(found)

    async def _leave_directory(self, participant: str, asked: str) -> bool:
        """The participant's own entry names the others; who is asked for is found until the end."""
        known = await self.shell.directory.keys_of(participant)
        keys = [*(key for key in known if key != asked), *([asked] if asked in known else [])]
        if asked != participant and asked not in known:
            keys.append(asked)
        stream = f"KV_{streams.DIRECTORY}"
        found = [
            await overwrite_subject(self.shell.nats, stream, subjects.directory_entry(key))
            for key in keys
        ]
        return any(found)

    async def _tell(
        self,
        participant: str,
        campaigns: tuple[str, ...],
        *,
        since: int | None,
        everything: bool = False,
    ) -> int:
        """Tells that all of it is gone, unless that was told behind the position `since`."""
        if since is not None:
            told_at = await self._told_at(participant, campaigns, since, everything=everything)
            if told_at is not None:
                return told_at
        event = PersonalDataErased(campaigns=campaigns, everything=everything)
        commit = new_commit([event], self.clock())
        return await self.shell.log.append(subjects.erased(participant), commit)

    async def _told_at(
        self, participant: str, campaigns: Iterable[str], since: int, *, everything: bool
    ) -> int | None:
        """Where that was told last, behind a position."""
        found = None
        for record in await self.shell.log.load(subjects.erased(participant), since):
            for event in record.commit.events:
                if (
                    isinstance(event, PersonalDataErased)
                    and event.everything >= everything
                    and set(campaigns) <= set(event.campaigns)
                ):
                    found = record.position
        return found
