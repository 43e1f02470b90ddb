"""What the names in a component stand for.

A name can be used only after its declaration has ended. So no function can call itself, nor can two
call each other, and whatever is computed ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meshreport.syntax import Node


class Kind(Enum):
    """What a name stands for."""

    VALUE = "value"
    FUNCTION = "function"
    INDEX = "index"


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """A name's meaning.

    Attributes:
        kind: a value, a function of the component's own, or the number that a loop counts.
        node: what it was declared as; None for what is handed in.
        is_part: whether it takes a part of that only.
    """

    kind: Kind
    node: Node | None = None
    is_part: bool = False


@dataclass(slots=True)
class Scope:
    """The names declared in one block, and those around it."""

    outer: Scope | None = None
    names: dict[str, Binding] = field(default_factory=dict)

    def find(self, name: str) -> Binding | None:
        """What the name stands for here."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return None


Meanings = dict[int, Binding]
"""What each use of a name stands for, by the id of its node."""
