"""Questions in plain language, made from the description of a field."""

from __future__ import annotations

import re
from dataclasses import dataclass

from meshsim.contract import Field
from meshsim.words import content_stems, overlap, word_set

_EXAMPLES = re.compile(
    r"[\s,;:(\[-]*(?<!\w)(?:e\.\s?g\.?|i\.e\.?|for example|for instance|such as)(?!\w).*$",
    re.IGNORECASE | re.DOTALL,
)
_PARENTHESES = re.compile(r"\s*[(\[][^)\]]*[)\]]")
_SCALE = re.compile(
    r"(?:on |using )?(?:a )?(?:scale )?(?:of |from )?"
    r"(?P<low>\d+)\s*(?:-|\u2013|to|and)\s*(?P<high>\d+)(?: scale| rating)?",
    re.IGNORECASE,
)
_RATED = re.compile(
    r"satisf|scale|rat(?:e|ing)|score|likel|happ|import|quality|trust|agree|comfort|interest",
    re.IGNORECASE,
)
_NUMERIC = frozenset({"number", "integer", "float"})
_ONE_PERSON = re.compile(
    r"\b(?:the|this|a) (?:participant|respondent|person|customer|interviewee)(?P<own>['\u2019]s)?\b"
    r"(?: (?P<verb>[a-z]+s)\b)?",
    re.IGNORECASE,
)
_SWAPS = {
    "they": "you",
    "their": "your",
    "them": "you",
    "theirs": "yours",
    "themselves": "yourself",
    "they're": "you're",
    "they've": "you've",
    "they'd": "you'd",
}
_VERBS = {"is": "are", "has": "have", "was": "were", "does": "do", "goes": "go"}
_AUXILIARIES = word_set(
    "are were would could will can should might must do did does is was has makes"
)
_PERFECT = re.compile(r"^(?:ever|never|been|had|seen|done|tried|already|\w+ed)$", re.IGNORECASE)
_ASKING = frozenset({"how", "what", "where", "when", "which", "who", "why", "whose"})
_POINTED = frozenset({"your", "the", "a", "an", "any", "how", "what", "where", "when", "which"})
_SAME_QUESTION = 0.5


@dataclass(frozen=True)
class Wording:
    """How one field is spoken about.

    Attributes:
        question: the question, with its question mark.
        probe: a second question for an answer that was too vague.
    """

    question: str
    probe: str


def wording(field: Field) -> Wording:
    """Return the words for a field; the same for the same description and type."""
    text = _addressed(_plain(field.description))
    scale = scale_of(field)
    if scale is not None:
        return _rating(_addressed(_plain(_SCALE.sub(" ", field.description))), scale)
    about = _topic(text)
    question = _question(text, field)
    if field.type in {"boolean", "bool"}:
        probe = f"Just so that I get it right: {lower_first(question)}"
    elif field.type in _NUMERIC:
        probe = f"Could you put a rough number on {about}?"
    else:
        probe = f"Could you say a bit more about {about}?"
    return Wording(question, probe)


def scale_of(field: Field) -> tuple[int, int] | None:
    """Return the ends of the scale that a numeric field is rated on, if it is."""
    described = _SCALE.search(field.description)
    if field.type not in _NUMERIC or not _RATED.search(field.description):
        return None
    if described and int(described["low"]) < int(described["high"]):
        return int(described["low"]), int(described["high"])
    if field.minimum is not None and field.maximum is not None:
        return int(field.minimum), int(field.maximum)
    return None


def field_asked(text: str, fields: tuple[Field, ...]) -> Field | None:
    """Return the field that the interviewer's message `text` asks about, if any is recognised."""
    for field in fields:
        words = wording(field)
        if words.probe[1:] in text or words.question[1:] in text:
            return field
    stems = content_stems(text)
    best = max(fields, key=lambda field: _likeness(field, stems), default=None)
    return best if best is not None and _likeness(best, stems) >= _SAME_QUESTION else None


def times_asked(field: Field, texts: list[str], fields: tuple[Field, ...]) -> int:
    """Return how many of the interviewer's messages ask about a field."""
    return sum(field_asked(text, fields) == field for text in texts)


def lower_first(text: str) -> str:
    """Return `text` to go on a sentence with; names, capitals and `I` keep theirs."""
    first, _, _ = text.partition(" ")
    keeps = first[1:] != first[1:].lower() or first in {"I", "I'm", "I'd"} or len(first) == 0
    return text if keeps else text[0].lower() + text[1:]


def _likeness(field: Field, stems: frozenset[str]) -> float:
    return overlap(content_stems(_plain(field.description)), stems)


def _plain(description: str) -> str:
    """Return the first sentence without examples, parentheses and closing punctuation."""
    text = _PARENTHESES.sub("", _EXAMPLES.sub("", description))
    text = re.split(r"[.;\n]\s+(?=[A-Z])", text.strip(), maxsplit=1)[0]
    return " ".join(text.split()).strip(" .,;:?!-\u2013")


def _addressed(text: str) -> str:
    """Speak to the person instead of about him."""
    text = _ONE_PERSON.sub(_second_person, text)
    return re.sub(
        r"\b(?:they|their|them|theirs|themselves)\b(?:'(?:re|ve|d))?",
        lambda match: _like(match[0], _SWAPS.get(match[0].lower(), match[0])),
        text,
        flags=re.IGNORECASE,
    )


def _second_person(match: re.Match[str]) -> str:
    if match["own"]:
        return f"your {match['verb']}" if match["verb"] else "your"
    verb = match["verb"]
    if not verb:
        return "you"
    return f"you {_VERBS.get(verb, verb[:-1])}"


def _like(original: str, word: str) -> str:
    return word[0].upper() + word[1:] if original[:1].isupper() else word


def _topic(text: str) -> str:
    """Return the text as something that can follow `about`."""
    first = text.split(" ", 1)[0].lower()
    if first in _POINTED | _ASKING | {"whether"}:
        return lower_first(text)
    if first == "if":
        return f"whether{lower_first(text)[2:]}"
    if first in {"number", "date", "amount", "time"}:
        return f"the {lower_first(text)}"
    return f"your {lower_first(text)}"


def _rating(rest: str, scale: tuple[int, int]) -> Wording:
    rest = re.sub(r"^(?:of|for|their|rating|score|:|,)\s+", "", rest.strip(" ,:-"))
    frame = f"On a scale from {scale[0]} to {scale[1]}"
    probe_frame = f"Could you put a rough number from {scale[0]} to {scale[1]} on"
    about = _topic(rest) if rest else "it"
    if rest.split(" ", 1)[0].lower() in _ASKING:
        asked = lower_first(_ask(rest))
    else:
        asked = f"how would you rate {about}?"
    return Wording(f"{frame}, {asked}", f"{probe_frame} {about}?")


def _question(text: str, field: Field) -> str:
    first, _, rest = text.partition(" ")
    word = first.lower()
    if word in _ASKING:
        return _ask(text)
    if word in {"whether", "if"}:
        return _ask(rest)
    if word in _AUXILIARIES | {"have"} and rest.startswith("you"):
        return f"{text}?"
    return _yes_or_no(text) if field.type in {"boolean", "bool"} else _about_a_thing(text)


def _about_a_thing(text: str) -> str:
    if text.lower().startswith("number of "):
        return f"Roughly how many {text[10:]}, would you say?"
    if text.lower().split(" ", 1)[0] == "age":
        return f"May I ask your {lower_first(text)}?"
    return f"Could you tell me a bit about {_topic(text)}?"


def _yes_or_no(text: str) -> str:
    first, _, rest = text.partition(" ")
    verb = first.lower()
    if verb in {"is", "was", "has been"}:
        return f"Are you {rest}?"
    if verb in {"willing", "able", "open", "interested", "happy", "aware", "ready"}:
        return f"Are you {lower_first(text)}?"
    if verb.endswith("s") and rest and not verb.endswith("ss"):
        return f"Do you {_VERBS.get(verb, verb[:-1])} {rest}?"
    return f"When it comes to {_topic(text)}, is that a yes or a no for you?"


def _ask(clause: str) -> str:
    """Turn a clause like `how often you drive` into a question."""
    parts = clause.split()
    lowered = [part.lower() for part in parts]
    if "you" not in lowered:
        owned = "your" in lowered[1:3]
        return f"Could you tell me {lower_first(clause)}?" if owned else f"{_capital(clause)}?"
    at = lowered.index("you")
    lead, after = parts[:at], parts[at + 1 :]
    if _AUXILIARIES & set(lowered[1:at]) or not after:
        return f"{_capital(clause)}?"
    verb, following = after[0].lower(), after[1] if len(after) > 1 else ""
    if verb in _AUXILIARIES - {"do", "makes"} or (verb == "have" and _PERFECT.match(following)):
        return f"{_capital(' '.join([*lead, verb, 'you', *after[1:]]))}?"
    if any(word.endswith("ed") for word in after[:2]):
        prefix = "Could you tell me" if lead else "Could you tell me whether"
        return f"{prefix} {lower_first(clause)}?"
    return f"{_capital(' '.join([*lead, 'do you', *after]))}?"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
