"""The check of a report's component: TSX that a model wrote, and that somebody's browser will run.

What is not known to be harmless is refused. The text is parsed, and everything in the tree must
stand on the lists of `meshreport.vocabulary`; nothing is searched for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from meshreport import invention, vocabulary
from meshreport.bounds import MAX_NESTING, MAX_SIZE, Bounds
from meshreport.calls import Calls
from meshreport.markup import Markup
from meshreport.rules import Rules
from meshreport.scopes import Binding, Kind, Scope
from meshreport.syntax import Refusal, Source, depth_of, field, first_error, text_of

if TYPE_CHECKING:
    from meshreport.syntax import Node

_MOST_REFUSALS = 20
_MOST_DEPTH = 150
_HEAD = re.compile(r"export\s+default\s+function\s+Report\s*\(\s*\{\s*data\s*,?\s*\}\s*\)\s*")
_FORM = "there must be one thing only: export default function Report({ data }) { ... }"
_TOO_DEEP = "it is nested too deeply"
_SPACE = re.compile(r"[ \n\t]*")
_PRINTABLE = re.compile(
    r"[\n\t\x20-\x5b\x5d-\x7e\u00a1-\u167f\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u20a0-\u2bff"
    r"\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufdff\uff01-\uffef\U0001f300-\U0001faff]"
)
"""Letters and signs that are seen; nothing that hides, turns around, or ends a line in secret."""


def check(text: str) -> list[Refusal]:
    """Why the component must not be run, in the order of its lines; nothing for a harmless one."""
    if len(text) > vocabulary.MAX_CHARACTERS:
        reason = f"it has {len(text):,} characters; {vocabulary.MAX_CHARACTERS:,} are the most"
        return [Refusal(1, 1, reason)]
    if strange := _strange_characters(text):
        return strange
    source = Source(text)
    if error := first_error(source.root):
        return [source.refusal(error, "this is not TSX that can be read")]
    if depth_of(source.root) > _MOST_DEPTH:
        return [source.refusal(source.root, _TOO_DEEP)]
    return _in_tree(source)


def _in_tree(source: Source) -> list[Refusal]:
    hidden = [
        source.refusal_at(place, "something stands between the words that is not space")
        for place, gap in source.gaps()
        if not _SPACE.fullmatch(gap)
    ]
    body = _body(source)
    if hidden or body is None:
        return hidden or [source.refusal(source.root, _FORM)]
    try:
        return sorted(set(_in_body(source, body)))[:_MOST_REFUSALS]
    except RecursionError:
        return [source.refusal(source.root, _TOO_DEEP)]


def _strange_characters(text: str) -> list[Refusal]:
    """Characters that hide what stands there, or that spell it in another way."""
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        for column, character in enumerate(line, 1):
            if character == "\\":
                found.append(Refusal(number, column, "backslashes are not allowed"))
            elif not _PRINTABLE.fullmatch(character):
                name = f"the character U+{ord(character):04X} is not allowed"
                found.append(Refusal(number, column, name))
    return found[:_MOST_REFUSALS]


def _body(source: Source) -> Node | None:
    """The body of the one function, if the program is that one function."""
    if source.root.named_child_count != 1:
        return None
    exported = source.root.named_children[0]
    function = exported.named_children[0] if exported.named_child_count == 1 else None
    body = field(function, "body") if function is not None else None
    if function is None or body is None or function.type != "function_declaration":
        return None
    head = (source.root.text or b"")[exported.start_byte : body.start_byte].decode()
    return body if _HEAD.fullmatch(head) else None


def _in_body(source: Source, body: Node) -> list[Refusal]:
    rules = Rules(source)
    Calls(rules)
    Markup(rules)
    rules.block(body, Scope(names={"data": Binding(Kind.VALUE)}))
    if rules.refusals:
        return rules.refusals
    extent = Bounds(rules.meanings).of(body)
    if extent.nesting > MAX_NESTING:
        reason = f"lists are gone through within each other more than {MAX_NESTING} deep"
        return [source.refusal(body, reason)]
    if extent.size > MAX_SIZE:
        return [source.refusal(body, "what it computes grows too large; use fewer names in names")]
    if not any(statement.type == "return_statement" for statement in body.named_children):
        return [source.refusal(body, "it must return what is to be shown")]
    return [
        source.refusal(node, f"{invention.REASON}: {text_of(node).strip()[:40]}")
        for node in invention.invented(body, rules.meanings)
    ]
