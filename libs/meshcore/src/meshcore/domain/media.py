"""Files that come with messages: what can be heard, what nobody can read, and how it is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshcore.domain.message import Message

CONTACT_CARDS = frozenset({"text/vcard", "text/x-vcard", "text/directory"})
_STICKER = "image/webp"
"""WhatsApp's photos are JPEG or PNG: what comes as WebP is a sticker."""


def essence(content_type: str) -> str:
    """A media type without its parameters: `audio/ogg` of `audio/ogg; codecs=opus`."""
    return content_type.partition(";")[0].strip().lower()


def is_audio(content_type: str) -> bool:
    """Whether the file can be listened to: a voice note, or music."""
    return essence(content_type).startswith("audio/")


def in_words(content_type: str) -> str:
    """What stands for a file that nobody can read, where the conversation is shown."""
    kind = essence(content_type)
    if kind == _STICKER:
        return "[sticker]"
    if kind in CONTACT_CARDS:
        return "[contact card]"
    match kind.partition("/")[0]:
        case "audio":
            return "[voice note that could not be understood]"
        case "image":
            return "[image]"
        case "video":
            return "[video]"
        case _:
            return "[document]"


def only_unusable(messages: Sequence[Message]) -> bool:
    """Whether these messages of a participant have no words among them, and none to come.

    Whoever sent them is to be asked to type it; a model can do nothing with them.
    """
    return bool(messages) and not any(m.words.strip() or m.unheard for m in messages)
