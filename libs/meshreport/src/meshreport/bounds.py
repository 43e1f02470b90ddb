"""How much a component can compute at most, so that drawing it always ends soon.

There are no loops and no recursion, and lists in the data are short. Two things are left that could
explode: lists gone through within lists, and names that double what they stand for, line by line.
Both are counted as if every name were replaced by what it stands for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshreport.scopes import Kind
from meshreport.syntax import bare, field, text_of
from meshreport.vocabulary import ITERATING

if TYPE_CHECKING:
    from meshreport.scopes import Binding, Meanings
    from meshreport.syntax import Node

MAX_NESTING = 3
"""How many lists may be gone through within each other."""

MAX_SIZE = 200_000
"""Pieces of syntax, with every name replaced by what it stands for."""


@dataclass(frozen=True, slots=True)
class Extent:
    """What an expression takes.

    Attributes:
        size: pieces of syntax, however often a list is gone through.
        work: how deep lists are gone through within each other to compute it.
        length: how deep it is itself made of lists that were computed.
    """

    size: int = 1
    work: int = 0
    length: int = 0

    @property
    def nesting(self) -> int:
        """How deep it goes: to compute it, and to show it."""
        return max(self.work, self.length)

    def beside(self, other: Extent) -> Extent:
        """Both, one after the other."""
        size = _bounded(self.size + other.size)
        return Extent(size, max(self.work, other.work), max(self.length, other.length))

    def given(self, other: Extent) -> Extent:
        """A function's body that is handed something, and may use it at every place."""
        size = _bounded(self.size * other.size)
        return Extent(size, self.work + other.work, self.length + other.length)


def _bounded(size: int) -> int:
    """The size; once it is too large, how much so does not matter."""
    return min(size, MAX_SIZE + 1)


class Bounds:
    """Measures, given what the names stand for."""

    def __init__(self, meanings: Meanings) -> None:
        self._meanings = meanings
        self._known: dict[int, Extent] = {}

    def of(self, node: Node) -> Extent:
        """What the expression, statement or function takes."""
        found = self._known.get(node.id)
        if found is None:
            found = self._known[node.id] = self._measured(bare(node))
        return found

    def _measured(self, node: Node) -> Extent:
        match node.type:
            case "identifier" | "shorthand_property_identifier":
                return self._named(self._meanings.get(node.id))
            case "call_expression":
                return self._call(node)
            case "jsx_element":
                return self._element(node)
            case "jsx_self_closing_element":
                return self._own_part(node, self._inside(node))
            case _:
                return self._inside(node)

    def _named(self, binding: Binding | None) -> Extent:
        return self.of(binding.node) if binding and binding.node else Extent()

    def _inside(self, node: Node) -> Extent:
        found = Extent()
        for child in node.named_children:
            found = found.beside(self.of(child))
        return found

    def _element(self, node: Node) -> Extent:
        opening = next((n for n in node.named_children if n.type == "jsx_opening_element"), node)
        return self._own_part(opening, self._inside(node))

    def _own_part(self, tag: Node, inside: Extent) -> Extent:
        """An element; where it is a function of the component, with the function's body."""
        name = field(tag, "name")
        binding = self._meanings.get(name.id) if name is not None else None
        if binding is None or binding.kind is not Kind.FUNCTION or binding.node is None:
            return inside
        return self.of(binding.node).given(inside)

    def _call(self, node: Node) -> Extent:
        function, arguments = field(node, "function"), field(node, "arguments")
        if function is None or arguments is None:
            return Extent()
        given = self._inside(arguments)
        if function.type != "member_expression":
            return self.of(function).given(given)
        owner = self.of(function.named_children[0])
        method = text_of(function.named_children[-1])
        if method not in ITERATING:
            return owner.beside(given)
        rounds = max(owner.length, 1)
        body = max(given.work, given.length if method == "map" else 0)
        length = rounds + given.length if method == "map" else rounds
        return Extent(_bounded(owner.size * given.size), max(owner.work, rounds + body), length)
