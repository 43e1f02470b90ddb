"""Which expressions are known by their form: constants, numbers, and texts made of these alone.

Only such go into styles and shapes: a participant's words never do, nor a function of CSS that
could load something. What is known of a name is remembered, so that names of names cost nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from meshreport.scopes import Kind, Meanings
from meshreport.syntax import bare, field, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshreport.syntax import Node

_NUMERIC_OPERATORS = frozenset({"-", "*", "/", "%"})
"""Their result is a number whatever they are given."""

_FUNCTION = re.compile(
    r"(?<![\w-])(?:calc|clamp|hsla?|max|min|minmax|repeat|rgba?|rotate|scale|skew[XY]|translate)\("
)
"""What texts of styles and shapes may call. Whole, and in one piece: pieces are put together."""


class Plainness:
    """Answers what is plain, given what the names stand for."""

    def __init__(self, meanings: Meanings) -> None:
        self._meanings = meanings
        self._known: dict[tuple[str, int], bool] = {}

    def remember(self, node: Node) -> None:
        """Judges what a name is declared as, before others are declared by that name."""
        self.is_measure(node)

    def is_constant(self, node: Node) -> bool:
        """Whether it is the same for all data: it stands in the component."""
        return self._remembered("constant", bare(node), self._is_constant)

    def is_numeric(self, node: Node) -> bool:
        """Whether it gives a number (or nothing), whatever the data are."""
        return self._remembered("numeric", bare(node), self._is_numeric)

    def is_measure(self, node: Node) -> bool:
        """Whether it is made of constants and numbers alone, so that it can lay something out."""
        return self._remembered("measure", bare(node), self._is_measure)

    def is_index(self, node: Node) -> bool:
        """Whether it may stand in brackets: a number that no data can make a name of."""
        return self.is_numeric(node)

    def _remembered(self, what: str, node: Node, judge: Callable[[Node], bool]) -> bool:
        key = (what, node.id)
        if key not in self._known:
            self._known[key] = judge(node)
        return self._known[key]

    def _is_constant(self, node: Node) -> bool:  # noqa: PLR0911 - one case per kind of expression
        match node.type:
            case "number" | "true" | "false" | "null":
                return True
            case "string" | "string_fragment":
                return _calls_nothing(node)
            case "array" | "object" | "pair" | "template_substitution" | "template_string":
                return all(map(self.is_constant, _values(node)))
            case "ternary_expression":
                return all(map(self.is_constant, _branches(node)))
            case "subscript_expression":
                listed = field(node, "object")
                return listed is not None and self.is_constant(listed)
            case "identifier":
                declared = self._declared(node)
                return declared is not None and self.is_constant(declared)
            case _:
                return False

    def _is_numeric(self, node: Node) -> bool:  # noqa: PLR0911 - as above
        match node.type:
            case "number":
                return True
            case "binary_expression":
                return self._is_numeric_operation(node)
            case "unary_expression":
                return text_of(node.children[0]) in {"-", "+"}
            case "ternary_expression":
                return all(map(self.is_numeric, _branches(node)))
            case "call_expression":
                return _is_math(node) or _method(node) in {"toFixed", "indexOf"}
            case "member_expression":
                return text_of(node.named_children[-1]) == "length"
            case "identifier":
                binding = self._meanings.get(node.id)
                if binding is not None and binding.kind is Kind.INDEX:
                    return True
                declared = self._declared(node)
                return declared is not None and self.is_numeric(declared)
            case _:
                return False

    def _is_measure(self, node: Node) -> bool:  # noqa: PLR0911 - as above
        if self.is_constant(node) or self.is_numeric(node):
            return True
        match node.type:
            case "template_string":
                return all(map(self.is_measure, node.named_children))
            case "template_substitution":
                return all(map(self.is_measure, node.named_children))
            case "binary_expression":
                sides = [field(node, "left"), field(node, "right")]
                return text_of(node.children[1]) == "+" and all(
                    side is not None and self.is_measure(side) for side in sides
                )
            case "ternary_expression":
                return all(map(self.is_measure, _branches(node)))
            case "call_expression":
                return self._is_joined_measure(node)
            case "identifier":
                declared = self._declared(node)
                return declared is not None and self.is_measure(declared)
            case _:
                return False

    def _is_numeric_operation(self, node: Node) -> bool:
        operator = text_of(node.children[1])
        sides = [field(node, "left"), field(node, "right")]
        both = all(side is not None and self.is_numeric(side) for side in sides)
        return operator in _NUMERIC_OPERATORS or (operator in {"+", "||", "??"} and both)

    def _is_joined_measure(self, node: Node) -> bool:
        """Whether it is of the form `list.map((x) => measure).join(constant)`."""
        function, arguments = field(node, "function"), field(node, "arguments")
        if _method(node) != "join" or function is None or arguments is None:
            return False
        mapped = bare(function.named_children[0])
        if not all(map(self.is_constant, arguments.named_children)) or _method(mapped) != "map":
            return False
        given = field(mapped, "arguments")
        callback = given.named_children[0] if given and given.named_child_count else None
        body = field(callback, "body") if callback else None
        return body is not None and self.is_measure(body)

    def _declared(self, node: Node) -> Node | None:
        binding = self._meanings.get(node.id)
        whole = binding is not None and binding.kind is Kind.VALUE and not binding.is_part
        return binding.node if binding and whole else None


def _values(node: Node) -> list[Node]:
    """What a literal is made of; the names of an object's entries aside."""
    if node.type == "pair":
        value = field(node, "value")
        return [value] if value else []
    return list(node.named_children)


def _calls_nothing(text: Node) -> bool:
    """Whether a text, or a piece of one, calls no function of CSS but the harmless ones."""
    return "(" not in _FUNCTION.sub("", text_of(text))


def _branches(node: Node) -> list[Node]:
    found = [field(node, "consequence"), field(node, "alternative")]
    return [branch for branch in found if branch is not None]


def _is_math(node: Node) -> bool:
    function = field(node, "function")
    return function is not None and text_of(function).startswith("Math.")


def _method(node: Node) -> str:
    """The method that is called; empty for any other expression."""
    function = field(node, "function") if node.type == "call_expression" else None
    if function is None or function.type != "member_expression":
        return ""
    return text_of(function.named_children[-1])
