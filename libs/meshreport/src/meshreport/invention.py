"""Figures that a component brings along in place of taking them from the data.

Not a matter of safety: a number in a report is computed, or it does not stand there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from meshreport.scopes import Kind
from meshreport.syntax import bare, field, text_of
from meshreport.vocabulary import TEXT_ATTRIBUTES

if TYPE_CHECKING:
    from meshreport.scopes import Meanings
    from meshreport.syntax import Node

REASON = "figures come from data; write none yourself"

_DIGIT = re.compile(r"\d")
_CSS = re.compile(
    r"(#[0-9a-fA-F]{3,8}|-?[\d.]+(px|rem|em|vw|vh|fr|%)?|rgba?\([\d.,\s%]+\)|hsla?\([\d.,\s%]+\)"
    r"|repeat\(.*\)|minmax\(.*\)|solid|dashed|dotted|auto|none|,|\s)+"
)


def invented(node: Node, meanings: Meanings) -> Iterator[Node]:
    """The places below a node where figures are shown that stand in the component."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        waiting.extend(found.named_children)
        match found.type:
            case "jsx_text":
                if _DIGIT.search(text_of(found)):
                    yield found
            case "jsx_expression":
                parent = found.parent
                if parent is not None and parent.type == "jsx_element":
                    yield from _shown(found.named_children, meanings)
            case "jsx_attribute":
                yield from _attribute(found, meanings)
            case _:
                pass


def _attribute(node: Node, meanings: Meanings) -> Iterator[Node]:
    """What a text for people says; and what a part of the component is handed to show."""
    if node.named_child_count == 1 or node.parent is None:
        return
    name, value = text_of(node.named_children[0]), node.named_children[-1]
    tag = field(node.parent, "name")
    own = tag is not None and text_of(tag)[:1].isupper()
    if name == "key" or not (own or name in TEXT_ATTRIBUTES):
        return
    values = value.named_children if value.type == "jsx_expression" else [value]
    for shown in _shown(values, meanings):
        if not own or (shown.type != "number" and not _CSS.fullmatch(text_of(shown).strip("\"'`"))):
            yield shown


def _shown(nodes: list[Node], meanings: Meanings) -> Iterator[Node]:  # noqa: C901 - one case per kind of expression
    """The literal figures among what expressions may give."""
    waiting = list(nodes)
    while waiting:
        node = bare(waiting.pop())
        match node.type:
            case "number":
                yield node
            case "string" | "string_fragment":
                if _DIGIT.search(text_of(node)):
                    yield node
            case "template_string" | "array" | "template_substitution":
                waiting.extend(node.named_children)
            case "ternary_expression":
                parts = [field(node, "consequence"), field(node, "alternative")]
                waiting.extend(part for part in parts if part is not None)
            case "binary_expression":
                waiting.extend(_operands(node))
            case "subscript_expression":
                waiting.append(node.named_children[0])
            case "call_expression":
                waiting.extend(_given_back(node))
            case "identifier":
                binding = meanings.get(node.id)
                if binding is not None and binding.node and binding.kind is Kind.VALUE:
                    waiting.append(binding.node)
            case _:
                pass


def _operands(node: Node) -> list[Node]:
    """What an operation may give as it is: either side of || and ??, texts that + joins."""
    left, right = field(node, "left"), field(node, "right")
    sides = [side for side in (left, right) if side is not None]
    match text_of(node.children[1]):
        case "||" | "??":
            return sides
        case "&&":
            return sides[1:]
        case "+" if all(bare(side).type == "number" for side in sides):
            return sides
        case "+":
            return [side for side in sides if bare(side).type in {"string", "template_string"}]
        case _:
            return []


def _given_back(node: Node) -> list[Node]:
    """What `list.map((x) => ...)` gives: the function's expression."""
    arguments = field(node, "arguments")
    callbacks = arguments.named_children if arguments else []
    bodies = [
        field(callback, "body") for callback in callbacks if callback.type == "arrow_function"
    ]
    return [body for body in bodies if body is not None and body.type != "statement_block"]
