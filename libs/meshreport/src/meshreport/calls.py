"""Calls: which functions there are, and what may be handed to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshreport import vocabulary
from meshreport.syntax import field, text_of

if TYPE_CHECKING:
    from meshreport.rules import Rules
    from meshreport.scopes import Scope
    from meshreport.syntax import Node


class Calls:
    """The part of the rules that is about calls."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        rules.allow("call_expression", self._call)

    def _call(self, node: Node, scope: Scope) -> None:
        function, arguments = field(node, "function"), field(node, "arguments")
        if function is None or arguments is None or arguments.type != "arguments":
            self._rules.refuse(node, "tagged templates are not allowed")
            return
        if any(c.type in {"?.", "optional_chain", "type_arguments"} for c in node.children):
            self._rules.refuse(node, "this form of a call is not allowed")
        if function.type == "identifier":
            self._rules.own_function(function, scope)
            self._arguments(arguments, scope, method="")
        elif function.type == "member_expression":
            self._method(function, arguments, scope)
        else:
            self._rules.refuse(function, "only named functions and methods of lists can be called")

    def _method(self, function: Node, arguments: Node, scope: Scope) -> None:
        owner, name = function.named_children[0], function.named_children[-1]
        word = text_of(name)
        if owner.type == "identifier" and text_of(owner) == "Math":
            if word not in vocabulary.MATH or name.type != "property_identifier":
                self._rules.refuse(name, f"Math.{word[:40]} is not allowed")
            self._arguments(arguments, scope, method=f"Math.{word}")
            return
        self._rules.expression(owner, scope)
        if word not in vocabulary.METHODS or name.type != "property_identifier":
            self._rules.refuse(name, f"the method {word[:40]} is not allowed")
        self._arguments(arguments, scope, method=word)

    def _arguments(self, node: Node, scope: Scope, *, method: str) -> None:
        arguments = node.named_children
        if method in vocabulary.ITERATING:
            if len(arguments) > 1:
                self._rules.refuse(node, f"{method} takes one function")
            for argument in arguments:
                if argument.type == "arrow_function":
                    self._rules.function(argument, scope, counts=method != "sort")
                else:
                    self._rules.own_function(argument, scope)
            return
        for argument in arguments:
            if argument.type == "spread_element" and method in {"Math.max", "Math.min"}:
                self._rules.expression(argument.named_children[0], scope)
            else:
                self._rules.expression(argument, scope)
