"""Listening to voice notes: what was said becomes the participant's words."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from prometheus_client import Counter

from mesh_agent.media import MediaFile, MediaProblem, MediaUnavailableError
from mesh_agent.models.protocol import Recording
from mesh_agent.transcripts import Transcript, transcribe
from meshcore.domain.events import MediaTranscribed, OptOutSource
from meshcore.domain.media import CONTACT_CARDS, essence, is_audio
from meshcore.domain.optout import asks_to_stop
from meshcore.errors import ModelError
from meshcore.ids import now
from meshcore.log.media_store import FileKey, KeptFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from mesh_agent.media import MediaSource
    from mesh_agent.models.protocol import Model
    from meshcore.domain.conversation import Conversation, Message
    from meshcore.log.media_store import MediaStore

AUDIO = frozenset(
    {
        "audio/aac",
        "audio/amr",
        "audio/mp4",
        "audio/mpeg",
        "audio/ogg",
        "audio/wav",
        "audio/webm",
        "audio/x-m4a",
        "audio/x-wav",
    }
)
"""What is listened to: the kinds that WhatsApp sends, and their other names."""

LARGEST = 14 * 1024 * 1024
"""Bytes that are listened to. Gemini takes 20 MB a request, and there they are a third larger."""

_PATIENCE = timedelta(minutes=5)

_AT_ONCE = 8
"""Files in hand at once, each of which may take several times its size."""

_HEARD = Counter("mesh_voice_notes_total", "Voice notes listened to", ["outcome"])


class VoiceNotes:
    """Listens to what participants said, and keeps their files where that is wanted."""

    def __init__(
        self,
        model: Model,
        media: MediaSource,
        store: MediaStore,
        clock: Callable[[], datetime] = now,
        patience: timedelta = _PATIENCE,
    ) -> None:
        """Prepares to listen.

        Args:
            model: what listens.
            media: where the files are fetched from.
            store: where they are kept.
            clock: the time.
            patience: how long after a message its file is tried again. Then somebody who waits for
                an answer is rather asked to type it.
        """
        self._model = model
        self._media = media
        self._store = store
        self._clock = clock
        self._patience = patience
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def hear(
        self, conversation: Conversation, keep_as: str | None = None
    ) -> list[MediaTranscribed]:
        """Listens to every voice note that waits for an answer and was not heard yet.

        Nothing of a file stays behind, unless it is to be kept. Doing all of it again is harmless.

        Args:
            conversation: what was said so far.
            keep_as: the conversation's id, if its campaign wants the files kept. Then the other
                files are fetched and kept as well, but for contact cards: they hold the numbers of
                people who have agreed to nothing.

        Returns:
            One event for each voice note, in their order.

        Raises:
            ModelError: the model does not answer.
            MediaUnavailableError: a file cannot be had yet.
            LogUnavailableError: a file cannot be kept at the moment.
        """
        files = [
            (message, index)
            for message in conversation.unanswered
            if not message.opt_out  # who says stop is not made to wait
            for index in range(len(message.media))
        ]
        done = await asyncio.gather(
            *(self._take(m, n, conversation.language, keep_as) for m, n in files),
            return_exceptions=True,
        )
        for result in done:
            if isinstance(result, BaseException):
                raise result
        return [event for event in done if isinstance(event, MediaTranscribed)]

    async def _take(
        self, message: Message, index: int, language: str | None, keep_as: str | None
    ) -> MediaTranscribed | None:
        """Does with a file what is still to be done with it."""
        key = FileKey(keep_as, message.id, index) if keep_as else None
        if index in message.unheard:
            async with self._places:
                heard = await self._listen(message, index, language, key)
            _HEARD.labels(heard.problem or "heard").inc()
            return _event(message, index, heard)
        if key and _is_only_kept(message.media[index].content_type):
            async with self._places:
                await self._keep_unread(message, index, key)
        return None

    async def _listen(
        self, message: Message, index: int, language: str | None, key: FileKey | None
    ) -> Transcript:
        file = await self._fetched(message, index, AUDIO)
        if isinstance(file, MediaProblem):
            return Transcript(problem=file)
        if key:
            await self._store.put(key, KeptFile(file.data, file.content_type))
        if len(file.data) > LARGEST:
            return Transcript(problem=MediaProblem.TOO_LARGE)
        if not file.data:
            return Transcript(problem=MediaProblem.UNINTELLIGIBLE)
        try:
            return await transcribe(self._model, Recording(file.data, file.content_type), language)
        except ModelError as error:
            if error.retryable or not self._waited_enough(message):
                raise
            return Transcript(problem=MediaProblem.UNINTELLIGIBLE)

    async def _keep_unread(self, message: Message, index: int, key: FileKey) -> None:
        """Fetches and keeps a file that nobody reads. One that cannot be had is done without."""
        if await self._store.has(key):
            return
        file = await self._fetched(message, index, None)
        if isinstance(file, MediaFile):
            await self._store.put(key, KeptFile(file.data, file.content_type))

    async def _fetched(
        self, message: Message, index: int, allowed: frozenset[str] | None
    ) -> MediaFile | MediaProblem:
        media = message.media[index]
        try:
            return await self._media.fetch(media.url, media.content_type, allowed)
        except MediaUnavailableError:
            if self._waited_enough(message):
                return MediaProblem.UNAVAILABLE
            raise

    def _waited_enough(self, message: Message) -> bool:
        return self._clock() - message.at >= self._patience


def _is_only_kept(content_type: str) -> bool:
    return not is_audio(content_type) and essence(content_type) not in CONTACT_CARDS


def _event(message: Message, index: int, heard: Transcript) -> MediaTranscribed:
    stops = heard.text is not None and asks_to_stop(heard.text)
    return MediaTranscribed(
        message_sid=message.id,
        index=index,
        text=heard.text,
        problem=heard.problem,
        opt_out=OptOutSource.PHRASE if stops else None,
        model=heard.model,
        input_tokens=heard.input_tokens,
        output_tokens=heard.output_tokens,
        cost_usd=heard.cost_usd,
    )
