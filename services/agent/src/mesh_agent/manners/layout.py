"""The shape of a message: lists, numbering, markdown, labels and placeholders make it a form.

`plain` takes out what the others find.
"""

from __future__ import annotations

import re

_BULLET = re.compile(
    r"^[ \t]*(?:[-*+\u2022\u25aa\u25cf\u25e6\u2023\u00b7\u2013\u2014]|\u2705|\u2714)"
    r"[ \t]+(?=\S)",
    re.MULTILINE,
)
_NUMBER = re.compile(
    r"^[ \t]*(?:\(?(?P<n>\d{1,2})[.)]|\(?(?P<letter>[a-h])\)|(?P<key>\d)\ufe0f?\u20e3)"
    r"[ \t]*(?=\D|$)",
    re.MULTILINE | re.IGNORECASE,
)
_INLINE = re.compile(
    r"(?<![\w(])\(?(?:(?P<n>\d{1,2})[.)]|(?P<letter>[a-h])\))[ \t]+(?=[^\W\d_])", re.IGNORECASE
)
_QUESTION_N = re.compile(
    r"(?<!\w)(?:questions?|pregunta|frage|pergunta|domanda|soru|pertanyaan|السؤال|سؤال|प्रश्न"
    r"|\u0432\u043e\u043f\u0440\u043e\u0441)\s{0,3}#?\d{1,2}"
    r"(?:\s{0,3}(?:of|de|von|di|sur|dari|/|من|में से|\u0438\u0437)\s{0,3}\d{1,2})?"
    r"\s{0,3}[:.)\u2013-]+\s*"
    r"|(?<!\w)Q\d{1,2}\s{0,3}[:.)]\s*"
    r"|^[ \t]*\(?\d{1,2}\s?/\s?(?!(?:5|10|100)\b)\d{1,2}\)?\s?[:)]\s+",
    re.IGNORECASE | re.MULTILINE,
)
_HEADING = re.compile(
    r"^[ \t]*#{1,6}[ \t]+|^[ \t]*(?:={3,}|-{3,}|\*{3,}|_{3,})[ \t]*$", re.MULTILINE
)
_TABLE = re.compile(r"^[ \t]*\|.*\|[ \t]*$", re.MULTILINE)
_STRONG = re.compile(r"\*\*|(?<!\w)__(?=\w)|(?<=\w)__(?!\w)|`+")
_LINK = re.compile(r"\[([^\]\n]{0,200})\]\([^)\n]{0,500}\)")
_LABEL = re.compile(
    r"^[ \t]*\W{0,3}(?:you|me|agent|assistant|researcher|interviewer|ai|bot|reply|response|message"
    r"|participant|user|question|answer|mesh)\W{0,3}:\W{0,2}\s*(?=\S)",
    re.IGNORECASE | re.MULTILINE,
)
_PLACEHOLDER = re.compile(
    r"[ \t]?(?:\[[^\]\n]{1,60}\]|\{\{?[^}\n]{1,60}\}\}?|<[a-z][^>\n]{0,60}>)", re.IGNORECASE
)
_BEFORE_A_MARK = re.compile(r"[ \t](?=[,.!?](?:\s|$))")
_ENDS = tuple(".!?\u2026:;,\u061f\uff1f\uff01\u3002\u0964")


def is_form(text: str, said: str = "") -> bool:
    """Whether a text holds a list, numbering, a heading, a table or markdown.

    Args:
        text: the text.
        said: what the participant wrote: a number that opens a line may repeat an answer.
    """
    if any(
        found.search(text) for found in (_BULLET, _QUESTION_N, _HEADING, _TABLE, _STRONG, _LINK)
    ):
        return True
    numbers = [found["n"] or found["letter"] or found["key"] for found in _NUMBER.finditer(text)]
    if len(numbers) == 1 and numbers[0] in re.findall(r"\d+", said):
        return False
    return bool(numbers) or _counts(text)


def has_label(text: str) -> bool:
    """Whether the text names its speaker, like a line of a play."""
    return bool(_LABEL.search(text))


def placeholder(text: str) -> str | None:
    """The first placeholder that nobody filled in ("[Name]", "{topic}"), None if there is none."""
    found = _PLACEHOLDER.search(_LINK.sub("", text))
    return found[0].strip() if found else None


def plain(text: str, said: str = "") -> str:
    """The text without lists, numbering, markdown, labels and placeholders.

    The items of a list follow one another in one line, parted by commas. `said` is as of `is_form`.
    """
    text = _LABEL.sub("", text)
    if is_form(text, said):
        text = _LINK.sub(r"\1", text)
        text = _HEADING.sub("", _TABLE.sub(lambda row: row[0].replace("|", " ").strip(), text))
        text = _joined(_QUESTION_N.sub("", _STRONG.sub("", text)))
    if _counts(text):
        text = _INLINE.sub("", text)
    if placeholder(text):
        text = _BEFORE_A_MARK.sub("", _PLACEHOLDER.sub("", text))
    return text.strip()


def _counts(text: str) -> bool:
    """Whether the text numbers things within its lines: "1) where 2) when"."""
    found = [(match["n"] or match["letter"]).lower() for match in _INLINE.finditer(text)]
    return any(a in found and b in found[found.index(a) :] for a, b in (("1", "2"), ("a", "b")))


def _joined(text: str) -> str:
    """The text with the items of its lists in the line that they follow."""
    lines: list[str] = []
    for line in text.splitlines():
        item = _NUMBER.sub("", _BULLET.sub("", line)).strip()
        if item == line.strip():
            lines.append(line)
        elif lines and lines[-1].strip():
            gap = " " if lines[-1].rstrip().endswith(_ENDS) else ", "
            lines[-1] = f"{lines[-1].rstrip()}{gap}{item}"
        else:
            lines.append(item)
    return "\n".join(lines)
