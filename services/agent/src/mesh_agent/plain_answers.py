"""Messages that are nothing but an answer to what was asked last: a choice, a number, a yes.

Code reads those by itself. A weak model takes "45-54" for a refusal, or for a wish to end the chat.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mesh_agent.quoting import plain
from mesh_agent.reading import amounts
from mesh_agent.reading.answers import bare_answer
from mesh_agent.reading.figures import Figure, answers, figure
from meshcore.domain.events import ExtractionRecorded, FieldState
from meshcore.domain.schema import FieldType, Rejected, parse_value

if TYPE_CHECKING:
    from meshcore.domain.campaign import Campaign
    from meshcore.domain.conversation import Conversation
    from meshcore.domain.schema import FieldSpec, Value

_DIGITS = re.compile(r"\d[\d ]*(?:(?:[-\u2013.,/]|to) ?\d+)?[%+]?")
_EDGES = " \t\n.,;:!?\u2026\u3002\u061f\"'()"


def likely_languages(campaign: Campaign, conversation: Conversation) -> tuple[str, ...]:
    """The languages that are likely, the participant's first, without regions."""
    tags = (conversation.language, campaign.language, "en")
    return tuple(dict.fromkeys(tag.split("-")[0].lower() for tag in tags if tag))


def plainly_answered(campaign: Campaign, conversation: Conversation) -> ExtractionRecorded | None:
    """What the one message that waits says of the field asked about last, if it says only that."""
    asked, waiting = _asked_last(campaign, conversation), conversation.unanswered
    if asked is None or len(waiting) != 1:
        return None
    [message], spec = waiting, campaign.extraction_schema[asked]
    value = plain_answer(spec, message.words, likely_languages(campaign, conversation))
    if value is None:
        return None
    return ExtractionRecorded(
        field=asked,
        state=FieldState.EXTRACTED,
        value=value,
        quote=message.words,
        message_sid=message.id,
    )


def is_answered_only(campaign: Campaign, conversation: Conversation) -> bool:
    """Whether everything that waits is an answer to the question asked last, and nothing else."""
    asked, waiting = _asked_last(campaign, conversation), conversation.unanswered
    if asked is None or not waiting:
        return False
    spec = campaign.extraction_schema[asked]
    languages = likely_languages(campaign, conversation)
    return all(only_answers(spec, message.words, languages) for message in waiting)


def _asked_last(campaign: Campaign, conversation: Conversation) -> str | None:
    asked = next((m.asked for m in reversed(conversation.messages) if m.sender == "agent"), None)
    return asked if asked in campaign.extraction_schema else None


def plain_answer(spec: FieldSpec, text: str, languages: tuple[str, ...]) -> Value | None:
    """The value that a message gives which says nothing else; None if it does, or cannot be read.

    Args:
        spec: the field that was asked about.
        text: the whole message.
        languages: those that are likely, the participant's first.
    """
    said = plain(text).strip(_EDGES)
    match spec.type:
        case FieldType.ENUM:
            return _choice(spec, said, languages)
        case FieldType.NUMBER | FieldType.INTEGER:
            return _number(spec, said, languages)
        case FieldType.BOOLEAN:
            return bare_answer(said, languages)
        case FieldType.STRING:
            return said if not spec.enum and _is_wanted_figure(spec, said, languages) else None
        case _:
            return None


def only_answers(spec: FieldSpec, text: str, languages: tuple[str, ...]) -> bool:
    """Whether a message says nothing but an answer, though perhaps none that code can write down.

    Arguments as of `plain_answer`. "I'm 30, so 25-34" answers a question for words, too.
    """
    if plain_answer(spec, text, languages) is not None:
        return True
    kind = figure(plain(text).strip(_EDGES), languages)
    return kind is not None and (spec.type is not FieldType.STRING or _wants(spec, kind))


def _choice(spec: FieldSpec, said: str, languages: tuple[str, ...]) -> Value | None:
    """The one choice that is named, alone or beside the figure that it comes from."""
    choices = spec.enum or ()
    named = [c for c in choices if re.search(rf"(?<![\w.-]){re.escape(plain(c))}(?![\w-])", said)]
    if len(named) != 1:
        return None
    alone = said == plain(named[0]).strip(_EDGES)
    return named[0] if alone or figure(said, languages) is Figure.NUMBER else None


def _is_wanted_figure(spec: FieldSpec, said: str, languages: tuple[str, ...]) -> bool:
    """Whether nothing but digits is said, where an amount may be told in words."""
    return bool(_DIGITS.fullmatch(said)) and _wants(spec, figure(said, languages))


def _wants(spec: FieldSpec, kind: Figure | None) -> bool:
    return kind is not None and answers(kind, plain(spec.description))


def _number(spec: FieldSpec, said: str, languages: tuple[str, ...]) -> Value | None:
    if figure(said, languages) not in {Figure.NUMBER, Figure.RATING}:
        return None
    values = amounts.read(said, [(0, len(said))], languages).values
    value = parse_value(spec, values[0]) if len(values) == 1 else None
    return None if isinstance(value, Rejected) else value
