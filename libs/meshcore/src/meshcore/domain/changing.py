"""`replace` of the standard library, for frozen dataclasses with slots, several times as fast.

Folding is little else than replacing. The library's own collects all fields in a dict and calls
the constructor with it; here the slots are copied, by a function that is written for each class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import replace  # type checkers know its rules
else:
    from dataclasses import fields
    from functools import cache

    def replace(state: Any, /, **changes: Any) -> Any:
        """A copy with other values. The class must have slots and no `__post_init__`.

        Raises:
            KeyError: there is no such field.
        """
        kind = type(state)
        copy = _copier(kind)(state)
        setters = _setters(kind)
        for name, value in changes.items():
            setters[name](copy, value)
        return copy

    @cache
    def _setters(kind: type) -> dict[str, Callable[[Any, Any], None]]:
        return {field.name: getattr(kind, field.name).__set__ for field in fields(kind)}

    @cache
    def _copier(kind: type) -> Callable[[Any], Any]:
        """A function that copies all fields, one line for each."""
        setters = _setters(kind)
        body = [f"    set_{name}(copy, state.{name})" for name in setters]
        lines = ["def copied(state):", "    copy = new(kind)", *body, "    return copy"]
        scope = {"new": object.__new__, "kind": kind}
        scope |= {f"set_{name}": setter for name, setter in setters.items()}
        exec("\n".join(lines), scope)  # noqa: S102 - the class's own names, as dataclasses does
        return scope["copied"]


__all__ = ["replace"]
