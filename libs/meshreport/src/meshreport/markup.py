"""JSX: which elements and attributes there may be, and what may stand in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from meshreport import vocabulary
from meshreport.reasons import why
from meshreport.syntax import bare, field, text_of

if TYPE_CHECKING:
    from meshreport.rules import Rules
    from meshreport.scopes import Scope
    from meshreport.syntax import Node

_CLASSES = re.compile(r"[A-Za-z0-9 _:/.%-]*")
_REFERENCE = re.compile(r"&[#A-Za-z]")


class Markup:
    """The part of the rules that is about JSX."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        rules.allow("jsx_element", self._element)
        rules.allow("jsx_self_closing_element", self._tag)

    def _element(self, node: Node, scope: Scope) -> None:
        for child in node.children:
            match child.type:
                case "jsx_opening_element":
                    self._tag(child, scope)
                case "jsx_closing_element":
                    pass
                case "jsx_text":
                    self._text(child)
                case "jsx_expression":
                    self._inserted(child, scope)
                case _:
                    self._rules.expression(child, scope)

    def _text(self, node: Node) -> None:
        if _REFERENCE.search(text_of(node)):
            self._rules.refuse(node, why("html_character_reference"))

    def _inserted(self, node: Node, scope: Scope) -> None:
        for child in node.named_children:
            if child.type == "spread_element":
                self._rules.refuse(child, "spreading is not allowed in JSX")
            else:
                self._rules.expression(child, scope)

    def _tag(self, node: Node, scope: Scope) -> None:
        name = field(node, "name")
        if name is None:
            if node.named_child_count:
                self._rules.refuse(node, "a fragment has no attributes")
            return
        own = self._is_own(name, scope)
        for part in node.named_children[1:]:
            if part.type == "jsx_attribute":
                self._attribute(part, scope, own=own)
            elif part.type == "jsx_expression":
                self._rules.refuse(part, "attributes must not be spread; name each of them")
            else:
                self._rules.refuse(part, why(part.type))

    def _is_own(self, name: Node, scope: Scope) -> bool:
        """Whether the element is a function of the component; refuses what is neither."""
        word = text_of(name)
        if name.type != "identifier":
            self._rules.refuse(name, "the name of an element is one plain word")
        elif word[:1].islower():
            if word not in vocabulary.ELEMENTS:
                self._rules.refuse(name, f"the element {word[:40]} is not allowed")
        else:
            self._rules.own_function(name, scope)
            return True
        return False

    def _attribute(self, node: Node, scope: Scope, *, own: bool) -> None:
        name = node.named_children[0]
        word, value = text_of(name), self._value(node, scope)
        if name.type != "property_identifier":
            self._rules.refuse(name, why(name.type))
        elif own:
            if word not in vocabulary.MEMBERS | {"key"}:
                self._rules.refuse(name, f"{word[:40]} is not among the names for own use")
        elif word not in vocabulary.ATTRIBUTES:
            self._rules.refuse(name, _why_not(word))
        elif value is not None:
            self._check(word, value)

    def _value(self, node: Node, scope: Scope) -> Node | None:
        """The attribute's value, read; None where it has none that can be checked further."""
        if node.named_child_count == 1:
            return None
        value = node.named_children[-1]
        if value.type == "jsx_expression":
            if value.named_child_count != 1 or value.named_children[0].type == "spread_element":
                self._rules.refuse(value, "an attribute has one value")
                return None
            value = bare(value.named_children[0])
        self._rules.expression(value, scope)
        return value

    def _check(self, word: str, value: Node) -> None:
        plain = self._rules.plain
        if word == "style":
            self._style(value)
        elif word in vocabulary.FIXED_ATTRIBUTES:
            if not plain.is_constant(value) or not _CLASSES.fullmatch(_unquoted(value)):
                self._rules.refuse(value, f"{word} takes plain words that stand right here")
        elif word in vocabulary.SHAPE_ATTRIBUTES and not plain.is_measure(value):
            self._rules.refuse(value, f"{word} takes numbers: {_HOW}")

    def _style(self, value: Node) -> None:
        if value.type == "identifier":
            binding = self._rules.meanings.get(value.id)
            if binding is None or binding.node is None:
                self._rules.refuse(value, "style takes an object that stands in the component")
                return
            value = binding.node
        if value.type != "object":
            self._rules.refuse(value, "style takes an object that stands in the component")
            return
        for entry in value.named_children:
            key, inner = field(entry, "key"), field(entry, "value")
            if entry.type != "pair" or key is None or inner is None:
                self._rules.refuse(entry, "write each style as name: value")
            elif text_of(key) not in vocabulary.STYLES:
                self._rules.refuse(key, f"the style {text_of(key)[:40]} is not allowed")
            elif not self._rules.plain.is_measure(inner):
                self._rules.refuse(inner, f"a style takes numbers and fixed texts: {_HOW}")


_HOW = "compute them, as in `${100 * row.share}%`, and call nothing but calc, rgb and the like"


def _why_not(word: str) -> str:
    if word.startswith("on"):
        return f"{word[:40]}: event handlers are not allowed"
    return f"the attribute {word[:40]} is not allowed"


def _unquoted(node: Node) -> str:
    return text_of(node).strip("\"'`")
