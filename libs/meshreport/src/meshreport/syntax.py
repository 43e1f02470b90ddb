"""A component's syntax tree. The only module that knows the parser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import tree_sitter
import tree_sitter_typescript
from tree_sitter import Language, Parser

if TYPE_CHECKING:
    from collections.abc import Iterator

Node = tree_sitter.Node
"""A piece of the tree."""

_TSX = Language(tree_sitter_typescript.language_tsx())


@dataclass(frozen=True, slots=True, order=True)
class Refusal:
    """Why a component is not taken, and where: line and column are counted from 1."""

    line: int
    column: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.reason}"


class Source:
    """A component's text and its tree."""

    def __init__(self, text: str) -> None:
        self._bytes = text.encode()
        self._tree = Parser(_TSX).parse(self._bytes)

    @property
    def root(self) -> Node:
        """The whole program."""
        return self._tree.root_node

    def refusal(self, node: Node, reason: str) -> Refusal:
        """A refusal of what stands at the node."""
        return self.refusal_at(node.start_byte, reason)

    def refusal_at(self, offset: int, reason: str) -> Refusal:
        """A refusal of what stands at this byte."""
        before = self._bytes[:offset].decode(errors="ignore")
        line, _, rest = before.rpartition("\n")
        return Refusal(line.count("\n") + 1 + ("\n" in before), len(rest) + 1, reason)

    def gaps(self) -> Iterator[tuple[int, str]]:
        """What the parser has passed over between tokens, each with its place in bytes."""
        end = 0
        for leaf in leaves(self.root):
            if leaf.start_byte > end:
                yield end, self._bytes[end : leaf.start_byte].decode(errors="replace")
            end = max(end, leaf.end_byte)
        yield end, self._bytes[end:].decode(errors="replace")


def leaves(node: Node) -> Iterator[Node]:
    """The tokens, in their order."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        if found.child_count:
            waiting.extend(reversed(found.children))
        else:
            yield found


def first_error(node: Node) -> Node | None:
    """The first place that the parser could not make sense of, or where something is missing."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        if found.is_error or found.is_missing:
            return found
        waiting.extend(child for child in reversed(found.children) if child.has_error)
    return None


def depth_of(node: Node) -> int:
    """How deep the tree goes."""
    deepest, waiting = 0, [(node, 1)]
    while waiting:
        found, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting.extend((child, depth + 1) for child in found.children)
    return deepest


def text_of(node: Node) -> str:
    """What stands there."""
    return (node.text or b"").decode(errors="replace")


def bare(node: Node) -> Node:
    """The expression without parentheses around it."""
    while node.type == "parenthesized_expression" and node.named_child_count == 1:
        node = node.named_children[0]
    return node


def field(node: Node, name: str) -> Node | None:
    """A part of the node, by the grammar's name for it."""
    return node.child_by_field_name(name)
