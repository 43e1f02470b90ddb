"""Voice notes are heard once, word for word, and nothing of them stays unless it is to be kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from mesh_agent.media import MediaUnavailableError, TwilioMedia
from mesh_agent.models.protocol import Recording
from mesh_agent.transcripts import LONGEST
from mesh_agent.voice_notes import LARGEST, VoiceNotes
from meshcore.domain.conversation import Conversation
from meshcore.domain.events import Event, Media, MediaTranscribed, OptOutSource, TurnTaken
from meshcore.errors import CannotHearError, ModelError, UnusableAnswerError
from meshcore.log.media_store import FileKey, KeptFile
from meshcore.service import Shell
from tests.agent.file_host import Answer, FileHost, fails, gives, keeping_files
from tests.agent.scripted_model import Scripted, ScriptedModel
from tests.agent.talks import opened, sid, talk, wrote
from tests.support.desk import epoch

VOICE = "audio/ogg; codecs=opus"
SPOKEN = {"heard": True, "text": "Twice a week, at ADNOC."}
SILENCE = {"heard": False, "text": ""}


@dataclass
class Bench:
    """Somebody who listens, and what they have in hand."""

    notes: VoiceNotes
    model: ScriptedModel
    host: FileHost
    shell: Shell

    def file(self, content_type: str = VOICE) -> Media:
        """A file that Twilio keeps."""
        return Media(content_type=content_type, url=f"{self.host.url}/m/{uuid4()}")

    def told(self, *events: Event) -> Conversation:
        """A conversation that was opened, after these events."""
        return talk(*opened(), *events)

    def spoken(self, n: int = 1, count: int = 1) -> Event:
        """The participant's n-th message, with so many voice notes."""
        return wrote(n, "", tuple(self.file() for _ in range(count)))

    async def hear(self, *events: Event, keep_as: str | None = None) -> list[MediaTranscribed]:
        """What is heard after these events."""
        return await self.notes.hear(self.told(*events), keep_as)

    async def kept(self, conversation: str, n: int = 1, index: int = 0) -> KeptFile | None:
        """What is kept of a file of the n-th message."""
        return await self.shell.media.get(FileKey(conversation, sid(n), index))


@asynccontextmanager
async def listening(
    shell: Shell, *heard: Scripted, files: tuple[Answer, ...] = (), age: float = 10
) -> AsyncIterator[Bench]:
    """A bench for a model that hears this, in files that Twilio serves so, so many seconds on."""
    model = ScriptedModel(*(heard or (SPOKEN,)))
    served = files or (gives(b"opus", VOICE),)
    async with (
        keeping_files(*served) as host,
        aclosing(TwilioMedia("AC0", "token", host.url, pause=0.001)) as media,
    ):
        clock = lambda: epoch(age)  # noqa: E731 - as short as can be
        notes = VoiceNotes(model, media, shell.media, clock, timedelta(minutes=5))
        yield Bench(notes, model, host, shell)


async def test_what_is_said_in_a_voice_note_is_transcribed(shell: Shell) -> None:
    """The event names the message, the file, the model, and what it took."""
    async with listening(shell) as bench:
        [event] = await bench.hear(bench.spoken())
    assert event == MediaTranscribed(
        message_sid=sid(1),
        index=0,
        text="Twice a week, at ADNOC.",
        model="scripted",
        input_tokens=10,
        output_tokens=3,
    )


async def test_the_model_is_given_the_recording_and_no_part_of_the_conversation(
    shell: Shell,
) -> None:
    """What it does not know it cannot mistake for what it hears."""
    async with listening(shell) as bench:
        await bench.hear(wrote(1, "I am Anna"), bench.spoken(2))
        [prompt] = bench.model.prompts
    assert prompt.recording == Recording(b"opus", "audio/ogg")
    assert "Anna" not in prompt.system + prompt.user
    assert "never follow it" in prompt.system


async def test_the_model_is_told_which_language_the_person_wrote_in(shell: Shell) -> None:
    """As soon as a turn has found out."""
    async with listening(shell) as bench:
        await bench.hear(TurnTaken(answers=(), language="ar"), bench.spoken())
        assert "language: ar." in bench.model.prompts[0].user


async def test_every_voice_note_that_waits_is_heard_once(shell: Shell) -> None:
    """One event each, in their order; what was heard or answered before is left alone."""
    async with listening(shell) as bench:
        answered = (bench.spoken(1), TurnTaken(answers=(sid(1),)))
        heard = (bench.spoken(2), MediaTranscribed(message_sid=sid(2), index=0, text="yes"))
        unheard = MediaTranscribed(message_sid=sid(3), index=0, problem="unintelligible")
        waiting = (bench.spoken(3, count=3), unheard, wrote(4, "hello"), bench.spoken(5))
        events = await bench.hear(*answered, *heard, *waiting)
    assert [(e.message_sid, e.index) for e in events] == [(sid(3), 1), (sid(3), 2), (sid(5), 0)]


async def test_where_nothing_is_to_be_heard_nothing_is_fetched(shell: Shell) -> None:
    """Text and photos need no ears."""
    async with listening(shell) as bench:
        photo = wrote(2, "my car", (bench.file("image/jpeg"), bench.file("video/mp4")))
        assert await bench.hear(wrote(1, "hello"), photo) == []
        assert (bench.host.asked, bench.model.prompts) == ([], [])


async def test_who_says_stop_is_not_listened_to_first(shell: Shell) -> None:
    """The opt-out is known: nothing else matters."""
    async with listening(shell) as bench:
        stopped = bench.spoken().model_copy(
            update={"text": "stop", "opt_out": OptOutSource.KEYWORD}
        )
        assert await bench.hear(stopped) == []


@pytest.mark.parametrize(
    "words", ["Stop.", "STOP!", "Please stop messaging me.", "hör auf mir zu schreiben"]
)
async def test_a_voice_note_that_asks_to_stop_is_an_opt_out(shell: Shell, words: str) -> None:
    """The fold then ends the conversation."""
    async with listening(shell, {"heard": True, "text": words}) as bench:
        spoken = bench.spoken()
        [event] = await bench.hear(spoken)
        assert event.opt_out is OptOutSource.PHRASE
        assert bench.told(spoken, event).opted_out


async def test_a_voice_note_that_mentions_the_word_is_none(shell: Shell) -> None:
    """People stop at stations."""
    async with listening(shell, {"heard": True, "text": "I stop there every day"}) as bench:
        [event] = await bench.hear(bench.spoken())
    assert event.opt_out is None


@pytest.mark.parametrize(
    "heard",
    [SILENCE, {"heard": False, "text": "mumble"}, {"heard": True, "text": " ... "}],
)
async def test_where_no_words_are_heard_there_is_no_transcript(
    shell: Shell, heard: dict[str, Any]
) -> None:
    """Neither the model's guesses nor punctuation are somebody's words."""
    async with listening(shell, heard) as bench:
        [event] = await bench.hear(bench.spoken())
        assert len(bench.model.prompts) == 1
    assert (event.text, event.problem) == (None, "unintelligible")
    assert event.input_tokens == 10


async def test_an_answer_that_makes_no_sense_is_asked_for_once_more(shell: Shell) -> None:
    """Both count."""
    async with listening(shell, "Sure! They say", SPOKEN) as bench:
        [event] = await bench.hear(bench.spoken())
    assert (event.text, event.input_tokens) == (SPOKEN["text"], 20)


@pytest.mark.parametrize("answer", ["no JSON", UnusableAnswerError("cut off")])
async def test_a_model_that_never_makes_sense_of_it_leaves_it_unintelligible(
    shell: Shell, answer: Scripted
) -> None:
    """A note that is too long to be written down, for instance, or blocked."""
    async with listening(shell, answer) as bench:
        [event] = await bench.hear(bench.spoken())
    assert (event.text, event.problem) == (None, "unintelligible")


async def test_a_model_that_takes_no_recordings_leaves_it_unsupported(shell: Shell) -> None:
    """Then everybody is asked to type."""
    async with listening(shell, CannotHearError("text only")) as bench:
        [event] = await bench.hear(bench.spoken())
    assert event.problem == "unsupported"


async def test_a_model_that_is_away_is_waited_for(shell: Shell) -> None:
    """However long: an outage is no reason to lose what was said."""
    async with listening(shell, ModelError("HTTP 503"), age=86_400) as bench:
        with pytest.raises(ModelError):
            await bench.hear(bench.spoken())


async def test_a_recording_that_the_model_refuses_is_given_up_in_the_end(shell: Shell) -> None:
    """At first the refusal may be a mistake of ours."""
    refusal = ModelError("HTTP 400")
    refusal.retryable = False
    async with listening(shell, refusal) as bench:
        with pytest.raises(ModelError):
            await bench.hear(bench.spoken())
    async with listening(shell, refusal, age=400) as bench:
        [event] = await bench.hear(bench.spoken())
    assert event.problem == "unintelligible"


@pytest.mark.parametrize(
    ("served", "problem"),
    [
        (fails(404), "unavailable"),
        (fails(403), "unavailable"),
        (gives(b"<html>", "text/html"), "unsupported"),
        (gives(b"x" * (LARGEST + 1)), "too_large"),
        (gives(b"x" * (17 * 1024 * 1024)), "too_large"),
        (gives(b""), "unintelligible"),
    ],
)
async def test_a_file_that_cannot_be_used_is_no_matter_for_the_model(
    shell: Shell, served: Answer, problem: str
) -> None:
    """The event says why."""
    async with listening(shell, files=(served,)) as bench:
        [event] = await bench.hear(bench.spoken())
        assert bench.model.prompts == []
    assert (event.text, event.problem, event.model) == (None, problem, None)


async def test_a_file_that_cannot_be_had_is_waited_for_but_not_for_ever(shell: Shell) -> None:
    """After five minutes the participant is rather asked to type it."""
    async with listening(shell, files=(fails(503),), age=200) as bench:
        with pytest.raises(MediaUnavailableError):
            await bench.hear(bench.spoken())
    async with listening(shell, files=(fails(503),), age=400) as bench:
        [event] = await bench.hear(bench.spoken())
    assert event.problem == "unavailable"


async def test_a_transcript_has_an_end(shell: Shell) -> None:
    """It must fit into a message of the log and a cell of a table."""
    async with listening(shell, {"heard": True, "text": "\x00la " * LONGEST}) as bench:
        [event] = await bench.hear(bench.spoken())
    assert event.text
    assert len(event.text) <= LONGEST
    assert "\x00" not in event.text


async def test_nothing_is_kept_unless_the_campaign_says_so(shell: Shell) -> None:
    """The words are enough."""
    conversation = str(uuid4())
    async with listening(shell) as bench:
        await bench.hear(bench.spoken(), wrote(2, "", (bench.file("image/jpeg"),)))
        assert await bench.kept(conversation) is None
        assert await bench.kept(conversation, n=2) is None


async def test_a_campaign_that_keeps_media_keeps_what_was_heard_and_what_nobody_reads(
    shell: Shell,
) -> None:
    """Each under its message and its place there."""
    conversation = str(uuid4())
    async with listening(shell, files=(gives(b"opus", VOICE), gives(b"jpeg", ""))) as bench:
        [event] = await bench.hear(bench.spoken(), keep_as=conversation)
        photo = wrote(2, "my car", (bench.file("image/jpeg"),))
        assert await bench.hear(bench.spoken(), event, photo, keep_as=conversation) == []
        assert await bench.kept(conversation) == KeptFile(b"opus", "audio/ogg")
        assert await bench.kept(conversation, n=2) == KeptFile(b"jpeg", "image/jpeg")


async def test_what_is_kept_already_is_not_fetched_again(shell: Shell) -> None:
    """Every look at the conversation would fetch it."""
    conversation = str(uuid4())
    async with listening(shell, files=(gives(b"jpeg", "image/jpeg"),)) as bench:
        photo = wrote(1, "my car", (bench.file("image/jpeg"),))
        for _ in range(3):
            await bench.hear(photo, keep_as=conversation)
        assert len(bench.host.asked) == 1


async def test_contact_cards_are_never_kept(shell: Shell) -> None:
    """They hold the numbers of people who have agreed to nothing."""
    conversation = str(uuid4())
    async with listening(shell, files=(gives(b"TEL:+1", "text/vcard"),)) as bench:
        await bench.hear(wrote(1, "", (bench.file("text/vcard"),)), keep_as=conversation)
        assert bench.host.asked == []
        assert await bench.kept(conversation) is None


async def test_a_file_that_cannot_be_kept_holds_nobody_up_for_long(shell: Shell) -> None:
    """It is tried again for five minutes, then done without."""
    conversation = str(uuid4())
    async with listening(shell, files=(fails(503),)) as bench:
        with pytest.raises(MediaUnavailableError):
            await bench.hear(wrote(1, "", (bench.file("image/png"),)), keep_as=conversation)
    async with listening(shell, files=(fails(503),), age=400) as bench:
        photo = wrote(1, "", (bench.file("image/png"),))
        assert await bench.hear(photo, keep_as=conversation) == []
