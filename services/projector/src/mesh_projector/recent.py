"""A bounded memory of the states that were used last."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

S = TypeVar("S")


class Recent(Generic[S]):
    """States by id. It grows while a batch is folded, and `trim` brings it back under its limit.

    Args:
        weigh: how much room a state takes, at least 1.
        limit: how much room there is between batches.
    """

    def __init__(self, weigh: Callable[[S], int], limit: int) -> None:
        self._weigh = weigh
        self._limit = limit
        self._states: OrderedDict[str, S] = OrderedDict()
        self._weight = 0

    def __contains__(self, key: str) -> bool:
        return key in self._states

    def get(self, key: str) -> S | None:
        """The state of this id, if it is remembered."""
        return self._states.get(key)

    def drop(self, key: str) -> None:
        """Forgets a state."""
        if (state := self._states.pop(key, None)) is not None:
            self._weight -= self._weigh(state)

    def put(self, key: str, state: S) -> None:
        """Remembers a state as the last one used."""
        old = self._states.get(key)
        self._weight += self._weigh(state) - (self._weigh(old) if old is not None else 0)
        self._states[key] = state
        self._states.move_to_end(key)

    def trim(self) -> None:
        """Forgets the least recently used states until the rest fits."""
        while self._weight > self._limit:
            _, state = self._states.popitem(last=False)
            self._weight -= self._weigh(state)
