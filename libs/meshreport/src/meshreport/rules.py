"""Statements and expressions: what is allowed, and what the names in them stand for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from meshreport import vocabulary
from meshreport.plainness import Plainness
from meshreport.reasons import why
from meshreport.scopes import Binding, Kind, Meanings, Scope
from meshreport.syntax import bare, field, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshreport.syntax import Node, Refusal, Source

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,39}")
_NUMBER = re.compile(r"\d{1,9}(\.\d{1,6})?")
_URL = re.compile(
    r"(javascript|vbscript|file|blob|https?|wss?)\s*:|//|data:\s*[\w.+-]*[/;,]"
    r"|url\s*\(|expression\s*\(|@import",
    re.IGNORECASE,
)
_TAKEN = frozenset({"Math", "Report", "arguments", "eval", "undefined", "NaN", "Infinity"})
_SIMPLE = frozenset({"true", "false", "null", "optional_chain", "string_fragment"})
_NAMELESS = frozenset({"(", ")", "[", "]", "{", "}", ",", ":", "?", "`", "${", '"', "'"})


class Rules:
    """Walks through a component once, notes what is refused, and what each name stands for."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.refusals: list[Refusal] = []
        self.meanings: Meanings = {}
        self.plain = Plainness(self.meanings)
        self._take: dict[str, Callable[[Node, Scope], None]] = {
            "array": self._array,
            "binary_expression": self._operation,
            "identifier": self._use,
            "member_expression": self._member,
            "number": self._number,
            "object": self._object,
            "parenthesized_expression": self._parts,
            "shorthand_property_identifier": self._shorthand,
            "string": self._text,
            "subscript_expression": self._subscript,
            "template_string": self._text,
            "template_substitution": self._parts,
            "ternary_expression": self._parts,
            "unary_expression": self._operation,
        }

    def refuse(self, node: Node, reason: str) -> None:
        """Notes a refusal."""
        self.refusals.append(self.source.refusal(node, reason))

    def allow(self, kind: str, take: Callable[[Node, Scope], None]) -> None:
        """Lets a further kind of expression be read, by this function."""
        self._take[kind] = take

    # Statements -----------------------------------------------------------------------------------

    def block(self, node: Node, outer: Scope) -> None:
        """The statements between braces."""
        scope = Scope(outer)
        for statement in node.named_children:
            self._statement(statement, scope)

    def _statement(self, node: Node, scope: Scope) -> None:
        match node.type:
            case "lexical_declaration":
                self._declaration(node, scope)
            case "function_declaration":
                self.function(node, scope)
                name = field(node, "name")
                if name is not None:
                    self.declare(name, Binding(Kind.FUNCTION, node), scope)
            case "return_statement" | "else_clause":
                for part in node.named_children:
                    self._statement_or_expression(part, scope)
            case "if_statement":
                for part in node.named_children:
                    self._statement_or_expression(part, scope)
            case "statement_block":
                self.block(node, scope)
            case "empty_statement":
                pass
            case _:
                self.refuse(node, why(node.type))

    def _statement_or_expression(self, node: Node, scope: Scope) -> None:
        if node.type.endswith(("_statement", "_block", "_clause", "_declaration")):
            self._statement(node, scope)
        else:
            self.expression(node, scope)

    def _declaration(self, node: Node, scope: Scope) -> None:
        if text_of(node.children[0]) != "const":
            self.refuse(node, "only const is allowed")
        for declarator in node.named_children:
            name, value = field(declarator, "name"), field(declarator, "value")
            expected = 2
            if name is None or value is None or declarator.named_child_count != expected:
                self.refuse(declarator, "a const has a name and a value, and no type")
                continue
            value = bare(value)
            if value.type == "arrow_function":
                self.function(value, scope)
                self.declare(name, Binding(Kind.FUNCTION, value), scope)
            else:
                self.expression(value, scope)
                self.plain.remember(value)
                self._names(name, scope, value)

    def declare(self, name: Node, binding: Binding, scope: Scope, *, hides: bool = False) -> None:
        """Gives a name its meaning from here on.

        Only parameters may hide a name from further out: JavaScript hoists what blocks declare.
        """
        word = text_of(name)
        if not _NAME.fullmatch(word) or word in _TAKEN:
            self.refuse(name, f"{word} cannot be a name here: use letters and digits only")
        elif word in scope.names or (not hides and scope.find(word)):
            self.refuse(name, f"{word} has a meaning already; choose another name")
        scope.names[word] = binding

    def _names(self, node: Node, scope: Scope, value: Node | None) -> None:
        """One name for a value, or names for its parts; without a value: of a parameter."""
        if node.type == "identifier":
            self.declare(node, Binding(Kind.VALUE, value), scope, hides=value is None)
        else:
            self._pattern(node, scope, value)

    def _pattern(self, node: Node, scope: Scope, value: Node | None) -> None:
        """Names that take parts of a value."""
        part, hides = Binding(Kind.VALUE, value, is_part=True), value is None
        match node.type:
            case "identifier":
                self.declare(node, part, scope, hides=hides)
            case "shorthand_property_identifier_pattern":
                self.member_name(node)
                self.declare(node, part, scope, hides=hides)
            case "object_assignment_pattern" | "assignment_pattern":
                self._default(node.named_children[-1])
                self._pattern(node.named_children[0], scope, value)
            case "pair_pattern":
                key, inner = node.named_children[0], node.named_children[-1]
                self.member_name(key)
                self._pattern(inner, scope, value)
            case "object_pattern" | "array_pattern":
                for inner in node.named_children:
                    self._pattern(inner, scope, value)
            case _:
                self.refuse(node, why(node.type))

    def _default(self, node: Node) -> None:
        """What a name stands for where there is no value."""
        if node.type not in {"string", "number", "true", "false", "null"}:
            self.refuse(node, "a default is a plain number or text")
        else:
            self.expression(node, Scope())

    # Functions ------------------------------------------------------------------------------------

    def function(self, node: Node, outer: Scope, *, counts: bool = False) -> None:
        """A function; `counts` says that its second parameter is a list's index."""
        scope = Scope(outer)
        for token in node.children:
            if token.type in {"async", "*", "type_annotation", "type_parameters"}:
                self.refuse(token, "async functions, generators and types are not allowed")
        alone, listed = field(node, "parameter"), field(node, "parameters")
        if alone is not None:
            self._names(alone, scope, None)
        for place, parameter in enumerate(listed.named_children if listed else []):
            self._parameter(parameter, scope, is_index=counts and place == 1)
        body = field(node, "body")
        if body is not None and body.type == "statement_block":
            self.block(body, scope)
        elif body is not None:
            self.expression(body, scope)

    def _parameter(self, node: Node, scope: Scope, *, is_index: bool) -> None:
        if node.type != "required_parameter":
            self.refuse(node, "this kind of parameter is not allowed")
            return
        name, default = field(node, "pattern"), field(node, "value")
        if name is None or node.named_child_count != 1 + (default is not None):
            self.refuse(node, "leave types out")
            return
        if default is not None:
            self._default(default)
        if name.type == "identifier" and is_index and default is None:
            self.declare(name, Binding(Kind.INDEX), scope, hides=True)
        else:
            self._names(name, scope, None)

    # Expressions ----------------------------------------------------------------------------------

    def expression(self, node: Node, scope: Scope) -> None:
        """Anything that has a value."""
        take = self._take.get(node.type)
        if take is not None:
            take(node, scope)
        elif node.type not in _SIMPLE:
            self.refuse(node, why(node.type))

    def _parts(self, node: Node, scope: Scope) -> None:
        for child in node.children:
            if child.is_named:
                self.expression(child, scope)
            elif child.type not in _NAMELESS:
                self.refuse(child, why(child.type))

    def _use(self, node: Node, scope: Scope) -> None:
        word = text_of(node)
        binding = scope.find(word)
        if binding is None:
            self.refuse(node, f"{word[:40]} is not known here: only data and what was declared is")
            return
        if binding.kind is Kind.FUNCTION:
            self.refuse(node, "functions are called or handed to map, and no values besides")
        self.meanings[node.id] = binding

    def _shorthand(self, node: Node, scope: Scope) -> None:
        self.object_key(node)
        self._use(node, scope)

    def _number(self, node: Node, scope: Scope) -> None:  # noqa: ARG002 - the form of all of these
        if not _NUMBER.fullmatch(text_of(node)):
            self.refuse(node, "write numbers with plain digits")

    def _text(self, node: Node, scope: Scope) -> None:
        if _URL.search(text_of(node).strip("\"'`")):
            self.refuse(node, "texts must not look like an address or load anything")
        self._parts(node, scope)

    def _array(self, node: Node, scope: Scope) -> None:
        if node.named_child_count > vocabulary.MAX_ITEMS:
            self.refuse(node, f"a list may have {vocabulary.MAX_ITEMS} entries at most")
        self._parts(node, scope)

    def _object(self, node: Node, scope: Scope) -> None:
        for entry in node.named_children:
            if entry.type == "pair":
                key, value = field(entry, "key"), field(entry, "value")
                if key is not None and value is not None:
                    self.object_key(key)
                    self.expression(value, scope)
            elif entry.type == "shorthand_property_identifier":
                self._shorthand(entry, scope)
            else:
                self.refuse(entry, why(entry.type))

    def object_key(self, node: Node) -> None:
        """The name of an object's entry: of the data's, of CSS, or of those for our own use."""
        word = text_of(node)
        known = word in vocabulary.STYLES or word in vocabulary.MEMBERS - {"length"}
        if node.type not in {"property_identifier", "shorthand_property_identifier"} or not known:
            self.refuse(node, f"{word[:40]} is not among the names that an object may have")

    def _operation(self, node: Node, scope: Scope) -> None:
        for child in node.children:
            if child.is_named:
                self.expression(child, scope)
            elif child.type not in vocabulary.OPERATORS:
                self.refuse(child, f"the operator {child.type} is not allowed")

    def _member(self, node: Node, scope: Scope) -> None:
        self.expression(node.named_children[0], scope)
        self.member_name(node.named_children[-1])

    def member_name(self, node: Node) -> None:
        """The name of a part of a value."""
        word = text_of(node)
        allowed = node.type in {"property_identifier", "shorthand_property_identifier_pattern"}
        if not allowed or word not in vocabulary.MEMBERS:
            self.refuse(node, f"{word[:40]} is not among the names that data have")

    def _subscript(self, node: Node, scope: Scope) -> None:
        for part in node.named_children:
            self.expression(part, scope)
        index = field(node, "index")
        if index is None or not self.plain.is_index(index):
            self.refuse(node, "only a number or the index of map may stand in brackets")

    def own_function(self, name: Node, scope: Scope) -> None:
        """The name of a function that the component has declared before."""
        binding = scope.find(text_of(name))
        if name.type != "identifier" or binding is None or binding.kind is not Kind.FUNCTION:
            self.refuse(name, f"{text_of(name)[:40]} is not a function declared before")
        else:
            self.meanings[name.id] = binding
