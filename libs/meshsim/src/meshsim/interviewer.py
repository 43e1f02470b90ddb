"""A scripted interviewer: what a good model would answer, as a pure function of the prompt."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from meshsim.contract import Field, Line, Prompt
from meshsim.questions import field_asked, lower_first, times_asked, wording
from meshsim.reading import (
    Intention,
    intention,
    off_topic,
    refuses,
    substance,
    to_the_point,
    value_in,
)
from meshsim.sifting import sift, takes_back

_PATIENCE = 3
_NOTED = ("Got it, thanks.", "Thanks, that helps.", "I see, thank you.", "Okay, understood.")
_GOODBYE = (
    "That's everything I wanted to ask, thank you so much for your time! "
    "It was lovely chatting with you, have a great day!"
)
_COURTESY = "Thanks for writing again, and have a lovely day!"
_OPTED_OUT = "Of course, I won't message you again. Thank you for your time, and take care!"
_DECLINED = "No problem at all, thank you for letting me know. Have a great day!"
_CARE = (
    "I'm really sorry that you are going through this. Please reach out to someone you trust or to "
    "a local helpline. I'll end our chat here, take care of yourself."
)
_BOUNDARY = (
    "I'd rather keep this to the research, so I'll end our chat here. Thank you, and take care."
)
_PARTING: Mapping[Intention, tuple[str, str]] = {
    "opt_out": ("opted_out", _OPTED_OUT),
    "decline": ("declined", _DECLINED),
    "distress": ("distress", _CARE),
    "inappropriate": ("inappropriate", _BOUNDARY),
}
_SELF = "I'm an automated research assistant"
_ABOUT_US: tuple[tuple[str, str], ...] = (
    (
        r"\b(who (are|is) (you|this)|are you (a |an )?(bot|robot|human|real|ai|person))\b",
        f"{_SELF} doing a short research chat, and you can stop at any time.",
    ),
    (
        r"\bhow (long|many (more )?questions)\b",
        "It only takes a few minutes, and you can stop at any time.",
    ),
    (
        r"\b(why (do you|are you)|what('s| is) (this|it) (for|about)|anonymous|my data|privacy)\b",
        f"{_SELF}, and what you say is only used for this study.",
    ),
)


@dataclass(frozen=True)
class Answer:
    """What the interviewer decided; the names are those of the answer's JSON."""

    reply: str
    outcome: str = "continue"
    extractions: tuple[Mapping[str, Any], ...] = ()
    asked: str | None = None
    because: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as the JSON value of the contract."""
        return {
            "reply": self.reply,
            "outcome": self.outcome,
            "extractions": [dict(item) for item in self.extractions],
            "asked": self.asked,
            "because": self.because,
            "language": None,
        }


@dataclass(frozen=True)
class _Understood:
    """What the participant's messages mean for the field that was asked about.

    Attributes:
        said: what to acknowledge them with.
        extraction: what is to be noted, if anything.
        follow_up: the question to ask before moving on, if any.
    """

    said: str
    extraction: Mapping[str, Any] | None = None
    follow_up: str | None = None


def answer(prompt: Prompt) -> Answer:
    """Return the interviewer's answer to a prompt.

    One question at most, no lists, at most three sentences; every quote is a substring of the
    message that it names.
    """
    if prompt.task == "opening":
        return _opening(prompt)
    return _parting(prompt) or (_turn(prompt) if prompt.task == "turn" else Answer(_COURTESY))


def _opening(prompt: Prompt) -> Answer:
    hello = "Hi! I'm doing a quick research chat, and you can stop at any time."
    first = next((f for f in prompt.fields if f.pending), None)
    if first is None:
        return Answer(f"{hello} How are you today?")
    return Answer(f"{hello} {wording(first).question}", asked=first.name)


def _turn(prompt: Prompt) -> Answer:
    lines = prompt.unanswered
    field = _field_in_question(prompt)
    aside = _told_aside(prompt, lines)
    if field is None or field.name in aside or not lines:
        return _move_on(prompt, _Understood("Thanks!" if lines else "Hi again!"), None, aside)
    return _move_on(prompt, _understand(prompt, field, lines), field, aside)


def _parting(prompt: Prompt) -> Answer | None:
    """Return the answer to whoever does not want to, or must not, go on."""
    for line in prompt.unanswered:
        parting = intention(line.text)
        if parting is not None:
            outcome, words = _PARTING[parting]
            quote = {"quote": line.text.strip(), "message": line.n}
            return Answer(words, outcome, because=quote)
    return None


def _field_in_question(prompt: Prompt) -> Field | None:
    """Return the pending field that the last question was about."""
    if not prompt.asked:
        return None
    asked = field_asked(prompt.asked[-1].text, prompt.fields)
    if asked is None:
        return next((f for f in prompt.fields if f.pending), None)
    return asked if asked.pending else None


def _understand(prompt: Prompt, field: Field, lines: Sequence[Line]) -> _Understood:
    refusal = next((line for line in lines if refuses(line.text)), None)
    if refusal is not None:
        noted = _extraction(field, "refused", None, refusal)
        return _Understood("No problem at all, we can leave that.", noted)
    pieces = _meant(prompt, lines)
    found = _best(field, pieces)
    if found is not None:
        value, words, line = found
        noted = _extraction(field, "extracted", value, line, words)
        return _Understood(_acknowledge(line, value), noted)
    tried = list(dict.fromkeys(line for _, line in pieces))
    return _unclear(prompt, field, tried, lines[-1])


def _told_aside(prompt: Prompt, lines: Sequence[Line]) -> Mapping[str, Mapping[str, Any]]:
    """What is told of other fields by their names, and what takes back what was told before."""
    return {
        aside.field.name: _extraction(aside.field, "extracted", value, line, aside.text)
        for line in lines
        for aside in sift(line.text, prompt.fields).asides
        if (aside.instead or aside.field.pending)
        and (value := value_in(aside.text, aside.field)) is not None
    }


def _serious(lines: Sequence[Line]) -> Sequence[Line]:
    """The messages without those that the next one says were a joke."""
    last = max((place for place, line in enumerate(lines) if takes_back(line.text)), default=0)
    return lines[last:]


def _meant(prompt: Prompt, lines: Sequence[Line]) -> list[tuple[str, Line]]:
    """What may answer a question, piece by piece, with the message that it stands in."""
    return [
        (piece, line)
        for line in _serious(lines)
        for piece in sift(line.text, prompt.fields).meant
        if not off_topic(piece)
    ]


def _best(field: Field, pieces: Sequence[tuple[str, Line]]) -> tuple[Any, str, Line] | None:
    """Return the value in the piece that answers best or says most, its words, and the message."""
    fitting = [
        (pointed, value, words, line)
        for piece, line in pieces
        for pointed, words in (to_the_point(piece, field),)
        if (value := value_in(words, field)) is not None
    ]
    best = max(fitting, key=lambda found: (found[0], substance(found[2])), default=None)
    return best[1:] if best else None


def _unclear(prompt: Prompt, field: Field, tried: Sequence[Line], last: Line) -> _Understood:
    texts = [line.text for line in prompt.asked]
    words = wording(field)
    probed = any(words.probe[1:] in text for text in texts)
    if (tried and probed) or times_asked(field, texts, prompt.fields) >= _PATIENCE:
        noted = _extraction(field, "vague", None, tried[0] if tried else last)
        return _Understood("That's fine, no worries.", noted)
    if tried:
        return _Understood("I see.", follow_up=words.probe)
    back = f"Coming back to my question, {lower_first(words.question)}"
    return _Understood(_about_us(last.text) or "Ha, fair enough!", follow_up=back)


def _about_us(text: str) -> str | None:
    plain = text.lower().replace("\u2019", "'")
    return next((reply for shape, reply in _ABOUT_US if re.search(shape, plain)), None)


def _extraction(
    field: Field, state: str, value: Any, line: Line, words: str | None = None
) -> Mapping[str, Any]:
    return {
        "field": field.name,
        "value": value,
        "state": state,
        "quote": words or line.text.strip(),
        "message": line.n,
    }


def _acknowledge(line: Line, value: Any) -> str:
    if isinstance(value, str) and len(value) <= 20 and value[:1].isupper() and "I" not in value:  # noqa: PLR2004 - a word or two
        return f"{value.rstrip('.!')}, got it."
    return _NOTED[line.n // 2 % len(_NOTED)]


def _move_on(
    prompt: Prompt,
    understood: _Understood,
    field: Field | None,
    aside: Mapping[str, Mapping[str, Any]],
) -> Answer:
    """Ask the follow-up, or the next question, or say goodbye."""
    noted = dict(aside)
    if understood.extraction is not None and field is not None:
        noted[field.name] = understood.extraction
    found = tuple(noted.values())
    if understood.follow_up is not None and field is not None:
        reply = f"{understood.said} {understood.follow_up}"
        return Answer(reply, extractions=found, asked=field.name)
    left = [f for f in prompt.fields if f.pending and f.required and f.name not in noted]
    if not left:
        return Answer(_GOODBYE, "complete", found)
    reply = f"{understood.said} {wording(left[0]).question}"
    return Answer(reply, extractions=found, asked=left[0].name)
