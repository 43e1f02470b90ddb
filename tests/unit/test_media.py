"""What files are to a conversation: words, words to come, or nothing that anybody can read."""

from __future__ import annotations

import pytest

from meshcore.domain.conversation import Conversation, ConversationStatus, Message
from meshcore.domain.events import (
    EndReason,
    Event,
    Media,
    MediaTranscribed,
    MessageReceived,
    OptOutSource,
)
from meshcore.domain.media import essence, in_words, is_audio, only_unusable
from tests.support.facts import ANNA, opening, sid
from tests.support.story import given

VOICE = "audio/ogg; codecs=opus"


def wrote(text: str, *content_types: str, n: int = 1) -> Event:
    """The participant's n-th message, with files of these types."""
    media = tuple(
        Media(content_type=kind, url="https://api.twilio.com/m") for kind in content_types
    )
    return MessageReceived(message_sid=sid(n), participant=ANNA, text=text, media=media)


def heard(text: str | None, index: int = 0, n: int = 1, **more: object) -> Event:
    """What was said in a file of the n-th message."""
    problem = None if text else "unintelligible"
    event = MediaTranscribed(message_sid=sid(n), index=index, text=text, problem=problem)
    return event.model_copy(update=more)


def told(*events: Event) -> Conversation:
    """A conversation that was opened, after these events."""
    return given(opening(), *events).state


def message(*events: Event) -> Message:
    """The participant's first message after these events."""
    found = told(*events).message(sid(1))
    assert found
    return found


def waiting(*events: Event) -> tuple[Message, ...]:
    """What waits for an answer after these events."""
    return told(*events).unanswered


def test_the_words_of_a_message_are_its_text_and_what_was_said_in_it() -> None:
    """In the order of its files, whichever was heard first."""
    found = message(wrote("Listen:", VOICE, VOICE), heard("by bus", 1), heard("twice a week", 0))
    assert (found.words, found.transcript) == ("Listen: twice a week by bus", "twice a week by bus")


def test_a_message_of_which_nothing_was_heard_has_no_transcript() -> None:
    """Its text is all there is."""
    found = message(wrote("Hello", VOICE), heard(None))
    assert (found.words, found.transcript) == ("Hello", None)


def test_a_voice_note_is_unheard_until_somebody_listened() -> None:
    """Then it has words, or is one more file that nobody can read."""
    assert message(wrote("", VOICE)).unheard == (0,)
    assert message(wrote("", VOICE), heard("yes")).unheard == ()
    assert message(wrote("", VOICE), heard(None)).unheard == ()


def test_unusable_is_what_is_no_audio_and_what_could_not_be_understood() -> None:
    """What is still to be heard is not, nor what was heard."""
    kinds = ("image/jpeg", VOICE, VOICE, VOICE)
    found = message(wrote("", *kinds), heard("yes", 1), heard(None, 2))
    assert found.unusable_media == ("image/jpeg", VOICE)
    assert found.unheard == (3,)


@pytest.mark.parametrize(
    ("content_type", "words"),
    [
        ("image/jpeg", "[image]"),
        ("image/webp", "[sticker]"),
        ("video/mp4", "[video]"),
        ("application/pdf", "[document]"),
        ("", "[document]"),
        ("text/vcard", "[contact card]"),
        ("Text/X-VCard; charset=utf-8", "[contact card]"),
        (VOICE, "[voice note that could not be understood]"),
    ],
)
def test_a_file_that_nobody_can_read_is_named_by_its_kind(content_type: str, words: str) -> None:
    """In words that a person would use."""
    assert in_words(content_type) == words


def test_parameters_and_case_do_not_make_another_type() -> None:
    """WhatsApp's voice notes name their codec."""
    assert essence("Audio/OGG ; codecs=opus") == "audio/ogg"
    assert is_audio("AUDIO/ogg;codecs=opus")
    assert not is_audio("video/ogg")


@pytest.mark.parametrize(
    ("events", "unusable"),
    [
        ((wrote("", "image/jpeg"),), True),
        ((wrote("", VOICE), heard(None)), True),
        ((wrote("", "image/jpeg"), wrote("", "image/webp", n=2)), True),
        ((wrote(""),), True),
        ((wrote("my car", "image/jpeg"),), False),
        ((wrote("", "image/jpeg"), wrote("my car", n=2)), False),
        ((wrote("", VOICE),), False),
        ((wrote("", VOICE), heard("my car")), False),
        ((), False),
    ],
)
def test_messages_are_unusable_if_none_has_words_or_will_have_any(
    events: tuple[Event, ...],
    *,
    unusable: bool,
) -> None:
    """One that has some can be answered, and the rest with it."""
    assert only_unusable(waiting(*events)) is unusable


def test_an_opt_out_that_was_spoken_ends_the_conversation() -> None:
    """As one that was written does."""
    state = told(wrote("", VOICE), heard("stop", opt_out=OptOutSource.PHRASE))
    assert (state.status, state.end_reason) == (ConversationStatus.ABANDONED, EndReason.OPTED_OUT)
    assert state.opted_out
    assert state.unanswered[0].opt_out is OptOutSource.PHRASE


def test_what_was_heard_twice_counts_once() -> None:
    """A crash may make the agent listen again; the first transcript stays, and its cost."""
    once, twice = heard("by bus", input_tokens=300), heard("by tram", input_tokens=300)
    state = told(wrote("", VOICE), once, twice)
    found = state.message(sid(1))
    assert found
    assert found.words == "by bus"
    assert state.tokens == 310
